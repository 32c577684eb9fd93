"""Short replies to what buttons ask, in a language whose free words are not read: yes, no, not sure, a title, a number.

The whole reply must be one of these. Whatever else is typed is nobody's answer here: it was not understood, and is
never taken for a no.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from careline.clinical.content import NumberInput, Question
from careline.clinical.errors import AnswerError
from careline.clinical.understanding.answers import (
    NO,
    NONE,
    UNSURE,
    YES,
    AnswerValue,
    findings_of_value,
)
from careline.clinical.understanding.units import converted


@dataclass(frozen=True)
class ReplyWords:
    """How a language says what short replies are made of; folded (`folded`).

    Attributes:
        fillers: Words around an answer that change nothing.
        numbers: Numbers in words.
        units: Words by unit.
        days_ago: Words that say since when, in days.
        and_: Joins two answers, or a whole and a half.
        or_: Joins the ends of a range.
        half: Added to what stands before.
        leads: How a sentence about a complaint begins, and what the complaint's name begins with instead: "me duele la
            cabeza" is "dolor de cabeza". Words of how bad it is are no lead.
        leads_of_another: The same, said of somebody else.
    """

    yes: frozenset[str]
    no: frozenset[str]
    none: frozenset[str]
    every: frozenset[str]
    unsure: frozenset[str]
    fillers: frozenset[str]
    numbers: Mapping[str, float]
    units: Mapping[str, tuple[str, ...]]
    days_ago: Mapping[str, float]
    and_: frozenset[str]
    or_: frozenset[str]
    half: frozenset[str]
    leads: Sequence[tuple[re.Pattern[str], str]]
    leads_of_another: Sequence[tuple[re.Pattern[str], str]]


def rows_of(text: str) -> frozenset[str]:
    """Return the replies that stand in the text with a comma between them."""
    return frozenset(" ".join(row.split()) for row in text.split(",") if row.strip())


_KIN = "hijo|hija|bebe|nino|nina|marido|mujer|madre|padre|esposo|esposa|pareja"
_SPANISH_LEADS = (
    (re.compile(r"(?:hola )?me duelen? (?:el |la |los |las )?"), "dolor de "),
    (re.compile(r"(?:hola )?(?:creo que )?(?:yo )?(?:tengo|estoy con) (?:un |una )?"), ""),
)
_SPANISH_LEADS_OF_ANOTHER = (
    (re.compile(rf"(?:hola )?(?:a mi (?:{_KIN}) )?le duelen? (?:el |la |los |las )?"), "dolor de "),
    (re.compile(rf"(?:hola )?(?:mi (?:{_KIN}) )?(?:tiene|esta con) (?:un |una )?"), ""),
)
_SPANISH_NUMBERS = (
    "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte"
).split()
REPLY_WORDS: Mapping[str, ReplyWords] = {
    "es": ReplyWords(
        yes=rows_of(
            "si, sii, si si, si claro, si claro que si, claro que si, claro, por supuesto, correcto, exacto, asi es, "
            "afirmativo, si senor, creo que si, si creo que si, yo creo que si, me parece que si, pienso que si, "
            "si gracias, si por favor, vale, ok, okay, de acuerdo, si de acuerdo, estoy de acuerdo, "
            "si estoy de acuerdo, acepto, si acepto, yes, si un poco, si mucho, si bastante, si a veces, si la tengo, "
            "si lo tengo, si tengo"
        ),
        no=rows_of(
            "no, noo, no no, no gracias, nop, para nada, no para nada, nunca, claro que no, creo que no, no creo, "
            "yo creo que no, me parece que no, pienso que no, negativo, que va, no que va, no tengo, no la tengo, "
            "no lo tengo, no acepto, no estoy de acuerdo, no quiero"
        ),
        none=rows_of(
            "nada, nada de esto, nada de eso, ninguno, ninguna, ninguno de estos, ninguna de estas, ninguno de esos, "
            "ninguna de esas, no ninguno, no ninguna, no nada, ni uno, ni una, no tengo ninguno, no tengo ninguna, "
            "no tengo nada, no tengo nada de eso, no tengo nada de esto, no tomo nada, no tomo ninguno, "
            "no tomo medicamentos, no tengo alergias, no tengo alergia, sin alergias"
        ),
        every=rows_of("todo, todos, todas, todo eso, todo esto, todos ellos, todas ellas, los dos, las dos, ambos"),
        unsure=rows_of(
            "no se, nose, no lo se, no se bien, no lo se bien, no estoy seguro, no estoy segura, no estoy muy seguro, "
            "no estoy muy segura, quizas, quiza, tal vez, talvez, a lo mejor, puede ser, puede, es posible, ni idea, "
            "no tengo idea, no tengo ni idea, no me acuerdo, no recuerdo, no entiendo, no entiendo la pregunta, "
            "no sabria decir, no sabria decirlo, no lo he medido, no puedo medirlo, no tengo termometro"
        ),
        fillers=frozenset(
            "tengo tiene tenemos hace desde unos unas como casi mas menos o aproximadamente aprox de edad llevo lleva "
            "es son el la los las que ya solo tan grados fiebre cumplidos cumplio cumpli por lo alrededor sobre".split()
        )
        - {"o"},
        numbers={
            **{word: float(number) for number, word in enumerate(_SPANISH_NUMBERS)},
            "uno": 1.0, "una": 1.0, "treinta": 30.0, "cuarenta": 40.0, "cincuenta": 50.0, "sesenta": 60.0,
            "setenta": 70.0, "ochenta": 80.0, "noventa": 90.0,
        },
        units={
            "years": ("anos", "ano", "a"), "months": ("meses", "mes"), "weeks": ("semanas", "semana"),
            "days": ("dias", "dia"), "hours": ("horas", "hora", "h"), "minutes": ("minutos", "minuto", "min"),
            "celsius": ("c", "celsius", "centigrados"), "fahrenheit": ("f", "fahrenheit"),
            "percent": ("%", "porciento"), "bpm": ("latidos", "pulsaciones"),
        },
        days_ago={"hoy": 0.0, "ayer": 1.0, "anoche": 1.0, "anteayer": 2.0, "antier": 2.0, "antes de ayer": 2.0},
        and_=frozenset({"y", "e"}),
        or_=frozenset({"o", "u", "a"}),
        half=frozenset({"medio", "media"}),
        leads=_SPANISH_LEADS,
        leads_of_another=_SPANISH_LEADS_OF_ANOTHER,
    )
}  # fmt: skip
_PIECE = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+|%")
_FEWEST_LETTERS = 4  # of a part of a title that stands for the whole
_MOST_WORDS_OF_A_NAME = 3


def folded(text: str) -> str:
    """Return the words in lower case without accents, one blank between them.

    >>> folded("¡Sí,  señor! 38,5 °C")
    'si senor 38,5 c'
    """
    plain = without_accents(text.replace("°", " ").replace("º", " "))  # first: without accents "º" is an "o"
    return " ".join(_PIECE.findall(plain.lower()))


def without_accents(text: str) -> str:
    """Return the text with each letter as it is without its accents.

    >>> without_accents("¡Sí, señor!")
    '¡Si, senor!'
    """
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))


def plain_choice(text: str, words: ReplyWords) -> str | None:
    """Return yes, no, none or unsure when the reply is that and nothing else."""
    row = folded(text)
    for value, rows in ((YES, words.yes), (NO, words.no), (NONE, words.none), (UNSURE, words.unsure)):
        if row in rows:
            return value
    return None


def named_value(text: str, named: Mapping[str, Sequence[str]], *, parts: bool = False) -> str | None:
    """Return the value of which the reply is a name; None when it is none, or several.

    Args:
        text: The reply.
        named: Names by value.
        parts: Whether a part of a name, in whole words, will do.
    """
    row = folded(text)
    rows = {value: [folded(name) for name in names] for value, names in named.items()}
    exact = [value for value, names in rows.items() if row in names]
    if exact or not parts or len(row) < _FEWEST_LETTERS:
        return exact[0] if len(exact) == 1 else None
    within = [value for value, names in rows.items() if any(f" {row} " in f" {name} " for name in names)]
    return within[0] if len(within) == 1 else None


def complaint_named(
    text: str, named: Mapping[str, Sequence[str]], words: ReplyWords, *, of_another: bool = False
) -> str | None:
    """Return the complaint that a short sentence names, and nothing besides: "tengo tos", "me duele la cabeza".

    Args:
        text: The sentence.
        named: Names by complaint.
        words: How the language says it.
        of_another: Whether the patient is not who writes: what they say of themselves is then no answer.
    """
    row = folded(text)
    for lead, instead in words.leads_of_another if of_another else words.leads:
        begun = lead.match(row)
        if begun is not None:
            return named_value(instead + row[begun.end() :], named, parts=True)
    return None


def answer_value(text: str, question: Question, words: ReplyWords) -> AnswerValue | None:
    """Return what a short reply answers to a question of the content; None when it is no such reply.

    Names and other free words (`text`) are never judged here, only that there is nothing to name.
    """
    plain = plain_choice(text, words)
    if question.input != "single" and plain == UNSURE:
        return UNSURE
    value: AnswerValue | None = None
    if question.input == "yes_no":
        value = plain if plain in (YES, NO) else None
    elif question.input == "number":
        value = _number(folded(text), question.number, words)
    elif question.input == "text":
        value = NONE if plain in (NO, NONE) else None
    elif question.input == "multi":
        value = NONE if plain in (NO, NONE) else _ticked(text, question, words)
    else:
        value = _chosen(text, question, plain)
    return value if value is not None and _fits(value, question) else None


def is_list_of_names(text: str, words: ReplyWords) -> bool:
    """Return whether the words are names, a few words each: medicines, a place."""
    pieces = re.split(rf"[,;\n]|\s(?:{'|'.join(words.and_)})\s", text)
    return all(len(folded(piece).split()) <= _MOST_WORDS_OF_A_NAME for piece in pieces)


def _names(question: Question) -> dict[str, list[str]]:
    return {option.value: [option.title, *option.says] for option in question.options}


def _chosen(text: str, question: Question, plain: str | None) -> str | None:
    named = named_value(text, _names(question))
    values = {option.value for option in question.options}
    if named is None and plain is not None and (plain in values or plain == UNSURE):
        return plain
    return named


def _ticked(text: str, question: Question, words: ReplyWords) -> tuple[str, ...] | None:
    names = _names(question)
    if folded(text) in words.every:
        return tuple(names)
    whole = named_value(text, names, parts=True)
    if whole is not None:
        return (whole,)
    pieces = [each for each in re.split(rf"[,;\n]|\s(?:{'|'.join(words.and_)})\s", text) if folded(each)]
    found = [named_value(piece, names, parts=True) for piece in pieces]
    return tuple(dict.fromkeys(each for each in found if each)) if found and None not in found else None


def _fits(value: AnswerValue, question: Question) -> bool:
    if question.input == "number":
        return True  # `_number` has seen to the limits
    try:
        findings_of_value(value, question, {})
    except AnswerError:
        return False
    return True


def _number(row: str, shape: NumberInput | None, words: ReplyWords) -> AnswerValue | None:
    """Return the one number of a reply that is nothing but a number, its unit and fillers; of a range the upper end."""
    if shape is None:
        return None
    row = " ".join(word for word in row.split() if word not in words.fillers)
    if row in words.days_ago and "days" in shape.units:
        return {"number": words.days_ago[row], "unit": "days"}
    amounts = list(_amounts(row.split(), shape, words))
    if not amounts or None in amounts:
        return None
    known = [each for each in amounts if each is not None]
    unit = next((each for _, each, _ in reversed(known) if each is not None), None)
    number, _, joined = known[-1]
    if len(known) == 2 and joined == "and" and known[0][1] is not None and unit is not None:
        first = converted(known[0][0], known[0][1], unit)
        number = number + first if first is not None else -1.0  # "2 years and 3 months", in months
    elif len(known) > 2 or (len(known) == 2 and joined != "or"):
        return None
    for candidate in (unit,) if unit is not None else shape.units:
        in_first = converted(number, candidate, shape.units[0])
        if candidate in shape.units and in_first is not None and shape.min <= in_first <= shape.max:
            return {"number": number, "unit": candidate}
    return None


def _amounts(
    row: Sequence[str], shape: NumberInput, words: ReplyWords
) -> Iterator[tuple[float, str | None, str | None] | None]:
    """Yield each number with its unit and what joins it to the one before; None for a word that is none of these."""
    number: float | None = None
    unit: str | None = None
    joined: str | None = None
    for at, word in enumerate(row):
        said = _said(word, words)
        named = next((each for each in shape.units if word in words.units.get(each, ())), None)
        if word in words.half and number is not None:
            number += 0.5
        elif said is not None and number is None:
            number = said
        elif number is not None and unit is None and named is not None:
            unit = named
        elif number is not None and (word in words.and_ or word in words.or_):
            following = row[at + 1] if at + 1 < len(row) else ""
            if following not in words.half:
                yield number, unit, joined
                number, unit, joined = None, None, "and" if word in words.and_ else "or"
        else:
            yield None
    if number is not None:
        yield number, unit, joined
    elif joined is not None:
        yield None


def _said(word: str, words: ReplyWords) -> float | None:
    if word[0].isdigit():
        return float(word.replace(",", "."))
    return words.numbers.get(word)
