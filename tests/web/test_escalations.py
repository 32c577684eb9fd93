"""The escalations API, as a clinicians' system uses it."""

import pytest

from tests.support.house import Patient

pytestmark = pytest.mark.slow  # takes long

PATH = "/api/v1/escalations"


def opened(client, service, **body):
    return client.post(PATH, json={"acuity": None} | body, headers=service)


def test_opened_for_a_conversation_the_patient_sees_it(patient, client, service):
    answer = opened(client, service, acuity="same_day", conversation_id=patient.id, note="please look")
    assert answer.status_code == 201
    escalation = answer.json()
    assert (escalation["reason"], escalation["state"], escalation["note"]) == ("external", "open", "please look")
    assert escalation["deadline_at"] > escalation["opened_at"]
    assert patient.read("messages")["escalation"] == {"id": escalation["id"], "state": "open"}


def test_asked_for_again_it_is_the_same_and_a_worse_acuity_raises_it(patient, client, service):
    first = opened(client, service, acuity="same_day", conversation_id=patient.id)
    again = opened(client, service, acuity="ed_now", conversation_id=patient.id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["id"] == first.json()["id"]
    assert again.json()["acuity"] == "ed_now"
    assert again.json()["raised_at"]


def test_for_a_conversation_that_there_is_not_it_is_refused(client, service):
    assert opened(client, service, conversation_id="con_none").status_code == 404


def test_for_an_erased_conversation_it_is_refused(patient, client, service):
    client.delete(patient.path, headers=patient.headers)
    assert opened(client, service, conversation_id=patient.id).status_code == 404


@pytest.mark.parametrize(
    "body", [{"acuity": "very"}, {"reason": "because"}, {"note": "x" * 4_001}, {"state": "closed"}, {"acuity": 1}]
)
def test_a_wrong_value_is_refused(client, service, body):
    answer = opened(client, service, **body)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


def test_the_note_of_handoff_stands_alone(patient, client, service):
    patient.write("I have chest pain going into my left arm")
    escalation_id = patient.turn["escalation"]["id"]
    whole = client.get(f"{PATH}/{escalation_id}", headers=service).json()
    note = client.get(f"{PATH}/{escalation_id}/sbar", headers=service).json()
    assert note == {"generated": True, **whole["sbar"]}
    assert set(whole["sbar"]) == {"situation", "background", "assessment", "recommendation"}
    assert note["situation"]


def test_are_listed_page_by_page(client, service):
    ids = [opened(client, service).json()["id"] for _ in range(3)]
    first = client.get(PATH, params={"limit": 2}, headers=service).json()
    rest = client.get(PATH, params={"limit": 2, "after": first["next"]}, headers=service).json()
    assert [item["id"] for item in (*first["items"], *rest["items"])] == ids
    assert rest["next"] is None


@pytest.mark.parametrize(("query", "number"), [("state=open", 1), ("state=closed", 0), ("owner=nobody", 0)])
def test_are_found_by_state_and_owner(client, service, query, number):
    opened(client, service)
    assert len(client.get(f"{PATH}?{query}", headers=service).json()["items"]) == number


@pytest.mark.parametrize("query", ["state=lost", "limit=0", "limit=201", "owner=%20"])
def test_a_wrong_query_is_refused(client, service, query):
    assert client.get(f"{PATH}?{query}", headers=service).status_code == 400


def test_another_conversations_escalation_does_not_show(client, service):
    one, other = Patient(client), Patient(client)
    opened(client, service, conversation_id=one.id)
    assert other.read("messages")["escalation"] is None
