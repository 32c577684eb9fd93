"""Fits what ranks articles and how sure the search is, on questions with known right articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from careline.guidance.ranking import Evidence, confidence_signs
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights

_RIDGE = 1e-3  # keeps the weights of the ranking small; chosen by five-fold cross-validation on the half that fits
_LOOSENESS = 0.03  # of the confidence's regression (scikit-learn's C), chosen likewise

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Example:
    """A question's evidence and which rows of it are right; none where nothing answers it."""

    evidence: Evidence
    right: npt.NDArray[np.bool_]


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

    start = np.zeros(len(RankingWeights.__struct_fields__))
    found = minimize(loss, start, jac=True, method="L-BFGS-B").x
    return RankingWeights(**dict(zip(RankingWeights.__struct_fields__, _rounded(found), strict=True)))


def fit_confidence(examples: Sequence[Example], ranking: Numbers) -> ConfidenceWeights:
    """Return the weights that tell best whether the first article is right, by logistic regression."""
    signs, is_right = [], []
    for example in examples:
        if not example.evidence.articles:
            continue
        scores = example.evidence.signs @ ranking
        best = int(scores.argmax())
        signs.append(confidence_signs(example.evidence, scores)[best])
        is_right.append(bool(example.right[best]))
    scaler = StandardScaler().fit(np.array(signs))
    model = LogisticRegression(C=_LOOSENESS, max_iter=3000).fit(scaler.transform(np.array(signs)), is_right)
    weights = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - weights @ scaler.mean_)
    names = ConfidenceWeights.__struct_fields__
    return ConfidenceWeights(**dict(zip(names, _rounded([*weights, intercept]), strict=True)))


def _rounded(values: Sequence[float] | Numbers) -> list[float]:
    return [round(float(value), 4) for value in values]
