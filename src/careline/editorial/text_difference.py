"""How one text differs from another: as a unified diff, and word by word."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_WORDS = re.compile(r"\s+|\S+")
_MOST_WORDS = 4_000  # of one altered part; beyond that it is shown as taken out and put in whole


@dataclass(frozen=True)
class Piece:
    """Some words that are in both texts, or in one of them."""

    kind: Literal["same", "removed", "added"]
    text: str


@dataclass(frozen=True)
class TextDifference:
    """The way from one text to another.

    Attributes:
        unified: As programmers read it; empty where there is no difference.
        pieces: All words of both texts in order: the same and the removed ones are the old text, the same and the
            added ones the new.
    """

    unified: str
    pieces: tuple[Piece, ...]


def text_difference(old: str, new: str, *, old_name: str, new_name: str) -> TextDifference:
    """Return how `new` differs from `old`."""
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    unified = "".join(
        line if line.endswith("\n") else f"{line}\n"
        for line in difflib.unified_diff(old_lines, new_lines, old_name, new_name)
    )
    return TextDifference(unified, tuple(_joined(_pieces(old_lines, new_lines))))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        before, after = "".join(old[old_start:old_end]), "".join(new[new_start:new_end])
        if operation == "equal":
            yield Piece("same", before)
        else:
            yield from _words(before, after)


def _words(before: str, after: str) -> Iterator[Piece]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(old), len(new)) > _MOST_WORDS:
        yield Piece("removed", before)
        yield Piece("added", after)
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            yield Piece("same", "".join(old[old_start:old_end]))
        else:
            yield Piece("removed", "".join(old[old_start:old_end]))
            yield Piece("added", "".join(new[new_start:new_end]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Leave out empty pieces, and join neighbours of one kind."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last is not None and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last
