"""The inbox: an update is stored before Telegram is told that it came, and has one effect however often it comes.

Functions take the open unit of work.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from careline.channels.telegram.chats import add_chat, known_chat
from careline.channels.telegram.flood import is_waiting
from careline.channels.telegram.outbox import ToSend, add_sends, forget, news
from careline.channels.telegram.rendering import Part, Renderer
from careline.channels.telegram.tables import TelegramChatRow, TelegramUpdateRow
from careline.storage.keys import KeyRing

_MOST_LOOKED_AT = 2000
_MOST_WAITING = 200  # looked at for chats to take up: many times what is taken up at once


@dataclass
class Effects:
    """What an update does besides what it does to its conversation; carried out in the transaction that ends it.

    Attributes:
        replies: What the channel itself says, as kept in the outbox.
        afterwards: What it says after what the conversation has new.
        changes: New values of the chat's columns.
        forgets: Whether all words kept for the chat are dropped, and its messages deleted on Telegram.
    """

    replies: list[dict[str, Any]] = field(default_factory=list)
    afterwards: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    forgets: bool = False

    def say(self, parts: Iterable[Part]) -> None:
        """Add a reply."""
        self.replies += [part.payload() for part in parts]

    def edit(self, message_id: int, keyboard: list[list[dict[str, str]]] | None) -> None:
        """Change the buttons below a message that was sent."""
        self.replies.append({"edit": message_id, "keyboard": keyboard})


@dataclass(frozen=True)
class Arrived:
    """An update in the inbox."""

    update_id: int
    received_at: dt.datetime


def chat_in(update: dict[str, Any]) -> dict[str, Any] | None:
    """Return the chat that an update comes from; None for one of a kind that we did not ask for."""
    message = update.get("message") or update.get("edited_message") or update.get("my_chat_member")
    if message is None and "callback_query" in update:
        message = update["callback_query"].get("message")
    chat: dict[str, Any] | None = (message or {}).get("chat")
    return chat


def sender_in(update: dict[str, Any]) -> dict[str, Any]:
    """Return who caused an update."""
    part: dict[str, Any] = next((update[kind] for kind in _KINDS if kind in update), {})
    sender: dict[str, Any] = part.get("from", {})
    return sender


_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")


def store(
    session: Session,
    ring: KeyRing,
    updates: Iterable[dict[str, Any]],
    *,
    language_for: Callable[[str], str],
    now: dt.datetime,
) -> int:
    """Keep updates of private chats that are not there yet; return how many."""
    stored = 0
    given = {update["update_id"]: update for update in updates}
    known = set(
        session.scalars(select(TelegramUpdateRow.update_id).where(TelegramUpdateRow.update_id.in_(given))).all()
    )
    chats: dict[int, int] = {}
    for update_id, update in sorted(given.items()):
        chat = chat_in(update)
        if chat is None or update_id in known:
            continue
        if chat["id"] not in chats:
            row = known_chat(session, ring, chat["id"])
            if row is None:
                language = language_for(sender_in(update).get("language_code") or "en")
                row = add_chat(session, ring, chat["id"], language, now)
            chats[chat["id"]] = row.id
        message = update.get("message") or {}
        session.add(
            TelegramUpdateRow(
                update_id=update_id,
                chat_id=chats[chat["id"]],
                message_id=message.get("message_id"),
                received_at=now,
                state="new",
                attempts=0,
                payload=update,
            )
        )
        stored += 1
    session.flush()
    return stored


def arrived_after(session: Session, through: int) -> list[Arrived]:
    """Return updates with a higher number, in order."""
    rows = session.execute(
        select(TelegramUpdateRow.update_id, TelegramUpdateRow.received_at)
        .where(TelegramUpdateRow.update_id > through)
        .order_by(TelegramUpdateRow.update_id)
        .limit(_MOST_LOOKED_AT)
    )
    return [Arrived(update_id, received_at) for update_id, received_at in rows]


def chats_to_handle(session: Session, through: int, at_work: Collection[int]) -> list[int]:
    """Return chats that wait to be taken up, whose update came first before the others; without those at work."""
    rows = session.scalars(
        select(TelegramUpdateRow.chat_id)
        .where(
            TelegramUpdateRow.state == "new",
            TelegramUpdateRow.update_id <= through,
            TelegramUpdateRow.chat_id.not_in(at_work),
        )
        .order_by(TelegramUpdateRow.update_id)
        .limit(_MOST_WAITING)
    )
    return list(dict.fromkeys(rows))


def handled_through(session: Session) -> int | None:
    """Return the highest number that was handled before; None when none was."""
    return session.scalar(select(func.max(TelegramUpdateRow.update_id)).where(TelegramUpdateRow.state != "new"))


def next_update(session: Session, chat_id: int, through: int) -> TelegramUpdateRow | None:
    """Return the chat's next update that nobody has looked at yet, in Telegram's order."""
    return session.scalars(
        select(TelegramUpdateRow)
        .where(
            TelegramUpdateRow.chat_id == chat_id,
            TelegramUpdateRow.state == "new",
            TelegramUpdateRow.update_id <= through,
        )
        .order_by(TelegramUpdateRow.update_id)
        .limit(1)
    ).first()


def update_of_message(session: Session, chat_id: int, message_id: int) -> int | None:
    """Return which update brought a message."""
    return session.scalar(
        select(TelegramUpdateRow.update_id).where(
            TelegramUpdateRow.chat_id == chat_id, TelegramUpdateRow.message_id == message_id
        )
    )


def finish(
    session: Session,
    chat: TelegramChatRow,
    update_id: int,
    effects: Effects,
    renderer: Renderer,
    *,
    now: dt.datetime,
    failed: bool = False,
) -> None:
    """End an update: its replies, then what its conversation has new, are in the outbox; its words are not kept.

    Args:
        session: The open unit of work.
        chat: Locked: nobody else can be ending the update.
        update_id: Of the update.
        effects: What it does.
        renderer: Shows messages.
        now: The time.
        failed: Whether it could not be handled.
    """
    row = session.get_one(TelegramUpdateRow, update_id)
    if row.state not in ("new", "later"):
        return
    erased = forget(session, chat, now=now) if effects.forgets else []
    for column, value in effects.changes.items():
        setattr(chat, column, value)
    # First what is gone, last what is said: "erased" is then the one message that stands there.
    payloads: list[dict[str, Any]] = [{"delete": numbers} for numbers in erased] + effects.replies
    said: list[ToSend] = []
    for number, payload in enumerate(payloads):
        # The channel's own words; an export is the conversation's, and so is what a button says was chosen.
        is_of_conversation = "document" in payload or "edit" in payload
        if "document" in payload and chat.conversation_id is None:
            continue  # erased since it was made
        said.append(ToSend(f"u{update_id}:{number}", payload, chat.conversation_id if is_of_conversation else None))
    said += news(session, chat, renderer)
    said += [
        ToSend(f"u{update_id}:after{number}", payload, chat.conversation_id)
        for number, payload in enumerate(effects.afterwards)
    ]
    add_sends(session, chat, said, now=now)
    row.state, row.done_at, row.payload = "failed" if failed else "done", now, None


def postpone(session: Session, update_id: int, notice: Iterable[Part], *, now: dt.datetime) -> None:
    """Let an update wait; the first of a chat that does is answered with a notice."""
    row = session.get_one(TelegramUpdateRow, update_id)
    chat = session.get_one(TelegramChatRow, row.chat_id, with_for_update=True)
    session.refresh(row)
    if row.state != "new":
        return
    if not is_waiting(session, chat.id):
        told = [ToSend(f"u{update_id}:wait{number}", part.payload(), None) for number, part in enumerate(notice)]
        add_sends(session, chat, told, now=now)
    row.state, row.attempts = "later", 0


def note_attempt(session: Session, update_id: int) -> int:
    """Count a failed attempt; return how many there were."""
    row = session.get_one(TelegramUpdateRow, update_id)
    row.attempts += 1
    return row.attempts
