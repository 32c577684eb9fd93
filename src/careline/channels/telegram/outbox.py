"""The outbox of each chat: every message is written once per cause, and sent in order. Functions take the open unit of
work.

A send is on record as `sending` before it is made. Whoever dies in between leaves one of unknown outcome: it is made
once more, and says so.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from careline.channels.telegram.api import Outcome
from careline.channels.telegram.erasing import erase_ended
from careline.channels.telegram.rendering import Renderer
from careline.channels.telegram.tables import TelegramChatRow, TelegramSendRow, TelegramUpdateRow
from careline.consultation.conversation_store import contract_message, messages_after
from careline.consultation.tables import ConversationRow

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 1.0, 60.0
_REFUSED = "BadRequest"
_MOST_DELETED_AT_ONCE = 100  # Telegram takes no more
_DELETABLE = dt.timedelta(hours=47)  # Telegram deletes what is younger than 48 hours


@dataclass(frozen=True)
class Sending:
    """A send that is ours to make now.

    Attributes:
        repeats: How often it was made before with unknown outcome.
        as_plain_text: Telegram did not take it with its formatting.
    """

    id: int
    address: int
    language: str
    conversation_id: str | None
    payload: dict[str, Any]
    repeats: int
    as_plain_text: bool


@dataclass(frozen=True)
class ToSend:
    """A message for the outbox.

    Attributes:
        source: What causes it: the same cause puts it there once.
        conversation_id: Whose words it holds; None for the channel's own.
    """

    source: str
    payload: dict[str, Any]
    conversation_id: str | None


def add_sends(session: Session, chat: TelegramChatRow, messages: Sequence[ToSend], *, now: dt.datetime) -> None:
    """Put messages into the outbox, in their order, those left out whose cause has put them there before."""
    if not messages:
        return
    sources = [each.source for each in messages]
    known = set(
        session.scalars(
            select(TelegramSendRow.source).where(
                TelegramSendRow.chat_id == chat.id, TelegramSendRow.source.in_(sources)
            )
        )
    )
    session.add_all(
        TelegramSendRow(
            chat_id=chat.id,
            source=each.source,
            conversation_id=each.conversation_id,
            state="pending",
            attempts=0,
            repeats=0,
            created_at=now,
            payload=each.payload,
        )
        for each in messages
        if each.source not in known
    )
    session.flush()


def add_send(
    session: Session,
    chat: TelegramChatRow,
    source: str,
    payload: dict[str, Any],
    *,
    conversation_id: str | None,
    now: dt.datetime,
) -> None:
    """Put one message into the outbox, unless its cause has put it there before."""
    add_sends(session, chat, [ToSend(source, payload, conversation_id)], now=now)


def plan_messages(session: Session, chat: TelegramChatRow, renderer: Renderer, *, now: dt.datetime) -> None:
    """Put what the conversation has new into the outbox: of the assistant and of clinicians."""
    add_sends(session, chat, news(session, chat, renderer), now=now)


def news(session: Session, chat: TelegramChatRow, renderer: Renderer) -> list[ToSend]:
    """Return what the conversation has new for the chat, which counts as shown from then on."""
    conversation_id = chat.conversation_id
    if conversation_id is None or chat.state != "open":
        return []
    found: list[ToSend] = []
    new = list(messages_after(session, conversation_id, chat.shown))
    asked_again = max((message.number for message in new if message.kind == "consent"), default=0)
    for message in new:
        # Who writes without /start is asked for consent by the greeting and by the answer: once is enough.
        is_repeated = message.kind == "consent" and message.number < asked_again
        if message.sender != "patient" and not is_repeated:
            found += [
                ToSend(f"{conversation_id}:{message.number}:{number}", part.payload(), conversation_id)
                for number, part in enumerate(renderer.parts(conversation_id, contract_message(message)))
            ]
        chat.shown = message.number
    return found


def chats_with_news(session: Session) -> list[int]:
    """Return chats whose conversation has messages that are not in the outbox yet."""
    query = (
        select(TelegramChatRow.id)
        .join(ConversationRow, ConversationRow.id == TelegramChatRow.conversation_id)
        .where(
            TelegramChatRow.state == "open",
            ConversationRow.last_number > TelegramChatRow.shown,
            ConversationRow.erased_at.is_(None),
        )
    )
    return list(session.scalars(query))


def has_open_sends(session: Session, chat_id: int) -> bool:
    """Return whether something for the chat is still to be sent."""
    still_open = select(TelegramSendRow.id).where(
        TelegramSendRow.chat_id == chat_id, TelegramSendRow.state.in_(("pending", "sending"))
    )
    return session.scalar(still_open.limit(1)) is not None


def chats_to_send_to(session: Session, now: dt.datetime) -> list[int]:
    """Return chats whose first open send can be made now."""
    first = (
        select(func.min(TelegramSendRow.id).label("id"))
        .where(TelegramSendRow.state.in_(("pending", "sending")))
        .group_by(TelegramSendRow.chat_id)
        .subquery()
    )
    query = (
        select(TelegramSendRow.chat_id)
        .join(first, first.c.id == TelegramSendRow.id)
        .where(or_(TelegramSendRow.not_before.is_(None), TelegramSendRow.not_before <= now))
        .order_by(TelegramSendRow.id)  # what waits longest first
    )
    return list(session.scalars(query))


def next_send(session: Session, chat: TelegramChatRow, *, now: dt.datetime) -> Sending | None:
    """Take the chat's next send, on record as under way; what nobody may or can read any more is dropped."""
    query = (
        select(TelegramSendRow)
        .where(TelegramSendRow.chat_id == chat.id, TelegramSendRow.state.in_(("pending", "sending")))
        .order_by(TelegramSendRow.id)
        .limit(1)
    )
    while (row := session.scalars(query).first()) is not None:
        if row.state == "sending":  # of this process, whose attempt ended without word
            row.state, row.repeats = "pending", row.repeats + 1
        if row.not_before is not None and row.not_before > now:
            return None
        if chat.state != "open":
            _end(row, "failed", now)
            _show_again(session, chat, row)
        elif row.payload is None:
            _end(row, "failed", now)
        elif _is_erased(session, row.conversation_id):
            _end(row, "dropped", now)
        else:
            row.state, row.attempts = "sending", row.attempts + 1
            return Sending(
                row.id,
                int(chat.address),
                chat.language,
                row.conversation_id,
                row.payload,
                row.repeats,
                row.error == _REFUSED,
            )
    return None


def record_outcome(session: Session, send_id: int, outcome: Outcome, *, now: dt.datetime) -> None:
    """Write down what became of a send; the chat's state with it."""
    row = session.get(TelegramSendRow, send_id)
    if row is None or row.state != "sending":
        return  # erased or taken over meanwhile
    chat = session.get_one(TelegramChatRow, row.chat_id)
    was_refused, row.error = row.error == _REFUSED, outcome.error
    match outcome.kind:
        case "sent":
            row.message_id = outcome.message_id
            _end(row, "sent", now)
        case "later":
            row.state, row.not_before = "pending", now + dt.timedelta(seconds=outcome.seconds)
        case "unknown":
            row.state, row.repeats, row.not_before = "pending", row.repeats + 1, now + _pause(row.attempts)
        case "not_sent":
            row.state, row.not_before = "pending", now + _pause(row.attempts)
        case "moved":
            row.state = "pending"
            chat.address = str(outcome.address)
        case "withheld":
            _end(row, "dropped", now)
        case "blocked" | "gone":
            chat.state = outcome.kind
            _end(row, "failed", now)
            _show_again(session, chat, row)
        case "refused":
            if "html" in (row.payload or {}) and not was_refused:
                row.state = "pending"  # once more, without formatting: words matter more
            else:
                _end(row, "failed", now)


def _show_again(session: Session, chat: TelegramChatRow, failed: TelegramSendRow) -> None:
    """Have what the conversation said and nobody could be sent count as not shown: it comes when the chat is open."""
    if chat.conversation_id is None:
        return
    prefix = f"{chat.conversation_id}:"
    unsent = session.scalars(
        select(TelegramSendRow).where(
            TelegramSendRow.chat_id == chat.id,
            or_(TelegramSendRow.id == failed.id, TelegramSendRow.state.in_(("pending", "sending"))),
            TelegramSendRow.source.startswith(prefix, autoescape=True),
        )
    ).all()
    numbers = [int(row.source.removeprefix(prefix).split(":")[0]) for row in unsent]
    chat.shown = min([chat.shown, *(number - 1 for number in numbers)])
    for row in unsent:
        session.delete(row)  # its cause may put it there anew
    session.flush()


def take_back_unknown(session: Session, chat_id: int | None = None) -> None:
    """Have sends that a dead process was making made once more."""
    query = update(TelegramSendRow).where(TelegramSendRow.state == "sending")
    if chat_id is not None:
        query = query.where(TelegramSendRow.chat_id == chat_id)
    session.execute(query.values(state="pending", repeats=TelegramSendRow.repeats + 1))


def forget(session: Session, chat: TelegramChatRow, *, now: dt.datetime) -> list[list[int]]:
    """Erase all that is kept for the chat; return Telegram's numbers of what stands in it, to be deleted there."""
    rows = session.scalars(select(TelegramSendRow).where(TelegramSendRow.chat_id == chat.id)).all()
    for row in rows:
        if row.state in ("pending", "sending") and "delete" not in (row.payload or {}):
            _end(row, "dropped", now)
    came = session.scalars(
        select(TelegramUpdateRow).where(
            TelegramUpdateRow.chat_id == chat.id, TelegramUpdateRow.received_at > now - _DELETABLE
        )
    ).all()
    numbers = {row.message_id for row in rows if row.ended_at is not None and row.ended_at > now - _DELETABLE}
    numbers |= {row.message_id for row in came}
    session.flush()
    erase_ended(session, chat.id, now)
    return _batches(sorted(number for number in numbers if number is not None))


def forget_old(session: Session, before: dt.datetime) -> None:
    """Drop the record of what ended before a time: Telegram sends no update again after a day.

    A chat of which nothing else is left goes too: its id alone still says who wrote to the bot.
    """
    for table, at in ((TelegramSendRow, TelegramSendRow.ended_at), (TelegramUpdateRow, TelegramUpdateRow.done_at)):
        session.execute(table.__table__.delete().where(at < before))  # type: ignore[attr-defined]  # a Table
    chat_ids = (TelegramSendRow.chat_id, TelegramUpdateRow.chat_id)
    is_left = [~exists().where(chat_id == TelegramChatRow.id) for chat_id in chat_ids]
    session.execute(
        delete(TelegramChatRow).where(
            TelegramChatRow.conversation_id.is_(None), TelegramChatRow.created_at < before, *is_left
        )
    )


def _batches(numbers: Sequence[int]) -> list[list[int]]:
    return [
        list(numbers[start : start + _MOST_DELETED_AT_ONCE]) for start in range(0, len(numbers), _MOST_DELETED_AT_ONCE)
    ]


def _is_erased(session: Session, conversation_id: str | None) -> bool:
    if conversation_id is None:
        return False
    query = select(ConversationRow.erased_at).where(ConversationRow.id == conversation_id)
    row = session.execute(query).one_or_none()  # not the row: to open what is sealed in it takes time
    return row is None or row.erased_at is not None


def _pause(attempts: int) -> dt.timedelta:
    return dt.timedelta(seconds=min(_LONGEST_PAUSE_SECONDS, _FIRST_PAUSE_SECONDS * 2 ** min(attempts - 1, 10)))


def _end(row: TelegramSendRow, state: str, now: dt.datetime) -> None:
    row.state, row.ended_at, row.payload = state, now, None  # the words are the conversation's to keep
