"""A check-in after the advice: better changes nothing, worse is asked about anew and a clinician looks."""

import datetime as dt

import pytest

from careline.consultation.check_in import CheckIns, Feeling
from careline.consultation.patient_message import key_hash
from tests.support.house import Patient

pytestmark = pytest.mark.slow


@pytest.fixture
def check_ins(careline):
    return CheckIns(careline.database, careline.house, careline.releases)


@pytest.fixture
def advised(client):
    """A patient with a sore throat and no sign of danger, at the end of triage."""
    patient = Patient(client)
    patient.agree()
    patient.answer_all({"complaint": "I have a sore throat", "q_age": {"number": 30, "unit": "years"}})
    assert patient.turn["acuity"] not in ("emergency_now", "ed_now")
    return patient


def test_when_to_ask_is_in_the_content_by_level(careline, check_ins, advised):
    hours = careline.releases.newest.book.dispositions
    level = next(each for each in hours if each.value == advised.turn["acuity"])
    assert check_ins.due_after(advised.id) == dt.timedelta(hours=hours[level].check_in_hours)


def test_nobody_is_asked_who_was_not_advised_yet_or_may_be_watched(check_ins, client):
    patient = Patient(client)
    patient.agree()
    assert check_ins.due_after(patient.id) is None
    assert check_ins.due_after("con_unknown") is None


def test_who_needs_help_at_once_is_not_put_off_to_a_check_in(check_ins, client):
    patient = Patient(client)
    patient.agree()
    patient.write("I have crushing chest pain and my left arm hurts")
    assert check_ins.due_after(patient.id) is None


@pytest.mark.parametrize("feeling", [Feeling.BETTER, Feeling.SAME])
def test_better_or_the_same_lowers_nothing_and_asks_no_clinician(check_ins, advised, feeling):
    acuity = advised.turn["acuity"]
    assert check_ins.answer(advised.id, feeling, key_hash("1"))
    history = advised.read("messages")
    assert (history["acuity"], history["final"], history["escalation"]) == (acuity, True, None)


def test_worse_asks_a_clinician_and_asks_anew_what_threatens_life(check_ins, advised, service, client):
    assert check_ins.answer(advised.id, Feeling.WORSE, key_hash("1"))
    history = advised.read("messages")
    assert history["final"] is False
    assert history["messages"][-1]["data"]["stage"] == "safety"
    escalation = client.get(f"/api/v1/escalations/{history['escalation']['id']}", headers=service).json()
    assert (escalation["reason"], escalation["acuity"]) == ("check_in", "same_day")


def test_worse_is_advised_at_least_the_level_of_the_content_whatever_is_answered(check_ins, advised):
    check_ins.answer(advised.id, Feeling.WORSE, key_hash("1"))
    advised.turn = {**advised.turn, **{k: v for k, v in advised.read("messages").items() if k != "messages"}}
    advised.answer_all({})
    assert advised.turn["acuity"] == "same_day"
    advice = next(message for message in advised.turn["messages"] if message["kind"] == "assessment")["text"]
    assert "Why:\n- You told me that it has got worse since my advice.\n" in advice
    assert "no danger signs" not in advice


def test_an_answer_that_comes_twice_counts_once(check_ins, advised):
    for _ in range(2):
        assert check_ins.answer(advised.id, Feeling.WORSE, key_hash("1"))
    told = [message for message in advised.read("messages")["messages"] if message["text"] == "I feel worse now."]
    assert len(told) == 1


def test_an_erased_conversation_takes_no_answer(careline, check_ins, advised):
    careline.conversations.erase(advised.id)
    assert not check_ins.answer(advised.id, Feeling.WORSE, key_hash("1"))
