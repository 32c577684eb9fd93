"""What the measurement of the search rests on: parts that share no question, and how thresholds are chosen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.retrieval_questions import load_parts
from benchmarks.retrieval_thresholds import Shares, margin
from careline.guidance.errors import ArticleError
from tests.support.house import KNOWLEDGE, articles

pytestmark = pytest.mark.slow  # the fitting loads half of what is there for statistics

SEED = 20261129


def shares(count: int) -> Shares:
    """Confidences as a search may reach them; of the questions without an article, a third may not be answered."""
    chance = np.random.default_rng(SEED)
    low = chance.normal(-3, 2, (2, count))
    low[chance.random(low.shape) < 1 / 3] = -np.inf
    high = chance.normal(2, 2, count)
    return Shares(outside=low[0], health=low[1], answerable=high, shown=high)


def test_a_margin_counts_standard_errors_below_the_goal():
    assert margin(np.array([0.18, 0.2, 0.22]), 0.2, 400) == pytest.approx([1, 0, -1])


@pytest.mark.parametrize("count", [9, 125, 400])
def test_no_other_thresholds_stay_farther_from_missing_a_goal(count: int):
    some = shares(count)
    answer, ask = some.thresholds()
    chosen = some.margins(np.array(answer), np.array(ask)).min()
    others = np.linspace(-8, 8, 321)
    assert ask <= answer
    for other in others:
        rivals = some.margins(np.array(other), others[others <= other]).min(axis=0)
        assert (rivals <= chosen + 1e-9).all()


def test_the_shares_are_those_that_the_thresholds_cause():
    some = Shares(
        outside=np.array([-np.inf, -1.0, 1.0, 3.0]),
        health=np.array([0.0, 2.0]),
        answerable=np.array([-np.inf, -2.0, 0.5, 2.0, 4.0]),
        shown=np.array([-np.inf, -2.0, 0.5, -np.inf, 4.0]),
    )
    caused = some.shares(np.array(1.0), np.array(0.0))
    assert [float(share) for share in caused] == pytest.approx([2 / 4, 1 / 2, 2 / 5, 2 / 5])


def test_the_three_parts_hold_questions_of_every_kind_and_share_none():
    parts = load_parts(KNOWLEDGE / "retrieval", set(articles()))
    texts = [query.text for part in parts.values() for query in part]
    assert len(texts) == len(set(texts))
    assert all({query.kind for query in part} == {query.kind for query in parts["judged"]} for part in parts.values())
    assert len(parts["judged"]) >= 320


def test_a_question_that_fits_may_not_judge(tmp_path: Path):
    one = 'language: en\nqueries:\n  - {text: "my knee clicks", kind: complaint, right: [joint_pain]}\n'
    (tmp_path / "queries.yml").write_text(one)
    (tmp_path / "judged.yml").write_text(one)
    with pytest.raises(SystemExit, match="judged"):
        load_parts(tmp_path, {"joint_pain"})


def test_a_label_that_the_loader_does_not_know_is_refused(tmp_path: Path):
    (tmp_path / "queries.yml").write_text("language: en\nqueries: []\n")
    (tmp_path / "judged.yml").write_text('language: en\nqueries: [{text: "my knee clicks", kind: other, right: []}]\n')
    with pytest.raises(ArticleError, match=r"judged\.yml.*kind"):
        load_parts(tmp_path, set())
