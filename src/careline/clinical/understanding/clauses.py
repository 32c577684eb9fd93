"""Where one statement of a message ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from careline.clinical.understanding.normalise import COLON, COMMA, MARKS, QUESTION, SENTENCE_END, Word
from careline.clinical.understanding.patterns import row_of

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

    def text(self, index: int) -> str:
        """Return the word at `index`; the end of a sentence where there is none."""
        return self._texts[index] if 0 <= index < len(self._texts) else SENTENCE_END

    def texts(self, first: int, last: int) -> list[str]:
        """Return the words from `first` to `last`, marks included."""
        return self._texts[first:last]

    def row(self, first: int, last: int, *, marks: bool = True) -> str:
        """Return the words from `first` to `last` as phrases are matched on."""
        texts = self._texts[first:last]
        return row_of(texts if marks else [text for text in texts if text not in MARKS])

    @cached_property
    def whole(self) -> str:
        """The whole message as phrases are matched on."""
        return self.row(0, len(self.words))

    @cached_property
    def beginnings(self) -> tuple[int, ...]:
        """The first words of all clauses."""
        return tuple(dict.fromkeys(self._starts))

    def start(self, index: int) -> int:
        """Return the first word of the clause in which `index` stands."""
        return self._starts[index]

    def clause(self, index: int) -> tuple[int, int]:
        """Return the clause in which `index` stands; a mark belongs to the clause that it ends."""
        first = last = self._starts[index]
        while last < len(self._starts) and self._starts[last] == first:
            last += 1
        return first, last

    def part(self, index: int) -> tuple[int, int]:
        """Return the part of the clause, between commas, in which `index` stands."""
        clause_first, clause_last = self.clause(index)
        texts = self._texts
        first = last = index
        while first > clause_first and texts[first - 1] != COMMA:
            first -= 1
        while last < clause_last and texts[last] != COMMA:
            last += 1
        return first, last

    def sentence(self, index: int) -> tuple[int, int]:
        """Return the sentence in which `index` stands, without the mark that ends it."""
        texts = self._texts
        first = last = index
        lowest, highest = max(0, index - _LONGEST_SENTENCE), min(len(texts), index + _LONGEST_SENTENCE)
        while first > lowest and texts[first - 1] not in _STOPS:
            first -= 1
        while last < highest and texts[last] not in _STOPS:
            last += 1
        return first, last

    def _opens(self, index: int, text: str) -> bool:
        """Return whether a clause begins at `index`: after a stop, with a "but", or with a subject of its own."""
        before = self._texts[index - 1]
        if before in SENTENCE_MARKS or text in _TURNS:
            return True
        return (text in _JOINERS and self.text(index + 1) in _OPENERS) or (before == COMMA and text in _OPENERS)
