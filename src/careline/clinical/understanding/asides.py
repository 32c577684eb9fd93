"""Asides: sentences that stand beside a story and say nothing of anybody's body.

Who gives a name, an origin or an apology, or says what somebody else thinks of it, has not told more or less of what is
the matter. A model that weighs sentences would weigh these too, so it is not shown them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources
from re import Pattern

from careline.clinical.understanding.normalise import SENTENCE_END, Word, words_of
from careline.clinical.understanding.patterns import any_of, row_of

_MOST_WORDS = 24  # of an aside; a longer sentence tells something
_NAME = {"<name>": r"[^\W\d_]+"}


def without_asides(text: str) -> str:
    """Return the text with blanks where asides stand: everything else keeps its place."""
    blanked = text
    for sentence in _sentences(words_of(text)):
        said = [word.text for word in sentence if not word.is_mark]
        if said and len(said) <= _MOST_WORDS and _asides().fullmatch(row_of(said)):
            start, end = sentence[0].start, sentence[-1].end
            blanked = blanked[:start] + " " * (end - start) + blanked[end:]
    return blanked


def _sentences(words: list[Word]) -> Iterator[list[Word]]:
    """Yield sentences, each with the marks that end it."""
    begin = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if word.text == SENTENCE_END and (following is None or following.text != SENTENCE_END):
            yield words[begin : index + 1]
            begin = index + 1
    if begin < len(words):
        yield words[begin:]


@cache
def _asides() -> Pattern[str]:
    return any_of(resources.files(__package__).joinpath("asides.txt").read_text(encoding="utf-8"), signs=_NAME)
