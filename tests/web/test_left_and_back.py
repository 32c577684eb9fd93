"""Patients who leave in the middle, and patients who come back within days."""

import pytest

from tests.support.house import Patient, reassuring

pytestmark = pytest.mark.slow  # takes long

PATH = "/api/v1/escalations"


def events(patient):
    return [line["kind"] for line in patient.read("export")["log"]]


@pytest.fixture
def interviewed(patient):
    """A patient with chest pain who is being asked about dangers."""
    patient.agree()
    patient.write("my chest hurts a bit since this morning")
    for _ in range(12):
        question = patient.question["data"]
        if question["stage"] == "safety":
            return patient
        patient.press(reassuring(question["question_id"]))
    raise AssertionError("no interview")


class TestLeft:
    def test_an_interview_left_with_a_danger_unanswered_is_recorded_and_escalated(self, interviewed, careline, clock):
        clock.pass_by(minutes=29)
        assert careline.abandoned.find() == 0
        clock.pass_by(minutes=2)
        assert careline.abandoned.find() == 1
        assert "abandoned" in events(interviewed)
        escalation = careline.desk.list(state=None, owner=None, after=None, limit=1)[0][0]
        assert (escalation.reason, escalation.conversation_id) == ("assessment", interviewed.id)
        assert escalation.acuity in ("emergency_now", "ed_now", "same_day")
        assert careline.abandoned.find() == 0  # once

    def test_who_comes_back_goes_on_where_they_were(self, interviewed, careline, clock):
        question = interviewed.turn["expects"]
        clock.pass_by(minutes=45)
        careline.abandoned.find()
        assert interviewed.read("messages")["expects"] == question
        interviewed.press(reassuring(interviewed.question["data"]["question_id"]))
        clock.pass_by(minutes=45)
        assert careline.abandoned.find() == 1  # and left again

    def test_a_conversation_without_a_complaint_is_nobodys_case(self, patient, careline, clock):
        patient.agree()
        clock.pass_by(hours=2)
        careline.abandoned.find()
        assert "abandoned" not in events(patient)
        assert patient.read("messages")["escalation"] is None

    def test_one_that_ended_is_not_abandoned(self, patient, careline, clock):
        patient.write("crushing chest pain going into my left arm")
        clock.pass_by(hours=2)
        assert careline.abandoned.find() == 0


class TestBack:
    def opened(self, careline, client, contact_key):
        patient = Patient(client)
        opened = careline.conversations.open(country="GB", contact_key=contact_key)
        patient.id, patient.headers = opened.conversation_id, {"Authorization": f"Bearer {opened.token}"}
        patient.turn = {"expects": opened.messages[-1]["id"], "final": False, "state": opened.state}
        return patient

    def test_within_three_days_a_clinician_is_asked_again_and_both_are_linked(self, careline, client, service, clock):
        first = self.opened(careline, client, "someone")
        first.write("crushing chest pain going into my left arm")
        clock.pass_by(hours=70)
        again = self.opened(careline, client, "someone")
        again.agree()
        again.write("I have a sore throat")
        again.answer_all({"complaint": "sore throat"})
        one, other = first.turn["escalation"]["id"], again.turn["escalation"]["id"]
        linked = client.get(f"{PATH}/{other}", headers=service).json()
        assert linked["linked"] == [one]
        assert linked["deadline_at"]
        assert client.get(f"{PATH}/{one}", headers=service).json()["linked"] == [other]

    @pytest.mark.parametrize(("who", "hours"), [("someone", 73), ("somebody else", 1), (None, 1)])
    def test_later_or_another_person_is_a_new_case(self, careline, client, clock, who, hours):
        first = self.opened(careline, client, "someone")
        first.write("crushing chest pain going into my left arm")
        clock.pass_by(hours=hours)
        again = self.opened(careline, client, who)
        again.agree()
        again.write("I have a sore throat")
        again.answer_all({"complaint": "sore throat"})
        assert again.turn["escalation"] is None

    def test_who_may_have_been_watched_then_may_be_watched_now(self, careline, client):
        self.opened(careline, client, "someone").write("my husband hits me and i am scared of him")
        again = self.opened(careline, client, "someone")
        assert again.agree()["quick_exit"] is True
        assert careline.conversations.may_reach_unasked(again.id) is False
        assert self.opened(careline, client, "somebody else").agree()["quick_exit"] is False
