"""Who asks for a person before they have agreed, when no dialogue engine may be asked, is heard all the same."""

import pytest

from tests.support.house import Patient

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
WISH = "can I speak to a human"


def kinds(turn):
    return [message["kind"] for message in turn["messages"]]


def test_before_consent_they_read_what_it_needs_who_is_on_duty_and_who_else_helps(client):
    patient = Patient(client, country="GB")
    turn = patient.write(WISH)
    text = turn["messages"][0]["text"]
    assert "As soon as you agree" in text
    assert "Nobody is marked as on duty now" in text
    assert "111" in text
    assert "999" in text
    assert (kinds(turn), turn["escalation"]) == (["notice", "consent"], None)


def test_their_consent_puts_the_wish_on_record_and_the_questions_begin_after_it(client):
    patient = Patient(client, country="GB")
    patient.write(WISH)
    turn = patient.agree()
    assert kinds(turn) == ["notice", "handoff", "question"]
    assert turn["messages"][-1]["data"]["question_id"] == "contact"
    assert turn["escalation"]["state"] == "open"
    assert patient.press("skip")["messages"][-1]["data"]["question_id"] == "q_for_whom"


def test_who_declines_is_put_before_nobody_and_their_words_go(client):
    patient = Patient(client, country="GB")
    patient.write(WISH)
    assert patient.press("decline")["escalation"] is None
    assert WISH not in str(patient.read("messages"))


def test_in_spanish_the_words_go_before_a_clinician_at_once_since_they_cannot_be_read(client):
    patient = Patient(client, country="ES", locale="es")
    assert patient.write("quiero hablar con una persona")["escalation"]["state"] == "open"


def test_below_a_card_before_consent_the_wish_goes_to_the_case_and_the_advice_stays(client):
    patient = Patient(client, country="GB")
    card = patient.write(ARM)
    turn = patient.write(WISH)
    assert kinds(turn) == ["handoff", "notice"]
    assert turn["escalation"] == card["escalation"]
    assert "999" in turn["messages"][-1]["text"]
