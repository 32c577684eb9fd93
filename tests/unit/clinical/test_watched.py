"""Who may be watched: by findings and red flags that say so, never by what is unknown or denied."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careline.clinical.watched import may_be_watched
from tests.support.clinical_case import case_of, real_book

SIGNS = ("not_safe_to_answer", "being_hurt_or_afraid", "controlled_by_someone", "followed_or_stalked", "in_danger_now")
FLAGS = ("rf_domestic_abuse_disclosure", "rf_child_abuse", "rf_sexual_assault", "rf_adult_safeguarding")


@pytest.mark.parametrize("told", [*SIGNS, *FLAGS])
def test_a_finding_or_red_flag_that_says_so_is_enough(told):
    assert may_be_watched(case_of(**{told: True}), real_book())


@pytest.mark.parametrize("told", SIGNS)
def test_what_is_denied_or_unknown_says_nothing(told):
    assert not may_be_watched(case_of(**{told: False}), real_book())
    assert not may_be_watched(case_of(**{told: None}), real_book())


def test_a_red_flag_that_was_asked_about_and_left_open_is_enough():
    assert may_be_watched(replace(case_of(), unsure_flags=("rf_domestic_abuse_danger",)), real_book())


def test_other_dangers_are_not_meant():
    assert not may_be_watched(case_of("chest_pain", chest_pain=True, rf_suicidal_ideation=True), real_book())


def test_every_safeguarding_flag_of_the_content_says_so():
    flags = [each.flag for each in real_book().red_flags.values() if each.flag.kind == "safeguarding"]
    assert flags
    assert [flag.id for flag in flags if not flag.may_be_watched] == []
