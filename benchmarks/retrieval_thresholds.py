"""Chooses from which confidence the search answers and asks back, within limits on what may go wrong."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from benchmarks.retrieval_cases import CaseRunner, Situation, situations
from benchmarks.retrieval_fitting import Example, fit_confidence, fit_ranking
from benchmarks.retrieval_questions import Query
from careline.guidance.confidence import confidence_signs, linear
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights, Thresholds

# What the fit may cost, on the half it fits on. The goals are 3 %, 20 % and 5 %. Wrong answers are kept from theirs by
# two standard errors of a share of some 410 questions, refusals, which do less harm, from theirs by one of some 330.
MAX_ANSWERED_OUT_OF_SCOPE = 0.03
MAX_WRONG_HEALTH = 0.16  # harsh: mostly siblings, such as fever in a child for fever in a baby
MAX_REFUSED = 0.038
GROUPS = 5  # of the cross-fitting by which the thresholds are chosen


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
class _Judged:
    """What weights that have not seen a question make of it."""

    asked: _Asked
    confidence: float
    ceiling: str


def fitted(runner: CaseRunner, thresholds: Thresholds, model_hash: str, queries: list[Query]) -> Thresholds:
    """Return weights and thresholds that answer most questions rightly within the limits above.

    The weights come from all the questions given. The thresholds come from confidences that each group of questions got
    from weights fitted on the other groups: a fit is surer of the questions it has seen than of others.
    """
    group = {query.text: number % GROUPS for number, query in enumerate(queries)}
    asked = [_Asked(query, situation, runner.example(query, situation)) for query, situation in situations(queries)]
    unanswered = runner.unanswered()
    judged: list[_Judged] = []
    for number in range(GROUPS):
        rest = [each.example for each in asked if group[each.query.text] != number]
        weights = _weights(rest, unanswered)
        judged += [_judged(runner, each, *weights) for each in asked if group[each.query.text] == number]
    answer, ask = _limits(judged)
    ranking, confidence = _weights([each.example for each in asked], unanswered)
    counts = Counter(each.query.kind if each.situation == "as it is" else "taken away" for each in asked)
    return msgspec.structs.replace(
        thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit on half of queries.yml, {len(queries)} questions, and for the "
            f"confidence on the {len(unanswered)} of not_covered.yml: ranking by "
            f"maximum likelihood, confidence by logistic regression, thresholds cross-fitted in {GROUPS} groups: of "
            f"{counts['out_of_scope']} out of scope at most {MAX_ANSWERED_OUT_OF_SCOPE:.1%} answered; of "
            f"{counts['uncovered']} not covered and {counts['taken away']} whose topic was taken away at most "
            f"{MAX_WRONG_HEALTH:.1%}; of the answerable at most {MAX_REFUSED:.1%} refused"
        ),
        ranking=ranking,
        confidence=confidence,
        answer=answer,
        ask=ask,
    )


def _weights(examples: Sequence[Example], unanswered: Sequence[Example]) -> tuple[RankingWeights, ConfidenceWeights]:
    ranking = fit_ranking(examples)
    return ranking, fit_confidence([*examples, *unanswered], np.array(msgspec.structs.astuple(ranking)))


def _judged(runner: CaseRunner, asked: _Asked, ranking: RankingWeights, confidence: ConfidenceWeights) -> _Judged:
    evidence = asked.example.evidence
    if not evidence.articles:
        return _Judged(asked, float("-inf"), "none")
    scores = evidence.signs @ np.array(msgspec.structs.astuple(ranking))
    best = int(scores.argmax())
    sure = float(confidence_signs(evidence, scores)[best] @ linear(confidence)) + confidence.intercept
    return _Judged(asked, sure, runner.ceiling(asked.query, evidence.articles[best]))


def _limits(judged: list[_Judged]) -> tuple[float, float]:
    """Return the least confidence to answer from within the limits, and the least to ask back from."""

    def answered(some: list[_Judged], least: float) -> float:
        return sum(each.confidence >= least and each.ceiling == "answer" for each in some) / len(some)

    outside = [each for each in judged if each.asked.query.kind == "out_of_scope"]
    health = [each for each in judged if not each.asked.has_answer and each.asked.query.kind != "out_of_scope"]
    answer = next(
        least
        for least in sorted(each.confidence for each in judged)
        if answered(outside, least) <= MAX_ANSWERED_OUT_OF_SCOPE and answered(health, least) <= MAX_WRONG_HEALTH
    )
    answerable = sorted(
        float("-inf") if each.ceiling == "none" else each.confidence for each in judged if each.asked.has_answer
    )
    ask = answerable[int(len(answerable) * MAX_REFUSED)]
    return round(answer, 4), round(min(ask, answer), 4)
