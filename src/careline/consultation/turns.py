"""Turns: a patient's message on its way to an answer, in time, whatever fails.

Emergencies first and without waiting; else the turn before is waited for, the dialogue engine is asked, and what it or
the way without it left is sent. The transactions are in `turn_transactions`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from sqlalchemy.exc import IntegrityError

from careline.clinical.understanding.message import MessageReading, read_message
from careline.consultation.consultation import House
from careline.consultation.deadlines import Deadlines
from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.metrics import ALERTS
from careline.consultation.patient_message import PatientMessage
from careline.consultation.ports import DialogueEngine, DialogueTurn, Intention
from careline.consultation.release import ContentReleases
from careline.consultation.screening import Screened
from careline.consultation.turn_transactions import CardGiven, Turn, TurnResult, TurnTransactions
from careline.storage.database import Database

log = logging.getLogger(__name__)


class TurnService:
    """Takes patients' messages, and the writes of the actions that answer them."""

    def __init__(
        self,
        database: Database,
        house: House,
        releases: ContentReleases,
        dialogue: DialogueEngine,
        *,
        wake: Callable[[str], None] = lambda _conversation_id: None,
        monotonic: Callable[[], float] = time.monotonic,
        deadlines: Deadlines = Deadlines(),  # noqa: B008 - frozen
    ) -> None:
        """Take the parts; `wake` is told of a conversation that has new messages."""
        self._transactions = TurnTransactions(database, house, releases, lock_seconds=deadlines.lock_seconds)
        self._releases = releases
        self._dialogue = dialogue
        self._wake = wake
        self._monotonic = monotonic
        self._deadlines = deadlines
        self._paused_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    async def take(self, conversation_id: str, message: PatientMessage) -> TurnResult:
        """Answer one message. Emergencies first, and without waiting for anything.

        Raises:
            RefusedError: It cannot be taken as it is; nothing was stored.
            ErasedError: The conversation was erased meanwhile.
        """
        deadline = self._monotonic() + self._deadlines.turn_seconds
        try:
            taken = await self._taken(conversation_id, message, deadline)
        except IntegrityError:
            # Sent twice at once, or an escalation was opened from elsewhere just now: this time either is there.
            taken = await self._taken(conversation_id, message, deadline)
        return taken if isinstance(taken, TurnResult) else await self._run(taken, deadline)

    async def _taken(self, conversation_id: str, message: PatientMessage, deadline: float) -> TurnResult | Turn:
        """Store the message; return its answer where that is all: to an emergency, or to what was sent before."""
        again = await asyncio.to_thread(self._transactions.taken_before, conversation_id, message.client_key)
        if again is not None:
            return await self._answer_of(conversation_id, again, deadline)
        reading = await asyncio.to_thread(self._reading, message)
        if await asyncio.to_thread(self._transactions.screened, conversation_id, message, reading) is not None:
            card = await asyncio.to_thread(self._transactions.answer_emergency, conversation_id, message, reading)
            if card is not None:
                self._wake(conversation_id)
                if card.is_card:
                    self._tell_dialogue(card)
                return await asyncio.to_thread(self._transactions.result, conversation_id, card.message_number)
        return await self._begin(conversation_id, message, reading, deadline)

    def _reading(self, message: PatientMessage) -> MessageReading | None:
        """Read the words once, outside any transaction: a very long message takes seconds."""
        return read_message(message.text, self._releases.newest.lexicon) if message.text is not None else None

    async def _run(self, turn: Turn, deadline: float) -> TurnResult:
        conversation_id = turn.conversation_id
        self._wake(conversation_id)
        try:
            await self._answer(turn, deadline)
        except Exception:
            # The one broad catch: whatever went wrong, the patient gets an answer with the emergency number.
            log.exception("turn failed", extra={"consultation": conversation_id, "turn": turn.id})
            ALERTS.labels("turn_failed").inc()
            await asyncio.to_thread(self._transactions.close_safely, turn)
        self._wake(conversation_id)
        return await asyncio.to_thread(self._transactions.result, conversation_id, turn.message_number)

    async def is_emergency(self, conversation_id: str, message: PatientMessage) -> bool:
        """Return whether the message would be answered by a card or safety question; stores nothing."""
        reading = await asyncio.to_thread(self._reading, message)
        answer = await asyncio.to_thread(self._transactions.screened, conversation_id, message, reading)
        return answer in (Screened.CARD, Screened.SAFETY)

    async def drain(self) -> None:
        """Wait for what is still being told to the dialogue engine."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, turn: Turn, deadline: float) -> None:
        if turn.route == "direct":
            await asyncio.to_thread(self._transactions.act, turn.intention, turn.sender, turn.id, turn.token)
        elif turn.route == "dialogue":
            await self._converse(turn, deadline)
        if turn.route != "clinician":
            await asyncio.to_thread(self._transactions.finish, turn)

    async def _converse(self, turn: Turn, deadline: float) -> None:
        seconds = min(self._deadlines.dialogue_seconds, deadline - self._monotonic())
        if self._monotonic() < self._paused_until or seconds < self._deadlines.least_dialogue_seconds:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._dialogue.converse(DialogueTurn(turn.sender, turn.id, turn.token, turn.text, turn.findings))
        except (DialogueUnavailableError, TimeoutError):
            log.warning("dialogue engine failed a turn", extra={"consultation": turn.conversation_id})
            ALERTS.labels("dialogue_unavailable").inc()
            self._paused_until = self._monotonic() + self._deadlines.pause_seconds

    def _tell_dialogue(self, card: CardGiven) -> None:

        async def tell() -> None:
            try:
                async with asyncio.timeout(self._deadlines.dialogue_seconds):
                    await self._dialogue.notify_red_flag(card.sender, card.red_flags)
            except (DialogueUnavailableError, TimeoutError):
                log.info("dialogue engine not told of a red flag")  # nothing depends on it

        if self._monotonic() >= self._paused_until:
            task = asyncio.get_running_loop().create_task(tell())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer_of(self, conversation_id: str, number: int, deadline: float) -> TurnResult:
        """Return the answer to a message taken before, waiting while it is still being made."""
        while self._monotonic() < deadline:
            if not await asyncio.to_thread(self._transactions.is_running, conversation_id, number):
                break
            await asyncio.sleep(self._deadlines.poll_seconds)  # it may run in another process: there is no event
        return await asyncio.to_thread(self._transactions.result, conversation_id, number)

    async def _begin(
        self, conversation_id: str, message: PatientMessage, reading: MessageReading | None, deadline: float
    ) -> Turn:
        """Take the conversation's turn, waiting for the one before; store the message either way."""
        give_up = min(deadline, self._monotonic() + self._deadlines.wait_seconds)
        while True:
            turn = await asyncio.to_thread(
                self._transactions.begin,
                conversation_id,
                message,
                reading,
                waited_enough=self._monotonic() >= give_up,
            )
            if turn is not None:
                return turn
            await asyncio.sleep(self._deadlines.poll_seconds)

    async def act(self, intention: Intention, *, sender: str, turn_id: int, fencing_token: int) -> int:
        """Carry out an intention for a running turn; see `ports.TurnActions`."""
        return await asyncio.to_thread(self._transactions.act, intention, sender, turn_id, fencing_token)

    def recover(self, *, everything: bool = False) -> int:
        """Answer turns that a crash left; return how many conversations were touched.

        Args:
            everything: Also those whose lock has not run out: right at the start of the only process.
        """
        touched = self._transactions.recover(everything=everything)
        for conversation_id in touched:
            self._wake(conversation_id)
        return len(touched)
