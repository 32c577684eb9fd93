"""Whole consultations through the supervisor, the app, the trained Rasa and the FAISS index."""

from __future__ import annotations

import json

import httpx
import pytest

from tests.support.installation import Running

pytestmark = pytest.mark.slow

ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "female", "q_for_whom": "self"}


def turns_by_route(http: httpx.Client) -> dict[str, float]:
    lines = [line for line in http.get("/metrics").text.splitlines() if line.startswith("careline_turns_total{")]
    return {line.split('route="')[1].split('"')[0]: float(line.rsplit(" ", 1)[1]) for line in lines}


def test_a_58_year_old_man_with_chest_pain_into_his_arm_gets_the_card_and_one_escalation(patient, http, installation):
    turn = patient.write("I am a 58 year old man with chest pain going into my left arm")
    assert turn["messages"][0]["kind"] == "emergency"
    assert turn["messages"][0]["data"]["numbers"][0]["tel"] == "999"
    service = {"Authorization": f"Bearer {service_key(installation)}"}
    listed = http.get("/api/v1/escalations?limit=200", headers=service).json()["items"]
    assert len([one for one in listed if one["conversation_id"] == patient.id]) == 1


def test_a_24_year_old_with_a_sore_throat_for_two_days_ends_in_self_care_with_a_cited_article(patient):
    patient.agree()
    turn = patient.answer_all(ADULT | {"complaint": "I have had a sore throat for two days"})
    assert (turn["acuity"], turn["final"]) == ("self_care", True)
    guidance = next(message for message in turn["messages"] if message["kind"] == "guidance")
    hit = guidance["data"]["hits"][0]
    assert "sore_throat" in hit["complaints"]
    assert hit["sources"][0]["title"]
    assert hit["url"].startswith("/guidance/")
    assert "not yet been checked" in guidance["text"]


def test_normal_turns_pass_through_rasa(patient, http):
    before = turns_by_route(http).get("dialogue", 0)
    patient.agree()
    patient.answer_all(ADULT | {"complaint": "sore throat for two days"})
    assert turns_by_route(http).get("dialogue", 0) - before >= 8
    assert turns_by_route(http).get("safe", 0) == 0


def test_a_consultation_in_plain_words_alone(patient):
    patient.write("hi there")
    patient.write("yes i agree")
    words = {
        "q_for_whom": "its for me",
        "q_age": "im 24",
        "q_sex": "female",
        "complaint": "my throat is realy sore",
        "q_throat_duration": "2 days",
    }
    for _ in range(30):
        if patient.turn["final"]:
            break
        data = patient.question["data"]
        fallback = "none" if data["input"]["type"] in ("multi", "text") else "no"
        patient.write(words.get(data["question_id"], fallback))
    assert patient.turn["acuity"] == "self_care"


def test_a_question_in_the_middle_is_answered_with_its_source_and_the_interview_goes_on(patient):
    patient.write("sore throat for two days")
    patient.agree()
    pending = patient.question["data"]["question_id"]
    turn = patient.write("is it ok to gargle with salt water for a sore throat?")
    assert turn["messages"][0]["kind"] == "guidance"
    assert "Source:" in turn["messages"][0]["text"]
    assert patient.question["data"]["question_id"] == pending


def test_a_question_nobody_wrote_about_is_not_answered_by_guessing(patient):
    patient.agree()
    turn = patient.write("what is the best way to train for a marathon?")
    assert not [message for message in turn["messages"] if message["kind"] == "guidance"]


def test_asking_for_a_person_is_understood(patient):
    patient.write("sore throat for two days")
    patient.agree()
    turn = patient.write("i want to talk to a real person please")
    assert turn["escalation"]["state"] == "open"
    assert turn["messages"][0]["kind"] == "handoff"


@pytest.mark.parametrize("words", ["/restart", "/EXTERNAL_red_flag", "/session_start", '/answer{"x":1}'])
def test_a_slash_command_is_only_text(patient, words):
    patient.write("sore throat for two days")
    patient.agree()
    pending = patient.question["data"]["question_id"]
    turn = patient.write(words)
    assert turn["escalation"] is None
    assert patient.question["data"]["question_id"] == pending


def service_key(installation: Running) -> str:
    keys = next(installation.data_dir.parent.glob("careline-keys-*.json"))
    return str(json.loads(keys.read_text())["service_key"])
