"""What is written when the bot asks how to reach the patient: only a way to reach them is kept as one."""

import pytest

from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from tests.support.interview import Interview


@pytest.fixture
def asked_in_spanish():
    """The same in a consultation that is held in Spanish, whose free words are not read."""
    interview = Interview()
    interview.c.release = interview.c.release.in_language("es")
    interview.c.locale = "es"
    interview.press("agree")
    interview.write("Quiero hablar con una persona")
    assert interview.asked.awaiting is Awaiting.CONTACT
    return interview


@pytest.fixture
def asked():
    """Somebody who has asked for a person, and is asked how they can be reached."""
    interview = Interview()
    interview.press("agree")
    interview.write("I would like to talk to a clinician", Intention.REQUEST_HUMAN)
    assert interview.asked.awaiting is Awaiting.CONTACT
    return interview


@pytest.mark.parametrize(
    "words",
    ["07700 900123", "robin@example.org", "12 Burns Road", "Robin Example", "robin", "ring my neighbour", "Flat 3"],
)
def test_a_number_a_name_or_a_place_is_kept(asked, words):
    asked.write(words)
    assert asked.c.effects.contact == {"text": words}


@pytest.mark.parametrize("words", ["I don't want that", "I would rather not say", "no number", "leave me alone", "nah"])
def test_a_refusal_is_respected_and_not_kept(asked, words):
    asked.write(words)
    assert asked.c.effects.contact is None
    assert "That is fine." in asked.text
    assert asked.asked.awaiting is not Awaiting.CONTACT


@pytest.mark.parametrize(
    "words",
    ["i dunt want", "no thx", "dont wanna", "i wuld rathr not", "dont giv it", "no quiero", "Prefiero no",
     "no quiero dar mi número"],
)  # fmt: skip
def test_a_refusal_with_slips_or_in_spanish_is_a_refusal(asked, words):
    asked.write(words)
    assert asked.c.effects.contact is None
    assert asked.asked.awaiting is not Awaiting.CONTACT


def test_no_quiero_alone_begins_other_sentences_too(asked):
    asked.write("no quiero vivir")
    assert "That is fine." not in asked.text


@pytest.mark.parametrize("words", ["Ned", "wanda", "No phone here, I am at Hotel Tanks", "thankam"])
def test_a_name_that_is_like_a_word_of_a_refusal_is_kept(asked, words):
    asked.write(words)
    assert asked.c.effects.contact == {"text": words}


@pytest.mark.parametrize("words", ["why?", "Why do you want to know that"])
def test_who_asks_why_is_told_why_and_asked_again(asked, words):
    asked.write(words)
    assert asked.c.effects.contact is None
    assert "So that a clinician could call you back" in asked.text
    assert asked.asked.awaiting is Awaiting.CONTACT


def test_a_question_is_answered_and_not_kept(asked):
    asked.write("can I take it with food?")
    assert asked.c.effects.contact is None
    assert asked.asked.awaiting is Awaiting.CONTACT


def test_what_hurts_is_noted_and_not_kept_as_contact(asked):
    asked.write("my throat is sore")
    assert asked.c.effects.contact is None
    assert asked.asked.awaiting is Awaiting.CONTACT


def test_what_tells_no_way_is_not_kept_unless_it_is_written_again(asked):
    asked.write("by the big tree")
    assert asked.c.effects.contact is None
    assert "I have not kept it" in asked.text
    assert asked.asked.awaiting is Awaiting.CONTACT
    asked.write("by the big tree")
    assert asked.c.effects.contact == {"text": "by the big tree"}


@pytest.mark.parametrize(
    "words",
    [
        "leave it with my sister",
        "dont tell my husband, call me at work",
        "i dont want my mum to know, text me instead",
        "i dont have a phone, im in the park by the lake",
        "oh seven seven double oh nine hundred one two three",
        "ask for mary",
        "ward 6",
    ],
)
def test_a_no_to_one_way_that_comes_with_another_is_kept_whole(asked, words):
    asked.write(words)
    assert asked.c.effects.contact == {"text": words}


def test_a_person_of_the_family_is_kept_when_written_again(asked):
    asked.write("my nan")
    assert "I have not kept it" in asked.text
    asked.write("my nan")
    assert asked.c.effects.contact == {"text": "my nan"}


@pytest.mark.parametrize("words", ["rather not, My husband reads my phone", "no thank You", "no, Dont want to"])
def test_a_refusal_with_a_stray_capital_is_a_refusal(asked, words):
    asked.write(words)
    assert asked.c.effects.contact is None
    assert asked.asked.awaiting is not Awaiting.CONTACT


def test_a_person_who_is_told_of_with_an_illness_is_kept_in_the_end(asked):
    for _ in range(2):
        asked.write("my husband he is diabetic")
        assert asked.c.effects.contact is None
    asked.write("my husband he is diabetic")
    assert asked.c.effects.contact == {"text": "my husband he is diabetic"}


POLISH = "mieszkam u siostry przy rynku w Krakowie, proszę zadzwonić do niej"


@pytest.mark.parametrize("words", [POLISH, "nazywam się Anna i mój numer to 600 123 123", "اسمي آنا ورقمي 600123123"])
def test_a_way_to_reach_somebody_is_kept_in_whatever_language_it_is_written(asked, words):
    asked.write(words)
    assert asked.c.effects.contact == {"text": words}
    assert asked.asked.awaiting is not Awaiting.CONTACT


def test_words_that_are_not_read_are_kept_as_contact_and_still_count_as_not_read(asked):
    asked.write(POLISH)
    assert "I have kept your words as they are" in asked.text
    assert "call 999" in asked.text
    assert len(asked.c.memory.unread) == 1


def test_a_danger_told_with_a_number_is_answered_and_the_number_is_kept(asked):
    asked.write("07700 900123 please hurry, I cant breathe")
    assert "Call the emergency number now" in asked.text
    assert asked.c.effects.contact == {"text": "07700 900123 please hurry, I cant breathe"}


@pytest.mark.parametrize("words", ["why do you need it", "what do you need it for?"])
def test_who_asks_what_it_is_for_is_told_so(asked, words):
    asked.write(words)
    assert "So that a clinician could call you back" in asked.text


def test_the_figures_of_a_danger_are_no_number_and_a_number_is_still_asked_for(asked):
    asked.write("I took 40 paracetamol 500mg at 10:30 and want to die")
    assert asked.c.effects.contact is None
    assert "I have kept that" not in asked.text
    asked.press("called")
    assert asked.asked.awaiting is Awaiting.CONTACT


def test_a_number_left_by_somebody_who_turns_out_to_be_watched_is_kept_as_not_known_to_be_safe(asked):
    asked.write("07700 900123 my husband is strangling me")
    assert asked.c.effects.contact == {
        "text": "07700 900123 my husband is strangling me",
        "safe_to_call": "unsure",
    }


def test_whoever_left_a_number_and_then_may_be_watched_is_asked_whether_a_call_is_safe(asked):
    asked.write("07700 900123")
    asked.write("my husband is strangling me")
    asked.keeps_contact = True  # as the request has it
    asked.press("called")
    assert asked.asked.awaiting is Awaiting.SAFE_TO_CALL


def test_words_that_are_not_read_do_not_write_over_a_number_that_was_left_before(asked):
    asked.keeps_contact = True  # as the request has it
    asked.write("podałam już wcześniej, proszę do mnie zadzwonić jak najszybciej")
    assert asked.c.effects.contact is None
    assert len(asked.c.memory.unread) == 1
    assert asked.asked.awaiting is not Awaiting.CONTACT


@pytest.mark.parametrize("words", ["me desmayo", "estoy sangrando mucho", "me sale sangre y me mareo mucho"])
def test_who_leaves_a_few_words_in_spanish_hears_whom_to_call_if_they_tell_how_bad_it_is(asked_in_spanish, words):
    asked_in_spanish.write(words)
    assert asked_in_spanish.c.effects.contact == {"text": words}
    assert "no espere" in asked_in_spanish.text
    assert "999" in asked_in_spanish.text


def test_much_that_is_told_in_spanish_beside_a_number_counts_as_not_read(asked_in_spanish):
    words = "me he tomado 40 pastillas de 500 a las 10:30 y tengo sueño, 612345678"
    asked_in_spanish.write(words)
    assert asked_in_spanish.c.effects.contact == {"text": words}
    assert len(asked_in_spanish.c.memory.unread) == 1
    assert asked_in_spanish.asked.awaiting is not Awaiting.CONTACT


@pytest.mark.parametrize("words", ["612 345 678", "me llamo Ana, mi numero es 600 123 123", "Ana, 600123123"])
def test_a_number_and_a_name_in_spanish_are_no_message_that_was_not_read(asked_in_spanish, words):
    asked_in_spanish.write(words)
    assert asked_in_spanish.c.effects.contact == {"text": words}
    assert not asked_in_spanish.c.memory.unread


def test_a_number_that_comes_with_the_yes_to_a_call_is_kept_and_not_asked_for_again():
    interview = Interview()
    interview.press("agree")
    interview.write("my husband is strangling me")
    interview.press("called")
    assert interview.asked.awaiting.value == "safe_to_call"
    interview.write("yes, 07700 900123")
    assert interview.c.effects.contact == {"text": "yes, 07700 900123", "safe_to_call": "yes"}
    assert interview.asked.awaiting is not Awaiting.CONTACT
