"""The three transactions of a turn, each short, none open across a call to another process.

(1) message, screen, escalation and turn row; (2) the action's writes, refused unless the fencing token is current;
(3) the reply. An emergency needs only the first.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from careline.clinical.understanding.message import MessageReading
from careline.consultation.case_note import keep_note, write_back_with_note
from careline.consultation.consultation import Consultation, House, Incoming, Stage
from careline.consultation.conversation_store import (
    add_drafts,
    add_message,
    carry_out_effects,
    consultation_of,
    contract_message,
    keep_state,
    locked_row,
    messages_after,
    overtake,
)
from careline.consultation.drafts_kept import drafts_from, kept_drafts
from careline.consultation.engine import respond
from careline.consultation.errors import ErasedError, StaleTurnError
from careline.consultation.fallback import answer_without_dialogue, safe_reply
from careline.consultation.incoming_message import button_words, incoming_of, stored_incoming
from careline.consultation.memory import Awaiting, shows_way_out
from careline.consultation.metrics import ALERTS, TURNS
from careline.consultation.notices import say_kept_notice
from careline.consultation.patient_message import PatientMessage, check_button
from careline.consultation.ports import DialogueFinding, Intention
from careline.consultation.release import ContentReleases
from careline.consultation.screening import Screened, screen, take_in
from careline.consultation.tables import ConversationRow, MessageRow, TurnRow
from careline.consultation.typed_reply import as_button
from careline.escalation import service as escalations
from careline.storage.database import Database


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
    intention: Intention = Intention.RECORD_ANSWER  # carried out where the dialogue engine is not asked


@dataclass(frozen=True)
class TurnResult:
    """The answer to a message, as the HTTP contract has it."""

    received: dict[str, Any]
    messages: list[dict[str, Any]]
    status: dict[str, Any]


@dataclass(frozen=True)
class CardGiven:
    """A message that the screen answered at once: by a card, a safety question, or that it could not be read.

    Attributes:
        red_flags: Of the card.
        is_card: Whether it was a card.
    """

    message_number: int
    sender: str
    red_flags: tuple[str, ...]
    is_card: bool = True


class TurnTransactions:
    """What a turn writes and reads; every method is one unit of work of its own."""

    def __init__(self, database: Database, house: House, releases: ContentReleases, *, lock_seconds: float) -> None:
        """Take the parts; a turn that holds its conversation longer than `lock_seconds` has died."""
        self._database = database
        self._house = house
        self._releases = releases
        self._lock_seconds = lock_seconds

    def taken_before(self, conversation_id: str, client_key: str | None) -> int | None:
        """Return the number of the message that came with this key; None when none did."""
        if client_key is None:
            return None
        with self._database.read() as session:
            return session.scalar(
                select(MessageRow.number).where(
                    MessageRow.conversation_id == conversation_id, MessageRow.client_key == client_key
                )
            )

    def is_running(self, conversation_id: str, number: int) -> bool:
        """Return whether the message is still to be answered."""
        with self._database.read() as session:
            state = session.scalar(
                select(TurnRow.state).where(
                    TurnRow.conversation_id == conversation_id, TurnRow.message_number == number
                )
            )
        return state in ("running", "acted")

    def screened(
        self, conversation_id: str, message: PatientMessage, reading: MessageReading | None
    ) -> Screened | None:
        """Return how the screen would answer the message, if it would; stores nothing."""
        if message.intention is not None:
            return None  # a command: its words are ours, and say nothing of the patient
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = as_button(c, incoming_of(session, row, message, row.last_number + 1, reading))
            return screen(c, incoming, self._releases.newest)

    def answer_emergency(
        self, conversation_id: str, message: PatientMessage, reading: MessageReading | None
    ) -> CardGiven | None:
        """Store message, escalation and card in one transaction; None when it is no emergency after all."""
        now = self._house.now()
        with self._database.write() as session:
            row = _living_row(session, conversation_id)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = as_button(c, incoming_of(session, row, message, row.last_number + 1, reading))
            stored = self._store_message(session, row, message, c, now)
            answered = screen(c, incoming, self._releases.newest)
            if answered is None:
                session.rollback()
                return None  # the conversation moved on meanwhile: an ordinary turn
            overtake(session, row)
            route = answered.value
            session.add(_turn_row(row, stored.number, route, "answered", now, answered_at=now))
            write_back_with_note(session, row, c, now=now)
            flags = [flag for request in c.effects.escalations for flag in request.red_flags]
            sender = row.sender
        TURNS.labels(route).inc()
        return CardGiven(stored.number, sender, tuple(flags), is_card=answered is Screened.CARD)

    def begin(
        self, conversation_id: str, message: PatientMessage, reading: MessageReading | None, *, waited_enough: bool
    ) -> Turn | None:
        """Store the message and take the turn; None while another turn holds it and may still end."""
        now = self._house.now()
        with self._database.write() as session:
            row = _living_row(session, conversation_id)
            if row.turn_until is not None and row.turn_until > now and not waited_enough:
                return None
            # A turn that is still under way after so long is overtaken: its late writes are refused by the token.
            _recover(session, row, self._house, self._releases, now)
            row.turn_token += 1
            row.turn_until = now + dt.timedelta(seconds=self._lock_seconds)
            c = consultation_of(session, row, self._house, self._releases)
            incoming = as_button(c, incoming_of(session, row, message, row.last_number + 1, reading))
            if incoming.text is None:
                check_button(incoming.asked, incoming.value)
            stored = self._store_message(session, row, message, c, now)
            say_kept_notice(session, row, c, now=now)
            if message.intention is None:
                take_in(c, incoming, self._releases.newest)
            keep_state(row, c, now=now)
            carry_out_effects(session, row, c, now=now)
            return self._turn(session, row, c, stored, incoming, message.intention, now)

    def _store_message(
        self, session: Session, row: ConversationRow, message: PatientMessage, c: Consultation, now: dt.datetime
    ) -> MessageRow:
        if message.text is not None:
            body: dict[str, Any] = {"answers": message.answers} if message.answers is not None else {}
            text = message.stored_text
        else:
            body = {"reply_to": message.reply_to, "value": message.value}
            text = button_words(session, row, message, c.wording)
        return add_message(
            session, row, "patient", "text", c.language, text, body, now=now, client_key=message.client_key
        )

    def _turn(
        self,
        session: Session,
        row: ConversationRow,
        c: Consultation,
        stored: MessageRow,
        incoming: Incoming,
        intention: Intention | None,
        now: dt.datetime,
    ) -> Turn:
        route = _route(c)
        if route == "dialogue" and intention is not None:
            route = "direct"  # a command says by itself what it wants
        state = "answered" if route == "clinician" else "running"
        turn_row = _turn_row(row, stored.number, route, state, now, answered_at=now if route == "clinician" else None)
        session.add(turn_row)
        session.flush()
        if route == "clinician":
            row.turn_until = None
            keep_note(session, row, c)  # no action comes after it that would
        findings = tuple(
            DialogueFinding(finding.id, finding.start, finding.end, finding.presence.value)
            for finding in (incoming.reading.findings if incoming.reading else ())
            if finding.start is not None and finding.end is not None
        )
        return Turn(
            turn_row.id,
            row.id,
            row.sender,
            row.turn_token,
            stored.number,
            route,
            incoming.text,
            findings,
            intention or Intention.RECORD_ANSWER,
        )

    def act(self, intention: Intention, sender: str, turn_id: int, fencing_token: int) -> int:
        """Carry out an intention for a running turn, and keep its replies.

        Raises:
            StaleTurnError: The turn was given up, answered or overtaken; nothing was changed.
        """
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
            respond(intention, c, as_button(c, stored_incoming(session, row, message)))
            keep_state(row, c, now=now)
            carry_out_effects(session, row, c, now=now)
            keep_note(session, row, c)
            turn.intention = intention.value
            turn.state = "acted"
            turn.replies = kept_drafts(c.drafts, escalation_id=c.escalation_id)
            return len(c.drafts)

    def finish(self, turn: Turn) -> None:
        """Send what the action left; where there is nothing, go on without the dialogue engine."""
        now = self._house.now()
        with self._database.write() as session:
            row = locked_row(session, turn.conversation_id)
            if row.turn_token != turn.token:
                return  # overtaken: the newer turn has answered
            turn_row = session.get_one(TurnRow, turn.id)
            row.turn_until = None
            row.turn_token += 1  # from here on a late action is refused
            if turn_row.state == "acted":
                _deliver(session, row, turn_row, self._house, self._releases, now)
                TURNS.labels(turn.route).inc()
                return
            c = consultation_of(session, row, self._house, self._releases)
            message = session.get_one(MessageRow, (row.id, turn.message_number))
            answer_without_dialogue(c, as_button(c, stored_incoming(session, row, message)))
            write_back_with_note(session, row, c, now=now)
            _mark(turn_row, "answered", "safe", now)
            TURNS.labels("safe").inc()

    def close_safely(self, turn: Turn) -> None:
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
            write_back_with_note(session, row, c, now=now)
            _mark(session.get_one(TurnRow, turn.id), "failed", "safe", now)
            TURNS.labels("safe").inc()

    def result(self, conversation_id: str, number: int) -> TurnResult:
        """Return a message and its answer."""
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

    def recover(self, *, everything: bool = False) -> list[str]:
        """Answer turns that a crash left; return the conversations that were touched.

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
        return left


def conversation_status(session: Session, row: ConversationRow) -> dict[str, Any]:
    """Return state, expects, acuity, final, escalation and quick_exit, as docs/api.md has them."""
    open_one = escalations.open_escalation(session, row.id)
    return {
        "state": row.state,
        "expects": row.expects,
        "acuity": row.acuity,
        "final": row.final,
        "escalation": {"id": open_one.id, "state": open_one.state.value} if open_one else None,
        "quick_exit": shows_way_out(row.memory),
    }


def _route(c: Consultation) -> str:
    if c.stage is Stage.WITH_CLINICIAN:
        return "clinician"  # the bot is silent; the screen was not
    # Before consent nothing leaves the app; a closed conversation has nothing to decide.
    # A name and a telephone number are no business of the dialogue engine's; a safety question has three answers.
    keeps_to_itself = not c.memory.consented or c.stage is Stage.CLOSED or c.memory.awaiting in _KEPT_IN_THE_APP
    return "direct" if keeps_to_itself else "dialogue"


_KEPT_IN_THE_APP = (Awaiting.CONTACT, Awaiting.SAFE_TO_CALL, Awaiting.SAFETY)


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


def _deliver(
    session: Session,
    row: ConversationRow,
    turn_row: TurnRow,
    house: House,
    releases: ContentReleases,
    now: dt.datetime,
) -> None:
    add_drafts(session, row, drafts_from(turn_row.replies or []), escalation_id=None, now=now)
    _mark(turn_row, "answered", turn_row.route, now)
    if escalations.open_row(session, row.id) is not None:  # the note says what the patient has been told
        keep_note(session, row, consultation_of(session, row, house, releases))


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
            _deliver(session, row, turn_row, house, releases, now)
        else:
            c = consultation_of(session, row, house, releases)
            safe_reply(c)
            write_back_with_note(session, row, c, now=now)
            _mark(turn_row, "failed", "safe", now)
        ALERTS.labels("turn_recovered").inc()
