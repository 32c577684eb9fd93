"""A few words of which nothing was understood: never passed over, and an answer is never mistaken for them."""

import pytest

from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from tests.support.interview import ADULT, Interview


def begun():
    interview = Interview()
    interview.press("agree")
    return interview


def said_to(interview, words, intention=Intention.TURN):
    return "\n".join(draft.text for draft in interview.write(words, intention))


@pytest.mark.parametrize("words", ["brustschmerzen", "mal de tête", "koorts"])
@pytest.mark.parametrize("intention", [Intention.TURN, Intention.TAKE_REPORT, Intention.GREET, Intention.REDIRECT])
def test_foreign_words_get_the_number_and_a_clinician_whatever_the_classifier_made_of_them(words, intention):
    interview = begun()
    assert "In an emergency call 999" in said_to(interview, words, intention)
    assert interview.c.effects.escalations
    assert len(interview.c.memory.unread) == 1


def test_they_do_so_before_consent_and_where_the_problem_is_asked_for():
    interview = Interview()
    assert "In an emergency call 999" in said_to(interview, "brustschmerzen")
    assert interview.c.memory.unread
    interview = begun()
    interview.until_complaint()
    said_to(interview, "brustschmerzen")
    assert interview.c.memory.unread
    assert interview.c.memory.words is None


@pytest.mark.parametrize("consented", [True, False])
def test_what_may_be_a_name_or_another_language_is_asked_about_with_the_number(consented):
    interview = begun() if consented else Interview()
    said = said_to(interview, "Kopfschmerzen")
    assert "I could not read this" in said
    assert "In an emergency call 999" in said
    assert not interview.c.memory.unread


def test_such_words_a_third_time_bring_a_person():
    interview = begun()
    for words in ("Kopfschmerzen", "Fieber"):
        said_to(interview, words)
        assert not interview.c.effects.escalations
    said_to(interview, "Atemnot")
    assert interview.c.effects.escalations


def test_where_the_problem_is_asked_for_the_list_of_problems_follows():
    interview = begun()
    interview.until_complaint()
    assert "In an emergency call 999" in said_to(interview, "Kopfschmerzen")
    assert interview.asked.awaiting is Awaiting.COMPLAINT_CHOICE


def test_medicines_that_were_asked_for_are_an_answer():
    interview = begun()
    interview.until_complaint()
    interview.write("I have a sore throat")
    interview.until("q_medicines", ADULT)
    assert "could not read" not in said_to(interview, "enalapril metamizol")
    assert not interview.c.memory.unread


def test_chest_pain_in_spanish_with_capitals_is_an_emergency():
    interview = begun()
    interview.write("Dolor De Pecho")
    assert interview.asked.awaiting is Awaiting.EMERGENCY_REPLY
