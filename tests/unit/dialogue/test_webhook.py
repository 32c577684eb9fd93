"""The action webhook, in process: who may call it, what runs, and what Rasa is told when it fails."""

from __future__ import annotations

import logging

import pytest
from starlette.testclient import TestClient

from careline.consultation.errors import StaleTurnError
from careline.consultation.ports import Intention
from careline.dialogue.errors import EmptyTokenError
from careline.dialogue.webhook import PATH, create_action_webhook
from tests.support.turn_actions import ScriptedTurnActions

TOKEN = {"X-Careline-Token": "s3cret"}
MARK = {"careline": {"turn": 7, "fence": 3}, "findings": []}
NOTHING = {"events": [], "responses": []}


def call(action="action_take_report", metadata=MARK, text="my throat is sore"):
    tracker = {"sender_id": "c0ffee", "latest_message": {"text": text, "metadata": metadata}}
    return {"next_action": action, "sender_id": "c0ffee", "tracker": tracker, "domain": {}}


@pytest.fixture
def actions():
    return ScriptedTurnActions()


@pytest.fixture
def rasa(actions):
    with TestClient(create_action_webhook(actions, token="s3cret"), raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize("intention", list(Intention))
def test_each_intention_has_an_action_that_acts_in_the_turn(rasa, actions, intention):
    answer = rasa.post(PATH, json=call(f"action_{intention.value}"), headers=TOKEN)
    assert answer.status_code == 200
    assert actions.asked == [(intention, "c0ffee", 7, 3)]


def test_an_action_answers_with_one_mark_and_no_words(rasa):
    answer = rasa.post(PATH, json=call(), headers=TOKEN).json()
    assert answer["events"] == []
    [message] = answer["responses"]
    assert message["custom"] == {"careline": {"turn": 7, "replies": 2}}
    assert message["text"] is None


def test_a_red_flag_is_noted_and_nothing_is_said_or_done(rasa, actions):
    answer = rasa.post(PATH, json=call("action_red_flag", metadata=None), headers=TOKEN).json()
    assert answer["responses"] == []
    assert [(event["event"], event["name"], event["value"]) for event in answer["events"]] == [
        ("slot", "stage", "emergency")
    ]
    assert actions.asked == []


@pytest.mark.parametrize("headers", [{}, {"X-Careline-Token": "wrong"}, {"X-Careline-Token": ""}])
def test_without_the_token_nothing_runs(rasa, actions, headers):
    assert rasa.post(PATH, json=call(), headers=headers).status_code == 401
    assert actions.asked == []


def test_without_the_token_not_even_the_body_is_looked_at(rasa):
    assert rasa.post(PATH, content=b"{").status_code == 401


def test_an_empty_token_is_refused_at_the_start(actions):
    with pytest.raises(EmptyTokenError, match="CARELINE_ACTIONS_TOKEN"):
        create_action_webhook(actions, token="")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"next_action": null}', b"\xff"])
def test_a_body_that_names_no_action_is_refused(rasa, body):
    assert rasa.post(PATH, content=body, headers=TOKEN).status_code == 400


def test_an_unknown_action_is_not_found(rasa):
    answer = rasa.post(PATH, json=call("action_prescribe"), headers=TOKEN)
    assert answer.status_code == 404
    assert answer.json()["action_name"] == "action_prescribe"


def test_a_call_without_a_domain_asks_rasa_for_it(rasa):
    without = {key: value for key, value in call().items() if key != "domain"}
    assert rasa.post(PATH, json=without, headers=TOKEN).status_code == 449


@pytest.mark.parametrize(
    "metadata",
    [None, {}, [], "x", {"careline": {}}, {"careline": {"turn": 7}}, {"careline": {"turn": "7", "fence": 3}}],
)
def test_a_message_without_a_mark_runs_nothing(rasa, actions, metadata):
    answer = rasa.post(PATH, json=call(metadata=metadata), headers=TOKEN)
    assert (answer.status_code, answer.json()) == (200, NOTHING)
    assert actions.asked == []


@pytest.mark.parametrize("error", [RuntimeError("my throat is sore"), StaleTurnError("overtaken"), KeyError("tracker")])
def test_an_action_that_fails_gives_an_answer_without_a_mark(rasa, actions, error):
    actions.fails_with = error
    answer = rasa.post(PATH, json=call(), headers=TOKEN)
    assert (answer.status_code, answer.json()) == (200, NOTHING)


def test_a_failure_is_logged_with_its_place_and_without_words(rasa, actions, caplog):
    caplog.set_level(logging.DEBUG)
    actions.fails_with = RuntimeError("my throat is sore")
    rasa.post(PATH, json=call(), headers=TOKEN)
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert "RuntimeError" in record.getMessage()
    assert "in act" in record.getMessage()
    assert "throat" not in caplog.text


def test_a_turn_that_came_too_late_is_no_error(rasa, actions, caplog):
    caplog.set_level(logging.DEBUG)
    actions.fails_with = StaleTurnError("overtaken")
    rasa.post(PATH, json=call(), headers=TOKEN)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_call_without_a_tracker_gives_an_answer_without_a_mark(rasa):
    answer = rasa.post(PATH, json={"next_action": "action_turn", "domain": {}}, headers=TOKEN)
    assert (answer.status_code, answer.json()) == (200, NOTHING)


def test_nothing_else_is_served(rasa):
    assert rasa.get(PATH, headers=TOKEN).status_code == 405
    assert rasa.get("/").status_code == 404
    assert rasa.get("/openapi.json").status_code == 404
