"""Turns: a patient's message on its way to an answer, in three short transactions and a fencing token.

(1) message, screen, escalation and turn row; (2) the action's writes, refused unless the token is current; (3) the
reply. None is open across a call to another process. An emergency needs only the first.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from careline.clinical.understanding.message import read_message
from careline.consultation.consultation import Consultation, House, Incoming, Stage
from careline.consultation.conversation_store import (
    add_drafts,
    add_message,
    asked_by,
    carry_out_effects,
    consultation_of,
    contract_message,
    keep_state,
    locked_row,
    messages_after,
    write_back,
)
from careline.consultation.deadlines import Deadlines
from careline.consultation.drafts_kept import drafts_from, kept_drafts
from careline.consultation.engine import respond
from careline.consultation.errors import DialogueUnavailableError, ErasedError, StaleTurnError
from careline.consultation.fallback import answer_without_dialogue, safe_reply
from careline.consultation.metrics import ALERTS, TURNS
from careline.consultation.patient_message import MOST_STORED_CHARACTERS, PatientMessage, check_button
from careline.consultation.ports import DialogueEngine, DialogueFinding, DialogueTurn, Intention
from careline.consultation.release import ContentReleases
from careline.consultation.screening import screen, take_in
from careline.consultation.tables import ConversationRow, MessageRow, TurnRow
from careline.escalation import service as escalations
from careline.storage.database import Database

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turn:
    """A turn under way."""

    id: int
    conversation_id: str
    sender: str
    token: int
    message_number: int
    route: str
    text: str | None
    findings: tuple[DialogueFinding, ...] = ()


@dataclass(frozen=True)
class TurnResult:
    """The answer to a message, as the HTTP contract has it."""

    received: dict[str, Any]
    messages: list[dict[str, Any]]
    status: dict[str, Any]


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
        self._database = database
        self._house = house
        self._releases = releases
        self._dialogue = dialogue
        self._wake = wake
        self._monotonic = monotonic
        self._deadlines = deadlines
        self._paused_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()

    # ---- a patient's message ----

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
        again = await asyncio.to_thread(self._taken_before, conversation_id, message.client_key)
        if again is not None:
            return await self._answer_of(conversation_id, again, deadline)
        if await asyncio.to_thread(self._is_emergency, conversation_id, message):
            result = await asyncio.to_thread(self._answer_emergency, conversation_id, message)
            if result is not None:
                self._wake(conversation_id)
                self._tell_dialogue(result)
                return result
        return await self._begin(conversation_id, message, deadline)

    async def _run(self, turn: Turn, deadline: float) -> TurnResult:
        conversation_id = turn.conversation_id
        self._wake(conversation_id)
        try:
            await self._answer(turn, deadline)
        except Exception:
            # The one broad catch: whatever went wrong, the patient gets an answer with the emergency number.
            log.exception("turn failed", extra={"consultation": conversation_id, "turn": turn.id})
            ALERTS.labels("turn_failed").inc()
            await asyncio.to_thread(self._close_safely, turn)
        self._wake(conversation_id)
        return await asyncio.to_thread(self._result, conversation_id, turn.message_number)

    async def is_emergency(self, conversation_id: str, message: PatientMessage) -> bool:
        """Return whether the message would be answered by a card; stores nothing."""
        return await asyncio.to_thread(self._is_emergency, conversation_id, message)

    async def drain(self) -> None:
        """Wait for what is still being told to the dialogue engine."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _answer(self, turn: Turn, deadline: float) -> None:
        if turn.route == "direct":
            await asyncio.to_thread(self._act, Intention.RECORD_ANSWER, turn.sender, turn.id, turn.token)
        elif turn.route == "dialogue":
            await self._converse(turn, deadline)
        if turn.route != "clinician":
            await asyncio.to_thread(self._finish, turn)

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

    def _tell_dialogue(self, result: TurnResult) -> None:
        sender, flags = result.status.pop("_sender"), result.status.pop("_flags")

        async def tell() -> None:
            try:
                async with asyncio.timeout(self._deadlines.dialogue_seconds):
                    await self._dialogue.notify_red_flag(sender, flags)
            except (DialogueUnavailableError, TimeoutError):
                log.info("dialogue engine not told of a red flag")  # nothing depends on it

        if self._monotonic() >= self._paused_until:
            task = asyncio.get_running_loop().create_task(tell())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    # ---- (1) message, screen, escalation ----

    def _taken_before(self, conversation_id: str, client_key: str | None) -> int | None:
        if client_key is None:
            return None
        with self._database.read() as session:
            return session.scalar(
                select(MessageRow.number).where(
                    MessageRow.conversation_id == conversation_id, MessageRow.client_key == client_key
                )
            )

    async def _answer_of(self, conversation_id: str, number: int, deadline: float) -> TurnResult:
        """Return the answer to a message taken before, waiting while it is still being made."""
        # The turn may run in another process, so there is no event to wait for.
        while self._monotonic() < deadline and await asyncio.to_thread(self._is_running, conversation_id, number):  # noqa: ASYNC110
            await asyncio.sleep(self._deadlines.poll_seconds)
        return await asyncio.to_thread(self._result, conversation_id, number)

    def _is_running(self, conversation_id: str, number: int) -> bool:
        with self._database.read() as session:
            state = session.scalar(
                select(TurnRow.state).where(
                    TurnRow.conversation_id == conversation_id, TurnRow.message_number == number
                )
            )
        return state in ("running", "acted")

    def _is_emergency(self, conversation_id: str, message: PatientMessage) -> bool:
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = _incoming(session, row, message, row.last_number + 1)
            return screen(c, incoming, self._releases.newest)

    def _answer_emergency(self, conversation_id: str, message: PatientMessage) -> TurnResult | None:
        now = self._house.now()
        with self._database.write() as session:
            row = _living_row(session, conversation_id)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = _incoming(session, row, message, row.last_number + 1)
            stored = self._store_message(session, row, message, c, now)
            if not screen(c, incoming, self._releases.newest):
                session.rollback()
                return None  # the conversation moved on meanwhile: an ordinary turn
            _overtake(session, row)
            session.add(_turn_row(row, stored.number, "card", "answered", now, answered_at=now))
            write_back(session, row, c, now=now)
            flags = [flag for request in c.effects.escalations for flag in request.red_flags]
            sender = row.sender
        TURNS.labels("card").inc()
        result = self._result(conversation_id, stored.number)
        result.status.update(_sender=sender, _flags=flags)
        return result

    async def _begin(self, conversation_id: str, message: PatientMessage, deadline: float) -> Turn:
        """Take the conversation's turn, waiting for the one before; store the message either way."""
        give_up = min(deadline, self._monotonic() + self._deadlines.wait_seconds)
        while True:
            turn = await asyncio.to_thread(self._try_begin, conversation_id, message, self._monotonic() >= give_up)
            if turn is not None:
                return turn
            await asyncio.sleep(self._deadlines.poll_seconds)

    def _try_begin(self, conversation_id: str, message: PatientMessage, waited_enough: bool) -> Turn | None:
        now = self._house.now()
        with self._database.write() as session:
            row = _living_row(session, conversation_id)
            if row.turn_until is not None and row.turn_until > now and not waited_enough:
                return None
            # A turn that is still under way after so long is overtaken: its late writes are refused by the token.
            _recover(session, row, self._house, self._releases, now)
            row.turn_token += 1
            row.turn_until = now + dt.timedelta(seconds=self._deadlines.lock_seconds)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = _incoming(session, row, message, row.last_number + 1)
            if incoming.text is None:
                check_button(incoming.asked, incoming.value)
            stored = self._store_message(session, row, message, c, now)
            take_in(c, incoming)
            keep_state(row, c, now=now)
            carry_out_effects(session, row, c, now=now)
            return self._turn(session, row, c, stored, message, now)

    def _store_message(
        self, session: Session, row: ConversationRow, message: PatientMessage, c: Consultation, now: dt.datetime
    ) -> MessageRow:
        if message.text is not None:
            body: dict[str, Any] = {}
            text = message.stored_text
        else:
            body = {"reply_to": message.reply_to, "value": message.value}
            text = _button_words(session, row, message)
        return add_message(
            session, row, "patient", "text", c.language, text, body, now=now, client_key=message.client_key
        )

    def _turn(
        self,
        session: Session,
        row: ConversationRow,
        c: Consultation,
        stored: MessageRow,
        message: PatientMessage,
        now: dt.datetime,
    ) -> Turn:
        route = _route(c)
        state = "answered" if route == "clinician" else "running"
        turn_row = _turn_row(row, stored.number, route, state, now, answered_at=now if route == "clinician" else None)
        session.add(turn_row)
        session.flush()
        if route == "clinician":
            row.turn_until = None
        reading = read_message(message.text, c.release.lexicon) if message.text is not None else None
        findings = tuple(
            DialogueFinding(finding.id, finding.start, finding.end, finding.presence.value)
            for finding in (reading.findings if reading else ())
            if finding.start is not None and finding.end is not None
        )
        return Turn(turn_row.id, row.id, row.sender, row.turn_token, stored.number, route, message.text, findings)

    # ---- (2) the action's writes ----

    async def act(self, intention: Intention, *, sender: str, turn_id: int, fencing_token: int) -> int:
        """Carry out an intention for a running turn; see `ports.TurnActions`."""
        return await asyncio.to_thread(self._act, intention, sender, turn_id, fencing_token)

    def _act(self, intention: Intention, sender: str, turn_id: int, fencing_token: int) -> int:
        now = self._house.now()
        with self._database.write() as session:
            turn = session.get(TurnRow, turn_id)
            if turn is None:
                raise StaleTurnError("no such turn")
            row = locked_row(session, turn.conversation_id)
            if (row.sender, row.turn_token, turn.state) != (sender, fencing_token, "running"):
                raise StaleTurnError("the turn is over")
            c = consultation_of(session, row, self._house, self._releases)
            message = session.get_one(MessageRow, (row.id, turn.message_number))
            respond(intention, c, _stored_incoming(session, row, message))
            keep_state(row, c, now=now)
            carry_out_effects(session, row, c, now=now)
            turn.intention = intention.value
            turn.state = "acted"
            turn.replies = kept_drafts(c.drafts, escalation_id=c.escalation_id)
            return len(c.drafts)

    # ---- (3) the reply ----

    def _finish(self, turn: Turn) -> None:
        now = self._house.now()
        with self._database.write() as session:
            row = locked_row(session, turn.conversation_id)
            if row.turn_token != turn.token:
                return  # overtaken: the newer turn has answered
            turn_row = session.get_one(TurnRow, turn.id)
            row.turn_until = None
            row.turn_token += 1  # from here on a late action is refused
            if turn_row.state == "acted":
                _deliver(session, row, turn_row, now)
                TURNS.labels(turn.route).inc()
                return
            c = consultation_of(session, row, self._house, self._releases)
            message = session.get_one(MessageRow, (row.id, turn.message_number))
            answer_without_dialogue(c, _stored_incoming(session, row, message))
            write_back(session, row, c, now=now)
            _mark(turn_row, "answered", "safe", now)
            TURNS.labels("safe").inc()

    def _close_safely(self, turn: Turn) -> None:
        """Give the standing safe reply and nothing else."""
        now = self._house.now()
        with self._database.write() as session:
            row = locked_row(session, turn.conversation_id)
            if row.turn_token != turn.token:
                return
            row.turn_until = None
            row.turn_token += 1
            c = consultation_of(session, row, self._house, self._releases)
            safe_reply(c)
            write_back(session, row, c, now=now)
            _mark(session.get_one(TurnRow, turn.id), "failed", "safe", now)
            TURNS.labels("safe").inc()

    def _result(self, conversation_id: str, number: int) -> TurnResult:
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            after = messages_after(session, conversation_id, number - 1)
            if not after:
                raise ErasedError
            replies: list[dict[str, Any]] = []
            for message in after[1:]:
                if message.sender == "patient" and replies:
                    break
                if message.sender != "patient":
                    replies.append(contract_message(message))
            return TurnResult(contract_message(after[0]), replies, conversation_status(session, row))

    # ---- what a crash left ----

    def recover(self, *, everything: bool = False) -> int:
        """Answer turns that a crash left; return how many conversations were touched.

        Args:
            everything: Also those whose lock has not run out: right at the start of the only process.
        """
        now = self._house.now()
        with self._database.read() as session:
            query = (
                select(ConversationRow.id)
                .join(TurnRow, TurnRow.conversation_id == ConversationRow.id)
                .where(TurnRow.state.in_(("running", "acted")))
                .distinct()
            )
            if not everything:
                query = query.where(or_(ConversationRow.turn_until.is_(None), ConversationRow.turn_until < now))
            left = list(session.scalars(query))
        for conversation_id in left:
            with self._database.write() as session:
                row = locked_row(session, conversation_id)
                if everything or row.turn_until is None or row.turn_until < now:
                    row.turn_until = None
                    row.turn_token += 1
                    _recover(session, row, self._house, self._releases, now)
            self._wake(conversation_id)
        return len(left)


def conversation_status(session: Session, row: ConversationRow) -> dict[str, Any]:
    """Return state, expects, acuity, final and escalation, as the HTTP contract has them."""
    open_one = escalations.open_escalation(session, row.id)
    return {
        "state": row.state,
        "expects": row.expects,
        "acuity": row.acuity,
        "final": row.final,
        "escalation": {"id": open_one.id, "state": open_one.state.value} if open_one else None,
    }


def _route(c: Consultation) -> str:
    if c.stage is Stage.WITH_CLINICIAN:
        return "clinician"  # the bot is silent; the screen was not
    # Before consent nothing leaves the app; a closed conversation has nothing to decide.
    return "direct" if not c.memory.consented or c.stage is Stage.CLOSED else "dialogue"


def _turn_row(
    row: ConversationRow,
    number: int,
    route: str,
    state: str,
    now: dt.datetime,
    *,
    answered_at: dt.datetime | None,
) -> TurnRow:
    return TurnRow(
        conversation_id=row.id,
        message_number=number,
        token=row.turn_token,
        state=state,
        route=route,
        started_at=now,
        answered_at=answered_at,
    )


def _living_row(session: Session, conversation_id: str) -> ConversationRow:
    """Return the conversation's row, locked; what comes late must not write into an erased conversation."""
    row = locked_row(session, conversation_id)
    if row.erased_at is not None:
        raise ErasedError
    return row


def _incoming(session: Session, row: ConversationRow, message: PatientMessage, number: int) -> Incoming:
    if message.text is not None:
        return Incoming(number, asked_by(session, row, row.expects), text=message.text)
    return Incoming(number, asked_by(session, row, message.reply_to), value=message.value)


def _stored_incoming(session: Session, row: ConversationRow, message: MessageRow) -> Incoming:
    if "reply_to" in message.body:
        asked = asked_by(session, row, message.body["reply_to"])
        return Incoming(message.number, asked, value=message.body["value"])
    return Incoming(message.number, asked_by(session, row, row.expects), text=message.text)


def _button_words(session: Session, row: ConversationRow, message: PatientMessage) -> str:
    """Return a button's title, so that the transcript reads like a conversation."""
    asked = session.get(MessageRow, (row.id, message.reply_to)) if message.reply_to is not None else None
    titles = {option["value"]: option["title"] for option in (asked.body.get("options") or ())} if asked else {}
    if isinstance(message.value, str):
        return str(titles.get(message.value, message.value))[:MOST_STORED_CHARACTERS]
    if isinstance(message.value, list):
        return ", ".join(titles.get(str(value), str(value)) for value in message.value)
    if isinstance(message.value, dict):
        return f"{message.value.get('number')} {message.value.get('unit', '')}".strip()
    return ""


def _overtake(session: Session, row: ConversationRow) -> None:
    """End a turn under way: what it still does is refused by the token, and the card answers for it."""
    row.turn_token += 1
    row.turn_until = None
    session.execute(
        update(TurnRow)
        .where(TurnRow.conversation_id == row.id, TurnRow.state.in_(("running", "acted")))
        .values(state="overtaken")
    )


def _deliver(session: Session, row: ConversationRow, turn_row: TurnRow, now: dt.datetime) -> None:
    add_drafts(session, row, drafts_from(turn_row.replies or []), escalation_id=None, now=now)
    _mark(turn_row, "answered", turn_row.route, now)


def _mark(turn_row: TurnRow, state: str, route: str, now: dt.datetime) -> None:
    turn_row.state, turn_row.route, turn_row.answered_at, turn_row.replies = state, route, now, None


def _recover(session: Session, row: ConversationRow, house: House, releases: ContentReleases, now: dt.datetime) -> None:
    """Answer what an earlier turn of this conversation left unanswered."""
    left = session.scalars(
        select(TurnRow)
        .where(TurnRow.conversation_id == row.id, TurnRow.state.in_(("running", "acted")))
        .order_by(TurnRow.id)
    ).all()
    for turn_row in left:
        if turn_row.state == "acted":
            _deliver(session, row, turn_row, now)
        else:
            c = consultation_of(session, row, house, releases)
            safe_reply(c)
            write_back(session, row, c, now=now)
            _mark(turn_row, "failed", "safe", now)
        ALERTS.labels("turn_recovered").inc()
