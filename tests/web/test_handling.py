"""A clinician takes an escalation, talks with the patient, and gives it back or closes it."""

import pytest

from careline.escalation.escalation import Clinician, Reason
from tests.support.house import Patient

pytestmark = pytest.mark.slow  # takes long

PATH = "/api/v1/escalations"
ADA = {"id": "ada", "name": "Dr Ada Example", "role": "doctor"}
BEN = {"id": "ben", "name": "Ben Example", "role": "nurse"}
CLOSING = {"outcome": "advised", "disposition": "same_day", "safety_net": "Call 999 if you faint.", "verdict": "right"}


@pytest.fixture
def act(client, service):
    def do(escalation_id, what, who=ADA, **body):
        return client.post(f"{PATH}/{escalation_id}/{what}", json={"clinician": who} | body, headers=service)

    return do


@pytest.fixture
def worried(patient):
    """A patient with an open escalation, in the middle of the interview."""
    patient.agree()
    patient.write("can I speak to a nurse please")
    patient.escalation = patient.turn["escalation"]["id"]
    return patient


def texts(patient, kind=None, sender=None):
    return [
        m["text"]
        for m in patient.read("messages")["messages"]
        if (kind is None or m["kind"] == kind) and (sender is None or m["from"] == sender)
    ]


def test_from_open_to_closed(worried, act, client, service):
    assert act(worried.escalation, "acknowledge").json()["state"] == "acknowledged"
    claimed = act(worried.escalation, "claim").json()
    assert (claimed["state"], claimed["owner"]) == ("claimed", ADA)
    assert claimed["lease_until"] > claimed["claimed_at"]
    answered = act(worried.escalation, "reply", text="Hello, how can I help?").json()
    assert answered["state"] == "answered"
    closed = act(worried.escalation, "close", **CLOSING).json()
    assert closed["state"] == "closed"
    assert {key: closed[key] for key in CLOSING} == CLOSING
    log = client.get(f"{PATH}/{worried.escalation}/log", headers=service).json()["items"]
    happened = [line["event"] for line in log if line["event"] != "contact_left"]
    assert happened == ["opened", "acknowledged", "claimed", "answered", "closed"]
    assert [line["actor"] for line in log if line["event"] == "claimed"] == [ADA["name"]]


def test_of_two_who_claim_one_wins_and_the_other_learns_who(worried, act):
    assert act(worried.escalation, "claim").status_code == 200
    late = act(worried.escalation, "claim", BEN)
    assert (late.status_code, late.json()["code"]) == (409, "already_claimed")
    assert late.json()["owner"] == ADA
    assert late.json()["since"]
    assert act(worried.escalation, "claim").status_code == 200  # claiming what is one's own changes nothing
    assert len(texts(worried, "handoff")) == 2  # "in the list", and "has joined": said once


def test_only_the_owner_answers_releases_or_hands_on(worried, act):
    assert act(worried.escalation, "reply", text="hello").json()["code"] == "not_claimed"
    act(worried.escalation, "claim")
    for what, body in (("reply", {"text": "hi"}), ("release", {}), ("transfer", {"to": BEN}), ("close", CLOSING)):
        assert act(worried.escalation, what, BEN, **body).json()["code"] == "already_claimed"


def test_from_the_claim_on_the_assistant_is_silent_and_the_clinician_writes(worried, act):
    act(worried.escalation, "claim")
    turn = worried.write("hello is anybody there")
    assert turn["messages"] == []
    assert turn["state"] == "with_clinician"
    number = act(worried.escalation, "reply", text="Yes, I am here.").json()["message_id"]
    said = worried.read("messages", after=number - 1)["messages"][0]
    assert (said["from"], said["kind"], said["text"]) == ("clinician", "text", "Yes, I am here.")
    assert said["data"]["clinician"] == {"name": ADA["name"], "role": ADA["role"]}


def test_the_screen_runs_while_the_clinician_is_there_and_alarms_again(worried, act, client, service):
    act(worried.escalation, "claim")
    turn = worried.write("now I have crushing chest pain going into my left arm and I am sweating")
    assert [m["kind"] for m in turn["messages"]] == ["emergency"]
    escalation = client.get(f"{PATH}/{worried.escalation}", headers=service).json()
    assert (escalation["acuity"], escalation["state"]) == ("emergency_now", "claimed")
    assert escalation["red_flags"]
    assert turn["state"] == "with_clinician"


def test_the_note_grows_with_what_the_patient_tells_the_clinician(worried, act, client, service):
    def note():
        return client.get(f"{PATH}/{worried.escalation}/sbar", headers=service).json()

    act(worried.escalation, "claim")
    before = note()
    worried.write("I am 34 and I have asthma, and I feel sick")
    after = note()
    assert any("34" in line for line in after["background"])
    assert not any("34" in line for line in before["background"])
    number = worried.read("messages")["messages"][-1]["id"]
    assert any(f"up to message {number}" in line for line in after["recommendation"])
    worried.write("now I have crushing chest pain going into my left arm and I am sweating")
    assert any(line.startswith("Red flag:") for line in note()["situation"])


def test_given_back_the_assistant_goes_on_and_knows_what_was_said(worried, act):
    question = worried.question["data"]["question_id"]
    assert question == "contact"
    act(worried.escalation, "claim")
    worried.write("I am 34 and I have a sore throat")
    released = act(worried.escalation, "release", note="sounds mild").json()
    assert (released["state"], released["owner"]) == ("acknowledged", None)
    worried.turn = worried.read("messages") | {"messages": []}
    assert worried.turn["state"] == "intake"
    assert ADA["name"] in texts(worried, "handoff")[-1]
    worried.press("skip")
    end = worried.answer_all({"q_who": "me", "complaint": "no more"})
    assert end["acuity"] in ("self_care", "routine", "gp_soon")
    asked = [m["data"]["question_id"] for m in worried.read("messages")["messages"] if m["kind"] == "question"]
    assert "q_age" not in asked[asked.index("contact") :]
    assert "complaint" not in asked[asked.index("contact") :]


def test_handed_to_another_the_patient_reads_who_it_is(worried, act):
    act(worried.escalation, "claim")
    assert act(worried.escalation, "transfer", to=BEN, note="please take this").json()["owner"] == BEN
    assert BEN["name"] in texts(worried, "handoff")[-1]
    assert act(worried.escalation, "reply", text="hi").json()["code"] == "already_claimed"
    assert act(worried.escalation, "reply", BEN, text="hi").status_code == 200
    assert act(worried.escalation, "transfer", BEN, to="nobody").json()["code"] == "unknown_clinician"


def test_an_owner_who_is_not_seen_loses_the_claim_and_the_patient_is_told(worried, act, careline, clock):
    act(worried.escalation, "claim")
    clock.pass_by(minutes=14)
    assert careline.handling.give_back_expired() == 0
    act(worried.escalation, "reply", text="one moment")  # whatever the owner does renews it
    clock.pass_by(minutes=14)
    assert careline.handling.give_back_expired() == 0
    clock.pass_by(minutes=2)
    assert careline.handling.give_back_expired() == 1
    assert worried.read("messages")["escalation"]["state"] == "open"  # it alarms again
    assert worried.read("messages")["state"] != "with_clinician"
    assert "not been seen" in texts(worried, "handoff")[-1]


def test_closed_the_patient_reads_what_to_watch_for_and_may_go_on(worried, act):
    act(worried.escalation, "claim")
    act(worried.escalation, "close", **CLOSING)
    told = texts(worried, "handoff")[-1]
    assert CLOSING["safety_net"] in told
    status = worried.read("messages")
    assert (status["state"], status["final"], status["acuity"]) == ("advised", True, "same_day")
    assert status["escalation"] is None


def test_what_a_clinician_says_at_the_end_lowers_no_acuity(patient, act):
    patient.write("crushing chest pain going into my left arm")
    escalation = patient.turn["escalation"]["id"]
    act(escalation, "claim")
    act(escalation, "close", **CLOSING | {"disposition": "self_care", "verdict": "too_high", "why": "a pulled muscle"})
    assert patient.read("messages")["acuity"] == "emergency_now"


def test_closed_it_is_opened_again_unless_there_is_another(worried, act):
    act(worried.escalation, "close", **CLOSING)
    assert act(worried.escalation, "claim").json()["code"] == "escalation_closed"
    assert act(worried.escalation, "reopen").json()["state"] == "open"
    assert act(worried.escalation, "reopen").json()["code"] == "escalation_not_closed"
    act(worried.escalation, "close", **CLOSING)
    worried.press("skip")
    worried.write("I want to speak to a human being please")
    assert worried.turn["escalation"]["id"] != worried.escalation
    assert act(worried.escalation, "reopen").json()["code"] == "another_open"


def test_a_note_is_for_colleagues_only(worried, act, client, service):
    act(worried.escalation, "note", BEN, text="known to the clinic")
    assert "known to the clinic" not in str(worried.read("export"))
    log = client.get(f"{PATH}/{worried.escalation}/log", headers=service).json()["items"]
    assert log[-1]["note"] == "known to the clinic"


def test_sent_twice_an_answer_is_written_once(worried, act, client, service):
    act(worried.escalation, "claim")
    headers = service | {"Idempotency-Key": "one-answer"}
    body = {"clinician": ADA, "text": "Take a seat."}
    answers = [client.post(f"{PATH}/{worried.escalation}/reply", json=body, headers=headers) for _ in range(2)]
    assert answers[0].json()["message_id"] == answers[1].json()["message_id"]
    assert texts(worried, sender="clinician") == ["Take a seat."]


def test_without_a_patient_there_is_nobody_to_answer(client, service, act):
    made = client.post(PATH, json={"acuity": "same_day"}, headers=service).json()
    act(made["id"], "claim")
    assert act(made["id"], "reply", text="hello").json()["code"] == "no_patient"
    assert act(made["id"], "close", **CLOSING).json()["state"] == "closed"


def test_an_erased_conversation_can_still_be_claimed_and_closed_but_not_written_to(worried, client, act):
    client.delete(worried.path, headers=worried.headers)
    assert act(worried.escalation, "claim").status_code == 200
    assert act(worried.escalation, "reply", text="hello").json()["code"] == "no_patient"
    assert act(worried.escalation, "close", **CLOSING).status_code == 200


def test_a_claim_in_the_middle_of_a_turn_silences_it(patient, careline, dialogue):
    """What the assistant was about to say is not said once a clinician is there."""
    patient.agree()
    made = careline.desk.open(Reason.EXTERNAL, None, conversation_id=patient.id, note=None).escalation
    dialogue.before_acting = lambda _turn: careline.handling.claim(made.id, Clinician(**ADA))
    turn = patient.write("I have a sore throat")
    assert turn["state"] == "with_clinician"
    assert [m["kind"] for m in turn["messages"]] == ["handoff"]


def test_who_types_is_seen_on_the_other_side(worried, careline, client):
    assert not careline.presence.types(worried.id, "patient")
    client.post(f"{worried.path}/typing", json={"on": True}, headers=worried.headers)
    assert careline.presence.types(worried.id, "patient")
    client.post(f"{worried.path}/typing", json={"on": False}, headers=worried.headers)
    assert not careline.presence.types(worried.id, "patient")


def test_the_queue_shows_whether_the_patient_is_still_there(worried, client, service, clock):
    def presence():
        return client.get(f"{PATH}/{worried.escalation}", headers=service).json()["patient"]["presence"]

    assert presence() == "online"
    clock.pass_by(minutes=5)
    assert presence() == "away"
    clock.pass_by(minutes=20)
    assert presence() == "left"
    worried.press("skip")
    assert presence() == "online"
    assert Patient(client).read("messages")["escalation"] is None
