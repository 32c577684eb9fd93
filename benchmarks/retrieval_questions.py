"""The labelled questions that the search is measured with, in four parts.

`queries.yml` has two halves, by a hash of the text: on one the weights are fitted, on the other the thresholds are
validated. `judged.yml` judges: nothing is fitted or chosen on it. `judged_anew.yml` judges again, by another author.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text

Kind = Literal[
    "complaint", "child", "pregnancy", "medicine", "service", "normal", "uncovered", "out_of_scope"
]  # fmt: skip
Part = Literal["fitted", "validated", "judged", "judged_anew"]


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
        """Whether the weights may be fitted on it, if it stands in `queries.yml`."""
        return hashlib.sha256(self.text.encode()).digest()[0] % 2 == 0


class Queries(Shape, frozen=True, kw_only=True):
    """The shape of `queries.yml`, `judged.yml` and `judged_anew.yml`."""

    language: str
    queries: tuple[Query, ...]


def load_queries(path: Path, known: set[str]) -> list[Query]:
    """Return the questions whose right articles exist (or that have none)."""
    queries = parse_yaml(read_text(path), Queries, path=path).queries
    texts = [query.text for query in queries]
    if len(set(texts)) != len(texts):
        raise SystemExit(f"{path}: a question stands twice. Take one out.")
    return [query for query in queries if not query.right or known & set(query.right)]


def load_parts(folder: Path, known: set[str]) -> dict[Part, list[Query]]:
    """Return the questions of each part, from the files of a folder; none may stand in two parts."""
    labelled = load_queries(folder / "queries.yml", known)
    taken = {query.text for query in labelled}
    judging: dict[str, list[Query]] = {}
    for name in ("judged", "judged_anew"):
        judging[name] = load_queries(folder / f"{name}.yml", known)
        texts = {query.text for query in judging[name]}
        if taken & texts:
            raise SystemExit(f"{folder / f'{name}.yml'}: a question stands in another file too. Take it out here.")
        taken |= texts
    return {
        "fitted": [query for query in labelled if query.is_for_fit],
        "validated": [query for query in labelled if not query.is_for_fit],
        "judged": judging["judged"],
        "judged_anew": judging["judged_anew"],
    }
