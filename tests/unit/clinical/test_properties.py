"""What must hold in every case and with every rule book; guarded claims of the safety case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import assess, evidence_acuity, protocols_of
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.interview import next_intake_question, next_question
from careline.clinical.rulebook import RuleBook
from tests.support.clinical_case import cases_in, drawn_books, real_book, signs_of, with_finding

# The real book is large: fewer cases, and no limit of time on a machine that does other things.
thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
on_real_rules = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def drawn_cases(draw):
    book = draw(drawn_books())
    return book, draw(cases_in(book))


@st.composite
def real_cases(draw):
    return real_book(), draw(cases_in(real_book()))


def settled(case: Case, finding_id: str, presence: Presence) -> Case:
    return with_finding(case, Finding(finding_id, presence))


def raises_or_keeps(book: RuleBook, case: Case, sign: str) -> None:
    before = replace(case, findings={key: found for key, found in case.findings.items() if key != sign})
    for presence in (Presence.UNKNOWN, Presence.ABSENT):
        without = evidence_acuity(settled(before, sign, presence), book)
        assert evidence_acuity(settled(before, sign, Presence.PRESENT), book) >= without


@thorough
@given(drawn_cases(), st.data())
def test_one_more_present_finding_never_lowers_the_evidence_acuity(drawn, data):
    raises_or_keeps(*drawn, data.draw(signs_of(drawn[0])))


@on_real_rules
@given(real_cases(), st.data())
def test_one_more_present_finding_never_lowers_the_evidence_acuity_with_the_real_rules(drawn, data):
    raises_or_keeps(*drawn, data.draw(signs_of(drawn[0])))


def does_not_lower_final(book, case, sign):
    absent = assess(settled(case, sign, Presence.ABSENT), book)
    present = assess(settled(case, sign, Presence.PRESENT), book)
    assert present.acuity >= absent.acuity, (present, absent)


@thorough
@given(drawn_cases(), st.data())
def test_final_present_absent(drawn, data):
    does_not_lower_final(*drawn, data.draw(signs_of(drawn[0])))


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(real_cases(), st.data())
def test_final_present_absent_real(drawn, data):
    does_not_lower_final(*drawn, data.draw(signs_of(drawn[0])))
