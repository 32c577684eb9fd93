"""The figures of the evaluation."""

from __future__ import annotations

import pytest

from benchmarks.figures import Figures, Result
from benchmarks.proportions import Proportion
from careline.clinical.acuity import Acuity
from careline.consultation.rehearsal.conversation import Outcome


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(88, 110, 71.3, 87.0), (22, 22, 84.6, 100.0), (38, 38, 90.7, 100.0), (0, 10, 0.0, 30.8), (0, 0, 0.0, 100.0)],
)
def test_intervals_are_exact(part, whole, low, high):
    """Written values: published tables of Clopper and Pearson's interval."""
    assert Proportion(part, whole).interval == pytest.approx((low / 100, high / 100), abs=0.0005)


def test_a_proportion_shows_count_share_and_interval():
    assert str(Proportion(88, 110)) == "88/110 = 80.0 % (71.3 to 87.0)"
    assert str(Proportion(0, 0)) == "-"


def told(needed, got, *, questions=10, acceptable=()):
    outcome = Outcome(Acuity(got) if got else None, questions, frozenset(), True, ())
    return Result(f"{needed}-{got}", "cough", Acuity(needed), (Acuity(needed), *map(Acuity, acceptable)), outcome)


RESULTS = [
    told("emergency_now", "ed_now", questions=2),
    told("ed_now", "gp_soon"),
    told("same_day", "same_day"),
    told("routine", "gp_soon", acceptable=["gp_soon"]),
    told("self_care", None, questions=40),
]


def test_who_got_no_level_counts_as_undertriaged():
    figures = Figures(RESULTS)
    assert (figures.under.part, figures.severely_under.part, figures.over.part) == (3, 2, 1)
    assert (figures.agreement.part, figures.acceptable.part, figures.complete.part) == (1, 2, 4)


def test_emergency_recall_counts_both_emergency_levels():
    recall = Figures(RESULTS).emergency_recall
    assert (recall.part, recall.whole) == (1, 2)


def test_the_number_of_questions_is_given_by_median_and_90th_percentile():
    assert Figures(RESULTS).counts["questions"] == (10, 28)
    assert Figures(RESULTS[:1]).counts["questions"] == (2, 2)
    assert Figures([]).counts["questions"] == (0, 0)


def test_figures_are_there_for_programs():
    data = Figures(RESULTS).as_data()
    assert data["n"] == 5
    assert data["proportions"]["under-triage"]["part"] == 3
    assert data["counts"]["questions"] == {"median": 10, "p90": 28}
