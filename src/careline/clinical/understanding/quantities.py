"""Numbers in a message: temperature, pulse, pressure, sugar, age, how long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from careline.clinical.understanding.lexicon import Limits
from careline.clinical.understanding.normalise import Word
from careline.clinical.understanding.units import converted

_NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}  # fmt: skip
_ARTICLES = {"a": 1, "an": 1, "couple": 2, "half": 0.5}
_NUMBER = rf"(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBER_WORDS)})"
_COUNT = rf"(?P<number>\d+(?:\.\d+)?|{'|'.join(_NUMBER_WORDS)}|an?(?= (?:hour|day|week|month|year))|couple(?= of )|half(?= an? ))"
_TIME = r"(?P<unit>minutes?|hours?|days?|weeks?|months?|years?)"
_SOME = r"(?: (?!#|,|\?|\d)\S+){0,%d}?"
_BABY = "baby|newborn|infant|bub|bubba|twin"
_CHILD = "son|daughter|child|kid|toddler|grandson|granddaughter|boy|girl|nephew|niece|little one|lad|lass"
_ADULT = (
    "mum|dad|wife|husband|partner|nan|gran|grandad|granny|grandma|grandpa|brother|sister|friend|mate|uncle|aunt|auntie"
)


@dataclass(frozen=True)
class Quantity:
    """A number with its meaning, and the words where it stands."""

    finding: str
    value: float
    first: int
    last: int


@dataclass(frozen=True)
class _Form:
    """One way to write a quantity. The unit is the one written, or else the first that gives a plausible value."""

    finding: str
    expression: re.Pattern[str]
    into: str
    units: Mapping[str, str]  # as written: unit
    assumed: tuple[str, ...]


def _form(finding: str, expression: str, into: str, units: Mapping[str, str] | None = None, *assumed: str) -> _Form:
    return _Form(finding, re.compile(expression), into, units or {}, assumed or (into,))


_DEGREES = {
    "c": "celsius",
    "celsius": "celsius",
    "centigrade": "celsius",
    "f": "fahrenheit",
    "fahrenheit": "fahrenheit",
}
_DEGREE_UNIT = r"(?P<unit>c|f|celsius|centigrade|fahrenheit)"
_SUGARS = {"mmol": "mmol_per_l", "mmols": "mmol_per_l", "mg": "mg_per_dl"}
_TIMES = {
    name + plural: name + "s" for name in ("minute", "hour", "day", "week", "month", "year") for plural in ("", "s")
}
_TEMP = "temp|temps|temperature|fever|thermometer|burning up"
_HURTS = "pain|hurts?|hurting|sore|ache|aches|aching|agony"

_FORMS = (
    _form("temperature_celsius", rf" (?:{_TEMP}){_SOME % 4} {_NUMBER}(?: (?:°|degrees?|deg))*(?: {_DEGREE_UNIT})?(?! (?:{_TIME[9:-1]}|/|out))(?= )", "celsius", _DEGREES, "celsius", "fahrenheit"),
    _form("temperature_celsius", rf" {_NUMBER} (?:°|degrees?|deg)(?: {_DEGREE_UNIT})?(?= )", "celsius", _DEGREES, "celsius", "fahrenheit"),
    _form("temperature_celsius", rf" (?P<number>\d{{2,3}}\.\d)(?: {_DEGREE_UNIT})?(?= (?:#|,|\?|and|but|with|temp\w*|fever|for|since|at|today|now|this|last) )", "celsius", _DEGREES, "celsius", "fahrenheit"),
    _form("temperature_celsius", rf" {_NUMBER}(?: (?:°|degrees?|deg))?(?: {_DEGREE_UNIT})? (?:temp|temperature|fever)(?= )", "celsius", _DEGREES, "celsius", "fahrenheit"),
    _form("temperature_celsius", r" (?P<number>9[5-9]|1[01]\d) (?P<unit>f)(?= )", "celsius", _DEGREES, "fahrenheit"),
    _form("oxygen_percent", rf" (?:sats?|spo 2|sp o 2|o 2|oxygen|oximeter|saturations?|stats){_SOME % 4} {_NUMBER}(?= )", "percent"),
    _form("oxygen_percent", rf" {_NUMBER} (?:% |percent )(?:oxygen|o 2|sats?|spo 2|on (?:the|my|his|her) (?:oximeter|finger))(?= )", "percent"),
    _form("heart_rate_bpm", rf" (?:pulse|heart rate|hr|heartbeat|heart beat|heart (?:is |s |was )?(?:going|beating|racing)){_SOME % 3} {_NUMBER}(?! {_TIME[9:-1]})(?= )", "bpm"),
    _form("heart_rate_bpm", rf" {_NUMBER} (?:bpm|beats)(?= )", "bpm"),
    _form("breaths_per_minute", rf" (?:breathing|breathing rate|resp rate|respiratory rate|respirations|rr|resps){_SOME % 3} {_NUMBER}(?! {_TIME[9:-1]}| puffs?| times)(?= )", "per_minute"),
    _form("breaths_per_minute", rf" {_NUMBER} (?:breaths?|times) (?:a|per|every|in a) minutes?(?= )", "per_minute"),
    _form("glucose_mmol_per_l", rf" (?:sugars?|glucose|bms?|bgl|bg|dexcom|libre){_SOME % 4} {_NUMBER}(?: (?P<unit>mmols?|mg))?(?! {_TIME[9:-1]})(?= )", "mmol_per_l", _SUGARS, "mmol_per_l", "mg_per_dl"),
    _form("glucose_mmol_per_l", rf" {_NUMBER} (?P<unit>mmols?|mg)(?: (?:l|dl))(?= )", "mmol_per_l", _SUGARS),
    _form("pain_score", rf" {_NUMBER} (?:/|out of) 10(?= )", "score"),
    _form("pain_score", rf" (?:pain)(?: (?:level|score|scale|is|s|at|of|a|about|was|now))* {_NUMBER}(?! (?:{_TIME[9:-1]}|/|out|of|kg|times))(?= )", "score"),
    _form("pregnancy_weeks", rf" {_NUMBER}(?: {_NUMBER.replace('number', 'days')})? {_TIME}(?: (?:and )?\d days?)? (?:pregnant|preg|gone|along|into (?:my|her) pregnancy)(?= )", "weeks", _TIMES),
    _form("pregnancy_weeks", rf" (?:pregnant|preg|pregnancy)(?: (?:about|at|with|#|,|is|i am|now|and|she s))* {_NUMBER} (?P<unit>weeks|months)(?= )", "weeks", _TIMES),
    _form("age_years", rf" {_NUMBER}(?: and a half)? (?P<unit>years?|months?|weeks?|days?) olds?(?= )", "years", _TIMES),
    _form("age_years", rf" (?:aged?|age of|i am|i turned|turning|turned|just turned) {_NUMBER}(?: (?P<unit>years?|months?|weeks?|days?))?(?= (?:#|,|\?|and|with|but|who|male|female|m|f|man|woman|year|years|on|so|now|have|had) )", "years", _TIMES),
    _form("age_years", rf" (?:he|she|{_CHILD}|{_ADULT})(?: (?:is|s|who is|who s|aged?|,))* {_NUMBER}(?= (?:#|,|\?|and|with|but|who|has|have|had|is|woke|got|fell|s) )", "years"),
    _form("age_years", rf" (?:{_BABY})(?: (?:is|s|of|who is|who s|aged?|,|only|just|about))* {_NUMBER} (?P<unit>months?|weeks?|days?)(?= )", "years", _TIMES),
    _form("age_years", rf" {_NUMBER} (?P<unit>months?|weeks?|days?) (?:{_BABY})(?= )", "years", _TIMES),
    _form("age_years", rf" (?P<number>\d\d?) (?:m|f|male|female|man|woman)(?= )", "years"),
    _form("age_years", r" (?:m|f|male|female) (?P<number>\d\d)(?= (?:#|,|\?|and|with|has|had|who) )", "years"),
    _form("duration_days", rf" (?:for|past|last|over|been|nearly|about|around|lasting|x|on|now){_SOME % 2} {_COUNT}(?: (?:of|an?))? {_TIME}(?! (?:old|ago|pregnant|gone|along|after|before|later|apart|off|course|post))(?= )", "days", _TIMES),
    _form("duration_days", rf"(?<! in)(?<! every)(?<! within)(?<! next)(?<! after)(?<! before)(?<! than)(?<! per)(?<! aged)(?<! baby)(?<! the) {_COUNT} {_TIME}(?! (?:old|ago|pregnant|gone|along|after|before|later|apart|off|course|post|supply|baby|away|per|a))(?= )", "days", _TIMES),
    _form("duration_days", rf" (?:started|began|since|came on|noticed){_SOME % 3} {_COUNT}(?: of)? {_TIME} (?:ago|back)(?= )", "days", _TIMES),
)  # fmt: skip
_PRESSURE = re.compile(r" (?P<upper>\d{2,3})(?: on)? (?:/|over) (?P<lower>\d{2,3})(?= )")
_SINCE = {
    re.compile(r" (?:since|from) yesterday(?= )"): 1.0,
    re.compile(r" (?:since|from) (?:last night|yesterday (?:evening|night))(?= )"): 1.0,
    re.compile(r" (?:since|from) (?:this morning|today|this afternoon|breakfast|lunch)(?= )"): 0.5,
    re.compile(r" since last week(?= )"): 7.0,
    re.compile(r" since last month(?= )"): 30.4,
    re.compile(r" since last year(?= )"): 365.25,
}


def quantities_of(words: Sequence[Word], limits: Mapping[str, Limits]) -> list[Quantity]:
    """Return the plausible quantities in the message, in the units of the catalogue; of overlapping ones the first."""
    row, place = _row(words)
    if not any(character.isdigit() for character in row) and not _COUNTED.search(row):
        return list(_since(row, place))
    found = [*_pressures(row, place, limits), *_formed(row, place, limits), *_since(row, place)]
    kept: list[Quantity] = []
    for quantity in found:
        if all(quantity.last <= other.first or other.last <= quantity.first for other in kept):
            kept.append(quantity)
    return sorted(kept, key=lambda quantity: quantity.first)


_COUNTED = re.compile(rf" (?:{'|'.join(_NUMBER_WORDS)}|an?|couple|half) ")


def number_in(text: str) -> float | None:
    """Return the number that a word or row of digits stands for."""
    if text in _NUMBER_WORDS:
        return float(_NUMBER_WORDS[text])
    if text in _ARTICLES:
        return _ARTICLES[text]
    return float(text) if re.fullmatch(r"\d{1,6}(?:\.\d+)?", text) else None


def _row(words: Sequence[Word]) -> tuple[str, dict[int, int]]:
    place: dict[int, int] = {}
    at = 0
    for index, word in enumerate(words):
        place[at] = index
        at += len(word.text) + 1
    place[at] = len(words)
    return "".join(f" {word.text}" for word in words) + " # ", place


def _formed(row: str, place: Mapping[int, int], limits: Mapping[str, Limits]) -> Iterator[Quantity]:
    for form in _FORMS:
        for found in form.expression.finditer(row):
            number = number_in(found["number"])
            written = found.groupdict().get("unit")
            value = None if number is None else _valued(form, number, written, limits.get(form.finding))
            if value is not None and found.start() in place and found.end() in place:
                yield Quantity(form.finding, round(value, 4), place[found.start()], place[found.end()])


def _valued(form: _Form, number: float, written: str | None, limits: Limits | None) -> float | None:
    units = (form.units[written],) if written in form.units else form.assumed
    for unit in units:
        value = converted(number, unit, form.into)
        if value is not None and (limits is None or limits.hold(value)) and _is_sane(form.into, value):
            return value
    return None


def _is_sane(unit: str, value: float) -> bool:
    """Return whether the value can be at all: more than all there is, or a body that boils, is a slip of the hand."""
    return 0 <= value <= {"percent": 100, "celsius": 50, "score": 10, "years": 130, "weeks": 45}.get(unit, 1e5)


def _pressures(row: str, place: Mapping[int, int], limits: Mapping[str, Limits]) -> Iterator[Quantity]:
    for found in _PRESSURE.finditer(row):
        upper, lower = float(found["upper"]), float(found["lower"])
        is_plausible = all(
            limits[finding].hold(value) if finding in limits else 30 < value < 300
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
