"""Words of typed replies: yes, no and not sure in many forms, options by name or place, numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from careline.clinical.content import NumberInput, Option
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.negation import Denial, denial_of
from careline.clinical.understanding.normalise import Word, plain
from careline.clinical.understanding.patterns import any_of
from careline.clinical.understanding.quantities import number_in
from careline.clinical.understanding.units import converted

_YES_PHRASES = """
    (yes|yess|yeah|yea|yep|yup|ye|yh|yus|aye|ya|ja|si|y|sure|definitely|defo|def|absolutely|certainly|correct|\
        right|true)
    (affirmative|indeed|of course|ok|okay|totally|most definitely|probably|prob|unfortunately|sadly|quite|lots|both)
    (i think|think|i believe|i guess|i suppose|suppose|afraid|i am afraid) so
    maybe a (bit|little)
    [just] (kind of|sort of|a bit|a little|a lot|a touch|a little bit|little bit|slightly|somewhat|sometimes|\
        very [much] [so])
    it [really] (does|is|has)
    (he|she|they|i) [really] (does|do|is|am|has|have|did|can|was|are|had)
    (all of (them|it)|that is right|quite (a bit|a lot))
    (please|thanks|thank you|really|mate|doctor|doc|bad|badly|now|too|i think|oh|well|erm|um|hmm|ah|i mean)
    """
_NO_PHRASES = """
    (no|nope|nah|na|naw|nay|non|nup|never|not|negative|none|nothing|n|neither|nil|thankfully|luckily)
    not (really|at all|yet|now|today|much|me|him|her|any|so far|particularly|especially)
    not that i (know|am aware) [of]
    [i] dont (think|believe) so
    (no way|definitely not|absolutely not|of course not|certainly not|probably not)
    (i|it|he|she|they|we) (dont|doesnt|isnt|am not|arent|hasnt|havent|didnt|wasnt|is not)
    (of (these|those|them|that|this|the above)|apply|like that|at all|so far|for me|that i know of|to report|here)
    (thanks|thank you|really|mate|doctor|doc|any|problem|problems|i think|oh|well|erm|um|hmm|ah|zero)
    """
_DOUBT_PHRASES = """
    [i] [am] dont [really] know
    not [too|really|very|entirely|completely|100 %] (sure|certain)
    (unsure|no idea|no clue|who knows|maybe|possibly|perhaps|unknown|skip|pass|could be|hard to (say|tell|know))
    (cant|couldnt) (say|tell|remember|be sure|tell you)
    (havent|not) [been] (checked|looked|measured|a clue)
    no way of knowing
    dont understand [the question]
    (i|really|am|just|honestly|tbh|sorry|oh|well|erm|um|hmm|about that|at all|to be honest|yet|it|mate|or not|have|so)
    (if (it|he|she|i) (is|does|am|has|have)|what (that|it) is|that|the question|i think)
    """
_DOUBT_WORDS = any_of("""
    (know|sure|certain|unsure|idea|clue|knows|maybe|possibly|perhaps|unknown|skip|pass|could be|hard to)
    (say|tell|remember|checked|looked|measured|knowing|understand)
    """)
_YES_WORDS = frozenset("yes yeah yep yup yea aye definitely".split())
_NO_WORDS = frozenset(
    "no nope nah none nothing not never neither nil dont isnt hasnt havent doesnt arent didnt wasnt".split()
)


def _made_of(phrases: str) -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(phrases).pattern})+")


_AGREES, _DENIES, _DOUBTS = _made_of(_YES_PHRASES), _made_of(_NO_PHRASES), _made_of(_DOUBT_PHRASES)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "fifth": 4, "sixth": 5}
_PLACE = re.compile(
    r"(?:the |option |number |no |choice )*(?P<place>first|second|third|fourth|fifth|sixth|last|[a-f1-6])"
    r"(?: (?:one|option|choice|st|nd|rd|th))*"
)
_UNIT_WORDS = {
    "years": ("years", "year", "y"), "months": ("months", "month"), "weeks": ("weeks", "week", "w"),
    "days": ("days", "day", "d"), "hours": ("hours", "hour", "h"), "minutes": ("minutes", "minute"),
    "celsius": ("c", "celsius", "centigrade"), "fahrenheit": ("f", "fahrenheit"), "percent": ("%", "percent"),
    "mmol_per_l": ("mmol", "mmols"), "mg_per_dl": ("mg",), "bpm": ("bpm", "beats"),
}  # fmt: skip
_TURNS = frozenset("but except only although though sometimes unless yes no maybe bit".split())
_NO_DEVICE = any_of("""
    [i] (dont|havent|no|cant|not|couldnt) .. (thermometer|monitor|machine|meter|oximeter|device|one|reading|way|\
        gadget|cuff)
    [i] (dont|havent|no|cant|not|couldnt) .. (checked|measured|taken|measure|check|it)
    """)
_NOTHING_TO_NOTE = _made_of("""
    (no|none|nope|nah|nothing|not|dont|nil|na|n|zero|never|isnt|hasnt|havent|got|doesnt|any|anything)
    (i|am|he|is|she|it|do|take|have|has|known|on|to|at|all|that|know|of|and|or|the|right|now|moment|really|currently)
    (allergic|allergies|allergy|medicine|medicines|medication|medications|meds|tablets|pills|food|foods|drug|drugs)
    (regular|thanks|daily|prescribed|other)
    """)
_OF_ANOTHER_TIME = frozenset("last this next every per".split())
_MOST_WORDS = 12
_CLOSE_ENOUGH = 84  # of 100, rapidfuzz's ratio: one or two slips in a short title


def is_unsure(row: str) -> bool:
    """Return whether the reply says that the patient does not know."""
    return _is_short(row) and _DOUBTS.fullmatch(f" {row}") is not None and _DOUBT_WORDS.search(f" {row}") is not None


def yes_or_no(row: str) -> bool | None:
    """Return True for yes, False for no, None for neither or both."""
    first, _, rest = row.partition(" ")
    after = set(rest.split())
    if _is_short(row) and _DENIES.fullmatch(f" {row}") and not _NO_WORDS.isdisjoint(row.split()):
        return False
    if _is_short(row) and _AGREES.fullmatch(f" {row}"):
        return True
    if first in _YES_WORDS and after.isdisjoint(_NO_WORDS | _TURNS):
        return True
    return False if first in ("no", "nope", "nah") and after.isdisjoint(_YES_WORDS | _TURNS) else None


def _is_short(row: str) -> bool:
    """Return whether a row may be nothing but a yes or no; the expressions would take long to refuse a long one."""
    return row.count(" ") < _MOST_WORDS


def is_none_of_these(row: str) -> bool:
    """Return whether the reply says that nothing on a list applies."""
    return _is_short(row) and yes_or_no(row) is False and _DENIES.fullmatch(f" {row}") is not None


def is_all_of_these(row: str) -> bool:
    """Return whether the reply says that everything on a list applies."""
    return (
        re.fullmatch(r"(?:yes )?(?:all|all of (?:them|these|the above|it)|everything|every one|both)", row) is not None
    )


def nothing_to_note(row: str) -> bool:
    """Return whether the reply to "which medicines" or the like is that there are none."""
    return (
        _is_short(row) and _NOTHING_TO_NOTE.fullmatch(f" {row}") is not None and not _NO_WORDS.isdisjoint(row.split())
    )


def named_options(words: Sequence[Word], options: Sequence[Option]) -> list[Option]:
    """Return the options that the reply names by title, value or other words for it, in the order of the options."""
    row = " ".join(word.text for word in words if not word.is_mark)
    exact = [option for option in options if row in set(_names(option))]
    if len(exact) == 1:
        return exact
    placed = _by_place(row, options)
    if placed:
        return placed
    spans = {option.value: _span(words, option) for option in options}
    found = [option for option in options if spans[option.value] is not None]
    return [option for option in found if not _is_inside_another(option.value, spans)] or _nearly_named(row, options)


def number_of(words: Sequence[Word], shape: NumberInput) -> dict[str, float | str] | None:
    """Return the one number of the reply with its unit; without one, the first unit in which it is plausible.

    Of a range ("2 or 3 days") it is the upper end.
    """
    numbers = [(at, number) for at, word in enumerate(words) if (number := _counted(words, at)) is not None]
    if not numbers or len(numbers) > 2:
        return None
    (at, number), (last, upper) = numbers[0], numbers[-1]
    if at != last and not (last - at == 2 and words[at + 1].text in ("to", "or", "/")) and last - at != 1:
        return None
    unit = _unit_after(words, last, shape)
    if unit is not None:
        return {"number": upper, "unit": unit}
    plausible = [each for each in shape.units if _is_plausible(upper, each, shape)]
    return {"number": upper, "unit": plausible[0]} if plausible else None


def has_no_reading(row: str) -> bool:
    """Return whether the reply is that nothing could be measured."""
    return _NO_DEVICE.match(f" {row}") is not None


def _names(option: Option) -> Iterator[str]:
    yield plain(option.title)
    yield option.value.replace("_", " ")
    yield from (plain(other) for other in option.says)


def _by_place(row: str, options: Sequence[Option]) -> list[Option]:
    """Return options named by their place: "the first one", "1 and 3", "b"."""
    parts = [part.strip() for part in re.split(r" and | or | (?=\d)", f" {row}") if part.strip()]
    places = [_PLACE.fullmatch(part) for part in parts]
    if not parts or None in places:
        return []
    found = [_place_number(match["place"], len(options)) for match in places if match is not None]
    return [option for number, option in enumerate(options) if number in found] if max(found) < len(options) else []


def _place_number(place: str, count: int) -> int:
    if place == "last":
        return count - 1
    if place in _ORDINALS:
        return _ORDINALS[place]
    return int(place) - 1 if place.isdigit() else ord(place) - ord("a")


def _span(words: Sequence[Word], option: Option) -> tuple[int, int] | None:
    """Return where the reply names the option without denying it; the longest of its names."""
    clauses = Clauses(words)
    for name in sorted(_names(option), key=len, reverse=True):
        parts = name.split()
        if len(name) < 2:
            continue  # "f" or "m" within a sentence is something else
        for first in range(len(words) - len(parts) + 1):
            span = (first, first + len(parts))
            if [word.text for word in words[slice(*span)]] == parts and denial_of(clauses, *span) is Denial.NONE:
                return span
    return None


def _is_inside_another(value: str, spans: dict[str, tuple[int, int] | None]) -> bool:
    mine = spans[value]
    return mine is not None and any(
        span is not None and span != mine and span[0] <= mine[0] and mine[1] <= span[1]
        for other, span in spans.items()
        if other != value
    )


def _nearly_named(row: str, options: Sequence[Option]) -> list[Option]:
    names = [(name, option) for option in options for name in _names(option) if len(name) > 3]
    if len(row) <= 3 or not _NO_WORDS.isdisjoint(row.split()):
        return []
    close = process.extract(row, [name for name, _ in names], scorer=fuzz.ratio, score_cutoff=_CLOSE_ENOUGH)
    found = {names[index][1].value: names[index][1] for _, score, index in close if score == close[0][1]}
    return list(found.values()) if len(found) == 1 else []


def _counted(words: Sequence[Word], at: int) -> float | None:
    text = words[at].text
    if text in ("a", "an", "couple", "half"):
        following = words[at + 1].text if at + 1 < len(words) else ""
        is_counted = any(following in names for names in _UNIT_WORDS.values()) or (
            text == "couple" and following == "of"
        )
        if not is_counted or (text in ("a", "an") and at > 0 and words[at - 1].text == "half"):
            return None
    return number_in(text)


def _unit_after(words: Sequence[Word], at: int, shape: NumberInput) -> str | None:
    for word in words[at + 1 : at + 4]:
        if word.text in _OF_ANOTHER_TIME:  # "I turned 40 last week"
            return None
        for unit in shape.units:
            if word.text in _UNIT_WORDS.get(unit, ()):
                return unit
    return None


def _is_plausible(number: float, unit: str, shape: NumberInput) -> bool:
    in_first = converted(number, unit, shape.units[0])
    return in_first is not None and shape.min <= in_first <= shape.max
