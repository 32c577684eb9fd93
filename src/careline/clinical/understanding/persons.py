"""Who the patient is, as far as a message lets it be known: sex, and for whom help is sought."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from careline.clinical.understanding.normalise import Word
from careline.clinical.understanding.patterns import any_of, row_of

_NOUNS = {
    "male": (
        "man|male|boy|son|husband|dad|grandad|grandpa|grandfather|brother|uncle|boyfriend|gentleman|grandson|nephew|lad|"
        "hubby|stepson"
    ),
    "female": (
        "woman|female|girl|daughter|wife|mum|nan|gran|granny|grandma|grandmother|nana|sister|aunt|auntie|girlfriend|"
        "lady|granddaughter|niece|missus|stepdaughter"
    ),
    "child": "baby|newborn|infant|toddler|child|kid|little one|bub|bubba|twin|twins|little boy|little girl",
    "adult": (
        "mum|dad|husband|wife|nan|nana|gran|granny|grandma|grandad|grandpa|grandmother|grandfather|partner|hubby|missus"
    ),
}
# A relative who only speaks or worries, or whose history it is, is not the patient: "my wife says I look grey".
_NOT_THE_PATIENT = (
    r" (?:says|said|thinks|thought|told|tells|noticed|wants|reckons|is worried|worries|asked|made|found|gave|had|died|"
    r"gets|in law|knowing|finding|s \w+)(?= |$)"
    # What they do to somebody who writes for themselves: "my partner shouts at me", "my son will not let me out".
    r"|(?: (?:will|wont|would|does|doesnt|has|not|keeps|always|often|sometimes|just))* (?!help )\w+"
    r"(?: (?:at|on|past|over|against))? me(?= |$)"
)
_I_AM = any_of("i am [a|an] [<number>] [year*] [old*]")
_AGED = any_of("<number> [year*|month*|week*|day*] [old*]")
_MINE = any_of("(my|our|the) [<number>] [year*|month*|week*|day*] [old] [little|elderly|dear|poor]")
_PRONOUNS = {"male": any_of("(he|his|him)"), "female": any_of("(she|her)")}
_MYSELF = any_of("""
    i (am|have|feel|cant|got|keep|woke|had|fell|took)
    my own
    my [left|right|lower|upper] (chest|head|arm|leg|back|stomach|tummy|belly|throat|heart|neck|foot|knee|ear|\
        eye|skin|face)
    """)


@dataclass(frozen=True)
class Trait:
    """A choice settled in passing, and the words where it stands."""

    finding: str
    value: str
    first: int
    last: int


def traits_of(words: Sequence[Word]) -> Iterator[Trait]:
    """Yield sex and for whom help is sought, each where the message leaves no doubt about it."""
    row = row_of(word.text for word in words)
    for finding, told in (("sex", list(_sexes(row))), ("for_whom", list(_whom(row)))):
        if len({value for value, _, _ in told}) == 1:
            value, start, end = told[0]
            yield Trait(finding, value, row.count(" ", 0, start), row.count(" ", 0, end))


def _sexes(row: str) -> Iterator[tuple[str, int, int]]:
    for expression in (_I_AM, _AGED):
        for value in ("male", "female"):
            yield from _followed(expression, f"{_NOUNS[value]}|{value[0]}", value, row)
    if _MYSELF.search(row):
        return
    for value, pronoun in _PRONOUNS.items():
        yield from _followed(_MINE, _NOUNS[value], value, row)
        yield from ((value, found.start(), found.end()) for found in pronoun.finditer(row))


def _whom(row: str) -> Iterator[tuple[str, int, int]]:
    yield from (("self", found.start(), found.end()) for found in _MYSELF.finditer(row))
    for value in ("child", "adult"):
        yield from _followed(_MINE, _NOUNS[value], value, row)


def _followed(expression: re.Pattern[str], nouns: str, value: str, row: str) -> Iterator[tuple[str, int, int]]:
    for found in _with_nouns(expression, nouns).finditer(row):
        yield value, found.start(), found.end()


@cache  # a handful, of fixed phrases
def _with_nouns(expression: re.Pattern[str], nouns: str) -> re.Pattern[str]:
    return re.compile(f"(?:{expression.pattern}) (?:{nouns})(?= |$)(?!{_NOT_THE_PATIENT})")
