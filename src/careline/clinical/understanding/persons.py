"""Who the patient is, as far as a message lets it be known: sex, and for whom help is sought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careline.clinical.understanding.normalise import Word

_MALE = "man|male|boy|son|husband|dad|grandad|grandpa|grandfather|brother|uncle|boyfriend|gentleman|grandson|nephew|lad|hubby|stepson"
_FEMALE = (
    "woman|female|girl|daughter|wife|mum|nan|gran|granny|grandma|grandmother|nana|sister|aunt|auntie|girlfriend|lady|"
    "granddaughter|niece|missus|stepdaughter"
)
_CHILD = "baby|newborn|infant|toddler|child|kid|little one|bub|bubba|twins?|little boy|little girl"
_ADULT = (
    "mum|dad|husband|wife|nan|nana|gran|granny|grandma|grandad|grandpa|grandmother|grandfather|partner|hubby|missus"
)
# A relative who only speaks or worries is not the patient: "my wife says I look grey".
_SPEAKS = (
    r"says|said|thinks|thought|told|tells|noticed|wants|reckons|is worried|worries|asked|made|found|gave|had|died|gets"
)
_I_AM = re.compile(r" i am (?:a |an |\d+ (?:years? old )?)*(?P<noun>\w+)(?= )")
_AGED = re.compile(r" \d+ (?:(?:years?|months?|weeks?|days?) olds? )?(?P<noun>m|f|\w+)(?= )")
_MINE = rf" (?:my|our|the)(?: \w+ old| \d+ (?:years?|months?|weeks?|days?) olds?| little| elderly| dear)* (?P<noun>%s)(?! (?:{_SPEAKS}|s \w+ (?:had|died)|in law) )(?= )"
_MY_MAN, _MY_WOMAN = re.compile(_MINE % _MALE), re.compile(_MINE % _FEMALE)
_MY_CHILD, _MY_ADULT = re.compile(_MINE % _CHILD), re.compile(_MINE % _ADULT)
_HE, _SHE = re.compile(r" (?:he|his|him)(?= )"), re.compile(r" (?:she|her)(?= )")
_MYSELF = re.compile(
    r" (?:i am|i have|i ve|i feel|i cant|i got|i keep|i woke|i had|i fell|i took|i think i|my own|"
    r"my (?:chest|head|arm|leg|back|stomach|tummy|belly|throat|heart|neck|foot|knee|ear|eye|skin|face|left|right|lower|upper))(?= )"
)


@dataclass(frozen=True)
class Trait:
    """A choice settled in passing, and the words where it stands."""

    finding: str
    value: str
    first: int
    last: int


def traits_of(words: Sequence[Word]) -> Iterator[Trait]:
    """Yield sex and for whom help is sought, where the message leaves no doubt about either."""
    row, place = _row(words)
    sexes = list(_sexes(row))
    if len({value for value, _ in sexes}) == 1:
        value, found = sexes[0]
        yield Trait("sex", value, place[found.start()], place[found.end()])
    whom = list(_whom(row))
    if len({value for value, _ in whom}) == 1:
        value, found = whom[0]
        yield Trait("for_whom", value, place[found.start()], place[found.end()])


def _sexes(row: str) -> Iterator[tuple[str, re.Match[str]]]:
    is_own = _MYSELF.search(row) is not None
    for expression in (_I_AM, _AGED):
        for found in expression.finditer(row):
            noun = found["noun"]
            if noun == "m" or re.fullmatch(_MALE, noun):
                yield "male", found
            elif noun == "f" or re.fullmatch(_FEMALE, noun):
                yield "female", found
    if is_own:
        return
    for value, mine, pronoun in (("male", _MY_MAN, _HE), ("female", _MY_WOMAN, _SHE)):
        for found in (*mine.finditer(row), *pronoun.finditer(row)):
            yield value, found


def _whom(row: str) -> Iterator[tuple[str, re.Match[str]]]:
    for value, expression in (("self", _MYSELF), ("child", _MY_CHILD), ("adult", _MY_ADULT)):
        for found in expression.finditer(row):
            yield value, found


def _row(words: Sequence[Word]) -> tuple[str, dict[int, int]]:
    place: dict[int, int] = {}
    at = 0
    for index, word in enumerate(words):
        place[at] = index
        at += len(word.text) + 1
    place[at] = len(words)
    return "".join(f" {word.text}" for word in words) + " ", place
