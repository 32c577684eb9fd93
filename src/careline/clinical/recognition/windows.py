"""The parts of a message that are looked at one by one: a short one whole, a long post sentence by sentence."""

from __future__ import annotations

import math
from collections.abc import Sequence

from careline.clinical.understanding.normalise import QUESTION, SENTENCE_END, Word

SHORT = 40  # words: what is no longer is one window
_LEAST = 4  # words of a window: shorter sentences are joined to the next
_ORDINARY = 4  # windows of a message of some sentences
_MOST = 60  # windows: a very long text must not slow the screen down; it is then cut into fewer, longer ones


def chances_of(windows: int) -> float:
    """Return how many e-folds of windows a message has beyond an ordinary one: each is a chance of a high score.

    A name or an apology beside the story must not lower its score, so the first few cost nothing.
    """
    return math.log(max(1.0, windows / _ORDINARY))


def windows_of(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Return the windows of a message, in order."""
    if len(words) <= SHORT:
        return [words] if words else []
    windows: list[Sequence[Word]] = []
    first = 0
    for index, word in enumerate(words):
        length = index + 1 - first
        if length >= SHORT or (length > _LEAST and word.text in (SENTENCE_END, QUESTION)):
            windows.append(words[first : index + 1])
            first = index + 1
    if first < len(words):
        windows.append(words[first:])
    if len(windows) <= _MOST:
        return windows
    size = -(-len(words) // _MOST)
    return [words[begin : begin + 2 * size] for begin in range(0, len(words), size)]
