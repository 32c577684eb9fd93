"""The parts of a message that are looked at one by one: its sentences, and each run of neighbours that is short."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from careline.clinical.understanding.normalise import SENTENCE_END, Word

SHORT = 40  # words: what is looked at as a whole is no longer
_LEAST = 4  # words of a sentence of a very long text: shorter ones are joined to the next
_ORDINARY = 2  # sentences of an ordinary message that sound like something
_MOST = 60  # sentences: a very long text must not slow the screen down; it is then cut into fewer, longer ones


@dataclass(frozen=True)
class Window:
    """Neighbouring sentences of a message, without the mark that ends them: people end alike words with and without.

    Attributes:
        sentences: How many they are.
    """

    words: Sequence[Word]
    sentences: int


def chances_of(sentences: int) -> float:
    """Return how many e-folds of sentences that sound like something a message has beyond an ordinary one.

    Each is a chance of a high score. A name or an apology beside the story is none, and must not lower its score.
    """
    return math.log(max(1.0, sentences / _ORDINARY))


def windows_of(words: Sequence[Word]) -> list[Window]:
    """Return each sentence, and all neighbours that are short enough together.

    Whatever is written before or after words that are short enough, these words are a window of their own.
    """
    cuts = _cuts(words)
    windows = []
    for first, begin in enumerate(cuts[:-1]):
        for last in range(first + 1, len(cuts)):
            if last > first + 1 and cuts[last] - begin > SHORT:
                break
            said = without_last_mark(words[begin : cuts[last]])
            if any(not word.is_mark for word in said):
                windows.append(Window(said, last - first))
    return windows


def without_last_mark(words: Sequence[Word]) -> Sequence[Word]:
    """Return words without the stop that ends them: who types one reports no less."""
    end = len(words)
    while end and words[end - 1].text == SENTENCE_END:
        end -= 1
    return words[:end]


def _cuts(words: Sequence[Word]) -> list[int]:
    """Return where sentences begin, and the end."""
    cuts = _after_stops(words, 1)
    if len(cuts) > _MOST + 1:
        cuts = _after_stops(words, _LEAST)
    if len(cuts) > _MOST + 1:
        cuts = [*range(0, len(words), -(-len(words) // _MOST)), len(words)]
    return cuts


def _after_stops(words: Sequence[Word], least: int) -> list[int]:
    """Return where sentences of at least so many words begin, and the end. Shorter ones are joined to the next."""
    cuts, told = [0], 0
    for index, word in enumerate(words):
        told += not word.is_mark
        if index + 1 - cuts[-1] >= SHORT or (told >= least and word.text == SENTENCE_END):  # one follows each "?" too
            cuts.append(index + 1)
            told = 0
    if cuts[-1] < len(words):
        cuts.append(len(words))
    return cuts
