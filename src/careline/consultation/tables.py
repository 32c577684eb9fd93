"""Tables of the consultation room. Patients' words and what is known of them are sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedJson, SealedText, UtcDateTime
from careline.storage.database import Base


class ConversationRow(Base):
    """One patient's conversation, and the consultation's state in it."""

    __tablename__ = "conversations"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    sender: Mapped[str] = mapped_column(String(64), unique=True)  # pseudonym for the dialogue engine
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    channel: Mapped[str] = mapped_column(String(20))
    locale: Mapped[str] = mapped_column(String(35))
    country: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), index=True)
    erased_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    release: Mapped[str] = mapped_column(String(64))  # content release the consultation keeps
    state: Mapped[str] = mapped_column(String(20))
    acuity: Mapped[str | None] = mapped_column(String(20))
    final: Mapped[bool] = mapped_column(default=False)
    degraded: Mapped[bool] = mapped_column(default=False)
    contact_key: Mapped[str | None] = mapped_column(
        String(64), index=True
    )  # keyed hash of who writes, where that is known
    abandoned_at: Mapped[dt.datetime | None] = mapped_column(
        UtcDateTime()
    )  # when it was found that the patient had left
    expects: Mapped[int | None] = mapped_column()
    last_number: Mapped[int] = mapped_column(default=0)
    turn_token: Mapped[int] = mapped_column(default=0)  # fencing: only the holder of the newest may write
    turn_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())  # None: no turn is running
    memory: Mapped[dict[str, Any]] = mapped_column(SealedJson("conversations.memory"))


class MessageRow(Base):
    """One message, of any side."""

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("conversation_id", "client_key"),)  # what is sent twice is stored once

    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    sender: Mapped[str] = mapped_column(String(12))
    kind: Mapped[str] = mapped_column(String(12))
    lang: Mapped[str] = mapped_column(String(35))
    text: Mapped[str] = mapped_column(SealedText("messages.text"))
    body: Mapped[dict[str, Any]] = mapped_column(SealedJson("messages.body"))  # options, data, what it answers
    client_key: Mapped[str | None] = mapped_column(String(64))  # hash of the Idempotency-Key it came with


class TurnRow(Base):
    """One turn: a patient's message on its way to an answer."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "message_number"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_number: Mapped[int] = mapped_column()
    token: Mapped[int] = mapped_column()
    state: Mapped[str] = mapped_column(String(12), index=True)  # running, acted, answered, failed, overtaken
    route: Mapped[str] = mapped_column(String(12))  # dialogue, direct, card, safe
    intention: Mapped[str | None] = mapped_column(String(30))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    replies: Mapped[list[Any] | None] = mapped_column(SealedJson("turns.replies"))


class StoredReplyRow(Base):
    """The reply to a request that carried an Idempotency-Key."""

    __tablename__ = "stored_replies"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)  # conversation id, or "new"
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column()  # None: still running
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    reply: Mapped[str | None] = mapped_column(SealedText("stored_replies.reply"))


class CaseEventRow(Base):
    """One line of what was found, answered, corrected or taken back: append-only."""

    __tablename__ = "case_events"
    __table_args__ = (Index("ix_case_events_conversation_id_id", "conversation_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    message_number: Mapped[int | None] = mapped_column()
    kind: Mapped[str] = mapped_column(String(20))  # found, answered, corrected, not_meant, started_over
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("case_events.details"))


class UnansweredQuestionRow(Base):
    """A question that guidance had no answer to, for the editors."""

    __tablename__ = "unanswered_questions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str | None] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    release: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(35))
    question: Mapped[str] = mapped_column(SealedText("unanswered_questions.question"))


class LinkCodeRow(Base):
    """A one-time code by which a conversation is continued in another channel."""

    __tablename__ = "link_codes"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime(), index=True)
    used_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class FeedbackRow(Base):
    """What a patient said of the consultation.

    Attributes:
        helpful: `yes`, `partly` or `no`; None when they did not say.
        happened: What they did next, see `conversations.Feedback`; None when they did not say.
    """

    __tablename__ = "feedback"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    text: Mapped[str] = mapped_column(SealedText("feedback.text"))
    helpful: Mapped[str | None] = mapped_column(String(8))
    happened: Mapped[str | None] = mapped_column(String(12))
