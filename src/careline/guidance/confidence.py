"""How sure the search is that an article answers: its own signs, and how it stands among all that came near."""

from __future__ import annotations

import msgspec
import numpy as np
import numpy.typing as npt

from careline.guidance.evidence import RANKING_SIGNS, Evidence, Signs, Values
from careline.guidance.search_rules import ConfidenceWeights

STANDING_SIGNS = tuple(name for name in ConfidenceWeights.__struct_fields__ if name not in ("signs", "intercept"))

_COLUMN = {name: column for column, name in enumerate(RANKING_SIGNS)}


def confidence_signs(evidence: Evidence, scores: Values) -> Signs:
    """Return what tells whether an article answers, one row per article.

    The columns are the fields of `RankingWeights`, then those named in `STANDING_SIGNS`.
    """

    def sign(name: str) -> Values:
        column: Values = evidence.signs[:, _COLUMN[name]]
        return column

    shares = scores - scores.max()
    shares = shares - np.log(np.exp(shares).sum())
    similarity, question, covered = sign("similarity"), sign("question"), sign("covered")
    standing = {
        "score": scores,
        "share": shares,
        "doubt": np.full(len(scores), -(np.exp(shares) * shares).sum()),
        "lead": _lead(scores),
        "question_lead": _lead(question),
        "covered_lead": _lead(covered),
        "lead_out_of_scope": similarity - evidence.out_of_scope[1],
        "lead_not_covered": similarity - evidence.not_covered[1],
        "question_lead_out_of_scope": question - evidence.out_of_scope[0],
        "question_lead_not_covered": question - evidence.not_covered[0],
        "first_by_similarity": _is_first(similarity),
        "first_by_questions": _is_first(sign("questions")),
        "first_by_words": _is_first(sign("article_words")),
        "first_by_covered_questions": _is_first(sign("covered_questions")),
        "nearer_by_question": _nearer(question),
        "nearer_by_section": _nearer(sign("section")),
        "asked": np.full(len(scores), np.log1p(evidence.asked)),
        "weight": np.full(len(scores), evidence.weight),
        "best_words": np.full(len(scores), np.log1p(evidence.best_words[0])),
        "best_article_words": np.full(len(scores), np.log1p(evidence.best_words[1])),
    }
    return np.column_stack([evidence.signs, *(standing[name] for name in STANDING_SIGNS)])


def linear(weights: ConfidenceWeights) -> npt.NDArray[np.float64]:
    """Return the weights in the order of the columns of `confidence_signs`."""
    return np.array([*msgspec.structs.astuple(weights.signs), *(getattr(weights, name) for name in STANDING_SIGNS)])


def _lead(values: Values) -> Values:
    """Return how much each value is above the best of the others; 0 where there is no other."""
    if len(values) < 2:
        return np.zeros(len(values))
    second, first = np.partition(values, -2)[-2:]
    other: Values = np.full(len(values), first)
    other[int(values.argmax())] = second
    lead: Values = values - other
    return lead


def _is_first(values: Values) -> Values:
    first: Values = (values == values.max()).astype(np.float64)
    return first


def _nearer(values: Values) -> Values:
    """Return how many other articles lie nearer than each, as a logarithm: the first few tell the most."""
    ordered = np.sort(values)
    nearer: Values = np.log1p(len(values) - np.searchsorted(ordered, values, side="right"))
    return nearer
