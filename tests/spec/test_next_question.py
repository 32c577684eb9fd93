"""Which question comes next: the one whose worst answer is the most urgent; then a life threat; then the file's order.

The rules are those of tests/support/small_knowledge. T present, F absent, blank unknown.
"""

from __future__ import annotations

import pytest

from careline.clinical.interview import next_question
from tests.support.cases import cases
from tests.support.clinical_case import case_of, small_book


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        breathless | blue_lips | coughing_blood | pain_not_from_movement | fever | duration_days | next question
        -----------+-----------+----------------+------------------------+-------+---------------+--------------
                   |           |                |                        | F     |               | q_danger
        T          |           |                |                        | F     |               | q_danger
        T          | F         |                |                        | F     |               | none
        F          | F         |                |                        | F     |               | q_blood
        F          | F         | F              |                        | F     |               | q_moving
        F          | F         | F              | F                      | F     |               | q_duration
        F          | F         | F              | F                      | F     | 3             | none
        F          | F         | F              | F                      | T     | 3             | q_phlegm
        F          | F         | T              |                        | F     |               | none
        """),
)
def test_what_matters_most_is_asked_first_and_nothing_more_than_needed(findings, expected):
    question = next_question(
        case_of("cough", age_years=40.0, diabetes=False, pregnant=False, **findings), small_book(), ()
    )
    assert (question.question.id if question else "none") == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        age_years | breathless | baby_floppy | next question
        ----------+------------+-------------+--------------
        1         | F          |             | q_baby
        1         | F          | F           | q_blood
        30        | F          |             | q_blood
                  | F          |             | q_baby
        """),
)
def test_a_question_for_small_children_is_asked_unless_the_patient_is_known_to_be_older(findings, expected):
    question = next_question(case_of("cough", fever=False, **findings), small_book(), ())
    assert question is not None
    assert question.question.id == expected
