"""How a message or an answer changes what is known: it may raise, and only a correction takes back."""

from __future__ import annotations

import pytest

from careline.clinical.finding import Case, Finding, Presence, Subject, Timing
from tests.support.cases import rows

STATES = {"present": Presence.PRESENT, "absent": Presence.ABSENT, "unknown": Presence.UNKNOWN}


def known(state):
    return Case({"fever": Finding("fever", STATES[state])})


@pytest.mark.parametrize(
    ("before", "said", "after"),
    rows("""
        known   | a message or first answer says | known then
        --------+--------------------------------+-----------
        unknown | present                        | present
        unknown | absent                         | absent
        absent  | present                        | present
        absent  | unknown                        | absent
        present | absent                         | present
        present | unknown                        | present
        """),
)
def test_what_is_said_may_raise_and_never_clears(before, said, after):
    assert known(before).merged([Finding("fever", STATES[said])]).presence("fever") is STATES[after]


@pytest.mark.parametrize(
    ("before", "said"),
    rows("""
        known   | a correction says
        --------+------------------
        present | absent
        present | unknown
        absent  | present
        absent  | unknown
        """),
)
def test_a_correction_takes_back(before, said):
    assert known(before).corrected([Finding("fever", STATES[said])]).presence("fever") is STATES[said]


@pytest.mark.parametrize(
    ("subject", "timing", "after"),
    rows("""
        whose   | when | known then
        --------+------+-----------
        patient | now  | present
        other   | now  | unknown
        patient | past | unknown
        other   | past | unknown
        """),
)
def test_only_the_patient_and_only_now_counts(subject, timing, after):
    said = Finding("fever", subject=Subject(subject), timing=Timing(timing))
    assert Case().merged([said]).presence("fever") is STATES[after]
