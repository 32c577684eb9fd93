"""Texts and differences as pages show them; an article as patients read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from careline.editorial.item import Kind
from careline.editorial.text_difference import Piece, TextDifference
from careline.guidance.article_files import article_of_text
from careline.guidance.errors import ArticleError
from careline.guidance.page import PageSection, page_sections

_KEPT_LINES = 4  # of what did not change, before and after a change
_MOST_LINES = 14  # unchanged lines in a row that are shown whole


@dataclass(frozen=True)
class ShownText:
    """A text as a page shows it.

    Attributes:
        title, summary, sections: Of an article, from the production renderer; empty for everything else, and for an
            article that cannot be read as one.
        source: The text itself.
    """

    source: str
    title: str = ""
    summary: str = ""
    sections: tuple[PageSection, ...] = ()


def shown_text(path: str, kind: Kind, text: str) -> ShownText:
    """Return a text as a page shows it."""
    if kind is not Kind.ARTICLE:
        return ShownText(text)
    try:
        article = article_of_text(text, Path(path))
    except ArticleError:
        return ShownText(text)
    return ShownText(text, article.title, article.summary, tuple(page_sections(article)))


@dataclass(frozen=True)
class ShownPiece:
    """Some words of a difference; `folded` did not change, and is long."""

    kind: Literal["same", "removed", "added", "folded"]
    text: str


def shown_pieces(difference: TextDifference) -> list[ShownPiece]:
    """Return a difference word by word, in which what did not change is folded where it is long."""
    return [*_shown(difference.pieces)]


def _shown(pieces: Iterable[Piece]) -> Iterator[ShownPiece]:
    for piece in pieces:
        lines = piece.text.splitlines(keepends=True)
        if piece.kind != "same" or len(lines) <= _MOST_LINES:
            yield ShownPiece(piece.kind, piece.text)
            continue
        yield ShownPiece("same", "".join(lines[:_KEPT_LINES]))
        yield ShownPiece("folded", "".join(lines[_KEPT_LINES:-_KEPT_LINES]))
        yield ShownPiece("same", "".join(lines[-_KEPT_LINES:]))
