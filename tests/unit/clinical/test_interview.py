"""Which question comes next."""

from __future__ import annotations

from dataclasses import replace

from careline.clinical.interview import next_intake_question, next_question
from tests.support.clinical_case import case_of, small_book


def ask(asked=(), **findings):
    found = next_question(case_of("cough", **{"age_years": 40.0, "fever": False, **findings}), small_book(), asked)
    return found.question.id if found else None


def test_what_could_be_most_urgent_is_asked_first():
    assert ask() == "q_danger"
    assert ask(breathless=False, blue_lips=False) == "q_blood"


def test_of_equals_the_life_threat_comes_first_then_the_order_of_the_file():
    assert ask(age_years=1.5) == "q_danger"
    assert ask(breathless=False, age_years=1.5) == "q_baby"
    assert ask(breathless=False) == "q_blood"


def test_a_question_is_asked_while_any_of_its_findings_is_open():
    assert ask(blue_lips=True) == "q_danger"


def test_a_question_that_was_asked_is_not_asked_again_when_nobody_knew():
    assert ask(asked=["q_danger"]) == "q_blood"


def test_a_finding_known_from_the_first_message_is_not_asked():
    assert ask(breathless=False, blue_lips=False, coughing_blood=False) == "q_moving"


def test_a_question_that_could_change_nothing_is_left_out():
    known = {"breathless": False, "coughing_blood": False, "pain_not_from_movement": False}
    assert ask(**known, duration_days=30.0) is None
    assert ask(**known, duration_days=3.0) is None
    assert ask(**known, fever=True, duration_days=3.0) == "q_phlegm"


def test_an_emergency_found_is_enough():
    assert ask(rf_blue=True) is None


def test_a_question_for_small_children_is_not_put_to_an_adult():
    assert ask(asked=["q_danger"], age_years=1.5) == "q_baby"
    assert ask(asked=["q_danger"], age_years=30.0) == "q_blood"


def test_a_raising_rule_makes_its_findings_worth_asking():
    book = small_book()
    danger = next(q for q in book.protocols["cough"].questions if q.question.id == "q_danger")
    asks_diabetes = replace(danger, settles=frozenset({"diabetes"}))
    other = replace(book.protocols["general"], questions=(asks_diabetes,))
    book = replace(book, protocols={**book.protocols, "general": other})
    question = next_question(case_of("general", fever=True), book, ())
    assert question is not None
    assert "diabetes" in question.settles


def test_the_intake_is_asked_in_its_order_and_only_what_is_not_known():
    book = small_book()
    asked: list[str] = []
    case = case_of("cough", for_whom="self", age_years=70.0)
    while (question := next_intake_question(case, book, asked)) is not None:
        asked.append(question.question.id)
    assert asked == ["q_conditions", "q_medicines"]


def test_the_intake_asks_about_pregnancy_while_the_age_is_unknown():
    question = next_intake_question(case_of(for_whom="self"), small_book(), ["q_age"])
    assert question is not None
    assert question.question.id == "q_pregnant"
