"""Words of typed replies: yes, no and not sure in many forms, options by name or place, numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from careline.clinical.content import NumberInput, Option
from careline.clinical.understanding.clauses import clause_starts
from careline.clinical.understanding.negation import Denial, denial_of
from careline.clinical.understanding.normalise import Word, plain
from careline.clinical.understanding.quantities import number_in
from careline.clinical.understanding.units import converted

_AGREES = re.compile(
    r"(?:(?:oh|well|erm|um|hmm|ah|i mean) )*(?:(?:yes|yeah|yea|yep|yup|ye|yh|yus|aye|ya|yess|ja|si|y|sure|definitely|defo|def|"
    r"absolutely|certainly|correct|right|true|affirmative|indeed|of course|course|ok|okay|totally|100 ?%|most definitely|"
    r"i think so|think so|i believe so|i guess so|i suppose so|suppose so|probably|prob|maybe a (?:bit|little)|kind of|sort of|"
    r"a (?:bit|little|lot|touch)|a little bit|little bit|slightly|somewhat|sometimes|very|very much|very much so|it (?:does|s|has|is)|"
    r"it really does|(?:he|she|they|it|i) (?:does|do|is|am|has|have|did|can|s|was|are|had)|quite (?:a bit|a lot)|lots|both|all of (?:them|it)|"
    r"thats right|that s right|afraid so|im afraid so|unfortunately|sadly|please) ?)+"
    r"(?:(?:please|thanks|thank you|a bit|a lot|a little|it (?:is|does)|(?:he|she|i|they) (?:is|does|do|am|has|have|did)|really|"
    r"mate|doctor|doc|bad|badly|now|definitely|too|sometimes|very|i think) ?)*"
)
_DENIES = re.compile(
    r"(?:(?:oh|well|erm|um|hmm|ah) )*(?:(?:no|nope|nah|na|naw|nay|non|nup|never|not|negative|none|nothing|n|not really|"
    r"not at all|not that i (?:know|am aware)(?: of)?|not (?:yet|now|today|much|me|him|her|any|so far|particularly|especially)|"
    r"i dont think so|dont think so|dont believe so|no way|definitely not|absolutely not|of course not|certainly not|"
    r"(?:i|it|he|she|they|we) (?:dont|doesnt|isnt|am not|arent|hasnt|havent|didnt|wasnt|cant|is not|s not|do not)|"
    r"neither|nil|probably not|thankfully|luckily) ?)+"
    r"(?:(?:thanks|thank you|thankfully|luckily|mate|doctor|doc|at all|really|i dont|it (?:doesnt|isnt)|(?:he|she) (?:isnt|doesnt|"
    r"hasnt)|i (?:havent|am not)|not really|of those|of them|of these|of that|any|problems?|nothing|like that|so far|i think) ?)*"
)
_DOUBTS = re.compile(
    r"(?:(?:erm|um|hmm|oh|well|sorry|i|im|am|really|just|honestly|tbh) )*(?:dont (?:really )?know|not (?:too |really |very |entirely |"
    r"completely |100 % )?sure|unsure|no idea|no clue|not certain|cant (?:say|tell|remember|be sure)|couldnt say|who knows|maybe|"
    r"possibly|perhaps|hard to (?:say|tell)|(?:havent|not) (?:checked|looked|measured)|(?:have )?no way of knowing|"
    r"couldnt tell you|havent a clue|hard to know|skip|pass|dont understand(?: the question)?|unknown|cant remember|could be)"
    r"(?: (?:sorry|really|about that|at all|to be honest|tbh|if (?:it|he|she|i) (?:is|does|am)|yet|it|what that (?:is|means)|mate|maybe|"
    r"not|now|i|think|so|what it is|the question))*"
)
_NONE_OF_THESE = re.compile(
    r"(?:(?:no|nope|nah|none|nothing|neither|not any|no none|none at all|nil|zero|n) ?)+"
    r"(?:(?:of (?:these|those|them|the above|that|this)|apply|like that|at all|thanks|thank you|thankfully|that i know of|"
    r"really|to report|for me|here) ?)*"
)
_ORDINALS = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "fifth": 4, "sixth": 5}
_PLACE = re.compile(
    r"(?:the |option |number |no |choice )*(?P<place>first|second|third|fourth|fifth|sixth|last|[a-f1-6])(?: (?:one|option|choice|st|nd|rd|th))*"
)
_UNIT_WORDS = {
    "years": ("years", "year", "y"), "months": ("months", "month"), "weeks": ("weeks", "week", "w"),
    "days": ("days", "day", "d"), "hours": ("hours", "hour", "h"), "minutes": ("minutes", "minute"),
    "celsius": ("c", "celsius", "centigrade"), "fahrenheit": ("f", "fahrenheit"), "percent": ("%", "percent"),
    "mmol_per_l": ("mmol", "mmols"), "mg_per_dl": ("mg",), "bpm": ("bpm", "beats"),
}  # fmt: skip
_SMALL_WORDS = frozenset("a an the my his her of in is it i have has s and with or am was for to some on".split())


_TURNS = frozenset("but except only although though sometimes unless yes no maybe bit".split())
_NO_DEVICE = re.compile(
    r"(?:i )?(?:(?:dont|havent|no|cant|not|couldnt) )+(?:\w+ ){0,3}?(?:thermometer|monitor|machine|meter|oximeter|device|one|reading|"
    r"checked|measured|taken|measure|check|it|way|gadget|cuff)(?: .{0,40})?"
)
_NOTHING_TO_NOTE = re.compile(
    r"(?:(?:no|none|nope|nah|nothing|not|dont|nil|na|n / a|zero|never|i|am|do|take|have|any|known|on|to|anything|allergic|"
    r"allergies|allergy|medicines?|medication|medications|meds|tablets|pills|food|foods|drugs|at|all|that|know|of|currently|"
    r"regular|thanks|or|and|right|now|the|moment|really|isnt|he|she|s|hasnt|havent|got|doesnt|is) ?)+"
)
_SAYS_NO = re.compile(r"(?:^| )(?:no|none|nope|nah|nothing|not|dont|nil|na|zero|never|isnt|hasnt|havent|doesnt)(?: |$)")
_CLOSE_ENOUGH = 84  # of 100, rapidfuzz's ratio: one or two slips in a short title


def is_unsure(row: str) -> bool:
    """Return whether the reply says that the patient does not know."""
    return _DOUBTS.fullmatch(row) is not None


def yes_or_no(row: str) -> bool | None:
    """Return True for yes, False for no, None for neither or both."""
    if _AGREES.fullmatch(row):
        return True
    if _DENIES.fullmatch(row):
        return False
    first, _, rest = row.partition(" ")
    if not _TURNS.isdisjoint(rest.split()):
        return None
    if first in ("yes", "yeah", "yep", "yup", "yea", "aye"):
        return None if _SAYS_NO.search(rest) else True
    return False if first in ("no", "nope", "nah") else None


def is_none_of_these(row: str) -> bool:
    """Return whether the reply says that nothing on a list applies."""
    return _NONE_OF_THESE.fullmatch(row) is not None or _DENIES.fullmatch(row) is not None


def is_all_of_these(row: str) -> bool:
    """Return whether the reply says that everything on a list applies."""
    return (
        re.fullmatch(r"(?:yes )?(?:all|all of (?:them|these|the above|it)|everything|every one|both)", row) is not None
    )


def nothing_to_note(row: str) -> bool:
    """Return whether the reply to "which medicines" or the like is that there are none."""
    return _SAYS_NO.search(row) is not None and _NOTHING_TO_NOTE.fullmatch(row) is not None


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
    return next(({"number": upper, "unit": each} for each in shape.units if _is_plausible(upper, each, shape)), None)


def has_no_reading(row: str) -> bool:
    """Return whether the reply is that nothing could be measured."""
    return _NO_DEVICE.fullmatch(row) is not None


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
    starts = clause_starts(words)
    for name in sorted(_names(option), key=len, reverse=True):
        parts = name.split()
        if not parts or len(name) < 2:
            continue
        for first in range(len(words) - len(parts) + 1):
            span = (first, first + len(parts))
            if [word.text for word in words[slice(*span)]] == parts and denial_of(words, starts, *span) is Denial.NONE:
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
    if len(row) <= 3:
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
        for unit in shape.units:
            if word.text in _UNIT_WORDS.get(unit, ()):
                return unit
    return None


def _is_plausible(number: float, unit: str, shape: NumberInput) -> bool:
    in_first = converted(number, unit, shape.units[0])
    return in_first is not None and shape.min <= in_first <= shape.max
