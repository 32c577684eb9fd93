"""The labelled questions that the search is measured with, in two halves: one fits, the other measures."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text

Kind = Literal[
    "complaint", "child", "pregnancy", "medicine", "service", "normal", "uncovered", "out_of_scope"
]  # fmt: skip


class Query(Shape, frozen=True, kw_only=True):
    """A question and the articles of which any answers it; none: it has no answer here.

    Attributes:
        kind: What it is about; `uncovered` and `out_of_scope` have no right article.
    """

    text: Line
    kind: Kind
    right: tuple[str, ...]

    @property
    def is_for_fit(self) -> bool:
        """Whether it fits the thresholds; otherwise it measures."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


class Queries(Shape, frozen=True, kw_only=True):
    """The shape of `queries.yml`."""

    language: str
    queries: tuple[Query, ...]


def load_queries(path: Path, known: set[str]) -> list[Query]:
    """Return the questions whose right articles exist (or that have none)."""
    queries = parse_yaml(read_text(path), Queries, path=path).queries
    texts = [query.text for query in queries]
    if len(set(texts)) != len(texts):
        raise SystemExit(f"{path}: a question stands twice. Take one out.")
    return [query for query in queries if not query.right or known & set(query.right)]
