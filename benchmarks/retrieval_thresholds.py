"""Chooses from which confidence the search answers and asks back, as far as can be from missing any goal."""

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

# The goals. The thresholds are those that keep the shares as far as can be below all of them: the smallest of the four
# margins, in standard errors of such a share, is as large as it gets. One rule for all: no limit is set by hand.
ANSWERED_OUT_OF_SCOPE = 0.03
WRONG_HEALTH = 0.20  # harsh: mostly siblings, such as fever in a child for fever in a baby
REFUSED = 0.05
ASKED_BACK = 0.15
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
class _Weighed:
    """What weights that have not seen a question make of it."""

    asked: _Asked
    confidence: float
    ceiling: str


def margin(share: Numbers, goal: float, count: int) -> Numbers:
    """Return how far shares of so many cases lie below a goal, in standard errors; less than 0: they miss it."""
    return (goal - share) / math.sqrt(goal * (1 - goal) / count)


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
        """Return the least confidence to answer from, and the least to ask back from."""
        every = np.concatenate([self.outside, self.health, self.answerable])
        least = np.unique(np.round(every[np.isfinite(every)], 4))
        margins = self.margins(least[:, None], least[None, :])
        smallest, together = np.min(margins, axis=0), np.mean(margins, axis=0)
        # Where several leave the same smallest margin, the one with the largest margins otherwise.
        rank = np.where(least[None, :] <= least[:, None], smallest + 1e-6 * together, -np.inf)
        answer, ask = np.unravel_index(int(rank.argmax()), rank.shape)
        return float(least[answer]), float(least[ask])

    def shares(self, answer: Numbers, ask: Numbers) -> list[Numbers]:
        """Return what thresholds do: out of scope answered, health answered wrongly, refused, asked back."""
        refused = 1 - _reaching(self.answerable, ask)
        return [
            _reaching(self.outside, answer),
            _reaching(self.health, answer),
            refused,
            1 - refused - _reaching(self.shown, answer),
        ]

    def margins(self, answer: Numbers, ask: Numbers) -> Numbers:
        """Return the margin of each of these shares from its goal."""
        goals = (ANSWERED_OUT_OF_SCOPE, WRONG_HEALTH, REFUSED, ASKED_BACK)
        counts = [len(each) for each in (self.outside, self.health, self.answerable, self.answerable)]
        shares = np.broadcast_arrays(*self.shares(answer, ask))
        return np.stack([margin(share, goal, count) for share, goal, count in zip(shares, goals, counts, strict=True)])

    def described(self, answer: float, ask: float) -> str:
        """Return the shares in words."""
        outside, wrong, refused, asked = self.shares(np.array(answer), np.array(ask))
        least = float(np.min(self.margins(np.array(answer), np.array(ask))))
        return (
            f"of {len(self.outside)} out of scope {outside:.1%} answered; of {len(self.health)} health questions not "
            f"covered or with their topic taken away {wrong:.1%} answered; of {len(self.answerable)} answerable "
            f"{refused:.1%} refused and {asked:.1%} asked back; the smallest margin {least:.2f} standard errors"
        )


def _reaching(confidences: Numbers, least: Numbers) -> Numbers:
    """Return the share of confidences from a threshold on, for each of many thresholds."""
    below = np.searchsorted(np.sort(confidences), least, side="left")
    return 1 - np.asarray(below, np.float64) / len(confidences)


def fitted(
    runner: CaseRunner, thresholds: Thresholds, model_hash: str, queries: list[Query], to_validate: list[Query]
) -> Thresholds:
    """Return weights, and the thresholds that stay farthest from missing a goal.

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
            f"{len(to_validate)} that validate: the smallest margin from a goal as large as it gets: "
            f"{shares.described(answer, ask)}"
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
