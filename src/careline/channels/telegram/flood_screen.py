"""Screening what a chat writes beyond what can be answered at once: an emergency waits for nothing."""

from __future__ import annotations

from typing import Any

from telegram.ext import ExtBot

from careline.channels.telegram.chats import Chat
from careline.channels.telegram.commands import command_in, words_in
from careline.channels.telegram.opening import Opening
from careline.channels.telegram.reading import read_update
from careline.channels.telegram.services import TelegramServices
from careline.consultation.errors import RefusedError
from careline.consultation.patient_message import PatientMessage, patient_words

_AT_ONCE = ("emergency", "human")  # commands that wait for nothing


class FloodScreen:
    """Screens what is one too many."""

    def __init__(self, services: TelegramServices, opening: Opening, bot: ExtBot[Any]) -> None:
        """Take the parts."""
        self._services = services
        self._opening = opening
        self._bot = bot

    async def may_wait(self, chat: Chat, payload: dict[str, Any]) -> bool:
        """Return whether an update may wait: it is no emergency, and asks neither for one's numbers nor a clinician."""
        update = read_update(payload, self._bot)
        message = update.edited_message or update.message
        if update.my_chat_member is not None:
            return False
        text = (message.text or message.caption or "") if message is not None else ""
        command = command_in(text)
        if command is not None and command[0] in _AT_ONCE:
            return False
        try:
            given = PatientMessage(text=patient_words(words_in(text)))
        except RefusedError:
            return True  # a button, a picture: nothing to screen
        if chat.conversation_id is None or await self._opening.state_of(chat) in (None, "closed"):
            return False  # what opens a conversation is screened in it
        return not await self._services.turns.is_emergency(chat.conversation_id, given)
