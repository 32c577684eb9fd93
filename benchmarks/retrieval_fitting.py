"""Fits what ranks articles and how sure the search is, on questions with known right articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from careline.guidance.confidence import STANDING_SIGNS, confidence_signs
from careline.guidance.evidence import RANKING_SIGNS, Evidence
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights

# All of these were chosen by five-fold cross-validation on the half that fits.
_RIDGE = 1e-3  # keeps the weights of the ranking small
_LOOSENESS = 0.3  # of the confidence's regression (scikit-learn's C)
# What a question of `not_covered.yml` counts beside one of `queries.yml`: it is known to have no answer, but was not
# asked as patients ask.
_UNANSWERED_COUNTS = {"out_of_scope": 0.3, "not_covered": 0.1}

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question's evidence and which rows of it are right; none where nothing answers it.

    Attributes:
        counts: How much it counts in the fit.
    """

    evidence: Evidence
    right: npt.NDArray[np.bool_]
    counts: float = 1.0


def unanswered_example(evidence: Evidence, kind: str) -> Example:
    """Return a question of `not_covered.yml`, its evidence read without itself."""
    return Example(evidence, np.zeros(len(evidence.articles), np.bool_), _UNANSWERED_COUNTS[kind])


def fit_ranking(examples: Sequence[Example]) -> RankingWeights:
    """Return the weights under which the right articles have the largest share of the score, by maximum likelihood."""
    usable = [example for example in examples if example.right.any()]

    def loss(weights: Numbers) -> tuple[float, Numbers]:
        total, slope = 0.0, np.zeros_like(weights)
        for example in usable:
            signs = example.evidence.signs
            scores = signs @ weights
            shares = np.exp(scores - scores.max())
            shares /= shares.sum()
            right = shares[example.right].sum()
            total -= float(np.log(right + 1e-12))
            slope -= (shares * example.right / max(right, 1e-12) - shares) @ signs
        count = len(usable)
        return total / count + _RIDGE * float(weights @ weights), slope / count + 2 * _RIDGE * weights

    start = np.zeros(len(RANKING_SIGNS))
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return RankingWeights(**dict(zip(RANKING_SIGNS, _rounded(found), strict=True)))


def fit_confidence(examples: Sequence[Example], ranking: Numbers) -> ConfidenceWeights:
    """Return the weights that tell best whether the first article is right, by logistic regression."""
    usable = [example for example in examples if example.evidence.articles]
    signs, is_right = [], []
    for example in usable:
        scores = example.evidence.signs @ ranking
        best = int(scores.argmax())
        signs.append(confidence_signs(example.evidence, scores)[best])
        is_right.append(bool(example.right[best]))
    counts = np.array([example.counts for example in usable])
    # Scaled by the questions that count whole: the others are many, and of another kind.
    scaler = StandardScaler().fit(np.array(signs)[counts == 1])
    model = LogisticRegression(C=_LOOSENESS, max_iter=5000)
    model.fit(scaler.transform(np.array(signs)), is_right, sample_weight=counts)
    weights = model.coef_[0] / scaler.scale_
    own, standing = _rounded(weights[: len(RANKING_SIGNS)]), _rounded(weights[len(RANKING_SIGNS) :])
    return ConfidenceWeights(
        signs=RankingWeights(**dict(zip(RANKING_SIGNS, own, strict=True))),
        **dict(zip(STANDING_SIGNS, standing, strict=True)),
        intercept=round(float(model.intercept_[0] - weights @ scaler.mean_), 4),
    )


def _rounded(values: Sequence[float] | Numbers) -> list[float]:
    return [round(float(value), 4) for value in values]
