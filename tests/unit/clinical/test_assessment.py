"""How urgent, and why."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import assess, is_relevant, protocols_of
from careline.clinical.conditions import compiled
from careline.clinical.content import Clause
from careline.clinical.finding import Case
from tests.support.clinical_case import case_of, question_named, small_book

KNOWN = {
    "age_years": 40.0,
    "takes_medicines": False,
    "pregnant": False,
    "diabetes": False,
    "breathless": False,
    "blue_lips": False,
    "coughing_blood": False,
    "pain_not_from_movement": False,
    "fever": False,
    "tired": False,
    "duration_days": 2.0,
}


def assessed(*complaints: str, **changes):
    return assess(case_of(*(complaints or ("cough",)), **{**KNOWN, **changes}), small_book())


def test_nothing_of_concern_is_the_baseline_with_its_reason():
    found = assessed()
    assert found.acuity is Acuity.SELF_CARE
    assert found.floor is None
    assert [(reason.rule_id, reason.text) for reason in found.reasons] == [
        ("cough.baseline", "Most coughs get better.")
    ]


def test_the_most_urgent_rule_decides_and_its_service_and_time_go_with_it():
    found = assessed(breathless=True, duration_days=30.0)
    assert (found.acuity, found.service, found.max_hours) == (Acuity.ED_NOW, "ed", 1)
    assert [reason.rule_id for reason in found.reasons] == ["cough_breathless", "cough_long"]


def test_a_red_flag_counts_like_a_rule():
    found = assessed(coughing_blood=True)
    assert found.acuity is Acuity.SAME_DAY
    assert [reason.rule_id for reason in found.reasons] == ["rf_blood"]
    assert found.reasons[0].because_of == ("coughing_blood",)


def test_rules_of_a_complaint_hold_for_that_complaint_alone():
    assert assessed("general", duration_days=30.0).acuity is Acuity.ROUTINE


def test_of_two_complaints_the_more_urgent_baseline_and_all_rules_count():
    assert assessed("cough", "general").acuity is Acuity.ROUTINE
    assert assessed("cough", "general", tired=True).acuity is Acuity.GP_SOON


def test_a_complaint_without_a_protocol_falls_to_the_general_one():
    assert [p.protocol.id for p in protocols_of(Case(complaints=("toothache",)), small_book())] == ["general"]


def test_where_no_protocol_may_be_served_the_intake_says_how_soon_somebody_should_see_them():
    book = replace(small_book(), protocols={})
    found = assess(case_of("cough", **KNOWN), book)
    assert found.acuity is Acuity.SAME_DAY
    assert [reason.rule_id for reason in found.reasons] == ["intake.without_protocol"]
    assert assess(case_of("cough", **{**KNOWN, "rf_blue": True}), book).acuity is Acuity.EMERGENCY_NOW


def test_general_rules_hold_whatever_the_complaint():
    assert assessed("general", temperature_celsius=40.2).acuity is Acuity.SAME_DAY


def test_two_raising_rules_raise_by_one_rank_together():
    found = assessed(fever=True, diabetes=True, pregnant=True, duration_days=30.0)
    assert found.acuity is Acuity.SAME_DAY
    assert [reason.rule_id for reason in found.reasons] == ["cough_long", "m_diabetes", "m_pregnant"]


def test_a_raised_case_is_told_of_no_service_that_was_meant_for_a_lower_level():
    found = assessed(fever=True, diabetes=True, duration_days=30.0)
    assert (found.acuity, found.service) == (Acuity.SAME_DAY, None)


def test_a_life_threat_question_left_unknown_sets_a_floor():
    found = assessed(breathless=None)
    assert (found.acuity, found.evidence, found.floor) == (Acuity.SAME_DAY, Acuity.SELF_CARE, Acuity.SAME_DAY)
    assert found.unknown == ("q_danger",)


def test_an_unknown_that_could_not_raise_the_case_sets_no_floor():
    assert assessed("general", breathless=None, blue_lips=False).unknown == ()


def test_a_question_that_makes_no_sense_for_the_patient_sets_no_floor():
    found = assessed(age_years=40.0, baby_floppy=None)
    assert "q_baby" not in found.unknown
    assert "q_baby" in assessed(age_years=1.5, baby_floppy=None).unknown


def test_an_intake_question_left_unknown_can_set_a_floor_too():
    found = assessed(pregnant=None, tired=True)
    assert (found.acuity, found.evidence, found.unknown) == (Acuity.GP_SOON, Acuity.ROUTINE, ("q_pregnant",))


def test_self_care_needs_what_the_intake_names():
    for missing in ("age_years", "takes_medicines"):
        found = assessed(**{missing: None})
        assert (found.evidence, found.acuity) == (Acuity.SELF_CARE, max(Acuity.GP_SOON, found.floor))


def test_what_self_care_needs_is_not_asked_of_more_urgent_cases():
    assert assessed(takes_medicines=None, duration_days=30.0).floor is None


def test_a_further_finding_does_not_lift_the_floor_of_what_self_care_needs():
    """Routine by evidence, but medicines unknown: still no less urgent than without that evidence."""
    assert assessed(takes_medicines=None, tired=True).acuity is Acuity.GP_SOON


def with_floor(if_unknown):
    """The small book whose question about pregnancy, left unknown, asks for this level."""
    book = small_book()
    pregnant = question_named("q_pregnant", book)
    asked = msgspec.structs.replace(pregnant.question, if_unknown=if_unknown)
    others = tuple(question for question in book.intake.questions if question is not pregnant)
    return replace(book, intake=replace(book.intake, questions=(*others, replace(pregnant, question=asked))))


def test_a_question_left_unknown_asks_for_no_more_than_its_worst_answer_could():
    """Otherwise a further finding, which makes the question idle, would make the case less urgent."""
    book = with_floor(Acuity.ED_NOW)
    case = case_of("cough", **{**KNOWN, "pregnant": None, "tired": True})
    longer = case_of("cough", **{**KNOWN, "pregnant": None, "tired": True, "duration_days": 30.0})
    assert assess(case, book).acuity is Acuity.GP_SOON
    assert assess(longer, book).acuity is Acuity.GP_SOON


def test_a_danger_sign_that_is_there_does_not_close_the_question_about_the_others():
    """Short of breath or blue, after a fall that nobody knows of: one more sign must not lower the floor."""
    book = small_book()
    fallen = compiled(Clause(all=("tired", Clause(any=("breathless", "blue_lips")))))
    rule = replace(book.protocols["general"].rules[0], when=fallen)
    danger = question_named("q_danger", book)
    rule = replace(rule, rule=msgspec.structs.replace(rule.rule, acuity=Acuity.ED_NOW))
    general = replace(book.protocols["general"], questions=(danger,), rules=(rule,))
    asks_tired = replace(danger, settles=frozenset({"tired"}), question=question_named("q_tired", book).question)
    general = replace(general, questions=(danger, asks_tired))
    book = replace(book, protocols={**book.protocols, "general": general}, red_flags={})
    known = {**KNOWN, "breathless": None, "blue_lips": False, "tired": None}
    without = assess(case_of("general", **known), book)
    with_it = assess(case_of("general", **{**known, "breathless": None, "blue_lips": True}), book)
    assert (without.acuity, with_it.acuity) == (Acuity.SAME_DAY, Acuity.SAME_DAY)


def test_what_is_raised_already_leaves_no_question_open_about_raising_it_again():
    found = assessed(fever=True, diabetes=True, duration_days=30.0, pregnant=None)
    assert (found.acuity, found.unknown) == (Acuity.SAME_DAY, ())


def test_a_question_is_relevant_until_it_is_known_not_to_be():
    question = question_named("q_baby", small_book())
    assert is_relevant(question, case_of())
    assert is_relevant(question, case_of(age_years=1.0))
    assert not is_relevant(question, case_of(age_years=30.0))
    assert is_relevant(question_named("q_danger", small_book()), case_of())


def test_a_flag_that_only_words_raise_leaves_no_question_open():
    book = small_book()
    only_words = replace(book, red_flags={"rf_despair": book.red_flags["rf_despair"]})
    assert assess(case_of("general", **KNOWN), only_words).unknown == ()
