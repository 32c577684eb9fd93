"""A conversation below the HTTP API, dialogue engines that stand still or break, and a look at every row."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import LargeBinary, select, type_coerce

from careline.app.services import Careline
from careline.consultation.deadlines import Deadlines
from careline.consultation.patient_message import PatientMessage, key_hash
from careline.consultation.ports import DialogueTurn
from careline.consultation.turn_transactions import TurnResult
from careline.consultation.turns import TurnService
from careline.storage.columns import SealedJson, SealedText
from careline.storage.database import Base, Database
from tests.support.dialogue import ScriptedDialogueEngine

ARM = "I have chest pain going into my left arm"
THROAT = "sore throat for two days"


class Talk:
    """A patient's side of a conversation."""

    def __init__(self, careline: Careline) -> None:
        self.careline = careline
        opened = careline.conversations.open()
        self.id = opened.conversation_id
        self.token = opened.token
        self.expects: int | None = opened.messages[-1]["id"]

    async def write(self, text: str, *, key: str | None = None) -> TurnResult:
        return await self._take(PatientMessage(text=text, client_key=key_hash(key) if key else None))

    async def press(self, value: Any, *, reply_to: int | None = None, key: str | None = None) -> TurnResult:
        client_key = key_hash(key) if key else None
        return await self._take(PatientMessage(reply_to=reply_to or self.expects, value=value, client_key=client_key))

    def history(self) -> dict[str, Any]:
        return self.careline.conversations.history(self.id, 0)

    @property
    def messages(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.history()["messages"]
        return messages

    @property
    def written(self) -> list[str]:
        """The patient's own messages, in order."""
        return [message["text"] for message in self.messages if message["from"] == "patient"]

    @property
    def question_id(self) -> str | None:
        """The question that is awaited now."""
        awaited = next(message for message in self.messages if message["id"] == self.expects)
        return (awaited.get("data") or {}).get("question_id")

    async def _take(self, message: PatientMessage) -> TurnResult:
        result = await self.careline.turns.take(self.id, message)
        self.expects = result.status["expects"]
        return result


def with_deadlines(
    careline: Careline,
    dialogue: ScriptedDialogueEngine,
    *,
    monotonic: Callable[[], float] = time.monotonic,
    **seconds: float,
) -> Careline:
    """The same Careline with other deadlines."""
    turns = TurnService(
        careline.database,
        careline.house,
        careline.releases,
        dialogue,
        wake=careline.wakeups.wake,
        monotonic=monotonic,
        deadlines=Deadlines(**seconds),
    )
    dialogue.actions = turns
    return dataclasses.replace(careline, turns=turns)


async def until(is_so: Callable[[], bool]) -> None:
    """Let others go on until it is so."""
    while not is_so():  # noqa: ASYNC110 - what is waited for has no event
        await asyncio.sleep(0)


class Stopwatch:
    """A monotonic clock that stands still until a test moves it.

    Attributes:
        looks: How often somebody has looked at it.
    """

    def __init__(self) -> None:
        self.seconds = 100.0
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.seconds


class StandingDialogueEngine(ScriptedDialogueEngine):
    """Stands still in every turn until it is told to go on.

    Attributes:
        standing: Turns that stand still now.
        acts_first: Whether the action runs before it stands still, or after.
    """

    def __init__(self, *, acts_first: bool = False) -> None:
        super().__init__()
        self.standing: asyncio.Queue[DialogueTurn] = asyncio.Queue()
        self.acts_first = acts_first
        self._go_on = asyncio.Event()

    async def converse(self, turn: DialogueTurn) -> int:
        if self.acts_first:
            stored = await super().converse(turn)
            await self._stand_still(turn)
            return stored
        await self._stand_still(turn)
        return await super().converse(turn)

    def go_on(self) -> None:
        self._go_on.set()

    async def _stand_still(self, turn: DialogueTurn) -> None:
        self.standing.put_nowait(turn)
        await self._go_on.wait()


class BrokenDialogueEngine(ScriptedDialogueEngine):
    """Fails with an error that nobody foresaw, before or after the action."""

    def __init__(self, error: Exception, *, acts_first: bool = False) -> None:
        super().__init__()
        self._error = error
        self._acts_first = acts_first

    async def converse(self, turn: DialogueTurn) -> int:
        if self._acts_first:
            await super().converse(turn)
        raise self._error


def every_row(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows as they stand in the database, sealed values unopened."""
    with database.read() as session:
        return {
            table.name: sorted(
                (tuple(row) for row in session.execute(select(*map(_unopened, table.columns)))),
                key=repr,
            )
            for table in Base.metadata.sorted_tables
        }


def _unopened(column: Any) -> Any:
    return type_coerce(column, LargeBinary) if isinstance(column.type, SealedText | SealedJson) else column
