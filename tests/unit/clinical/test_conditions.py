"""Conditions: their forms, and their three values."""

from __future__ import annotations

import pytest

from careline.clinical.conditions import (
    ConditionError,
    Several,
    Sign,
    Truth,
    compiled,
    could_hold,
    findings_used,
    open_findings,
    present_findings,
    truth,
)
from careline.clinical.content import Clause, SomeOf
from tests.support.clinical_case import case_of

AGE = Clause(finding="age_years", at_least=2, below=65)
NESTED = Clause(all=("fever", Clause(any=("cough", "tired")), AGE))


@pytest.mark.parametrize(
    ("age", "holds"), [(1.9, Truth.NO), (2, Truth.YES), (64.9, Truth.YES), (65, Truth.NO), (None, Truth.UNKNOWN)]
)
def test_limits_include_at_least_and_exclude_below(age, holds):
    assert truth(compiled(AGE), case_of(age_years=age)) is holds


@pytest.mark.parametrize(("age", "holds"), [(2, Truth.NO), (2.1, Truth.YES), (65, Truth.YES), (65.1, Truth.NO)])
def test_limits_exclude_above_and_include_at_most(age, holds):
    assert truth(compiled(Clause(finding="age_years", above=2, at_most=65)), case_of(age_years=age)) is holds


def test_a_quantity_that_was_not_measured_holds_no_limit():
    assert truth(compiled(AGE), case_of(age_years=False)) is Truth.NO


def test_a_quantity_without_its_number_is_unknown():
    assert truth(compiled(AGE), case_of(age_years=True)) is Truth.UNKNOWN


def test_words_where_a_number_belongs_hold_no_limit():
    assert truth(compiled(AGE), case_of(age_years="forty")) is Truth.NO


@pytest.mark.parametrize(("phlegm", "holds"), [("green", Truth.YES), ("clear", Truth.NO), (None, Truth.UNKNOWN)])
def test_a_choice_holds_for_its_values(phlegm, holds):
    assert truth(compiled(Clause(finding="phlegm", is_=("green",))), case_of(phlegm=phlegm)) is holds


def test_a_complaint_is_known_or_it_is_not():
    condition = compiled(Clause(complaint=("cough", "cold")))
    assert truth(condition, case_of("cough")) is Truth.YES
    assert truth(condition, case_of("rash")) is Truth.NO


@pytest.mark.parametrize(
    "condition",
    [
        Clause(),
        Clause(all=("fever",), any=("cough",)),
        Clause(all=()),
        Clause(any=()),
        Clause(some=SomeOf(count=3, of=("fever", "cough"))),
        Clause(all=("fever",), at_least=3),
        Clause(any=("fever",), is_=("green",)),
        Clause(complaint=("cough",), below=3),
        Clause(finding="age_years"),
        Clause(finding="age_years", at_least=3, is_=("green",)),
        Clause(all=("fever", Clause())),
    ],
)
def test_a_condition_has_exactly_one_form(condition):
    with pytest.raises(ConditionError):
        compiled(condition)


def test_a_plain_word_is_a_sign_and_some_of_keeps_its_count():
    assert compiled("fever") == Sign("fever")
    assert compiled(Clause(some=SomeOf(count=2, of=("a", "b", "c")))) == Several(2, (Sign("a"), Sign("b"), Sign("c")))


def test_a_condition_names_every_finding_it_reads():
    assert list(findings_used(compiled(NESTED))) == ["fever", "cough", "tired", "age_years"]
    assert list(findings_used(compiled(Clause(complaint=("cough",))))) == []


def test_the_findings_that_made_it_hold_are_those_present():
    case = case_of(fever=True, cough=False, tired=True, age_years=40)
    assert list(present_findings(compiled(NESTED), case)) == ["fever", "tired", "age_years"]


def test_what_nobody_will_be_asked_cannot_hold_any_more():
    condition = compiled(NESTED)
    case = case_of(fever=True, age_years=40)
    assert could_hold(condition, case, frozenset({"cough"})) is Truth.UNKNOWN
    assert could_hold(condition, case, frozenset()) is Truth.NO
    assert could_hold(condition, case_of(fever=True, tired=True, age_years=40), frozenset()) is Truth.YES


def test_a_complaint_that_is_not_there_is_no_open_question():
    condition = compiled(Clause(any=(Clause(complaint=("rash",)), "fever")))
    assert open_findings(condition, case_of("cough"), frozenset({"fever"})) == {"fever"}


def test_open_are_only_findings_whose_answers_could_still_help():
    condition = compiled(NESTED)
    every = frozenset({"fever", "cough", "tired", "age_years"})
    assert open_findings(condition, case_of(tired=True), every) == {"fever", "age_years"}
    assert open_findings(condition, case_of(fever=False), every) == frozenset()
    assert open_findings(condition, case_of(age_years=80), every) == frozenset()
