"""What a rule's condition makes of what is known: three values, and unknown is not no.

T present, F absent, blank unknown.
"""

from __future__ import annotations

import pytest

from careline.clinical.conditions import Truth, compiled, truth
from careline.clinical.content import Clause, SomeOf
from tests.support.cases import cases
from tests.support.clinical_case import case_of


def judged(condition, findings):
    return {Truth.YES: "holds", Truth.NO: "does not", Truth.UNKNOWN: "unknown"}[
        truth(compiled(condition), case_of(**findings))
    ]


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        fever | stiff_neck | all of them
        ------+------------+------------
        T     | T          | holds
        T     |            | unknown
        T     | F          | does not
              |            | unknown
              | F          | does not
        F     | F          | does not
        """),
)
def test_all_of_several_signs_must_be_present(findings, expected):
    assert judged(Clause(all=("fever", "stiff_neck")), findings) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        fever | stiff_neck | any of them
        ------+------------+------------
        T     | T          | holds
        T     |            | holds
        T     | F          | holds
              |            | unknown
              | F          | unknown
        F     | F          | does not
        """),
)
def test_one_of_several_signs_is_enough(findings, expected):
    assert judged(Clause(any=("fever", "stiff_neck")), findings) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        fever | cough | tired | two of them
        ------+-------+-------+------------
        T     | T     |       | holds
        T     |       | T     | holds
        T     |       | F     | unknown
        T     | F     | F     | does not
              |       |       | unknown
        F     | F     |       | does not
        """),
)
def test_some_of_several_signs_are_counted(findings, expected):
    assert judged(Clause(some=SomeOf(count=2, of=("fever", "cough", "tired"))), findings) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        temperature_celsius | at least 38 and below 40
        --------------------+-------------------------
        37.9                | does not
        38                  | holds
        39.9                | holds
        40                  | does not
                            | unknown
        F                   | does not
        """),
)
def test_a_number_lies_within_its_limits(findings, expected):
    assert judged(Clause(finding="temperature_celsius", at_least=38, below=40), findings) == expected


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
        sex    | pregnant | of female sex or pregnant
        -------+----------+--------------------------
        female |          | holds
        male   | F        | does not
        male   |          | unknown
        other  | T        | holds
               | F        | unknown
        """),
)
def test_choices_and_signs_go_together(findings, expected):
    assert judged(Clause(any=("pregnant", Clause(finding="sex", is_=("female",)))), findings) == expected
