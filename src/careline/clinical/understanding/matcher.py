"""A matcher that tries thousands of phrases on one message."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Generic, NamedTuple, TypeVar

from careline.clinical.understanding.normalise import SENTENCE_END
from careline.clinical.understanding.patterns import (
    EVERYDAY,
    WIDEST_GAP,
    Piece,
    findable,
    places_in_row,
    row_of,
    words_in,
)

T = TypeVar("T")
_MOST_PAIRS = 24  # of one phrase in one row: who writes the same words over and over must not slow the screen down


@dataclass(frozen=True)
class Pattern(Generic[T]):
    """A phrase ready to match, and what it means."""

    phrase: str
    meaning: T
    sides: tuple[Piece, ...]

    @cached_property
    def expressions(self) -> tuple[re.Pattern[str], ...]:
        """Its sides as expressions; compiled when a message first has its words, so that the start is quick."""
        return tuple(re.compile(side.expression) for side in self.sides)


@dataclass(frozen=True)
class Match(Generic[T]):
    """A phrase that was found.

    Attributes:
        first: Index of its first word among the words given to the matcher.
        last: Index after its last word.
        gaps: The same for each of its gaps that is not empty.
        sides: The same for each of its two sides, when the phrase has two ("A ~ B").
    """

    meaning: T
    first: int
    last: int
    gaps: tuple[tuple[int, int], ...] = field(default=())
    sides: tuple[tuple[int, int], ...] = field(default=())


class Matcher(Generic[T]):
    """Finds all phrases of a collection in a row of words.

    Each phrase is filed under the words of which it needs one, the rarest of its needs; a phrase whose word occurs is
    tried when its other needs are met as well.
    """

    def __init__(self, phrases: Sequence[tuple[str, T]]) -> None:
        """Compile the phrases.

        Raises:
            PatternError: One of them does not follow the pattern language.
        """
        self.words = words_in(phrase for phrase, _ in phrases)
        self._patterns = [Pattern(phrase, meaning, findable(phrase)) for phrase, meaning in phrases]
        needs = [tuple(chain.from_iterable(side.needs for side in pattern.sides)) for pattern in self._patterns]
        seen = Counter(chain.from_iterable(chain.from_iterable(needs)))
        self._filed: dict[str, list[int]] = defaultdict(list)
        self._other_needs: list[list[frozenset[str]]] = []
        for number, needed in enumerate(needs):
            rarest, *others = sorted(needed, key=lambda words: _weight(words, seen))
            self._other_needs.append(others)
            for word in rarest:
                self._filed[word].append(number)
        self._beginnings = _Beginnings(word for word in seen if word.endswith("*"))

    def matches(self, words: Sequence[str]) -> Iterator[Match[T]]:
        """Yield each phrase found in `words`; none reaches over `SENTENCE_END`."""
        candidates = self._candidates(words)
        if not candidates:
            return
        row, place = row_of(words), places_in_row(words)
        for number in candidates:
            pattern = self._patterns[number]
            one, *other = ([_placed(each, place) for each in side.finditer(row)] for side in pattern.expressions)
            if other:
                yield from islice(_both(pattern.meaning, one, other[0], words), _MOST_PAIRS)
            else:
                yield from (Match(pattern.meaning, *each) for each in one)

    def _candidates(self, words: Iterable[str]) -> list[int]:
        """Return the numbers of the phrases whose every need is met, in their order."""
        said = set(words)
        said.update(self._beginnings.of(said))
        candidates: set[int] = set()
        for word in self._filed.keys() & said:
            for number in self._filed[word]:  # plain loops: this is done a hundred times for each message
                for needed in self._other_needs[number]:
                    if needed.isdisjoint(said):
                        break
                else:
                    candidates.add(number)
        return sorted(candidates)


class _Place(NamedTuple):
    """Where one side of a phrase stands: its words and its gaps that are not empty, as in `Match`."""

    first: int
    last: int
    gaps: tuple[tuple[int, int], ...]


def _placed(found: re.Match[str], place: Mapping[int, int]) -> _Place:
    groups = range(1, found.re.groups + 1)
    gaps = [
        (place[found.start(group)], place[found.end(group)])
        for group in groups
        if found.end(group) > found.start(group)
    ]
    return _Place(place[found.start()], place[found.end()], tuple(gaps))


def _both(meaning: T, ones: list[_Place], others: list[_Place], words: Sequence[str]) -> Iterator[Match[T]]:
    """Yield each pair near enough in one sentence: "hit my head, not been sick, but drowsy" has one that is denied."""
    for one in ones:
        for other in others:
            before, after = sorted((one, other))
            if 0 <= after.first - before.last <= WIDEST_GAP and SENTENCE_END not in words[before.last : after.first]:
                between = ((before.last, after.first),) if after.first > before.last else ()
                gaps = (*before.gaps, *between, *after.gaps)
                sides = ((before.first, before.last), (after.first, after.last))
                yield Match(meaning, before.first, after.last, gaps, sides)


class _Beginnings:
    """Beginnings of words that phrases use, to find those that a word has."""

    def __init__(self, beginnings: Iterable[str]) -> None:
        known = {beginning.rstrip("*") for beginning in beginnings}
        self._shortest = min(map(len, known), default=0)
        lengths: dict[str, set[int]] = defaultdict(set)
        for beginning in known:
            lengths[beginning[: self._shortest]].add(len(beginning))
        self._lengths: Mapping[str, tuple[int, ...]] = {stub: tuple(each) for stub, each in lengths.items()}

    def of(self, words: Iterable[str]) -> list[str]:
        """Return what the words may begin with, "*" after each; some are no beginnings, which does no harm."""
        return [f"{word[:length]}*" for word in words for length in self._lengths.get(word[: self._shortest], ())]


def _weight(words: frozenset[str], seen: Mapping[str, int]) -> tuple[int, int]:
    """Return how likely a message is to hold one of the words, by how often the phrases need each."""
    return 1000 * len(words & EVERYDAY) + sum([seen[word] for word in words]), -max(map(len, words))
