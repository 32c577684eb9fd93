"""How urgent a case is: the rules of tests/support/small_knowledge on a patient who coughs.

There, breathlessness is `ed_now`, blue lips with it `emergency_now`, coughing up blood `same_day`, a cough over 21
days `gp_soon`, tiredness `routine`; fever with diabetes or pregnancy raises by one step. All else is known: absent.
"""

from __future__ import annotations

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import assess
from tests.support.cases import cases
from tests.support.clinical_case import case_of, small_book

WELL = {
    "age_years": 40.0,
    "takes_medicines": False,
    "pregnant": False,
    "diabetes": False,
    "fever": False,
    "tired": False,
    "breathless": False,
    "blue_lips": False,
    "coughing_blood": False,
    "pain_not_from_movement": False,
    "duration_days": 3.0,
}


def level(findings):
    return assess(case_of("cough", **{**WELL, **findings}), small_book()).acuity


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        tired | duration_days | breathless | blue_lips | acuity
        ------+---------------+------------+-----------+--------------
        F     | 3             | F          | F         | self_care
        T     | 3             | F          | F         | routine
        T     | 22            | F          | F         | gp_soon
        T     | 22            | T          | F         | ed_now
        T     | 22            | T          | T         | emergency_now
        F     | 21            | F          | F         | self_care
        """),
)
def test_the_most_urgent_rule_wins(findings, expected):
    assert level(findings) is Acuity(expected)


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        tired | breathless | blue_lips | acuity
        ------+------------+-----------+---------
        F     |            | F         | same_day
        F     |            |           | same_day
        F     | F          |           | self_care
        T     |            | F         | same_day
        F     | T          |           | ed_now
        """),
)
def test_a_danger_sign_left_unknown_is_no_reassurance(findings, expected):
    """Breathlessness alone could make it `ed_now`; blue lips alone could change nothing."""
    assert level(findings) is Acuity(expected)


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        duration_days | fever | diabetes | pregnant | acuity
        --------------+-------+----------+----------+----------
        3             | F     | T        | T        | self_care
        3             | T     | T        | F        | routine
        3             | T     | T        | T        | routine
        22            | T     | T        | F        | same_day
        22            | T     | T        | T        | same_day
        """),
)
def test_rules_that_raise_do_so_by_one_step_together(findings, expected):
    assert level(findings) is Acuity(expected)


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        age_years | takes_medicines | tired | acuity
        ----------+-----------------+-------+----------
        40        | F               | F     | self_care
        40        | T               | F     | self_care
        40        |                 | F     | gp_soon
                  | F               | F     | same_day
        40        |                 | T     | gp_soon
        """),
)
def test_self_care_needs_the_age_and_the_medicines(findings, expected):
    """Without the age it may be a small child, whose danger signs nobody asked about: that question sets the floor."""
    assert level(findings) is Acuity(expected)
