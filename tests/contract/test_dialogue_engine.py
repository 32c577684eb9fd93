"""The port `DialogueEngine`: one suite, run on the scripted engine and on a real Rasa with its trained model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from careline.consultation.errors import DialogueUnavailableError, StaleTurnError
from careline.consultation.ports import DialogueEngine, DialogueTurn, Intention, TurnActions
from careline.dialogue.client import RasaDialogueEngine
from tests.conversations.rasa_server import RunningRasa, running_rasa
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.turn_actions import ScriptedTurnActions

pytestmark = pytest.mark.anyio

NOBODY_LISTENS = "http://127.0.0.1:9"
TURN = DialogueTurn("b1c2", turn_id=11, fencing_token=4, text="can I talk to a nurse please")

Engine = Callable[[TurnActions], DialogueEngine]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningRasa]:
    with running_rasa(tmp_path_factory.mktemp("rasa")) as running:
        yield running


def _scripted(actions: TurnActions) -> ScriptedDialogueEngine:
    engine = ScriptedDialogueEngine(lambda _text: Intention.REQUEST_HUMAN)
    engine.actions = actions
    return engine


@pytest.fixture(params=["scripted", pytest.param("rasa", marks=pytest.mark.slow)])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    if request.param == "scripted":
        yield _scripted
        return
    rasa: RunningRasa = request.getfixturevalue("rasa")
    client = rasa.engine()

    def real(actions: TurnActions) -> DialogueEngine:
        rasa.runs(actions)
        return client

    yield real
    await client.aclose()


@pytest.fixture(params=["scripted", pytest.param("rasa", marks=pytest.mark.slow)])
async def engine_that_is_down(request: pytest.FixtureRequest) -> AsyncIterator[DialogueEngine]:
    if request.param == "scripted":
        scripted = _scripted(ScriptedTurnActions())
        scripted.is_down = True
        yield scripted
        return
    client = RasaDialogueEngine(NOBODY_LISTENS, "s3cret")
    yield client
    await client.aclose()


async def test_a_message_runs_one_action_in_its_turn(engine: Engine) -> None:
    actions = ScriptedTurnActions(replies=3)
    assert await engine(actions).converse(TURN) == 3
    assert actions.asked == [(Intention.REQUEST_HUMAN, "b1c2", 11, 4)]


async def test_a_button_is_an_answer(engine: Engine) -> None:
    actions = ScriptedTurnActions()
    await engine(actions).converse(DialogueTurn("b1c2", 12, 5, text=None))
    assert actions.asked == [(Intention.RECORD_ANSWER, "b1c2", 12, 5)]


@pytest.mark.parametrize("error", [StaleTurnError("overtaken"), RuntimeError("broken")])
async def test_a_turn_whose_action_fails_is_not_answered(engine: Engine, error: Exception) -> None:
    actions = ScriptedTurnActions(fails_with=error)
    with pytest.raises(DialogueUnavailableError):
        await engine(actions).converse(TURN)
    assert len(actions.asked) == 1


async def test_a_turn_after_a_failed_one_is_answered(engine: Engine) -> None:
    actions = ScriptedTurnActions(fails_with=RuntimeError("broken"))
    running = engine(actions)
    with pytest.raises(DialogueUnavailableError):
        await running.converse(TURN)
    actions.fails_with = None
    assert await running.converse(DialogueTurn("b1c2", 13, 6, text="a nurse please")) == 2


async def test_a_red_flag_is_noted_without_an_action_in_a_turn(engine: Engine) -> None:
    actions = ScriptedTurnActions()
    running = engine(actions)
    await running.notify_red_flag("new-conversation", ["rf_choking"])
    assert actions.asked == []
    assert await running.converse(DialogueTurn("new-conversation", 14, 1, text="get me a nurse")) == 2


async def test_an_engine_that_answers_is_ready(engine: Engine) -> None:
    assert await engine(ScriptedTurnActions()).is_ready()


async def test_an_engine_that_is_down_says_so(engine_that_is_down: DialogueEngine) -> None:
    assert not await engine_that_is_down.is_ready()
    with pytest.raises(DialogueUnavailableError):
        await engine_that_is_down.converse(TURN)
    with pytest.raises(DialogueUnavailableError):
        await engine_that_is_down.notify_red_flag("b1c2", ["rf_choking"])
