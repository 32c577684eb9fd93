"""The client of Rasa: what it sends, and what it takes for an answer."""

from __future__ import annotations

import asyncio
import json
import logging

import httpx
import pytest

from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.ports import DialogueTurn
from careline.dialogue.client import RasaDialogueEngine

pytestmark = pytest.mark.anyio

TURN = DialogueTurn(sender="c0ffee", turn_id=7, fencing_token=3, text="my throat is sore")
ANSWERED = [{"recipient_id": "c0ffee", "custom": {"careline": {"turn": 7, "replies": 2}}}]


class ScriptedRasa:
    """Answers every request with `answer`, and keeps what it was sent."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def engine(self) -> RasaDialogueEngine:
        return RasaDialogueEngine("http://127.0.0.1:5005", "s3cret", transport=httpx.MockTransport(self.respond))

    def respond(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    @property
    def sent(self) -> dict:
        return json.loads(self.requests[-1].content)


async def test_an_answer_with_the_mark_of_the_turn_gives_the_number_of_replies():
    rasa = ScriptedRasa(httpx.Response(200, json=ANSWERED))
    assert await rasa.engine().converse(TURN) == 2


async def test_a_turn_goes_out_with_its_mark_in_the_metadata():
    rasa = ScriptedRasa(httpx.Response(200, json=ANSWERED))
    await rasa.engine().converse(TURN)
    assert rasa.requests[-1].url.path == "/webhooks/rest/webhook"
    assert rasa.sent == {
        "sender": "c0ffee",
        "message": "my throat is sore",
        "metadata": {"careline": {"turn": 7, "fence": 3}, "findings": []},
    }


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(httpx.Response(200, json=[]), id="nothing, as to most failures"),
        pytest.param(httpx.Response(500, json=ANSWERED), id="an error, whatever it says"),
        pytest.param(httpx.Response(200, content=b"<html>"), id="no JSON"),
        pytest.param(httpx.Response(200, content=b"\xff\xfe"), id="bytes"),
        pytest.param(httpx.Response(200, json={"error": "x"}), id="no list"),
        pytest.param(httpx.Response(200, json=[{"text": "hello"}]), id="a text without a mark"),
        pytest.param(
            httpx.Response(200, json=[{"custom": {"careline": {"turn": 8, "replies": 2}}}]), id="another turn"
        ),
        pytest.param(httpx.Response(200, json=[{"custom": {"careline": {"turn": 7, "replies": 0}}}]), id="no reply"),
        pytest.param(httpx.Response(200, json=[{"custom": {"careline": {"turn": 7}}}]), id="half a mark"),
        pytest.param(httpx.Response(200, json=[{"custom": {"careline": {"turn": "7", "replies": 2}}}]), id="a word"),
        pytest.param(httpx.Response(200, json=ANSWERED * 2), id="two marks"),
        pytest.param(httpx.Response(200, json=[*ANSWERED, {"text": "and more"}]), id="a message besides"),
        pytest.param(httpx.ConnectError("refused"), id="nobody listens"),
        pytest.param(httpx.ReadTimeout("late"), id="late"),
        pytest.param(httpx.RemoteProtocolError("cut off"), id="cut off"),
    ],
)
async def test_anything_else_than_one_mark_of_this_turn_is_no_answer(answer):
    with pytest.raises(DialogueUnavailableError):
        await ScriptedRasa(answer).engine().converse(TURN)


async def test_an_answer_that_never_comes_ends_at_the_deadline():
    async def never(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    engine = RasaDialogueEngine("http://127.0.0.1", "s3cret", deadline_seconds=0, transport=httpx.MockTransport(never))
    with pytest.raises(DialogueUnavailableError):
        await engine.converse(TURN)


async def test_a_button_goes_out_as_a_constant_and_its_value_stays_here():
    rasa = ScriptedRasa(httpx.Response(200, json=ANSWERED))
    await rasa.engine().converse(DialogueTurn("c0ffee", 7, 3, text=None))
    assert rasa.sent["message"] == "/answer"


async def test_a_red_flag_is_told_to_its_conversation_alone():
    rasa = ScriptedRasa(httpx.Response(200, json={"messages": []}))
    await rasa.engine().notify_red_flag("a/b?c", ["rf_choking"])
    assert rasa.requests[-1].url.raw_path.startswith(b"/conversations/a%2Fb%3Fc/trigger_intent?")
    assert rasa.sent == {"name": "EXTERNAL_red_flag", "entities": {"red_flag": ["rf_choking"]}}


async def test_a_red_flag_that_could_not_be_told_is_an_error():
    with pytest.raises(DialogueUnavailableError):
        await ScriptedRasa(httpx.Response(404)).engine().notify_red_flag("c0ffee", ["rf_choking"])


@pytest.mark.parametrize(
    ("answer", "ready"),
    [
        (httpx.Response(200, json={"model_file": "careline.tar.gz"}), True),
        (httpx.Response(200, json={}), False),
        (httpx.Response(409, json={"reason": "Conflict"}), False),
        (httpx.ConnectError("refused"), False),
    ],
)
async def test_rasa_is_ready_when_it_has_a_model(answer, ready):
    assert await ScriptedRasa(answer).engine().is_ready() is ready


async def test_the_token_reaches_rasa_and_no_log(caplog):
    caplog.set_level(logging.DEBUG)
    rasa = ScriptedRasa(httpx.Response(200, json={"model_file": "careline.tar.gz"}))
    await rasa.engine().is_ready()
    assert rasa.requests[-1].url.params["token"] == "s3cret"
    assert "/status" in caplog.text
    assert "s3cret" not in caplog.text


async def test_no_failure_quotes_the_patient():
    with pytest.raises(DialogueUnavailableError) as raised:
        await ScriptedRasa(httpx.Response(200, json=[{"text": TURN.text}])).engine().converse(TURN)
    assert "throat" not in str(raised.value)


async def test_closing_the_engine_closes_its_connections():
    engine = ScriptedRasa(httpx.Response(200, json=ANSWERED)).engine()
    await engine.aclose()
    with pytest.raises(RuntimeError, match="closed"):
        await engine.converse(TURN)
