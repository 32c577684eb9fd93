"""Chooses from which confidence the search answers and asks back, within limits on what may go wrong."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import msgspec
import numpy as np

from benchmarks.retrieval_cases import Case, CaseRunner, Reader
from benchmarks.retrieval_fitting import fit_confidence, fit_ranking
from benchmarks.retrieval_questions import Query
from careline.guidance.encoder import Encoder
from careline.guidance.index import SnapshotContent
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.search_rules import SearchRules, Thresholds

# What the fit may cost, on the half it fits on.
MAX_ANSWERED_OUT_OF_SCOPE = 0.035
MAX_WRONG_HEALTH = 0.185  # harsh: mostly siblings, such as fever in a child for fever in a baby
MAX_REFUSED = 0.03
GROUPS = 5  # of the cross-fitting by which the thresholds are chosen


def fitted(
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader, queries: list[Query]
) -> Thresholds:
    """Return weights and thresholds that answer most questions rightly within the limits above.

    The weights come from all the questions given. The thresholds come from confidences that each group of questions got
    from weights fitted on the other groups: a fit is surer of the questions it has seen than of others.
    """
    folds: list[list[Query]] = [queries[number::GROUPS] for number in range(GROUPS)]
    cases: list[Case] = []
    for fold in folds:
        rest = [query for query in queries if query not in fold]
        weighted = _with_weights(content, rules, encoder, reader, rest)
        cases += CaseRunner(content, weighted, encoder, reader).cases(fold)
    answer, ask = _limits(cases)
    weighted = _with_weights(content, rules, encoder, reader, queries)
    counts = Counter(case.query.kind if case.situation == "as it is" else "taken away" for case in cases)
    return msgspec.structs.replace(
        weighted.thresholds,
        fitted_on=dt.datetime.now(dt.UTC).date(),
        model_hash=encoder.model_hash,
        chunker_version=CHUNKER_VERSION,
        how=(
            f"benchmarks/evaluate_retrieval.py --fit on half of queries.yml, {len(queries)} questions: ranking by "
            f"maximum likelihood, confidence by logistic regression, thresholds cross-fitted in {GROUPS} groups: of "
            f"{counts['out_of_scope']} out of scope at most {MAX_ANSWERED_OUT_OF_SCOPE:.1%} answered; of "
            f"{counts['uncovered']} not covered and {counts['taken away']} whose topic was taken away at most "
            f"{MAX_WRONG_HEALTH:.1%}; of the answerable at most {MAX_REFUSED:.0%} refused by the threshold"
        ),
        answer=answer,
        ask=ask,
    )


def _with_weights(
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader, queries: list[Query]
) -> SearchRules:
    examples = CaseRunner(content, rules, encoder, reader).examples(queries)
    ranking = fit_ranking(examples)
    confidence = fit_confidence(examples, np.array(msgspec.structs.astuple(ranking)))
    thresholds = msgspec.structs.replace(rules.thresholds, ranking=ranking, confidence=confidence)
    return SearchRules(thresholds=thresholds, guards=rules.guards)


def _limits(cases: list[Case]) -> tuple[float, float]:
    """Return the least confidence to answer from within the limits, and the least to ask back from."""

    def answered(some: list[Case], least: float) -> float:
        return sum(case.confidence >= least and case.ceiling == "answer" for case in some) / len(some)

    outside = [case for case in cases if case.query.kind == "out_of_scope"]
    health = [case for case in cases if case.is_health]
    candidates = sorted(case.confidence for case in cases)
    answer = next(
        least
        for least in candidates
        if answered(outside, least) <= MAX_ANSWERED_OUT_OF_SCOPE and answered(health, least) <= MAX_WRONG_HEALTH
    )
    answerable = sorted(case.confidence for case in cases if case.has_answer)
    ask = answerable[int(len(answerable) * MAX_REFUSED)]
    return round(answer, 4), round(min(ask, answer), 4)
