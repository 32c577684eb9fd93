"""A chat that writes more than can be answered: each message is screened when it comes, and what is no emergency waits.

What waits is kept, and answered in its order as soon as fewer than the most of a minute were. The patient is told once.
Functions take the open unit of work.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from careline.channels.telegram.tables import TelegramUpdateRow

_WITHIN = dt.timedelta(minutes=1)


def is_over(session: Session, chat_id: int, most: int, now: dt.datetime) -> bool:
    """Return whether a chat's newest update is one too many: as many were answered, or others wait before it."""
    return is_waiting(session, chat_id) or not may_go_on(session, chat_id, most, now)


def is_waiting(session: Session, chat_id: int) -> bool:
    """Return whether updates of a chat wait."""
    waiting = select(TelegramUpdateRow.update_id).where(
        TelegramUpdateRow.state == "later", TelegramUpdateRow.chat_id == chat_id
    )
    return session.scalar(waiting.limit(1)) is not None


def may_go_on(session: Session, chat_id: int, most: int, now: dt.datetime) -> bool:
    """Return whether fewer than the most of a minute were answered."""
    answered = select(TelegramUpdateRow.update_id).where(
        TelegramUpdateRow.chat_id == chat_id, TelegramUpdateRow.done_at > now - _WITHIN
    )
    return (session.scalar(select(func.count()).select_from(answered.limit(most).subquery())) or 0) < most


def chats_to_go_on_with(session: Session, most: int, now: dt.datetime) -> list[int]:
    """Return chats in which something waits that may be answered now."""
    waiting = session.scalars(
        select(TelegramUpdateRow.chat_id).where(TelegramUpdateRow.state == "later").distinct()
    ).all()
    return [chat_id for chat_id in waiting if may_go_on(session, chat_id, most, now)]


def oldest_waiting(session: Session, chat_id: int) -> TelegramUpdateRow | None:
    """Return the update of a chat that waits longest."""
    return session.scalars(
        select(TelegramUpdateRow)
        .where(TelegramUpdateRow.chat_id == chat_id, TelegramUpdateRow.state == "later")
        .order_by(TelegramUpdateRow.update_id)
        .limit(1)
    ).first()
