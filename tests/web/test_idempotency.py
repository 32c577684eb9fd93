"""The Idempotency-Key header: what is sent twice is carried out once."""

import concurrent.futures

import pytest

from tests.support.house import Patient
from tests.support.talk import every_row

pytestmark = pytest.mark.slow  # takes long

KEY = {"Idempotency-Key": "0f9d1c2e-key-1"}
THROAT = "sore throat for two days"
ARM = "I have chest pain going into my left arm"


def is_replay(answer):
    return answer.headers.get("Idempotency-Replayed") == "true"


@pytest.mark.parametrize("words", [THROAT, ARM])
def test_the_same_message_again_gets_the_same_reply_marked_as_one(patient, careline, words):
    first = patient.post({"text": words}, **KEY)
    before = every_row(careline.database)
    again = patient.post({"text": words}, **KEY)
    after = every_row(careline.database)
    assert not is_replay(first)
    assert is_replay(again)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    # Who is told of escalations goes on meanwhile, and marks what it has done.
    assert len(after.pop("escalation_alerts")) == len(before.pop("escalation_alerts"))
    assert after == before


def test_the_same_opening_again_opens_no_second_conversation(client, careline):
    first = client.post("/api/v1/conversations", json={}, headers=KEY)
    again = client.post("/api/v1/conversations", json={}, headers=KEY)
    assert is_replay(again)
    assert (again.status_code, again.json()["token"]) == (201, first.json()["token"])
    assert len(every_row(careline.database)["conversations"]) == 1


def test_a_clinicians_system_that_asks_again_opens_no_second_escalation(client, service, careline):
    body = {"acuity": "same_day"}
    first = client.post("/api/v1/escalations", json=body, headers=service | KEY)
    again = client.post("/api/v1/escalations", json=body, headers=service | KEY)
    assert is_replay(again)
    assert (again.status_code, again.json()) == (201, first.json())
    assert len(every_row(careline.database)["escalations"]) == 1


def test_another_body_under_the_same_key_is_refused_and_not_stored(patient):
    patient.post({"text": THROAT}, **KEY)
    answer = patient.post({"text": "something else"}, **KEY)
    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_conflict")
    assert "something else" not in [message["text"] for message in patient.read("messages")["messages"]]


def test_two_conversations_may_use_the_same_key(client):
    one, other = Patient(client), Patient(client)
    one.post({"text": THROAT}, **KEY)
    assert not is_replay(other.post({"text": THROAT}, **KEY))


@pytest.mark.parametrize("words", [THROAT, ARM])
def test_sent_many_times_at_once_there_is_one_message_and_one_reply(patient, careline, words):
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: patient.post({"text": words}, **KEY), range(4)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert [is_replay(answer) for answer in answers].count(False) == 1
    assert [m["text"] for m in patient.read("messages")["messages"]].count(words) == 1
    assert len(every_row(careline.database)["escalations"]) == (words == ARM)


def test_a_request_that_was_refused_leaves_the_key_free(patient):
    assert patient.post({"reply_to": 2, "value": "perhaps"}, **KEY).status_code == 422
    answer = patient.post({"reply_to": 2, "value": "agree"}, **KEY)
    assert (answer.status_code, is_replay(answer)) == (200, False)


def test_a_request_whose_process_died_is_carried_out_when_it_comes_again(patient, client, careline, clock):
    body = b'{"text": "sore throat for two days"}'
    client.app.state.web.replies.begin(patient.id, KEY["Idempotency-Key"], body)
    clock.pass_by(seconds=16)
    answer = client.post(
        f"{patient.path}/messages", content=body, headers={**patient.headers, **KEY, "Content-Type": "application/json"}
    )
    assert (answer.status_code, is_replay(answer)) == (200, False)


def test_a_message_whose_reply_was_lost_in_a_crash_is_not_stored_again(patient, careline, clock):
    """The message was stored, its reply was not: the row of the key still says that it runs."""
    first = patient.post({"text": THROAT}, **KEY)
    with careline.database.write() as session:
        session.connection().exec_driver_sql("UPDATE stored_replies SET status = NULL, reply = NULL")
    clock.pass_by(seconds=16)
    again = patient.post({"text": THROAT}, **KEY)
    assert again.json()["messages"] == first.json()["messages"]
    assert [m["text"] for m in patient.read("messages")["messages"]].count(THROAT) == 1


@pytest.mark.parametrize("key", ["x" * 201])
def test_a_key_that_is_too_long_is_refused(patient, key):
    answer = patient.post({"text": THROAT}, **{"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert key not in answer.text


def test_replies_are_erased_with_the_conversation(patient, client, careline):
    patient.post({"text": THROAT}, **KEY)
    client.delete(patient.path, headers=patient.headers)
    assert every_row(careline.database)["stored_replies"] == []
