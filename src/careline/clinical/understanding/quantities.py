"""Numbers in a message: temperature, pulse, pressure, sugar, age, how long."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from careline.clinical.understanding.normalise import SENTENCE_END, Word
from careline.clinical.understanding.number_context import IN_CONTEXT, SIGNS, STATED_FIRST
from careline.clinical.understanding.patterns import parsed, places_in_row, row_of
from careline.clinical.understanding.units import converted

NUMBER_WORDS = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
} | {word: 10.0 * tens for tens, word in enumerate("thirty forty fifty sixty seventy eighty ninety".split(), start=3)}
_ONES = "|".join("one two three four five six seven eight nine".split())
_TENS = "|".join("twenty thirty forty fifty sixty seventy eighty ninety".split())
_IN_WORDS = rf"(?:{_TENS}) (?:{_ONES})(?= |$)|{'|'.join(NUMBER_WORDS)}"
_VAGUE_NUMBERS = {"a": 1.0, "an": 1.0, "couple": 2.0, "half": 0.5}
_TIME = "minutes?|hours?|days?|weeks?|months?|years?"
_SIGNS = {
    "<number>": rf"(?P<number>\d+(?:\.\d+)?|{_IN_WORDS})",
    "<decimal>": r"(?P<number>\d{2,3}\.\d)",
    "<two_digits>": r"(?P<number>\d\d)",
    "<count>": (
        rf"(?P<number>\d+(?:\.\d+)?|{_IN_WORDS}"
        rf"|an?(?= (?:{_TIME})(?: |$))|couple(?= of )|half(?= an? ))"
    ),
    "<time>": rf"(?P<unit>{_TIME})",
    "<age_unit>": "(?P<unit>months?|years?)",  # "my son 3 days" has had it so long
    "<degrees>": "(?P<unit>c|f|celsius|centigrade|fahrenheit)",
    "<sugar>": "(?P<unit>mmols?|mg)",
}
_UNITS = {
    **{f"{unit}s": f"{unit}s" for unit in ("minute", "hour", "day", "week", "month", "year")},
    **{unit: f"{unit}s" for unit in ("minute", "hour", "day", "week", "month", "year")},
    "c": "celsius", "celsius": "celsius", "centigrade": "celsius", "f": "fahrenheit", "fahrenheit": "fahrenheit",
    "mmol": "mmol_per_l", "mmols": "mmol_per_l", "mg": "mg_per_dl",
}  # fmt: skip
# The unit of each finding, as the catalogue has it; after it those that are tried when none is written.
_MEASURED_IN = {
    "temperature_celsius": ("celsius", "fahrenheit"), "oxygen_percent": ("percent",), "heart_rate_bpm": ("bpm",),
    "breaths_per_minute": ("per_minute",), "glucose_mmol_per_l": ("mmol_per_l", "mg_per_dl"), "pain_score": ("score",),
    "pregnancy_weeks": ("weeks",), "age_years": ("years",), "duration_days": ("days",),
}  # fmt: skip
# What comes after tells that the number is none of these, or where the statement of an age ends.
_IS_TIME = re.compile(rf" (?:{_TIME}|/|out|kg|stone|puffs?|times|tablets?|mg)(?= |$)")
_ENDS = re.compile(
    r" (?:#|,|\?|and|with|but|who|has|have|had|is|s|woke|got|fell|male|female|m|f|on|so|now|today|never|there|theres|"
    r"says|keeps|went|started|came|smoker|diabetic|retired)(?= |$)"
)
# Weeks that are no pregnancy's and no age: how long something has lasted, is away, or has to wait.
_NO_WEEKS_BEFORE = re.compile(
    r" (?:for|last|past|over|lasted|in|every|within|next|than|per|x|since|another|these|those|waited|work|"
    r"waiting|after|"
    r"before|to|ago|first|other|few|now|baby|babys)(?= )"
)
_NO_WEEKS = re.compile(
    r" (?:old|ago|back|after|post|later|off|into|in|of|course|wait|waiting|sober|clean|away|apart|early|late|overdue|"
    r"since|for|notice|holiday|premature|baby|supply|postpartum|pp|post op)(?= |$)"
)
_IS_SO_FAR = frozenset({" am", " is", " s", " at", " #", " ,", ""})
_STANDS = re.compile(r" (?:#|,|\?|old|and|but|so|now|today)(?= |$)")
_IS_SHARE = re.compile(
    r" (?:of|better|sure|chance|certain|recovered|improved|back|blocked|humidity|battery|charge|function|"
    r"section|lungs?)(?= |$)"
)
_NO_DURATION = re.compile(
    r" (?:old|ago|back|pregnant|preg|gone|along|after|before|later|apart|off|course|post|supply|baby|away|per|early|"
    r"late|jabs?|vaccines?|injections?|check|scan|sleep|a (?:night|day)|notice|"
    r"appointment|result|gestation|postpartum)(?= |$)"
)
_NO_DURATION_BEFORE = re.compile(
    r" (?:in|every|within|next|after|before|than|per|aged?|baby|newborn|the|first|at|each|by|daily|is|s|am|weighs|"
    r"sleep|sleeping|slept|\d+)(?= )"
)
_PERSON = (
    "(he|she|son|daughter|child|kid|toddler|grandson|granddaughter|boy|girl|nephew|niece|little one|lad|mum|dad|wife|"
    "husband|partner|nan|gran|grandad|granny|grandma|grandpa|brother|sister|friend|mate|uncle|aunt|auntie)"
)
_BABY = "(baby|newborn|infant|bub|bubba)"
# "Sat" by itself is a day, or what one did on a chair: with one of these it is a reading.
_SANK = "(dropped|drops|drop|dropping|fell|falls|fallen|falling|gone|went|going|reads|shows|showing|been|sank|low)"
_PHRASES = f"""
temperature_celsius | (temp|temps|temperature|fever|thermometer|burning up) .. <number> [°|degree*|deg] [<degrees>]
temperature_celsius | <number> (°|degree*|deg) [<degrees>]
temperature_celsius | <number> [°|degree*|deg] [<degrees>] (temp|temperature|fever)
temperature_celsius | <decimal> <degrees>
temperature_celsius | <decimal>
oxygen_percent | (sats|spo2|sp o2|o2|oxygen|oximeter|saturation*|stats) .. <number>
oxygen_percent | sat [level|levels|reading] [is|was|at|of|now|around|about|only] [at|of|only|about|to] <number>
oxygen_percent | (my|his|her|their|mums|dads|babys) sat .. <number>
oxygen_percent | sat .. <number> (%|percent)
oxygen_percent | sat [is|was|s|has|keeps|kept|just] {_SANK} [down] [to|at|about|around|of|only] <number>
oxygen_percent | <number> [%|percent] (oxygen|o2|sat|sats|spo2|on (the|my|his|her) (oximeter|finger))
heart_rate_bpm | (pulse|heart rate|hr|heartbeat|heart beat|heart [is|was] (going|beating|racing)) .. <number>
heart_rate_bpm | <number> (bpm|beats)
breaths_per_minute | (breathing|breathing rate|resp rate|respiratory rate|respirations|rr|resps) .. <number>
breaths_per_minute | <number> (breath|breaths|times) (a|per|every|in a) minute*
glucose_mmol_per_l | (sugar|sugars|glucose|bm|bms|bgl|bg|dexcom|libre) .. <number> [<sugar>]
glucose_mmol_per_l | <number> <sugar> (l|dl)
pain_score | <number> (/|out of) 10
pain_score | pain [level|score|scale] [is|at|of|was|about|now] [a|about|now|at] <number>
pregnancy_weeks | <number> [0|1|2|3|4|5|6] <time> [and] [1|2|3|4|5|6] [day*] (pregnant|preg|gone|along)
pregnancy_weeks | (pregnant|preg|pregnancy) [about|at|with|is|now|and] [i am|she is] <number> <time>
age_years | <number> [and a half] <time> old*
pregnancy_weeks | i am <number> (weeks|wks)
age_years | (aged|age|age of|turned|turning) <number> [<time>]
age_years | i am <number> [years|year|yrs|yr]
age_years | {_PERSON} [is|aged|who is] <number>
age_years | {_BABY} [is|of|aged|who is] [only|just|about] <number> <time>
age_years | (son|daughter|boy|girl|toddler|child|kid|lad) [is|aged] <number> <age_unit>
age_years | <number> <time> {_BABY}
age_years | <two_digits> (m|f|male|female|man|woman)
age_years | (m|f|male|female) <two_digits>
duration_days | (for|past|last|over|been|nearly|about|around|lasting|x|on|now) .. <count> [of|a|an] <time>
duration_days | (started|began|since|came on|noticed) .. <count> [of] <time> (ago|back)
duration_days | <count> [of] <time>
"""
_MUST_END = frozenset({"(aged|age|age of|i am|turned|turning) <number> [<time>]", "(m|f|male|female) <two_digits>"})
# Before a number of degrees: of the air or the water. Before "fever": there is none, the number is something else.
_NOT_OF_THE_BODY = re.compile(
    r" (?:in|outside|weather|heat of|oven|(?:room|bath|water|pool|sea|house|bedroom|office|car)(?: is| was| at| s)?)$"
)
# "It's 29 degrees in this flat". "He is 39 degrees in the car" is of the body, "it was 39 degrees in the night" too:
# a room must be named.
_SAYS_IT = re.compile(r" (?:it|its|it is|it s|it was)$")
_OF_A_PLACE = re.compile(
    r" (?:in (?:here|(?:this|the|our|my)(?: living)? (?:flat|room|house|bedroom|office|car|lounge|kitchen|attic|loft|"
    r"ward|shade|sun|garden))|outside)(?= |$)"
)
_DENIED_BEFORE = re.compile(r" (?:no|without|any)$")
# A reading that follows another without its name: "temp was 37 this morning but 39 now".
_CHANGED_TO = re.compile(
    rf" (?:but|now|then|to)(?: (?:it|is|was|s|its|now|up|gone|about|at|then|today|tonight))* {_SIGNS['<number>']}"
    r"(?: (?:°|degrees?|deg))?(?: (?P<unit>c|f|celsius|centigrade|fahrenheit))?"
    r"(?= (?:#|,|\?|now|today|tonight|and|but)|$)"
)
_PRESSURE = re.compile(r" (?P<upper>\d{2,3})(?: on)? (?:/|over) (?P<lower>\d{2,3})(?= |$)")
_SINCE = {
    re.compile(r" (?:since|from) (?:yesterday|last night)(?= |$)"): 1.0,
    re.compile(r" (?:since|from) (?:this morning|today|this afternoon|breakfast|lunch)(?= |$)"): 0.5,
    re.compile(r" since last week(?= |$)"): 7.0,
    re.compile(r" since last month(?= |$)"): 30.4,
    re.compile(r" since last year(?= |$)"): 365.25,
}
_NEAR = 200  # characters: some forty words
_LOOK = 1000  # characters around a number that can matter to it: a long text must not be read anew for each


@dataclass(frozen=True)
class Limits:
    """Plausible values of a quantity, in the catalogue's unit."""

    lowest: float
    highest: float

    def hold(self, number: float) -> bool:
        """Return whether the number is plausible."""
        return self.lowest <= number <= self.highest


@dataclass(frozen=True)
class Quantity:
    """A number with its meaning, in the catalogue's unit, and the words where it stands."""

    finding: str
    value: float
    first: int
    last: int


@dataclass(frozen=True)
class _Form:
    """One way to write a quantity.

    Attributes:
        needs: Of each of these sets, a message that holds it has one word.
        beside: One of these words must stand near: a letter speaks of its lungs at one end and of a share at the other.
    """

    finding: str
    expression: re.Pattern[str]
    must_end: bool
    needs: tuple[frozenset[str], ...]
    without: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    begins_clause: bool = False
    opens: bool = False
    is_in_context: bool = False


def _form(line: str) -> _Form:
    finding, _, phrase = (part.strip() for part in line.partition("|"))
    must_end = phrase in _MUST_END or phrase.startswith(f"{_PERSON} ") or phrase == "<decimal>"
    piece = parsed(phrase, _SIGNS)
    needs = tuple(needed for needed in piece.needs if not any(word.endswith("*") for word in needed))
    return _Form(finding, re.compile(piece.expression), must_end, needs)


def _form_in_context(line: str) -> _Form:
    finding, phrase, *context = (part.strip() for part in line.split(" | "))
    piece = parsed(phrase.removeprefix("<clause> ").removeprefix("<opening> "), {**_SIGNS, **SIGNS})
    needs = [needed for needed in piece.needs if not any(word.endswith("*") for word in needed)]
    beside = [frozenset(words[1:].split()) for words in context if words.startswith("+")]
    needs += beside
    without = [word for words in context if words.startswith("-") for word in words[1:].split()]
    return _Form(
        finding,
        re.compile(piece.expression),
        must_end=False,
        needs=tuple(needs),
        without=frozenset(without),
        beside=frozenset().union(*beside) if finding == "oxygen_percent" else frozenset(),
        begins_clause=phrase.startswith("<clause> "),
        opens=phrase.startswith("<opening> "),
        is_in_context=True,
    )


_ALL_FORMS = tuple(_form(line) for line in _PHRASES.strip().splitlines())
_FORMS_FIRST = tuple(_form_in_context(line) for line in STATED_FIRST.strip().splitlines())
_FORMS = _FORMS_FIRST + tuple(form for form in _ALL_FORMS if form.finding != "duration_days")
_FORMS_IN_CONTEXT = tuple(_form_in_context(line) for line in IN_CONTEXT.strip().splitlines())
_FORMS_OF_TIMES = tuple(form for form in _ALL_FORMS if form.finding == "duration_days")
_FORMS_OF_COUNTS = tuple(_form(line) for line in _PHRASES.strip().splitlines() if "<count>" in line)  # "a day"
VOCABULARY = frozenset(re.findall(r"[a-z]{5,}", _PHRASES)) - {
    "number",
    "count",
    "degrees_",
    "decimal",
    "digits",
    "years_",
}


def quantities_of(words: Sequence[Word], limits: Mapping[str, Limits]) -> list[Quantity]:
    """Return the plausible quantities of a message, in the units of the catalogue; of overlapping ones the first."""
    row, place = _row(words)
    said = frozenset(row.split())
    kept: list[Quantity] = []
    taken: set[int] = set()

    def keep(quantities: Iterable[Quantity]) -> None:
        for quantity in quantities:
            if taken.isdisjoint(range(quantity.first, quantity.last)):
                taken.update(range(quantity.first, quantity.last))
                kept.append(quantity)

    has_number = not said.isdisjoint(NUMBER_WORDS) or any([word[0].isdigit() for word in said])
    if has_number:
        keep(_pressures(row, place, limits))
        keep(_formed(_FORMS, said, row, place, limits))
        # What the message names itself is not guessed at: a second, other number would make both doubtful.
        named = {quantity.finding for quantity in kept}
        guessed = _formed(_FORMS_IN_CONTEXT, said, row, place, limits)
        keep([quantity for quantity in guessed if quantity.finding not in named])
    keep(_formed(_FORMS_OF_TIMES if has_number else _FORMS_OF_COUNTS, said, row, place, limits))
    keep(_since(row, place))
    begins = {word: at for at, word in place.items()}
    kept = [_risen(quantity, row, place, begins, limits, taken) for quantity in kept]
    return sorted(kept, key=lambda quantity: quantity.first)


def _risen(
    quantity: Quantity,
    row: str,
    place: Mapping[int, int],
    begins: Mapping[int, int],
    limits: Mapping[str, Limits],
    taken: set[int],
) -> Quantity:
    """Return a temperature with the higher reading that follows it in the same sentence; anything else as it is.

    A lower one is left out: a fever that went down for an hour is still one.
    """
    if quantity.finding != "temperature_celsius":
        return quantity
    begin = begins[quantity.last]
    found = _CHANGED_TO.search(row[begin : begin + _LOOK].partition(f" {SENTENCE_END}")[0])
    if found is None:
        return quantity
    number = number_in(found["number"])
    value = None if number is None else _valued(quantity.finding, number, found["unit"], limits.get(quantity.finding))
    last = place[begin + found.end()]
    if value is None or value <= quantity.value or not taken.isdisjoint(range(quantity.last, last)):
        return quantity
    return Quantity(quantity.finding, round(value, 4), quantity.first, last)


def number_in(text: str) -> float | None:
    """Return the number that a word or row of digits stands for."""
    if text in NUMBER_WORDS or text in _VAGUE_NUMBERS:
        return NUMBER_WORDS.get(text, _VAGUE_NUMBERS.get(text))
    whole, _, tenth = text.partition(" point ")
    tens, _, ones = whole.partition(" ")
    if tens in NUMBER_WORDS and all(digit in NUMBER_WORDS for digit in (ones, tenth) if digit):
        return NUMBER_WORDS[tens] + NUMBER_WORDS.get(ones, 0) + NUMBER_WORDS.get(tenth, 0) / 10
    return float(text) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", text) else None


def _row(words: Sequence[Word]) -> tuple[str, dict[int, int]]:
    texts = [word.text for word in words]
    return row_of(texts), places_in_row(texts)


def _formed(
    forms: Sequence[_Form], said: frozenset[str], row: str, place: Mapping[int, int], limits: Mapping[str, Limits]
) -> Iterator[Quantity]:
    for form in forms:
        if not form.without.isdisjoint(said):
            continue
        for needed in form.needs:  # a plain loop: this is done some ten times for each message
            if needed.isdisjoint(said):
                break
        else:
            yield from _found(form, row, place, limits)


def _found(form: _Form, row: str, place: Mapping[int, int], limits: Mapping[str, Limits]) -> Iterator[Quantity]:
    for found in form.expression.finditer(row):
        number = number_in(found["number"])
        if number is None or not _fits(form, found, row):
            continue
        value = _valued(form.finding, number, found.groupdict().get("unit"), limits.get(form.finding))
        if value is not None:
            yield Quantity(form.finding, round(value, 4), place[found.start()], place[found.end()])


def _fits(form: _Form, found: re.Match[str], row: str) -> bool:
    """Return whether the words around leave the number what the form takes it for."""
    end = found.end()
    if form.finding == "temperature_celsius" and _is_no_temperature(found, row):
        return False
    if form.is_in_context:
        return _fits_context(form, found, row)
    if form.must_end and end < len(row) and not _ENDS.match(row, end):
        return False
    if form.finding == "duration_days":
        is_ended = found.group().endswith((" ago", " back"))
        return is_ended or not (
            _NO_DURATION.match(row, end) or _NO_DURATION_BEFORE.match(row, _last_word(row, found.start()))
        )
    if form.finding == "pregnancy_weeks" and found.group().endswith((" weeks", " wks")) and _NO_WEEKS.match(row, end):
        return False  # "I am 9 weeks sober"
    is_bare = found.end("number") == end
    return not (is_bare and form.finding != "pregnancy_weeks" and _IS_TIME.match(row, end))


def _fits_context(form: _Form, found: re.Match[str], row: str) -> bool:
    start, end = found.span()
    before = _last_word(row, start)
    if form.opens and start:
        return False
    if form.beside and form.beside.isdisjoint(row[max(0, start - _NEAR) : end + _NEAR].split()):
        return False
    if form.begins_clause and start and row[before:start] not in (" #", " ,", " ?"):
        return False
    if form.finding == "pregnancy_weeks":
        if row.startswith(" now", end) and row[before:start] not in _IS_SO_FAR:  # "back pain 30 weeks now"
            return False
        return not _NO_WEEKS.match(row, end) and not (start and _NO_WEEKS_BEFORE.match(row, before))
    if form.finding == "age_years" and " ago" not in found.group() and " of " not in found.group():
        return end >= len(row) or _STANDS.match(row, end) is not None
    if form.finding == "temperature_celsius" and form.begins_clause:
        return end >= len(row) or _ENDS.match(row, end) is not None
    return not (_IS_SHARE.match(row, end) or _IS_TIME.match(row, end))


def _is_no_temperature(found: re.Match[str], row: str) -> bool:
    before = row[max(0, found.start() - _LOOK) : found.start()]
    is_named = found.start("number") > found.start() + 1
    if is_named:
        return _DENIED_BEFORE.search(before) is not None
    is_of_a_place = _SAYS_IT.search(before) is not None and _OF_A_PLACE.match(row, found.end()) is not None
    return is_of_a_place or _NOT_OF_THE_BODY.search(before) is not None


def _last_word(row: str, end: int) -> int:
    return max(row.rfind(" ", 0, end), 0)


def values_of(finding: str, number: float, limits: Limits | None) -> list[float]:
    """Return what a bare number can be of a quantity, in the catalogue's unit, by each unit that may be meant."""
    assumed = _MEASURED_IN[finding]
    values = [converted(number, unit, assumed[0]) for unit in assumed]
    return [
        value
        for value in values
        if value is not None and (limits is None or limits.hold(value)) and _is_sane(assumed[0], value)
    ]


def _valued(finding: str, number: float, written: str | None, limits: Limits | None) -> float | None:
    assumed = _MEASURED_IN[finding]
    for unit in (_UNITS[written],) if written else assumed:
        value = converted(number, unit, assumed[0])
        if value is not None and (limits is None or limits.hold(value)) and _is_sane(assumed[0], value):
            return value
    return None


def _is_sane(unit: str, value: float) -> bool:
    """Return whether the value can be at all: what is beyond is a slip of the hand, or another thing."""
    lowest, highest = {"percent": (1, 100), "celsius": (15, 50), "score": (0, 10), "years": (0, 130)}.get(
        unit, (0, 1e5)
    )
    return lowest <= value <= highest


def _pressures(row: str, place: Mapping[int, int], limits: Mapping[str, Limits]) -> Iterator[Quantity]:
    for found in _PRESSURE.finditer(row):
        upper, lower = float(found["upper"]), float(found["lower"])
        is_plausible = all(
            limits.get(finding, Limits(20, 350)).hold(value)
            for finding, value in (("systolic_mmhg", upper), ("diastolic_mmhg", lower))
        )
        if is_plausible and upper > lower:
            first, last = place[found.start()], place[found.end()]
            yield Quantity("systolic_mmhg", upper, first, first + 1)
            yield Quantity("diastolic_mmhg", lower, last - 1, last)


def _since(row: str, place: Mapping[int, int]) -> Iterator[Quantity]:
    for expression, days in _SINCE.items():
        for found in expression.finditer(row):
            yield Quantity("duration_days", days, place[found.start()], place[found.end()])
