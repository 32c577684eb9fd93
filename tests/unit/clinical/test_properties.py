"""What must hold in every case and with every rule book; the safety case names these tests."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import assess, evidence_acuity, is_relevant, protocols_of
from careline.clinical.conditions import Truth, truth
from careline.clinical.finding import Case, Finding, Presence
from careline.clinical.interview import next_intake_question, next_question
from careline.clinical.red_flags import raised_red_flags
from tests.support.clinical_case import cases_in, drawn_books, real_book, signs_of, small_book, with_finding

pytestmark = pytest.mark.slow  # takes long

_LARGE = [HealthCheck.too_slow, HealthCheck.data_too_large]
with_drawn_rules = settings(max_examples=60, deadline=None, suppress_health_check=_LARGE)
with_real_rules = settings(with_drawn_rules, max_examples=15)  # there are 1,000 of them


@st.composite
def drawn(draw):
    book = draw(drawn_books())
    return book, draw(cases_in(book)), draw(signs_of(book))


@st.composite
def real(draw):
    book = real_book()
    return book, draw(cases_in(book)), draw(signs_of(book))


def when(case, finding_id, presence):
    return with_finding(case, Finding(finding_id, presence))


def check_that_presence_never_lowers(book, case, sign):
    present = assess(when(case, sign, Presence.PRESENT), book)
    for presence in (Presence.ABSENT, Presence.UNKNOWN):
        assert present.evidence >= assess(when(case, sign, presence), book).evidence
    assert present.acuity >= assess(when(case, sign, Presence.ABSENT), book).acuity


@with_drawn_rules
@given(drawn())
def test_one_more_present_finding_never_lowers_the_acuity(some):
    check_that_presence_never_lowers(*some)


@with_real_rules
@given(real())
def test_one_more_present_finding_never_lowers_the_acuity_with_the_real_rules(some):
    check_that_presence_never_lowers(*some)


def check_that_unknown_is_not_absent(book, case, sign):
    unknown = assess(when(case, sign, Presence.UNKNOWN), book)
    absent = assess(when(case, sign, Presence.ABSENT), book)
    assert unknown.evidence is absent.evidence
    assert unknown.acuity >= absent.acuity
    assert set(absent.unknown) <= set(unknown.unknown)


@with_drawn_rules
@given(drawn())
def test_what_is_unknown_never_reassures_more_than_what_is_absent(some):
    check_that_unknown_is_not_absent(*some)


@with_real_rules
@given(real())
def test_what_is_unknown_never_reassures_more_than_what_is_absent_with_the_real_rules(some):
    check_that_unknown_is_not_absent(*some)


@with_drawn_rules
@given(drawn())
def test_a_finding_that_nobody_named_is_the_same_as_an_unknown_one(some):
    book, case, sign = some
    unnamed = replace(case, findings={key: found for key, found in case.findings.items() if key != sign})
    assert assess(unnamed, book) == assess(when(case, sign, Presence.UNKNOWN), book)


@with_drawn_rules
@given(drawn(), st.randoms())
def test_the_same_case_and_rules_give_the_same_assessment_in_whatever_order_things_were_said(some, random):
    book, case, _ = some
    said = list(case.findings.values())
    random.shuffle(said)
    other = replace(case, findings={found.id: found for found in said})
    assert assess(other, book) == assess(case, book)


@with_real_rules
@given(real())
def test_the_final_acuity_is_the_more_urgent_of_evidence_and_floor_with_a_reason(some):
    book, case, _ = some
    found = assess(case, book)
    assert found.acuity is max(found.evidence, found.floor or found.evidence)
    assert found.evidence is evidence_acuity(case, book)
    assert found.reasons
    assert all(reason.text and reason.sources for reason in found.reasons)


@with_real_rules
@given(real())
def test_a_raised_red_flag_is_never_left_out_of_the_acuity(some):
    book, case, _ = some
    for raised in raised_red_flags(case, book):
        assert evidence_acuity(case, book) >= raised.flag.acuity


@with_drawn_rules
@given(drawn())
def test_a_rule_that_is_not_looked_at_would_not_have_held(some):
    """Rules are skipped when none of their findings is there: that must never skip one that holds."""
    book, case, _ = some
    for compiled in (*book.general_rules, *(rule for each in book.protocols.values() for rule in each.rules)):
        assert compiled.holds_for(case) == (truth(compiled.when, case) is Truth.YES)


@with_drawn_rules
@given(drawn())
def test_a_red_flag_that_is_not_looked_at_would_not_have_been_raised(some):
    """The same for red flags, which are also raised by their own words."""
    book, case, _ = some
    raised = {item.flag.id for item in raised_red_flags(case, book)}
    for name, compiled in book.red_flags.items():
        holds = compiled.when is not None and truth(compiled.when, case) is Truth.YES
        assert (name in raised) == (holds or case.presence(name) is Presence.PRESENT)


def interviewed(book, case, answer_of):
    """Ask until nothing is left to ask; return the case and the ids asked, in order."""
    asked: list[str] = []
    while (question := next_intake_question(case, book, asked) or next_question(case, book, asked)) is not None:
        asked.append(question.question.id)
        assert any(case.presence(finding) is Presence.UNKNOWN for finding in question.settles)
        case = case.merged(answer_of(finding) for finding in sorted(question.settles))
    return case, asked


def check_the_interview(book, case, presences):
    case, asked = interviewed(book, case, lambda finding: Finding(finding, next(presences)))
    everything = [q for protocol in protocols_of(case, book) for q in protocol.questions]
    assert len(asked) == len(set(asked)) <= len(everything) + len(book.intake.questions)


def endless(presences):
    while True:
        yield from presences


presences = st.lists(st.sampled_from(Presence), min_size=1, max_size=20).map(endless)


@with_drawn_rules
@given(drawn(), presences)
def test_the_interview_ends_and_never_asks_twice_nor_what_it_knows(some, answers):
    check_the_interview(some[0], some[1], answers)


@with_real_rules
@given(real(), presences)
def test_the_interview_ends_and_never_asks_twice_with_the_real_rules(some, answers):
    check_the_interview(some[0], some[1], answers)


@with_drawn_rules
@given(drawn(), presences, st.data())
def test_when_the_interview_ends_no_question_left_could_have_raised_the_acuity(some, answers, data):
    book, case, _ = some
    ended, asked = interviewed(book, case, lambda finding: Finding(finding, next(answers)))
    left = [q for p in protocols_of(ended, book) for q in p.questions if q.question.id not in asked]
    for question in (question for question in left if is_relevant(question, ended)):
        worst = {f for f in question.settles if ended.presence(f) is Presence.UNKNOWN}
        chosen = data.draw(st.sets(st.sampled_from(sorted(worst)))) if worst else set()
        answered = ended.merged(Finding(finding) for finding in chosen)
        assert evidence_acuity(answered, book) is evidence_acuity(ended, book)


@with_drawn_rules
@given(drawn())
def test_nothing_is_asked_once_nothing_can_be_more_urgent(some):
    book, case, _ = some
    if evidence_acuity(case, book) is Acuity.EMERGENCY_NOW:
        assert next_question(case, book, ()) is None


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(Presence)), max_size=12))
def test_merging_never_clears_a_present_finding(said):
    case, present = Case(), set()
    for finding_id, presence in said:
        case = case.merged([Finding(finding_id, presence)])
        present |= {finding_id} if presence is Presence.PRESENT else set()
        assert {key for key in "abc" if case.presence(key) is Presence.PRESENT} == present


@given(cases_in(small_book()), st.sampled_from(["fever", "cough", "tired"]), st.sampled_from(Presence))
def test_a_correction_always_has_its_way(case, finding_id, presence):
    assert case.corrected([Finding(finding_id, presence)]).presence(finding_id) is presence
