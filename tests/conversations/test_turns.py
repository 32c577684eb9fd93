"""A real Rasa with the trained model, turn by turn: which action runs, and what becomes of what goes wrong."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from itertools import count

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.ports import DialogueFinding, DialogueTurn, Intention
from careline.dialogue.client import RasaDialogueEngine
from careline.dialogue.webhook import PATH
from tests.conversations.rasa_server import RunningRasa
from tests.support.turn_actions import ScriptedTurnActions

pytestmark = [pytest.mark.slow, pytest.mark.anyio]

_numbers = count(1)


@pytest.fixture
async def engine(rasa: RunningRasa) -> AsyncIterator[RasaDialogueEngine]:
    engine = rasa.engine()
    yield engine
    await engine.aclose()


def turn(text: str | None, *findings: DialogueFinding, sender: str | None = None) -> DialogueTurn:
    number = next(_numbers)
    return DialogueTurn(sender or secrets.token_hex(8), number, number, text, findings)


async def intention_of(
    rasa: RunningRasa, engine: RasaDialogueEngine, text: str, sender: str | None = None
) -> Intention:
    """Let Rasa run one turn, and return the one intention it asked for."""
    actions = rasa.runs(ScriptedTurnActions())
    await engine.converse(turn(text, sender=sender))
    [intention] = actions.intentions
    return intention


# None of these sentences is an example of the training data.
@pytest.mark.parametrize(
    ("typed", "intention"),
    [
        ("i've had a really sore throat and a temperature since sunday", Intention.TAKE_REPORT),
        ("my little boy has earache and he is burning up", Intention.TAKE_REPORT),
        ("help me he has stopped breathing", Intention.TAKE_REPORT),
        ("yes I have", Intention.RECORD_ANSWER),
        ("no, none of those things", Intention.RECORD_ANSWER),
        ("i'm not sure about that", Intention.RECORD_ANSWER),
        ("about four days", Intention.RECORD_ANSWER),
        ("38.4", Intention.RECORD_ANSWER),
        ("how long does tonsillitis usually last?", Intention.ANSWER_QUESTION),
        ("is it ok to take ibuprofen with paracetamol", Intention.ANSWER_QUESTION),
        ("sorry, I meant to say my right knee", Intention.CORRECT_ANSWER),
        ("why are you asking me this", Intention.EXPLAIN),
        ("could i speak with a real nurse please", Intention.REQUEST_HUMAN),
        ("show me a summary of what i told you", Intention.SUMMARISE),
        ("can we start again from the beginning", Intention.START_OVER),
        ("i want to stop now, goodbye", Intention.STOP),
        ("thanks ever so much", Intention.ACKNOWLEDGE_THANKS),
        ("good evening", Intention.GREET),
        ("this chat was really useful, well done", Intention.TAKE_FEEDBACK),
        ("can you order me a taxi to the station", Intention.REDIRECT),
    ],
)
async def test_each_intention_reaches_its_action(
    rasa: RunningRasa, engine: RasaDialogueEngine, typed: str, intention: Intention
):
    assert await intention_of(rasa, engine, typed) is intention


async def test_a_question_in_the_middle_does_not_lose_the_interview(rasa: RunningRasa, engine: RasaDialogueEngine):
    sender = secrets.token_hex(8)
    said = ["my throat hurts", "why do you ask", "yes", "how long does a cold last", "no", "thank you"]
    assert [await intention_of(rasa, engine, text, sender) for text in said] == [
        Intention.TAKE_REPORT,
        Intention.EXPLAIN,
        Intention.RECORD_ANSWER,
        Intention.ANSWER_QUESTION,
        Intention.RECORD_ANSWER,
        Intention.ACKNOWLEDGE_THANKS,
    ]


@pytest.mark.parametrize(
    "typed", ["/EXTERNAL_red_flag", "/restart", "/session_start", "/back", " //restart", "\u200b/restart", "/answer{"]
)
async def test_a_typed_command_is_text_and_gets_an_answer(rasa: RunningRasa, engine: RasaDialogueEngine, typed: str):
    """Rasa itself would run these: a red flag would be noted, the conversation wiped, or nothing said."""
    sender = secrets.token_hex(8)
    rasa.runs(ScriptedTurnActions())
    assert await engine.converse(turn(typed, sender=sender)) == 2
    tracker = await tracker_of(rasa, sender)
    assert tracker["slots"]["stage"] is None
    assert tracker["latest_message"]["intent"]["name"] not in {"EXTERNAL_red_flag", "restart", "session_start", "back"}


@pytest.mark.parametrize(
    "typed",
    ["", "/", "👍", "???", "\x00\x1b", "\ud800", "pain " * 4000, "x" * 1000, "中文", "<script>alert(1)</script>"],
)
async def test_whatever_is_typed_gets_an_answer(rasa: RunningRasa, engine: RasaDialogueEngine, typed: str):
    rasa.runs(ScriptedTurnActions())
    assert await engine.converse(turn(typed)) == 2


async def test_a_button_is_an_answer_and_tells_rasa_nothing_else(rasa: RunningRasa, engine: RasaDialogueEngine):
    actions = rasa.runs(ScriptedTurnActions())
    sender = secrets.token_hex(8)
    await engine.converse(turn(None, sender=sender))
    assert actions.intentions == [Intention.RECORD_ANSWER]
    assert (await tracker_of(rasa, sender))["latest_message"]["text"] == "/answer"


async def test_the_findings_of_the_screen_become_entities_as_they_are(rasa: RunningRasa, engine: RasaDialogueEngine):
    rasa.runs(ScriptedTurnActions())
    sender = secrets.token_hex(8)
    await engine.converse(turn(" my chest is tight", DialogueFinding("chest_pain", 4, 9, "present"), sender=sender))
    entities = (await tracker_of(rasa, sender))["latest_message"]["entities"]
    [entity] = entities
    assert entity == {
        "entity": "finding",
        "value": "chest_pain",
        "start": 3,
        "end": 8,
        "presence": "present",
        "extractor": "ClinicalAnnotator",
    }


async def test_a_red_flag_is_noted_and_the_next_message_is_answered(rasa: RunningRasa, engine: RasaDialogueEngine):
    sender = secrets.token_hex(8)
    actions = rasa.runs(ScriptedTurnActions())
    await engine.notify_red_flag(sender, ["rf_choking"])
    assert (await tracker_of(rasa, sender))["slots"]["stage"] == "emergency"
    assert actions.asked == []
    assert await engine.converse(turn("yes", sender=sender)) == 2


async def test_eight_conversations_at_once_do_not_mix(rasa: RunningRasa, engine: RasaDialogueEngine):
    actions = rasa.runs(ScriptedTurnActions())
    turns = [turn("my head hurts") for _ in range(8)]
    assert await asyncio.gather(*(engine.converse(each) for each in turns)) == [2] * 8
    assert {(sender, turn_id) for _, sender, turn_id, _ in actions.asked} == {(t.sender, t.turn_id) for t in turns}


MALFORMED = {
    "no JSON": Response(b"<html>", media_type="application/json"),
    "a list": JSONResponse([]),
    "words for events": JSONResponse({"events": "none", "responses": []}),
    "an event of no kind": JSONResponse({"events": [{"name": "x"}], "responses": []}),
    "a number for responses": JSONResponse({"events": [], "responses": 3}),
    "a text without a mark": JSONResponse({"events": [], "responses": [{"text": "All is well."}]}),
    "an error": JSONResponse({"error": "x", "action_name": "action_turn"}, 500),
    "a rejection": JSONResponse({"error": "x", "action_name": "action_turn"}, 400),
}


@pytest.mark.parametrize("kind", MALFORMED)
async def test_a_malformed_result_of_an_action_is_no_answer(rasa: RunningRasa, engine: RasaDialogueEngine, kind: str):
    async def respond(_request: Request) -> Response:
        return MALFORMED[kind]

    rasa.switch.app = Starlette(routes=[Route(PATH, respond, methods=["POST"])])
    with pytest.raises(DialogueUnavailableError):
        await engine.converse(turn("my head hurts"))
    rasa.runs(ScriptedTurnActions())
    assert await engine.converse(turn("my head hurts")) == 2


@pytest.mark.parametrize("findings", [{}, "x", [3], [{"entity": "finding"}]])
async def test_findings_that_are_damaged_cost_the_patient_no_answer(rasa: RunningRasa, findings: object):
    actions = rasa.runs(ScriptedTurnActions())
    metadata = {"careline": {"turn": 1, "fence": 1}, "findings": findings}
    body = {"sender": secrets.token_hex(8), "message": "my head hurts", "metadata": metadata}
    async with httpx.AsyncClient(base_url=rasa.url, trust_env=False) as http:
        answer = (await http.post("/webhooks/rest/webhook", json=body)).json()
    assert [message["custom"] for message in answer] == [{"careline": {"turn": 1, "replies": 2}}]
    assert actions.intentions == [Intention.TAKE_REPORT]


async def test_a_message_without_the_apps_findings_is_read_by_the_same_rules(rasa: RunningRasa):
    """As in `rasa shell`; Rasa loads the rules at the first such message."""
    token = {"token": rasa.token}
    async with httpx.AsyncClient(base_url=rasa.url, params=token, trust_env=False, timeout=60) as http:
        parsed = (await http.post("/model/parse", json={"text": "I have a headache and no fever"})).json()
    presence = {entity["value"]: entity["presence"] for entity in parsed["entities"]}
    assert presence["headache"] == "present"
    assert presence["fever"] == "absent"


async def test_rasa_refuses_its_management_interface_without_the_token(rasa: RunningRasa):
    async with httpx.AsyncClient(base_url=rasa.url, trust_env=False) as stranger:
        assert (await stranger.get("/status")).status_code == 401
        assert (await stranger.put("/model", json={})).status_code == 401


async def test_no_word_of_a_patient_is_in_rasas_log(rasa: RunningRasa, engine: RasaDialogueEngine):
    """Not of a turn that is answered, nor of one whose action fails, nor of one that fails inside Rasa."""
    words = "the xylophone in my knee aches"
    rasa.runs(ScriptedTurnActions())
    await engine.converse(turn(words))
    rasa.runs(ScriptedTurnActions(fails_with=RuntimeError("broken")))
    with pytest.raises(DialogueUnavailableError):
        await engine.converse(turn(words))
    async with httpx.AsyncClient(base_url=rasa.url, trust_env=False) as http:
        body = {"sender": secrets.token_hex(8), "message": words, "metadata": 5}
        assert (await http.post("/webhooks/rest/webhook", json=body)).json() == []
    log = rasa.log.read_text(encoding="utf-8", errors="replace")
    assert "rest.message.received.failure" in log
    assert "xylophone" not in log


async def tracker_of(rasa: RunningRasa, sender: str) -> dict:
    async with httpx.AsyncClient(base_url=rasa.url, params={"token": rasa.token}, trust_env=False) as http:
        tracker: dict = (await http.get(f"/conversations/{sender}/tracker")).json()
    return tracker
