"""What becomes of their request is not sent to a patient who may be watched: they hear it when they write."""

import time

import pytest

from careline.escalation.escalation import Clinician
from tests.support.house import Patient, client_for
from tests.support.outbox import webhook_file

pytestmark = pytest.mark.slow  # takes long

ABUSE = "my husband hits me and i am scared of him"
ARM = "I have chest pain going into my left arm"
UNASKED = "I will not write to you first here"
PASSED_ON, NOBODY = "I have passed your request on", "has answered yet"


@pytest.fixture
def careline(furnish, receiver):
    """All services, with a channel."""
    return furnish(delivery=webhook_file(receiver.url))


@pytest.fixture
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture
def ladder_ends(client, clock):
    """Let the ladder come to its end; it has when somebody who may be written to has heard it."""

    def wait():
        other = Patient(client)
        other.write(ARM)
        until_said(other, PASSED_ON)
        clock.pass_by(minutes=11)
        until_said(other, NOBODY)

    return wait


def said(patient):
    return [message["text"] for message in patient.read("messages")["messages"] if message["from"] != "patient"]


def until_said(patient, words):
    for _ in range(400):
        if any(words in text for text in said(patient)):
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_nothing_is_sent_unasked_and_the_newest_is_said_when_they_write(client, ladder_ends, receiver):
    patient = Patient(client)
    assert UNASKED in patient.write(ABUSE)["messages"][0]["text"]
    before = said(patient)
    ladder_ends()
    assert any(patient.turn["escalation"]["id"] == one.json["data"]["escalation_id"] for one in receiver.received)
    assert said(patient) == before
    first = patient.agree()["messages"][0]
    assert (first["kind"], NOBODY in first["text"], "999" in first["text"]) == ("handoff", True, True)
    assert PASSED_ON not in " ".join(said(patient))  # older than what is true now
    assert sum(NOBODY in text for text in said(patient)) == 1


def test_it_is_said_once_and_the_answer_to_what_was_written_follows(client, ladder_ends):
    patient = Patient(client)
    patient.write(ABUSE)
    ladder_ends()
    turn = patient.agree()
    assert len(turn["messages"]) > 1
    assert turn["expects"] == turn["messages"][-1]["id"]
    patient.write("yes")
    assert sum(NOBODY in text for text in said(patient)) == 1


def test_once_somebody_has_seen_the_request_what_was_kept_is_no_longer_true(careline, client, ladder_ends):
    patient = Patient(client)
    patient.write(ABUSE)
    ladder_ends()
    careline.handling.acknowledge(patient.turn["escalation"]["id"], Clinician("ben", "Ben Example", "nurse"))
    patient.agree()
    assert not any(NOBODY in text or PASSED_ON in text for text in said(patient))


def test_who_asks_for_a_person_is_told_that_nothing_comes_by_itself(client):
    patient = Patient(client)
    patient.agree()
    patient.write("he controls my money and checks my phone")
    assert UNASKED in " ".join(m["text"] for m in patient.write("can I speak to a nurse please")["messages"])


def test_of_nobody_else_it_is_said(client):
    patient = Patient(client)
    card = patient.write(ARM)["messages"][0]
    assert (card["kind"], UNASKED in card["text"]) == ("emergency", False)
