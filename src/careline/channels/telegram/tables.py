"""Tables of the Telegram channel: chats, what came in, and what goes out. Chat ids and patients' words are sealed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedJson, SealedText, UtcDateTime
from careline.storage.database import Base


class TelegramChatRow(Base):
    """A private chat with the bot, and which consultation is held in it."""

    __tablename__ = "telegram_chats"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)  # keyed hash of the chat's id, to find it by
    address: Mapped[str] = mapped_column(SealedText("telegram_chats.address"))  # the chat's id
    state: Mapped[str] = mapped_column(String(12), default="open")  # open, blocked (by the patient), gone
    language: Mapped[str] = mapped_column(String(35))
    site: Mapped[str | None] = mapped_column(String(64))  # of the link by which the patient came
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    opened_by: Mapped[int | None] = mapped_column(BigInteger())  # the update that opened it
    shown: Mapped[int] = mapped_column(default=0)  # up to which message of the conversation everything is in the outbox
    picked: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("telegram_chats.picked"))  # in a checklist, so far
    # Check-ins: None (never asked), asked, wanted, declined; and when the next is due.
    check_in: Mapped[str | None] = mapped_column(String(12))
    check_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), index=True)
    # Which process works on the chat: one at a time, so that order is kept.
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class TelegramUpdateRow(Base):
    """One update of Telegram's, stored once however often it comes; without its words once it has had its effect."""

    __tablename__ = "telegram_updates"
    __table_args__ = (Index("ix_telegram_updates_state_update_id", "state", "update_id"),)

    update_id: Mapped[int] = mapped_column(BigInteger(), primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(ForeignKey("telegram_chats.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(BigInteger())  # of a message: to know it again when it is edited
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(8), default="new")  # new, later (screened, and waits), done, failed
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), index=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("telegram_updates.payload"))


class TelegramSendRow(Base):
    """One message to a chat, or one change of its buttons: written once per cause, sent in order."""

    __tablename__ = "telegram_sends"
    __table_args__ = (
        UniqueConstraint("chat_id", "source"),
        Index("ix_telegram_sends_state_chat_id", "state", "chat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("telegram_chats.id"))
    source: Mapped[str] = mapped_column(String(80))  # what caused it: a part of a message, or an update's reply
    conversation_id: Mapped[str | None] = mapped_column(String(40))  # whose words it holds; not sent once erased
    state: Mapped[str] = mapped_column(String(8), default="pending")  # pending, sending, sent, failed, dropped
    attempts: Mapped[int] = mapped_column(default=0)
    repeats: Mapped[int] = mapped_column(default=0)  # sent again since nobody knows whether it had arrived
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    message_id: Mapped[int | None] = mapped_column(BigInteger())  # Telegram's, once it is known
    error: Mapped[str | None] = mapped_column(String(40))  # class of the last failure
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), index=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("telegram_sends.payload"))
