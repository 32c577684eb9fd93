"""Chats: found by a keyed hash, and worked on by one process at a time. Functions take the open unit of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from careline.channels.telegram.identity import chat_keys
from careline.channels.telegram.outbox import take_back_unknown
from careline.channels.telegram.tables import TelegramChatRow
from careline.storage.keys import KeyRing

LEASE = dt.timedelta(seconds=60)  # of who died; who lives holds a chat for as long as it is at it


@dataclass(frozen=True)
class Chat:
    """A chat as it was when an update of it was taken up."""

    id: int
    key: str
    address: int
    state: str
    language: str
    conversation_id: str | None
    opened_by: int | None
    picked: dict[str, Any]
    check_in: str | None


def chat_of(row: TelegramChatRow) -> Chat:
    """Return what handling an update needs of a chat."""
    return Chat(
        row.id,
        row.key,
        int(row.address),
        row.state,
        row.language,
        row.conversation_id,
        row.opened_by,
        row.picked or {},
        row.check_in,
    )


def known_chat(session: Session, ring: KeyRing, address: int) -> TelegramChatRow | None:
    """Return the chat with that id; None when it has not written yet."""
    return session.scalars(select(TelegramChatRow).where(TelegramChatRow.key.in_(chat_keys(ring, address)))).first()


def add_chat(session: Session, ring: KeyRing, address: int, language: str, now: dt.datetime) -> TelegramChatRow:
    """Keep a new chat."""
    row = TelegramChatRow(
        key=chat_keys(ring, address)[0], address=str(address), state="open", language=language, shown=0, created_at=now
    )
    session.add(row)
    session.flush()
    return row


def take_lease(session: Session, chat_id: int, owner: str, now: dt.datetime) -> TelegramChatRow | None:
    """Take a chat, or go on with it; None while another process works on it."""
    row = session.scalars(
        select(TelegramChatRow)
        .where(
            TelegramChatRow.id == chat_id,
            or_(
                TelegramChatRow.lease_owner.is_(None),
                TelegramChatRow.lease_owner == owner,
                TelegramChatRow.lease_until <= now,
            ),
        )
        .with_for_update()
    ).first()
    if row is None:
        return None
    _renew(session, row, owner, now)
    return row


def locked_chat(session: Session, chat_id: int) -> TelegramChatRow:
    """Return a chat; until the unit of work ends nobody else ends an update of it."""
    return session.get_one(TelegramChatRow, chat_id, with_for_update=True)


def go_on_with(session: Session, row: TelegramChatRow, owner: str, now: dt.datetime) -> bool:
    """Go on with a locked chat; False when another process has it by now."""
    is_free = row.lease_owner in (None, owner) or row.lease_until is None or row.lease_until <= now
    if is_free:
        _renew(session, row, owner, now)
    return is_free


def _renew(session: Session, row: TelegramChatRow, owner: str, now: dt.datetime) -> None:
    if row.lease_owner != owner:
        take_back_unknown(session, row.id)  # whoever had it died: what it was sending may have arrived
    if row.lease_owner != owner or row.lease_until is None or row.lease_until < now + LEASE / 2:
        row.lease_owner, row.lease_until = owner, now + LEASE


def hold_leases(session: Session, owner: str, chat_ids: Collection[int], now: dt.datetime) -> None:
    """Hold chats that a process works on for longer."""
    session.execute(
        update(TelegramChatRow)
        .where(TelegramChatRow.lease_owner == owner, TelegramChatRow.id.in_(chat_ids))
        .values(lease_until=now + LEASE)
    )


def release_leases(session: Session, owner: str | None = None) -> None:
    """Give chats back: those of one process, or all, right at the start of the only one."""
    query = update(TelegramChatRow).values(lease_owner=None, lease_until=None)
    session.execute(query if owner is None else query.where(TelegramChatRow.lease_owner == owner))
    if owner is None:
        take_back_unknown(session)
