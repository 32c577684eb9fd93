"""The parts of a message that are looked at one by one: a short message whole, a long post a few sentences at a time."""

from __future__ import annotations

from collections.abc import Sequence

from careline.clinical.understanding.normalise import QUESTION, SENTENCE_END, Word

SHORT = 40  # words: what is no longer is one window
_WINDOW = 30  # words that sentences are joined up to
_MOST = 60  # windows: a very long text must not slow the screen down; its rest is cut into fewer, longer ones


def windows_of(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Return the windows of a message, in order; they overlap by whole sentences."""
    if len(words) <= SHORT:
        return [words] if words else []
    pieces = _pieces(words)
    windows = [_joined(pieces, first) for first in range(len(pieces))]
    # A window that lies wholly in the one before says nothing new.
    kept = [
        window for index, window in enumerate(windows) if index == 0 or window[-1].end > windows[index - 1][-1].end
    ]
    if len(kept) <= _MOST:
        return list(kept)
    size = -(-len(words) // _MOST)
    return [words[first : first + 2 * size] for first in range(0, len(words), size)]


def _pieces(words: Sequence[Word]) -> list[Sequence[Word]]:
    """Return the sentences; one without any stop is cut."""
    pieces: list[Sequence[Word]] = []
    first = 0
    for index, word in enumerate(words):
        if word.text in (SENTENCE_END, QUESTION) or index + 1 - first >= SHORT:
            if index > first or word.text not in (SENTENCE_END, QUESTION):
                pieces.append(words[first : index + 1])
            first = index + 1
    return [*pieces, words[first:]] if first < len(words) else pieces


def _joined(pieces: Sequence[Sequence[Word]], first: int) -> Sequence[Word]:
    joined = list(pieces[first])
    for piece in pieces[first + 1 :]:
        if len(joined) + len(piece) > _WINDOW:
            break
        joined += piece
    return joined
