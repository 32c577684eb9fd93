"""A finding that is measured: where its name comes with a number, the number decides.

"Has a temp" means a fever; "has a temp of 37" means none, and does not deny one either. In doubt the words stand: when
another number in the message may be the one that counts, or something lowers what is measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from careline.clinical.content import LexiconEntry
from careline.clinical.finding import Finding
from careline.clinical.understanding.normalise import Word
from careline.clinical.understanding.patterns import any_of, row_of
from careline.clinical.understanding.quantities import Limits, number_in, quantities_of, values_of

# What may stand between the name and its number: "temp, with the ear thermometer, is 37".
_BETWEEN = frozenset(
    """
    is was of reads reading read at about around only just it its the a an says said shows showed showing measured
    measures measuring came comes out in on by with from ear armpit mouth forehead bottom digital thermometer strip and
    he she my her his checked taken took currently normal fine ok okay = : , - ( ) ~ s degree degrees to be
    """.split()
)
_IN_WORDS = frozenset("twenty thirty forty fifty sixty seventy eighty ninety hundred".split())
_NEVER = re.compile("(?!)")


@dataclass(frozen=True)
class MeasuredFinding:
    """How a finding is named and measured; see `content.Measured`."""

    quantity: str
    at_least: float
    named: re.Pattern[str]
    meant: re.Pattern[str]
    unless: re.Pattern[str]


def measured_findings(entries: Iterable[LexiconEntry]) -> dict[str, MeasuredFinding]:
    """Return the findings that are measured, compiled."""
    return {
        entry.finding: MeasuredFinding(
            entry.measured.quantity,
            entry.measured.at_least,
            _any(entry.measured.named),
            _any(entry.measured.meant),
            _any(entry.measured.unless),
        )
        for entry in entries
        if entry.measured is not None
    }


def meant_by(facts: Iterable[Finding], measured: Mapping[str, MeasuredFinding]) -> Iterator[Finding]:
    """Yield the findings that measured numbers mean: of "38.6" a fever, of "31 weeks" a pregnancy."""
    for fact in facts:
        for finding, each in measured.items():
            if fact.id == each.quantity and isinstance(fact.value, float | int) and fact.value >= each.at_least:
                yield replace(fact, id=finding, value=None)


class Measurements:
    """The numbers of one message, for the findings that are measured."""

    def __init__(
        self, words: Sequence[Word], measured: Mapping[str, MeasuredFinding], limits: Mapping[str, Limits]
    ) -> None:
        """Read the numbers."""
        self._words = words
        self._measured = measured
        self._limits = limits
        row = row_of(word.text for word in words)
        named = [each for each in measured.values() if each.named.search(row) and not each.unless.search(row)]
        self._low = [each for each in named if self._is_low(each)]
        self._stated = quantities_of(words, limits) if self._low else []

    def disprove(self, finding: str, told: Sequence[int]) -> bool:
        """Return whether a mention only names what was measured, and the number is too low to mean the finding.

        Args:
            finding: Which is mentioned.
            told: Places of the mention's own words, without its gaps.
        """
        measured = self._measured.get(finding)
        if measured is None or measured not in self._low:
            return False
        if measured.meant.search(row_of(self._words[place].text for place in told)):
            return False
        names = [place for place in told if measured.named.fullmatch(f" {self._words[place].text}")]
        return bool(names) and all(self._is_tied(place, measured) for place in names)

    def _is_low(self, measured: MeasuredFinding) -> bool:
        """Return whether no number of the message can be a measurement from which on it means the finding."""
        if any(word.text in _IN_WORDS for word in self._words):
            return False  # "thirty nine" are two words, and more than thirty
        numbers = [number for word in self._words if (number := number_in(word.text)) is not None]
        limits = self._limits.get(measured.quantity)
        values = [value for number in numbers for value in values_of(measured.quantity, number, limits)]
        return bool(values) and all(value < measured.at_least for value in values)

    def _is_tied(self, place: int, measured: MeasuredFinding) -> bool:
        """Return whether the name at a place has its number: nothing that matters stands between."""
        for stated in self._stated:
            if stated.finding == measured.quantity and stated.first <= place < stated.last:
                between = [word.text for word in self._words[place + 1 : stated.last]]
                return all(text in _BETWEEN or text[0].isdigit() or text in _UNITS for text in between)
        return False


_UNITS = frozenset({"c", "f", "celsius", "centigrade", "fahrenheit", "deg", "\N{DEGREE SIGN}"})


def _any(phrases: Sequence[str]) -> re.Pattern[str]:
    return any_of("\n".join(phrases)) if phrases else _NEVER
