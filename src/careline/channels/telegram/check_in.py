"""Check-ins: a patient who wants it is asked later how they are; never at night, and never who may be watched."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.channels.telegram.buttons import own_keyboard, tag_of
from careline.channels.telegram.chats import Chat, chat_of
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.opening import client_key
from careline.channels.telegram.outbox import add_send
from careline.channels.telegram.replies import Replies
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.tables import TelegramChatRow
from careline.consultation.check_in import Feeling

_AT_ONCE = 50


class CheckIns:
    """Offers check-ins, asks who is due, and takes what comes of it."""

    def __init__(self, services: TelegramServices, replies: Replies) -> None:
        """Take the parts."""
        self._services = services
        self._replies = replies

    async def offer(self, chat: Chat, effects: Effects) -> None:
        """Ask once in a conversation, after the advice, whether a check-in is wanted."""
        if chat.check_in is not None or chat.conversation_id is None:
            return
        if await asyncio.to_thread(self._services.check_ins.due_after, chat.conversation_id) is None:
            return
        keyboard = own_keyboard(
            tag_of(chat.conversation_id),
            (self._replies.words(chat, "option-yes"), "check_yes"),
            (self._replies.words(chat, "option-no"), "check_no"),
        )
        words = self._replies.words(chat, "telegram-check-in-offer")
        effects.afterwards += [part.payload() for part in self._services.renderer.own(words, keyboard)]
        effects.changes["check_in"] = "asked"

    async def answered(self, chat: Chat, update_id: int, word: str, effects: Effects) -> None:
        """Take the answer to a question of ours."""
        if word == "check_yes":
            await self._wanted(chat, effects)
        elif word == "check_no":
            effects.changes |= {"check_in": "declined", "check_in_at": None}
            effects.say(self._replies.say(chat, "telegram-check-in-not"))
        elif word.removeprefix("check_") in list(Feeling) and chat.conversation_id is not None:
            feeling = Feeling(word.removeprefix("check_"))
            was_taken = await asyncio.to_thread(
                self._services.check_ins.answer, chat.conversation_id, feeling, client_key(update_id)
            )
            if not was_taken:
                effects.say(await asyncio.to_thread(self._replies.numbers, chat, "telegram-check-in-over"))
            effects.changes["check_in"] = None if feeling is Feeling.WORSE else "done"

    async def _wanted(self, chat: Chat, effects: Effects) -> None:
        after = None
        if chat.conversation_id is not None:
            after = await asyncio.to_thread(self._services.check_ins.due_after, chat.conversation_id)
        if after is None:
            effects.say(self._replies.say(chat, "telegram-check-in-not"))
            return
        effects.changes |= {"check_in": "wanted", "check_in_at": self._services.now() + after}
        hours = int(after.total_seconds() // 3600)
        effects.say(self._replies.say(chat, "telegram-check-in-will", hours=hours))

    async def ask_due(
        self,
        read: Callable[..., Awaitable[list[tuple[Chat, dt.datetime]]]],
        write: Callable[..., Awaitable[None]],
    ) -> None:
        """Ask who wanted it and is due; at night in the morning, and not who has gone on or may be watched."""
        for chat, due_at in await read(self._due):
            resumes_at = self._services.quiet_hours.end(self._services.now())
            if resumes_at is not None:
                await write(self._put_off, chat.id, resumes_at)
            else:
                may = await asyncio.to_thread(self._may_ask, chat)
                await write(self._ask, chat, due_at, may=may)

    def _due(self, session: Session) -> list[tuple[Chat, dt.datetime]]:
        rows = session.scalars(
            select(TelegramChatRow)
            .where(
                TelegramChatRow.check_in == "wanted",
                TelegramChatRow.check_in_at <= self._services.now(),
                TelegramChatRow.state == "open",
            )
            .limit(_AT_ONCE)
        )
        return [(chat_of(row), row.check_in_at) for row in rows if row.check_in_at is not None]

    def _may_ask(self, chat: Chat) -> bool:
        """Return whether the conversation is still where it was, and somebody may be written to."""
        conversation_id = chat.conversation_id
        return (
            conversation_id is not None
            and self._services.conversations.may_reach_unasked(conversation_id)
            and self._services.check_ins.due_after(conversation_id) is not None
        )

    def _put_off(self, session: Session, chat_id: int, until: dt.datetime) -> None:
        session.get_one(TelegramChatRow, chat_id).check_in_at = until

    def _ask(self, session: Session, chat: Chat, due_at: dt.datetime, *, may: bool) -> None:
        row = session.get_one(TelegramChatRow, chat.id, with_for_update=True)
        if row.check_in != "wanted" or row.conversation_id != chat.conversation_id:
            return
        row.check_in, row.check_in_at = "sent" if may else "done", None
        if not may:
            return
        keyboard = own_keyboard(
            tag_of(chat.conversation_id),
            *((self._replies.words(chat, f"telegram-button-{each.value}"), f"check_{each.value}") for each in Feeling),
        )
        words = self._replies.words(chat, "telegram-check-in")
        for number, part in enumerate(self._services.renderer.own(words, keyboard)):
            add_send(
                session,
                row,
                f"check:{int(due_at.timestamp())}:{number}",
                {**part.payload(), "unasked": True},
                conversation_id=chat.conversation_id,
                now=self._services.now(),
            )
