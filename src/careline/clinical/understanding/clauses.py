"""Where one statement of a message ends and the next begins."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

from careline.clinical.understanding.normalise import COLON, COMMA, MARKS, QUESTION, SENTENCE_END, Word
from careline.clinical.understanding.patterns import CueWords, row_of

_STOPS = (SENTENCE_END, QUESTION)
SENTENCE_MARKS = frozenset({SENTENCE_END, QUESTION, COLON})
PRONOUNS = frozenset("i he she they we it there this that these those".split())
OWNERS = frozenset("my his her our their your".split())
_TURNS = frozenset("but although though except however yet unless whereas otherwise".split())
_JOINERS = frozenset("and so then now just because also plus".split())
_OPENERS = PRONOUNS | OWNERS | frozenset("now then just also suddenly today still please help".split())
_LONGEST_CLAUSE, _LONGEST_SENTENCE = 60, 120  # words: who writes without any stop must not slow the screen down


class Clauses:
    """The words of a message, divided into clauses, parts between commas, and sentences.

    Ranges are the index of the first word and the index after the last.
    """

    def __init__(self, words: Sequence[Word]) -> None:
        """Divide the words."""
        self.words = words
        self._texts = [word.text for word in words]
        self._starts: list[int] = []
        start = 0
        for index, text in enumerate(self._texts):
            if index > 0 and (index - start >= _LONGEST_CLAUSE or self._opens(index, text)):
                start = index
            self._starts.append(start)
        self._commas = [index for index, text in enumerate(self._texts) if text == COMMA]
        self._stops = [index for index, text in enumerate(self._texts) if text in _STOPS]
        # Where each word begins in the row of all, and in the row without marks: a part of a row is cut out of it.
        self._places = list(accumulate([len(text) + 1 for text in self._texts], initial=0))
        lengths = [0 if text in MARKS else len(text) + 1 for text in self._texts]
        self._places_bare = list(accumulate(lengths, initial=0))
        self._holds: dict[CueWords, bool] = {}
        self._finds: dict[re.Pattern[str], bool] = {}

    def text(self, index: int) -> str:
        """Return the word at `index`; the end of a sentence where there is none."""
        return self._texts[index] if 0 <= index < len(self._texts) else SENTENCE_END

    def texts(self, first: int, last: int) -> list[str]:
        """Return the words from `first` to `last`, marks included."""
        return self._texts[first:last]

    def row(self, first: int, last: int, *, marks: bool = True) -> str:
        """Return the words from `first` to `last` as phrases are matched on."""
        if marks:
            return self.whole[self._places[first] : self._places[last]]
        return self._bare[self._places_bare[first] : self._places_bare[last]]

    @cached_property
    def whole(self) -> str:
        """The whole message as phrases are matched on."""
        return row_of(self._texts)

    @cached_property
    def _bare(self) -> str:
        return row_of([text for text in self._texts if text not in MARKS])

    @cached_property
    def _said(self) -> frozenset[str]:
        return frozenset(self._texts)

    def may_hold(self, cues: CueWords) -> bool:
        """Return whether the message has the words of a phrase of these cues, wherever they stand."""
        known = self._holds.get(cues)
        if known is None:
            known = self._holds[cues] = cues.may_be_in(self._said)
        return known

    def finds(self, expression: re.Pattern[str]) -> bool:
        """Return whether the whole message has it; looked for once, however many statements ask."""
        known = self._finds.get(expression)
        if known is None:
            known = self._finds[expression] = expression.search(self.whole) is not None
        return known

    @cached_property
    def beginnings(self) -> tuple[int, ...]:
        """The first words of all clauses."""
        return tuple(dict.fromkeys(self._starts))

    def start(self, index: int) -> int:
        """Return the first word of the clause in which `index` stands."""
        return self._starts[index]

    def clause(self, index: int) -> tuple[int, int]:
        """Return the clause in which `index` stands; a mark belongs to the clause that it ends."""
        first = self._starts[index]
        following = bisect_right(self.beginnings, first)
        return first, self.beginnings[following] if following < len(self.beginnings) else len(self._texts)

    def part(self, index: int) -> tuple[int, int]:
        """Return the part of the clause, between commas, in which `index` stands."""
        return _between(self._commas, index, self.clause(index))

    def sentence(self, index: int) -> tuple[int, int]:
        """Return the sentence in which `index` stands, without the mark that ends it."""
        limits = max(0, index - _LONGEST_SENTENCE), min(len(self._texts), index + _LONGEST_SENTENCE)
        return _between(self._stops, index, limits)

    def _opens(self, index: int, text: str) -> bool:
        """Return whether a clause begins at `index`: after a stop, with a "but", or with a subject of its own."""
        before = self._texts[index - 1]
        if before in SENTENCE_MARKS or text in _TURNS:
            return True
        return (text in _JOINERS and self.text(index + 1) in _OPENERS) or (before == COMMA and text in _OPENERS)


def _between(marks: Sequence[int], index: int, limits: tuple[int, int]) -> tuple[int, int]:
    """Return the words around `index` up to the nearest marks, a mark at `index` being one after them."""
    following = bisect_left(marks, index)
    first = marks[following - 1] + 1 if following > 0 else 0
    last = marks[following] if following < len(marks) else limits[1]
    return max(first, limits[0]), min(last, limits[1])
