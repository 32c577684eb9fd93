"""Words of danger that are doubted: asked about before a card, never dropped."""

from __future__ import annotations

import pytest

from careline.clinical.finding import Presence
from careline.clinical.recognition.recogniser import Band, Recognition
from careline.consultation.consultation import Stage
from careline.consultation.doubting import with_doubted
from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from tests.support.interview import Interview

DOUBTED = "my dad had a stroke. that was in 2019 and he is fine now. i have a runny nose"
MEANT = "my dad collapsed and wont wake up"


@pytest.fixture
def interview():
    interview = Interview()
    interview.press("agree")
    interview.until_complaint()
    return interview


def is_carded(interview):
    return interview.c.drafts[0].kind == "emergency"


def test_words_that_are_meant_raise_a_card(interview):
    interview.write(MEANT)
    assert is_carded(interview)


def test_doubted_words_are_asked_about_and_it_is_said_what_to_do_if_so(interview):
    interview.write(DOUBTED)
    assert not is_carded(interview)
    assert interview.asked.awaiting is Awaiting.SAFETY
    assert "999" in interview.text
    assert not interview.c.effects.escalations


def test_a_yes_raises_the_card_and_escalates(interview):
    interview.write(DOUBTED)
    interview.press("yes")
    assert is_carded(interview)
    assert interview.c.effects.escalations


def test_after_a_no_the_same_words_raise_nothing_and_the_interview_goes_on(interview):
    interview.write(DOUBTED)
    interview.press("no")
    assert not is_carded(interview)
    assert not interview.c.final
    assert interview.asked.awaiting.value == "question"
    case, book = interview.c.memory.case, interview.c.release.book
    assert not any(case.presence(flag) is Presence.PRESENT for flag in book.red_flags)


def test_not_sure_leaves_it_open(interview):
    interview.write(DOUBTED)
    interview.press("unsure")
    assert "rf_stroke_named" in interview.c.memory.unsure_flags


def test_until_it_is_answered_it_is_open_and_a_no_settles_it(interview):
    interview.write(DOUBTED)
    assert interview.c.memory.unsure_flags == ["rf_stroke_named"]
    interview.press("no")
    assert interview.c.memory.unsure_flags == []


def test_starting_over_without_an_answer_keeps_it_open(interview):
    interview.write(DOUBTED)
    interview.write("start over", Intention.START_OVER)
    assert interview.c.memory.unsure_flags == ["rf_stroke_named"]


def test_a_no_with_the_same_words_settles_what_was_asked(interview):
    interview.write(DOUBTED)
    interview.write("no, he had a stroke in 2019 and is fine now", Intention.RECORD_ANSWER)
    assert not is_carded(interview)
    assert not interview.c.effects.escalations


def test_a_no_does_not_settle_other_words_of_danger(interview):
    interview.write("he is choking, says the leaflet of my first aid course")
    interview.write("no. but dad had a stroke, treated years ago, recovered then", Intention.RECORD_ANSWER)
    assert is_carded(interview)


def test_what_stands_beside_an_answer_is_not_doubted(interview):
    interview.write("i feel low")
    interview.until("q_mood_safe", {})
    interview.write("you hurt yourself. he is choking, says the leaflet of my first aid course")
    assert is_carded(interview)
    assert interview.c.memory.case.presence("rf_choking") is Presence.PRESENT


def test_a_card_of_the_recogniser_names_both_and_its_other_flags_are_asked_about_too():
    card = with_doubted(Recognition(9.0, Band.CARD, ("a",)), ("x",))
    assert (card.band, card.flags) == (Band.CARD, ("x", "a"))
    asked = with_doubted(Recognition(4.0, Band.QUESTION, ("a", "b", "c")), ("x",))
    assert (asked.band, asked.flags) == (Band.QUESTION, ("x", "a", "b", "c"))
    assert with_doubted(Recognition(-9.0, Band.NONE), ("x",)).band is Band.QUESTION
    assert with_doubted(Recognition(-9.0, Band.NONE), ()).band is Band.NONE


def test_after_a_no_words_that_are_meant_raise_the_card(interview):
    interview.write(DOUBTED)
    interview.press("no")
    interview.write(MEANT)
    assert is_carded(interview)


def test_who_may_not_be_asked_again_gets_the_card(interview):
    for _ in range(3):
        interview.write(DOUBTED)
        interview.press("no")
    interview.write(DOUBTED)
    assert is_carded(interview)


def test_before_consent_it_is_asked_and_after_it_the_answer_stands():
    interview = Interview()
    interview.write(DOUBTED)
    assert interview.asked.awaiting is Awaiting.SAFETY
    interview.press("no")
    interview.press("agree")
    assert not is_carded(interview)
    assert not interview.c.final
    assert not interview.c.effects.escalations
    assert interview.asked.awaiting.value == "question"


def test_where_a_clinician_reads_along_the_words_raise_what_they_mean(interview):
    interview.c.stage = Stage.WITH_CLINICIAN
    interview.write(DOUBTED)
    assert is_carded(interview)
    assert interview.c.effects.escalations


def test_the_doubt_is_logged_without_the_words(interview):
    interview.write(DOUBTED)
    doubted = [event for event in interview.c.effects.case_events if event.kind == "doubted"]
    assert doubted
    assert "2019" not in str(doubted)
