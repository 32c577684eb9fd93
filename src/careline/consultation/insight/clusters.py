"""Putting questions together that mean nearly the same; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from careline.guidance.words import topic_stems

Vectors = npt.NDArray[np.float32]  # shape (questions, dimension), unit rows

# Measured on the questions that the search is fitted on (docs/guides/editor-insights.md).
NEAR_BY_MEANING, NEAR_BY_WORDS = 0.55, 0.45


def clustered(vectors: Vectors, least: float) -> list[int]:
    """Return for each row the row that leads its cluster: the nearest earlier leader, or the row itself.

    Compared with leaders alone, so that a new question never moves an old one to another cluster.

    Args:
        vectors: Unit rows, the oldest first.
        least: Cosine from which on two questions belong together.
    """
    leaders: list[int] = []
    leads: list[int] = []
    for row in range(len(vectors)):
        if leaders:
            near = vectors[leaders] @ vectors[row]
            best = int(near.argmax())
            if near[best] >= least:
                leads.append(leaders[best])
                continue
        leaders.append(row)
        leads.append(row)
    return leads


def word_vectors(texts: Sequence[str]) -> Vectors:
    """Return unit vectors by the words of the texts, rare ones counting more (TF-IDF): where no encoder can be used."""
    stems = [sorted(set(topic_stems(text))) for text in texts]
    holders = Counter(stem for each in stems for stem in each)
    column = {stem: place for place, stem in enumerate(sorted(holders))}
    vectors = np.zeros((len(texts), max(1, len(column))), np.float32)
    for row, each in enumerate(stems):
        for stem in each:
            vectors[row, column[stem]] = np.log(1 + len(texts) / holders[stem])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = (vectors / np.where(lengths == 0, 1, lengths)).astype(np.float32)
    return unit
