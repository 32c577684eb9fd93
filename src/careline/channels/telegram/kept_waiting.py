"""Who waits for an answer longer than they should, and the notice for them: once, until the chat waits for nothing.

A turn ends in time whatever happens; but a message may wait before its turn begins, for the chat's earlier ones or
because many write at once. Functions take the open unit of work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from careline.channels.telegram.flood import is_waiting
from careline.channels.telegram.outbox import ToSend, add_sends, has_open_sends
from careline.channels.telegram.rendering import Part
from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow

PATIENCE = dt.timedelta(seconds=7)  # an answer is promised within ten seconds, and this one has to be sent
_SOURCE, _AFTER_SOURCE = "slow:", "slow;"  # the first text after all that begin with the former
_MOST_AT_ONCE = 20  # chats told at a time: telling must not make who waits wait longer
_MOST_LOOKED_BACK = 200  # updates of one chat


@dataclass(frozen=True)
class KeptWaiting:
    """A chat, and the oldest of its updates that has no answer yet."""

    chat_id: int
    update_id: int


def kept_waiting(session: Session, now: dt.datetime, looked_at: Collection[KeptWaiting]) -> list[KeptWaiting]:
    """Return some chats that nobody has answered for too long, who waits longest first; not those looked at before."""
    oldest = (
        select(
            TelegramUpdateRow.chat_id.label("chat_id"),
            func.min(TelegramUpdateRow.update_id).label("update_id"),
            func.min(TelegramUpdateRow.received_at).label("received_at"),
        )
        .where(TelegramUpdateRow.state == "new", TelegramUpdateRow.received_at <= now - PATIENCE)
        .group_by(TelegramUpdateRow.chat_id)
        .subquery()
    )
    told = select(TelegramSendRow.id).where(
        TelegramSendRow.chat_id == oldest.c.chat_id,
        TelegramSendRow.source >= _SOURCE,
        TelegramSendRow.source < _AFTER_SOURCE,
        TelegramSendRow.created_at >= oldest.c.received_at,
    )
    rows = session.execute(
        select(oldest.c.chat_id, oldest.c.update_id).where(~told.exists()).order_by(oldest.c.update_id)
    )
    found = (KeptWaiting(chat_id, update_id) for chat_id, update_id in rows)
    return [each for each in found if each not in looked_at][:_MOST_AT_ONCE]


def tell(session: Session, chat: TelegramChatRow, update_id: int, notice: Iterable[Part], *, now: dt.datetime) -> bool:
    """Put the notice into the outbox, unless the update is answered or it was said before.

    Returns:
        Whether that is settled; not while something else is on its way to the chat, which may be the answer.
    """
    update = session.get(TelegramUpdateRow, update_id)
    if update is None or update.state != "new" or chat.state != "open":
        return True
    if is_waiting(session, chat.id) or _was_told_since(session, chat.id, _waits_since(session, update)):
        return True  # told that it wrote too much, or that it has to wait
    if has_open_sends(session, chat.id):
        return False
    said = [ToSend(f"{_SOURCE}{update_id}:{number}", part.payload(), None) for number, part in enumerate(notice)]
    add_sends(session, chat, said, now=now)
    return True


def _waits_since(session: Session, update: TelegramUpdateRow) -> dt.datetime:
    """Return since when something of the chat has waited without a break, up to this update."""
    began = update.received_at
    before = session.execute(
        select(TelegramUpdateRow.received_at, TelegramUpdateRow.done_at)
        .where(TelegramUpdateRow.chat_id == update.chat_id, TelegramUpdateRow.update_id < update.update_id)
        .order_by(TelegramUpdateRow.update_id.desc())
        .limit(_MOST_LOOKED_BACK)
    )
    for received_at, done_at in before:
        if done_at is not None and done_at < began:
            break
        began = min(began, received_at)
    return began


def _was_told_since(session: Session, chat_id: int, since: dt.datetime) -> bool:
    told = select(TelegramSendRow.id).where(
        TelegramSendRow.chat_id == chat_id,
        TelegramSendRow.source >= _SOURCE,
        TelegramSendRow.source < _AFTER_SOURCE,
        TelegramSendRow.created_at >= since,
    )
    return session.scalar(told.limit(1)) is not None
