"""A request while a safety question stands: it is carried out, answers nothing, and the question is asked again."""

import dataclasses

import pytest

from careline.clinical.acuity import Acuity
from careline.consultation.consultation import Incoming
from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from careline.consultation.safety_question import ask_safety
from tests.support.interview import Interview


@pytest.fixture
def interview():
    """Somebody who is asked whether they breathe, in the middle of the intake."""
    interview = Interview()
    interview.press("agree")
    interview.c.drafts.clear()
    ask_safety(interview.c, [interview.c.release.book.red_flags["rf_not_breathing"].flag])
    interview.c.memory.before_safety = (Awaiting.QUESTION, "q_for_whom")
    interview._number_drafts()
    return interview


def question(interview):
    return interview.c.release.book.red_flags["rf_not_breathing"].flag.question


def test_a_clinician_is_asked_for_and_the_safety_question_comes_before_contact(interview):
    interview.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    assert len(interview.c.effects.escalations) == 1
    assert interview.c.drafts[-1].text.count(question(interview)) == 1
    assert interview.asked.awaiting == Awaiting.SAFETY
    assert interview.c.memory.unsure_flags == []
    interview.press("no")
    assert interview.asked.awaiting == Awaiting.CONTACT
    interview.press("skip")
    assert interview.question_id == "q_for_whom"
    assert question(interview) not in interview.text


def test_a_yes_after_it_is_an_emergency(interview):
    interview.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    interview.press("yes")
    assert interview.c.drafts[0].kind == "emergency"


def test_who_asks_twice_is_still_asked_each_thing_once(interview):
    interview.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    interview.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    interview.press("no")
    interview.press("skip")
    assert interview.question_id == "q_for_whom"


def test_the_summary_is_shown_and_the_question_asked_again(interview):
    interview.write("Please show me the summary", Intention.SUMMARISE)
    assert interview.c.drafts[-1].text.count(question(interview)) == 1
    assert interview.c.memory.unsure_flags == []
    interview.press("no")
    assert interview.question_id == "q_for_whom"


def test_who_stops_is_let_go_with_the_number(interview):
    interview.write("Please close this chat now", Intention.STOP)
    assert interview.c.final
    assert "999" in interview.text


def test_other_words_still_leave_it_open(interview):
    interview.write("my neighbour says hello", Intention.RECORD_ANSWER)
    assert interview.c.memory.unsure_flags == ["rf_not_breathing"]


def test_an_answer_that_is_edited_counts_anew_whatever_a_classifier_makes_of_the_words(interview):
    asked = dataclasses.replace(interview.asked, is_current=False)
    interview.press("no")
    words = "I am not sure any more, please get somebody to help"
    interview._turn(Intention.REQUEST_HUMAN, Incoming(interview._next(words), asked, text=words))
    assert interview.c.memory.unsure_flags == ["rf_not_breathing"]


def awaited(interview) -> Awaiting | None:
    """What the next words are taken for."""
    return interview.c.memory.awaiting


@pytest.fixture
def advised():
    """Somebody who was advised, and only then is asked about an emergency; not sure of it is advice for today."""
    interview = Interview()
    interview.press("agree")
    interview.until_complaint()
    interview.write("I have a cough")
    interview.until(None, {})
    assert interview.c.acuity is Acuity.SELF_CARE
    interview.c.drafts.clear()
    ask_safety(interview.c, [interview.c.release.book.red_flags["rf_coughing_blood"].flag])
    interview.c.memory.before_safety = (Awaiting.OFFER, None)
    interview._number_drafts()
    return interview


def test_who_asks_for_a_person_after_the_advice_is_asked_for_contact_also_where_the_advice_changes(advised):
    advised.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    advised.press("unsure")
    assert advised.c.acuity > Acuity.SELF_CARE
    assert awaited(advised) is Awaiting.CONTACT
    advised.press("skip")
    assert awaited(advised) is Awaiting.OFFER


def test_a_no_that_becomes_not_sure_raises_the_advice(advised):
    asked = dataclasses.replace(advised.asked, is_current=False)
    advised.press("no")
    assert advised.c.acuity is Acuity.SELF_CARE
    advised.press("unsure", asked=asked)
    assert advised.c.acuity > Acuity.SELF_CARE


@pytest.mark.parametrize("intention", [Intention.START_OVER, Intention.STOP])
def test_who_goes_away_from_whether_somebody_hurts_them_may_be_watched(interview, intention):
    ask_safety(interview.c, [interview.c.release.book.red_flags["rf_domestic_abuse_danger"].flag])
    interview._number_drafts()
    interview.write("Please close this now", intention)
    assert interview.c.may_be_watched


def test_who_writes_instead_that_they_want_a_person_is_put_on_record_and_asked_once_more(interview):
    interview.write("can I speak to a person please", Intention.RECORD_ANSWER)
    assert len(interview.c.effects.escalations) == 1
    assert awaited(interview) is Awaiting.SAFETY
    interview.write("can I speak to a person please", Intention.RECORD_ANSWER)
    assert interview.c.memory.unsure_flags == ["rf_not_breathing"]
    assert awaited(interview) is Awaiting.CONTACT


def test_a_no_beside_the_wish_for_a_person_is_a_no_and_the_wish_is_heard(interview):
    interview.write("no, I want a doctor", Intention.RECORD_ANSWER)
    assert len(interview.c.effects.escalations) == 1
    assert interview.asked.awaiting is Awaiting.CONTACT
    interview.press("skip")
    assert interview.question_id == "q_for_whom"
    assert interview.c.memory.unsure_flags == []


def test_words_that_raise_another_card_leave_open_what_was_asked(interview):
    interview.write("my husband hits me", Intention.RECORD_ANSWER)
    assert interview.c.drafts[0].kind == "emergency"
    assert interview.c.memory.unsure_flags == ["rf_not_breathing"]


@pytest.fixture
def not_agreed():
    """Somebody who is asked whether they breathe before they have agreed to anything."""
    interview = Interview()
    interview.c.drafts.clear()
    ask_safety(interview.c, [interview.c.release.book.red_flags["rf_not_breathing"].flag])
    interview.c.memory.before_safety = (Awaiting.CONSENT, None)
    interview._number_drafts()
    return interview


def test_words_of_who_has_not_agreed_are_erased_when_they_decline(not_agreed):
    number = not_agreed.last_number + 1
    not_agreed.write("my neighbour says hello to all of you", Intention.RECORD_ANSWER)
    not_agreed.press("decline")
    assert number in not_agreed.c.effects.erase_messages


def test_the_wish_for_a_person_of_who_has_not_agreed_is_put_on_record_once_they_agree(not_agreed):
    not_agreed.write("can I speak to a person please", Intention.RECORD_ANSWER)
    assert not_agreed.c.effects.escalations == []
    not_agreed.press("agree")
    assert len(not_agreed.c.effects.escalations) == 1


@pytest.mark.parametrize("words", ["why?", "Why are you asking me this?"])
def test_who_asks_why_is_told_why_this_is_asked_and_leaves_it_unanswered(interview, words):
    interview.write(words)
    assert "Why I ask: Some of your words can mean an emergency." in interview.text
    assert interview.asked.awaiting is Awaiting.SAFETY
    assert interview.c.memory.unsure_flags == []
