"""Which conversation a chat is in: opened once, in the same unit of work in which the chat learns of it."""

from __future__ import annotations

import asyncio
import dataclasses

from sqlalchemy.orm import Session

from careline.channels.telegram.chats import Chat
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.tables import TelegramChatRow
from careline.consultation.patient_message import key_hash


def client_key(update_id: int, part: str = "") -> str:
    """Return what a message is stored under, so that an update that comes again is not taken again.

    `part` names a second message that an update brings.
    """
    return key_hash(f"tg-{update_id}{part}")


class Opening:
    """Opens conversations for chats."""

    def __init__(self, services: TelegramServices) -> None:
        """Take the parts."""
        self._services = services

    async def state_of(self, chat: Chat) -> str | None:
        """Return the state of the chat's conversation; None when it has none that can go on."""
        if chat.conversation_id is None:
            return None
        return await asyncio.to_thread(self._services.conversations.state_of, chat.conversation_id)

    async def was_taken(self, chat: Chat, update_id: int) -> bool:
        """Return whether the update's message is in the chat's conversation already."""
        if chat.conversation_id is None:
            return False
        return await asyncio.to_thread(
            self._services.conversations.has_message, chat.conversation_id, client_key(update_id)
        )

    async def open(self, chat: Chat, update_id: int, *, country: str | None = None) -> Chat:
        """Open a conversation for the chat; return the chat that is in it."""

        def also(session: Session, conversation_id: str) -> None:
            row = session.get_one(TelegramChatRow, chat.id)
            row.conversation_id, row.opened_by, row.shown, row.picked = conversation_id, update_id, 0, None
            row.check_in, row.check_in_at = None, None

        opened = await asyncio.to_thread(
            self._services.conversations.open,
            channel="telegram",
            locale=chat.language,
            country=country,
            contact_key=chat.key,
            also=also,
        )
        return dataclasses.replace(
            chat, conversation_id=opened.conversation_id, opened_by=update_id, picked={}, check_in=None
        )

    async def in_conversation(self, chat: Chat, update_id: int) -> Chat:
        """Return the chat in a conversation that takes words: its own, or a new one where that is over."""
        state = await self.state_of(chat)
        if state is None or (state == "closed" and not await self.was_taken(chat, update_id)):
            return await self.open(chat, update_id)
        return chat
