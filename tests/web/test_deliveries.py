"""Telling clinicians, seen from outside: real receivers, the running app, and true words to the patient."""

import threading
import time

import pytest

from careline.escalation.escalation import State
from careline.escalation.tables import EscalationRow
from tests.support.house import Patient, client_for
from tests.support.outbox import webhook_file

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
DUTY = """
time_zone: Europe/London
weekly:
  - {days: [mon], from: "08:00", to: "18:00", staff_id: n1, name: Nurse}
"""


def until(is_so, seconds=20):
    """Wait for what another thread does."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, "it never came"
        time.sleep(0.02)


def notices(patient):
    return [m for m in patient.read("messages")["messages"] if m["kind"] == "handoff"]


def test_an_emergency_is_sent_at_once_and_the_patient_hears_that_it_was_and_no_more(furnish, receiver):
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        patient = Patient(client)
        turn = patient.write(ARM)
        until(lambda: notices(patient))
        (told,) = notices(patient)
        escalation_id = turn["escalation"]["id"]
        shown = client.get(
            f"/api/v1/escalations/{escalation_id}", headers={"Authorization": f"Bearer {careline.service_key}"}
        ).json()
    (one,) = receiver.received
    assert one.json["data"]["escalation_id"] == escalation_id
    assert "arm" not in one.body.decode().replace("rf_", "")  # nothing of the patient's words
    assert "I have passed your request on" in told["text"]
    assert "do not know yet if anyone has read it" in told["text"]
    assert "999" in told["text"]
    assert told["data"] == {"escalation_id": escalation_id, "state": "open", "on_duty": False}
    assert shown["deliveries"] == [{"channel": "hook", "state": "sent", "at": "2026-11-21T09:00:00Z"}]


def test_when_nobody_answers_the_patient_is_told_so_with_the_numbers(furnish, receiver, clock):
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.write(ARM)
        until(lambda: notices(patient))
        clock.pass_by(minutes=10)
        until(lambda: len(notices(patient)) == 2)
        text = notices(patient)[1]["text"]
    assert "has answered yet" in text
    assert "Nobody is marked as on duty now." in text
    assert "999" in text
    assert "111" in text


def test_when_it_could_not_be_sent_the_patient_is_not_told_that_it_was(furnish, receiver, clock):
    receiver.status = 500
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.write(ARM)
        until(lambda: receiver.received)
        assert notices(patient) == []
        clock.pass_by(minutes=10)
        until(lambda: notices(patient))
        text = notices(patient)[0]["text"]
    assert "I have not been able to reach the" in text
    assert "passed" not in text


def test_nothing_of_it_is_said_once_somebody_has_acknowledged(furnish, receiver, clock):
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.write(ARM)
        until(lambda: notices(patient))
        with careline.database.write() as session:
            session.query(EscalationRow).one().state = State.ACKNOWLEDGED.value
        clock.pass_by(minutes=10)
        other = Patient(client)
        other.write(ARM)
        until(lambda: notices(other))  # so the worker has been round
        assert len(notices(patient)) == 1


def test_an_erased_conversation_gets_no_message(furnish, receiver, clock):
    hold = threading.Event()
    receiver.hold = hold
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.write(ARM)
        until(lambda: receiver.received)
        client.delete(patient.path, headers=patient.headers)
        hold.set()
        other = Patient(client)
        other.write(ARM)
        until(lambda: notices(other))
        with careline.database.read() as session:
            assert careline.conversations.history(patient.id, 0)["messages"] == []
            assert session.query(EscalationRow).count() == 2


def test_a_receiver_that_fails_shows_in_readyz_and_metrics(furnish, receiver, clock):
    receiver.status = 410
    careline = furnish(delivery=webhook_file(receiver.url))
    with client_for(careline) as client:
        careline.health.rasa_seen = careline.health.rasa_ok = True
        assert client.get("/readyz").json()["parts"]["outbox"] == "ok"
        Patient(client).write(ARM)
        until(lambda: client.get("/readyz").json()["parts"]["outbox"] == "degraded")
        figures = client.get("/metrics").text
    assert "careline_outbox_dead 1.0" in figures
    assert 'careline_delivery_attempts_total{channel="hook",outcome="http_410"}' in figures
    assert "url-secret" not in figures


class TestDuty:
    """The clock of the tests stands on Saturday, 21 November 2026, 09:00 UTC."""

    def handoff(self, careline):
        with client_for(careline) as client:
            patient = Patient(client)
            patient.write("sore throat for two days")
            patient.agree()
            turn = patient.write("can I speak to a nurse please")
            return next(m for m in turn["messages"] if m["kind"] == "handoff")

    def test_when_nobody_is_on_duty_the_patient_hears_from_when_somebody_is_and_whom_to_call(self, furnish):
        told = self.handoff(furnish(duty=DUTY))
        assert (told["data"]["on_duty"], told["data"]["next_duty_at"]) == (False, "2026-11-23T08:00:00Z")
        assert (
            "Nobody is marked as on duty now. The next person is on duty from Monday 23 November at 08:00."
            in told["text"]
        )
        assert "Urgent health advice: 111" in told["text"]

    def test_when_somebody_is_the_patient_hears_that_and_no_promise(self, furnish):
        told = self.handoff(furnish(duty=DUTY.replace("mon", "sat")))
        assert told["data"]["on_duty"] is True
        assert "next_duty_at" not in told["data"]
        assert "Someone is marked as on duty now." in told["text"]
        assert "do not know yet if anyone has seen it" in told["text"]

    def test_without_duty_hours_no_time_is_named(self, furnish):
        told = self.handoff(furnish())
        assert "next_duty_at" not in told["data"]
        assert "Nobody is marked as on duty now." in told["text"]

    def test_a_changed_file_is_put_in_force_and_a_broken_one_changes_nothing(self, furnish):
        careline = furnish(duty=DUTY)
        careline.duty.put_in_force()
        path = careline.settings.duty_path
        path.write_text("time_zone: Nowhere\nweekly: []\n", encoding="utf-8")
        careline.duty.look_again()
        assert self.handoff(careline)["data"]["next_duty_at"] == "2026-11-23T08:00:00Z"
        path.write_text(DUTY.replace("mon", "sun"), encoding="utf-8")
        careline.duty.look_again()
        assert self.handoff(careline)["data"]["next_duty_at"] == "2026-11-22T08:00:00Z"
