"""Erasing what chats keep of a conversation, in the unit of work that erases the conversation itself.

So it goes whoever has it erased (the patient here or on the web, or its time is over), whether a bot runs or not, and
there is no moment in which one is gone and the other not. It loads no library of Telegram's.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow

# Telegram may bring an update again for a day. That its number was taken is known until then: erased words that came
# again would else be taken as new.
_COMES_AGAIN = dt.timedelta(hours=24)


def erase_chats_of(session: Session, conversation_id: str, now: dt.datetime) -> None:
    """Erase what inbox and outbox keep of a conversation; its chats are in none then."""
    # The chats first: who writes into an outbox has the chat locked, and is waited for.
    chats = session.scalars(
        select(TelegramChatRow)
        .where(TelegramChatRow.conversation_id == conversation_id)
        .order_by(TelegramChatRow.id)
        .with_for_update()
    ).all()
    for chat in chats:
        chat.conversation_id, chat.opened_by, chat.shown, chat.picked = None, None, 0, None
        chat.check_in, chat.check_in_at = None, None
        erase_ended(session, chat.id, now)
    session.execute(delete(TelegramSendRow).where(TelegramSendRow.conversation_id == conversation_id))


def erase_ended(session: Session, chat_id: int, now: dt.datetime) -> None:
    """Erase the record of what came and went in a chat; what waits to be answered goes unanswered.

    It was screened when it came. What has not been looked at yet stays: it may be an emergency.
    """
    session.execute(
        delete(TelegramSendRow).where(TelegramSendRow.chat_id == chat_id, TelegramSendRow.ended_at.is_not(None))
    )
    of_chat = TelegramUpdateRow.chat_id == chat_id
    session.execute(
        update(TelegramUpdateRow)
        .where(of_chat, TelegramUpdateRow.state == "later")
        .values(state="done", done_at=now, payload=None)
    )
    session.execute(delete(TelegramUpdateRow).where(of_chat, TelegramUpdateRow.done_at < now - _COMES_AGAIN))
    session.execute(
        update(TelegramUpdateRow).where(of_chat, TelegramUpdateRow.done_at.is_not(None)).values(message_id=None)
    )
