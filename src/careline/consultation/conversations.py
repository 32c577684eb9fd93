"""Conversations as a whole: opened, read, summed up, taken away, erased, and forgotten when their time is over."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from careline.clinical.rulebook import RuleBook
from careline.consultation.asking import ask_again, greet
from careline.consultation.consultation import Consultation, House, Stage
from careline.consultation.conversation_store import (
    add_conversation,
    consultation_of,
    contract_message,
    locked_row,
    messages_after,
    new_token,
    token_hash,
    write_back,
)
from careline.consultation.errors import ErasedError, RefusedError
from careline.consultation.explaining import summary
from careline.consultation.memory import Memory, is_quiet, memory_from, shows_way_out
from careline.consultation.patient_message import MOST_STORED_CHARACTERS
from careline.consultation.release import ContentReleases
from careline.consultation.tables import (
    CaseEventRow,
    ConversationRow,
    FeedbackRow,
    MessageRow,
    StoredReplyRow,
    TurnRow,
    UnansweredQuestionRow,
)
from careline.consultation.turn_transactions import conversation_status
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.escalation import service as escalations
from careline.storage.database import Database

_ERASED_MEMORY: dict[str, Any] = {}


class NotYoursError(Exception):
    """There is no such conversation, or the token is not its own: the two are not told apart."""


class TokenExpiredError(Exception):
    """The token was right, and its time is over."""


@dataclass(frozen=True)
class Opened:
    """A new conversation: its token is shown once and never again."""

    conversation_id: str
    token: str
    expires_at: dt.datetime
    messages: list[dict[str, Any]]
    state: str


Helpful = Literal["yes", "partly", "no"]
Happened = Literal["called", "hospital", "doctor", "home", "nothing"]


@dataclass(frozen=True)
class Feedback:
    """What a patient says of the consultation; None where they did not say.

    Attributes:
        happened: What they did next: called the emergency number, went to hospital, saw or called a doctor, nurse or
            pharmacist, looked after it at home, nothing yet.
    """

    helpful: Helpful | None = None
    happened: Happened | None = None
    text: str = ""


@dataclass(frozen=True)
class Place:
    """Where a conversation is held: the locale that was asked for, and the country, if it is known."""

    locale: str
    country: str | None


class ConversationService:
    """Everything a patient can do with a conversation besides writing in it."""

    def __init__(
        self,
        database: Database,
        house: House,
        releases: ContentReleases,
        *,
        lifetime: dt.timedelta,
        also_erase: Callable[[Session, str, dt.datetime], None],
        default_country: str | None = None,
        wake: Callable[[str], None] = lambda _conversation_id: None,
    ) -> None:
        """Take the parts; a conversation lives for `lifetime` and is then erased.

        `also_erase` erases what a channel keeps of a conversation, in the unit of work that erases the conversation.
        """
        self._database = database
        self._house = house
        self._releases = releases
        self._lifetime = lifetime
        self._default_country = default_country
        self._wake = wake
        self._also_erase = also_erase

    def open(
        self,
        *,
        channel: str = "web",
        locale: str = "en",
        country: str | None = None,
        contact_key: str | None = None,
        also: Callable[[Session, str], None] = lambda _session, _conversation_id: None,
    ) -> Opened:
        """Open a conversation: the emergency notice and the question for consent.

        Args:
            channel: How the patient reaches us.
            locale: The language they asked for.
            country: ISO code; None for that of the installation.
            contact_key: Hash of who writes, where the channel knows; links what comes again within days.
            also: What the channel writes of the new conversation in the same unit of work.

        Raises:
            RefusedError: `country` is no country code.
        """
        release = self._releases.newest.in_language(self._house.wording.language_for(locale))
        now, token = self._house.now(), new_token()
        c = Consultation(
            id=f"con_{secrets.token_hex(12)}",
            house=self._house,
            release=release,
            stage=Stage.CONSENT,
            memory=Memory(),
            locale=locale,
            country=known_country(country or self._default_country, release.book),
            contact_key=contact_key,
        )
        greet(c)
        with self._database.write() as session:
            row = add_conversation(session, c, channel=channel, token=token, now=now, lifetime=self._lifetime)
            messages = [contract_message(message) for message in messages_after(session, row.id, 0)]
            also(session, row.id)
            return Opened(row.id, token, row.expires_at, messages, row.state)

    def check(self, conversation_id: str, token: str) -> None:
        """Check that the token opens the conversation.

        Raises:
            NotYoursError: It does not.
            TokenExpiredError: Its time is over.
            ErasedError: The conversation was erased.
        """
        with self._database.read() as session:
            row = _found(session, conversation_id)
            if row is None or not hmac.compare_digest(row.token_hash, token_hash(token)):
                raise NotYoursError
            if row.erased_at is not None:
                raise ErasedError
            if row.expires_at <= self._house.now():
                raise TokenExpiredError

    def exists(self, conversation_id: str) -> bool:
        """Return whether there is such a conversation that has not been erased."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            return row is not None and row.erased_at is None

    def may_be_watched(self, conversation_id: str) -> bool:
        """Return whether something told that somebody may watch the patient of this conversation."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            return row is not None and bool(row.memory.get("may_be_watched", False))

    def shows_way_out(self, conversation_id: str) -> bool:
        """Return whether the patient of this conversation is offered a way to leave at once."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            return row is not None and shows_way_out(row.memory)

    def may_reach_unasked(self, conversation_id: str) -> bool:
        """Return whether a check-in, a notification or a call that nobody waits for may go to the patient.

        Whatever sends such a thing asks this right before it does (docs/architecture.md). No: somebody may watch the
        patient, or they are being asked about it, or the conversation is unknown, erased or over its time.
        """
        with self._database.read() as session:
            row = _found(session, conversation_id)
            if row is None or row.erased_at is not None or row.expires_at <= self._house.now():
                return False
            return not is_quiet(row.memory)

    def state_of(self, conversation_id: str) -> str | None:
        """Return the conversation's state; None when it is unknown, erased or over its time."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            if row is None or row.erased_at is not None or row.expires_at <= self._house.now():
                return None
            return row.state

    def has_message(self, conversation_id: str, client_key: str) -> bool:
        """Return whether a message with this key is in the conversation."""
        with self._database.read() as session:
            query = select(MessageRow.number).where(
                MessageRow.conversation_id == conversation_id, MessageRow.client_key == client_key
            )
            return session.scalar(query) is not None

    def speak(self, conversation_id: str, locale: str) -> None:
        """Go on in another language, as far as the catalogue has it; what is awaited is asked again in it."""
        with self._database.write() as session:
            row = locked_row(session, conversation_id)
            row.locale = locale
            if row.expects is None:
                return
            c = consultation_of(session, row, self._house, self._releases)
            ask_again(c)
            write_back(session, row, c, now=self._house.now())

    def question_answered_with(self, conversation_id: str, client_key: str) -> int | None:
        """Return the number of the question that the message with this key answered; None when it answered none."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            number = session.scalar(
                select(MessageRow.number).where(
                    MessageRow.conversation_id == conversation_id, MessageRow.client_key == client_key
                )
            )
            if row is None or row.erased_at is not None or number is None:
                return None
            answered = memory_from(row.memory).answered
            return next((each.question_number for each in answered if each.answer_number == number), None)

    def country_and_locale_of(self, conversation_id: str) -> tuple[str | None, str]:
        """Return the conversation's country and language, for an error's telephone numbers."""
        with self._database.read() as session:
            row = _found(session, conversation_id)
            return (row.country, row.locale) if row is not None else (None, DEFAULT_LANGUAGE)

    def place_of(self, conversation_id: str) -> Place:
        """Return the language and country in which the conversation is held."""
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            return Place(row.locale, row.country)

    def history(self, conversation_id: str, after: int) -> dict[str, Any]:
        """Return the messages above `after`, and the conversation's status."""
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            messages = [contract_message(message) for message in messages_after(session, conversation_id, after)]
            return {"messages": messages, **conversation_status(session, row)}

    def clinician_in(self, conversation_id: str) -> dict[str, str] | None:
        """Return name and role of the clinician who is in the conversation; None while the assistant is."""
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            if row.state != Stage.WITH_CLINICIAN.value:
                return None
            open_one = escalations.open_escalation(session, conversation_id)
            owner = open_one.owner if open_one is not None else None
            return {"name": owner.name, "role": owner.role} if owner is not None else None

    def summary(self, conversation_id: str) -> dict[str, Any]:
        """Return findings, acuity, reasons, sources, unknowns and versions."""
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            return summary(consultation_of(session, row, self._house, self._releases))

    def export(self, conversation_id: str) -> dict[str, Any]:
        """Return everything that is kept of the conversation, for the patient to take away."""
        with self._database.read() as session:
            row = session.get_one(ConversationRow, conversation_id)
            events = session.scalars(
                select(CaseEventRow).where(CaseEventRow.conversation_id == conversation_id).order_by(CaseEventRow.id)
            ).all()
            feedback = session.scalars(select(FeedbackRow).where(FeedbackRow.conversation_id == conversation_id)).all()
            questions = session.scalars(
                select(UnansweredQuestionRow).where(UnansweredQuestionRow.conversation_id == conversation_id)
            ).all()
            return {
                "conversation_id": row.id,
                "channel": row.channel,
                "locale": row.locale,
                "country": row.country,
                "created_at": row.created_at.isoformat(),
                "expires_at": row.expires_at.isoformat(),
                "messages": [contract_message(message) for message in messages_after(session, conversation_id, 0)],
                "summary": summary(consultation_of(session, row, self._house, self._releases)),
                "log": [{"at": event.at.isoformat(), "kind": event.kind, **event.details} for event in events],
                "feedback": [
                    {"text": entry.text, "helpful": entry.helpful, "happened": entry.happened} for entry in feedback
                ],
                "unanswered_questions": [entry.question for entry in questions],
            }

    def keep_feedback(self, conversation_id: str, feedback: Feedback) -> None:
        """Keep what the patient says of the consultation."""
        with self._database.write() as session:
            session.add(
                FeedbackRow(
                    conversation_id=conversation_id,
                    at=self._house.now(),
                    text=feedback.text[:MOST_STORED_CHARACTERS],
                    helpful=feedback.helpful,
                    happened=feedback.happened,
                )
            )

    def erase(self, conversation_id: str, *, first: Callable[[Session], None] = lambda _session: None) -> None:
        """Erase every word of the conversation; that it was, and its escalation, stay on record.

        Args:
            conversation_id: Which.
            first: What a channel does before, in the same unit of work.
        """
        with self._database.write() as session:
            row = locked_row(session, conversation_id)
            first(session)
            self._erase(session, row, self._house.now())
        self._wake(conversation_id)

    def erase_expired(self, limit: int = 200) -> int:
        """Erase conversations whose time is over; return how many."""
        now = self._house.now()
        with self._database.write() as session:
            over = session.scalars(
                select(ConversationRow)
                .where(ConversationRow.expires_at <= now, ConversationRow.erased_at.is_(None))
                .limit(limit)
                .with_for_update(skip_locked=True)
            ).all()
            for row in over:
                self._erase(session, row, now)
            return len(over)

    def _erase(self, session: Session, row: ConversationRow, now: dt.datetime) -> None:
        _erase(session, row, now)
        self._also_erase(session, row.id, now)


def _found(session: Session, conversation_id: str) -> ConversationRow | None:
    # PostgreSQL cannot be asked for a NUL; no id of ours has anything that does not print.
    return session.get(ConversationRow, conversation_id) if conversation_id.isprintable() else None


def known_country(country: str | None, book: RuleBook) -> str | None:
    """Return the code when there are numbers for it; None keeps the country unknown.

    Raises:
        RefusedError: It is not two letters.
    """
    if country is None:
        return None
    code = country.upper()
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise RefusedError("malformed", "Give the country as two letters (ISO 3166), such as GB.", field="country")
    return code if code in book.countries else None


def _erase(session: Session, row: ConversationRow, now: dt.datetime) -> None:
    for table in (MessageRow, TurnRow, CaseEventRow, FeedbackRow, UnansweredQuestionRow):
        session.execute(delete(table).where(table.conversation_id == row.id))
    session.execute(delete(StoredReplyRow).where(StoredReplyRow.scope == row.id))
    escalations.forget_words(session, row.id, now=now)
    row.memory, row.contact_key = _ERASED_MEMORY, None  # its escalation still tells that somebody comes back
    row.erased_at, row.state, row.expects, row.final = now, Stage.CLOSED.value, None, True
    row.turn_token += 1
    row.turn_until = None
