"""What the words of a question tell by themselves: how much of them a text has, and how rare they are."""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Sequence
from contextlib import ExitStack

import numpy as np
import numpy.typing as npt

from careline.guidance.index_kind import Similarities

with ExitStack() as _afterwards:
    # scipy is none of the app's libraries, but comes with those that build the encoder. Where it is installed bm25s
    # imports it, 27 MB in each process, for an index that numpy makes just as well.
    if "scipy" not in sys.modules:
        sys.modules["scipy"] = None  # type: ignore[assignment]  # how Python is told that a module is not there
        _afterwards.callback(sys.modules.pop, "scipy")
    import bm25s

Values = npt.NDArray[np.float64]


class Holders:
    """Which articles hold which stems."""

    def __init__(self, stems: Sequence[Collection[str]]) -> None:
        """Keep the stems of each article, in the order of the rows."""
        self._count = len(stems)
        rows: dict[str, list[int]] = {}
        for row, each in enumerate(stems):
            for stem in set(each):
                rows.setdefault(stem, []).append(row)
        self._rows = {stem: np.array(held, np.int64) for stem, held in rows.items()}
        self._rarities = {stem: math.log((self._count + 1) / (len(held) + 1)) for stem, held in rows.items()}

    def share(self, asked: Sequence[str]) -> Values:
        """Return for each article the share of the asked stems that it holds."""
        return self._sum(asked, [1.0] * len(asked)) / max(len(asked), 1)

    def weighted_share(self, asked: Sequence[str], holders: Holders) -> Values:
        """Return the share that `holders` hold, each stem weighed by how rare it is here."""
        return holders._sum(asked, [self._rarity(stem) for stem in asked]) / (self.weight(asked) or 1.0)

    def weight(self, asked: Sequence[str]) -> float:
        """Return the sum of how rare the stems are."""
        return sum(self._rarity(stem) for stem in asked)

    def _rarity(self, stem: str) -> float:
        return self._rarities.get(stem, math.log(self._count + 1))  # unknown: rarer than all

    def _sum(self, asked: Sequence[str], weights: Sequence[float]) -> Values:
        total = np.zeros(self._count)
        for stem, weight in zip(asked, weights, strict=True):
            if stem in self._rows:
                total[self._rows[stem]] += weight
        return total


def word_search(stems: Sequence[list[str]]) -> bm25s.BM25:
    """Return the search by words (BM25) over some texts."""
    search = bm25s.BM25()
    search.index([some or [""] for some in stems], show_progress=False)
    return search


def word_scores(search: bm25s.BM25, stems: Sequence[str]) -> Similarities:
    """Return the BM25 of every text."""
    known = [stem for stem in stems if stem in search.vocab_dict]
    if not known:
        return np.zeros(search.scores["num_docs"], np.float32)
    scores: Similarities = search.get_scores(known)
    return scores


def shares(scores: Similarities, among: npt.NDArray[np.bool_]) -> tuple[Similarities, float]:
    """Return the scores divided by the best among some, zero elsewhere, and that best score."""
    scores = np.where(among, scores, np.float32(0))
    best = float(scores.max(initial=0.0))
    return (scores / np.float32(best) if best > 0 else scores), best
