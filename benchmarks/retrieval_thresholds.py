"""Chooses from which confidence the search answers and asks back, within limits on what may go wrong."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from benchmarks.retrieval_cases import CaseRunner, Situation, situations
from benchmarks.retrieval_fitting import Example, Numbers, fit_confidence, fit_ranking
from benchmarks.retrieval_questions import Query
from careline.guidance.confidence import confidence_signs, linear
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights, Thresholds

# The goals. The thresholds keep each of these shares one standard error below its goal, on both halves of the questions
# taken together (see `limit`): one rule for all, so that none is set by its outcome.
ANSWERED_OUT_OF_SCOPE = 0.03
WRONG_HEALTH = 0.20  # harsh: mostly siblings, such as fever in a child for fever in a baby
REFUSED = 0.05
GROUPS = 5  # of the cross-fitting by which the thresholds are chosen
_STEP = 1e-4  # to which thresholds are rounded, so that the limits hold after it


@dataclass(frozen=True)
class _Asked:
    """A question in one situation, as it is fitted on."""

    query: Query
    situation: Situation
    example: Example

    @property
    def has_answer(self) -> bool:
        return self.situation == "as it is" and bool(self.query.right)


@dataclass(frozen=True)
class _Weighed:
    """What weights that have not seen a question make of it."""

    asked: _Asked
    confidence: float
    ceiling: str


def limit(goal: float, count: int) -> float:
    """Return a goal less one standard error of a share of so many cases: the share that thresholds are chosen for."""
    return max(0.0, goal - math.sqrt(goal * (1 - goal) / count))


@dataclass(frozen=True)
class Shares:
    """The confidences, by what a question may turn into: -inf where the words leave it no such outcome.

    Attributes:
        outside: Of the questions out of scope, where an article may be shown.
        health: Of the health questions without an article, likewise.
        answerable: Of the questions with an article, where it may at least be asked about.
        shown: Of the same, where it may be shown.
    """

    outside: Numbers
    health: Numbers
    answerable: Numbers
    shown: Numbers

    @classmethod
    def of(cls, weighed: Sequence[_Weighed]) -> Shares:
        """Sort what was weighed."""

        def confidences(some: list[_Weighed], open_to: set[str]) -> Numbers:
            return np.array([each.confidence if each.ceiling in open_to else -np.inf for each in some])

        outside = [each for each in weighed if each.asked.query.kind == "out_of_scope"]
        answerable = [each for each in weighed if each.asked.has_answer]
        health = [each for each in weighed if not each.asked.has_answer and each.asked.query.kind != "out_of_scope"]
        return cls(
            outside=confidences(outside, {"answer"}),
            health=confidences(health, {"answer"}),
            answerable=confidences(answerable, {"answer", "ask"}),
            shown=confidences(answerable, {"answer"}),
        )

    def thresholds(self) -> tuple[float, float]:
        """Return the least confidence to answer from, and the least to ask back from, within the limits."""
        answer = max(
            _least_above(self.outside, limit(ANSWERED_OUT_OF_SCOPE, len(self.outside))),
            _least_above(self.health, limit(WRONG_HEALTH, len(self.health))),
        )
        least_asked = np.sort(self.answerable)[int(len(self.answerable) * limit(REFUSED, len(self.answerable)))]
        return round(answer, 4), round(min(_down(float(least_asked)), answer), 4)

    def asked_back(self, answer: float, ask: float) -> float:
        """Return the share of the answerable that thresholds ask about: what the limits on errors leave."""
        return float(np.mean(self.answerable >= ask) - np.mean(self.shown >= answer))

    def described(self) -> str:
        """Return the limits in words."""
        return "; ".join(
            f"of {len(some)} {which} {limit(goal, len(some)):.1%} {outcome}"
            for some, which, goal, outcome in (
                (self.outside, "out of scope", ANSWERED_OUT_OF_SCOPE, "answered"),
                (self.health, "health questions not covered or with their topic taken away", WRONG_HEALTH, "answered"),
                (self.answerable, "answerable", REFUSED, "refused"),
            )
        )


def _least_above(confidences: Numbers, most: float) -> float:
    """Return the least threshold that at most such a share of the confidences reaches."""
    first_out = float(np.sort(confidences)[::-1][int(len(confidences) * most)])
    return _down(first_out) + _STEP


def _down(confidence: float) -> float:
    return math.floor(confidence / _STEP) * _STEP if math.isfinite(confidence) else confidence


def fitted(
    runner: CaseRunner, thresholds: Thresholds, model_hash: str, queries: list[Query], to_validate: list[Query]
) -> Thresholds:
    """Return weights, and thresholds that answer most questions within the limits.

    The weights come from `queries` alone. The thresholds come from both halves, each question weighed by weights that
    have not seen it, as a fit is surer of the questions it has seen: a group of `queries` by weights fitted on the
    other groups, `to_validate` by the weights that are returned.
    """
    group = {query.text: number % GROUPS for number, query in enumerate(queries)}
    asked = [_Asked(query, situation, runner.example(query, situation)) for query, situation in situations(queries)]
    unanswered = runner.unanswered()
    weighed: list[_Weighed] = []
    for number in range(GROUPS):
        rest = [each.example for each in asked if group[each.query.text] != number]
        weights = _weights(rest, unanswered)
        weighed += [_weighed(runner, each, *weights) for each in asked if group[each.query.text] == number]
    ranking, confidence = _weights([each.example for each in asked], unanswered)
    for query, situation in situations(to_validate):
        each = _Asked(query, situation, runner.example(query, situation))
        weighed.append(_weighed(runner, each, ranking, confidence))
    shares = Shares.of(weighed)
    answer, ask = shares.thresholds()
    return msgspec.structs.replace(
        thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit. Weights: on the {len(queries)} questions of queries.yml that "
            f"fit, and for the confidence on the {len(unanswered)} of not_covered.yml: ranking by maximum likelihood, "
            f"confidence by logistic regression. Thresholds: on these, cross-fitted in {GROUPS} groups, and on the "
            f"{len(to_validate)} that validate: each share at most its goal less one standard error: "
            f"{shares.described()}; {shares.asked_back(answer, ask):.1%} of them are asked back"
        ),
        ranking=ranking,
        confidence=confidence,
        answer=answer,
        ask=ask,
    )


def _weights(examples: Sequence[Example], unanswered: Sequence[Example]) -> tuple[RankingWeights, ConfidenceWeights]:
    ranking = fit_ranking(examples)
    return ranking, fit_confidence([*examples, *unanswered], np.array(msgspec.structs.astuple(ranking)))


def _weighed(runner: CaseRunner, asked: _Asked, ranking: RankingWeights, confidence: ConfidenceWeights) -> _Weighed:
    evidence = asked.example.evidence
    if not evidence.articles:
        return _Weighed(asked, float("-inf"), "none")
    scores = evidence.signs @ np.array(msgspec.structs.astuple(ranking))
    best = int(scores.argmax())
    sure = float(confidence_signs(evidence, scores)[best] @ linear(confidence)) + confidence.intercept
    return _Weighed(asked, sure, runner.ceiling(asked.query, evidence.articles[best]))
