"""Handling one update: words become a turn of the consultation, commands and buttons what they are for."""

from __future__ import annotations

import asyncio
from typing import Any

import telegram
from telegram.ext import ExtBot

from careline.channels.telegram.chats import Chat
from careline.channels.telegram.check_in import CheckIns
from careline.channels.telegram.commands import Commands, command_in, words_in
from careline.channels.telegram.flood_screen import FloodScreen
from careline.channels.telegram.inbox import Effects, update_of_message
from careline.channels.telegram.opening import Opening, client_key
from careline.channels.telegram.pressing import Buttons
from careline.channels.telegram.reading import read_update
from careline.channels.telegram.replies import Replies
from careline.channels.telegram.services import TelegramServices
from careline.consultation.errors import RefusedError
from careline.consultation.patient_message import PatientMessage, patient_words

# What can be sent besides words, by the name of the message's field; the sentence is `telegram-got-<name>`.
_NOT_WORDS = (
    ("photo", "photo"), ("video", "video"), ("video_note", "video"), ("animation", "video"), ("voice", "voice"),
    ("audio", "voice"), ("sticker", "sticker"), ("document", "document"),
)  # fmt: skip
_SERVICE = (
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set",
)  # fmt: skip
_LEFT = ("kicked", "left", "banned")


class UpdateHandler:
    """Handles updates of private chats; the same update may be given again after a crash, and has one effect."""

    def __init__(self, services: TelegramServices, bot: ExtBot[Any]) -> None:
        """Take the parts."""
        self._services = services
        self._bot = bot
        self.replies = Replies(services)
        self._opening = Opening(services)
        self.flood = FloodScreen(services, self._opening, bot)
        self.check_ins = CheckIns(services, self.replies)
        self._commands = Commands(services, self.replies, self._opening)
        self._buttons = Buttons(services, self.replies, self.check_ins, bot)

    async def handle(self, chat: Chat, payload: dict[str, Any]) -> Effects:
        """Handle one; what it says besides the conversation is in the effects."""
        update = read_update(payload, self._bot)
        effects = Effects()
        if chat.state != "open":
            effects.changes["state"] = "open"  # whoever writes again reads again
        if chat.conversation_id is not None:
            self._services.presence.see(chat.conversation_id)
        if update.my_chat_member is not None:
            has_left = update.my_chat_member.new_chat_member.status in _LEFT
            effects.changes["state"] = "blocked" if has_left else "open"
        elif update.callback_query is not None:
            await self._buttons.take(chat, update.update_id, update.callback_query, effects)
        elif update.edited_message is not None:
            await self._edited(chat, update.update_id, update.edited_message, effects)
        elif update.message is not None and not _is_of_a_program(update.message):
            await self._message(chat, update.update_id, update.message, effects)
        return effects

    async def _message(self, chat: Chat, update_id: int, message: telegram.Message, effects: Effects) -> None:
        if any(getattr(message, field, None) for field in _SERVICE):
            return  # Telegram's own notes on the chat
        text = message.text or message.caption or ""
        command = command_in(text)
        words = words_in(text)
        if command is not None and not words:
            await self._commands.run(command[0], chat, update_id, command[1], effects)
            return
        # Words come first, also after a command: they may be an emergency.
        if await self._is_own_contact(chat, message) and message.contact is not None:
            words = message.contact.phone_number
        if words.strip():
            chat = await self._take(chat, update_id, words, effects)
        if command is not None and command[0] in ("help", "emergency", "human", "privacy"):
            await self._commands.run(command[0], chat, update_id, command[1], effects)
        if not words.strip() or message.text is None:
            await self._not_words(chat, message, effects, has_words=bool(words.strip()))

    async def _take(
        self, chat: Chat, update_id: int, text: str, effects: Effects, *, answers: int | None = None
    ) -> Chat:
        """Give words to the consultation; where there is none, one is opened first. Return the chat that is in it."""
        try:
            words = patient_words(text)
        except RefusedError:
            effects.say(self.replies.say(chat, "telegram-empty"))
            return chat
        chat = await self._opening.in_conversation(chat, update_id)
        message = PatientMessage(text=words, client_key=client_key(update_id), answers=answers)
        result = await self._services.turns.take(str(chat.conversation_id), message)
        if result.status["final"]:
            await self.check_ins.offer(chat, effects)
        return chat

    async def _edited(self, chat: Chat, update_id: int, message: telegram.Message, effects: Effects) -> None:
        """Take an edit as a correction of the answer that the message gave, else as new words; either is screened."""
        words = words_in(message.text or message.caption or "")
        if not words.strip():
            return
        answered = await asyncio.to_thread(self._question_answered, chat, message.message_id)
        effects.say(self.replies.say(chat, "telegram-edit-taken"))
        await self._take(chat, update_id, words, effects, answers=answered)

    def _question_answered(self, chat: Chat, message_id: int) -> int | None:
        with self._services.database.read() as session:
            update_id = update_of_message(session, chat.id, message_id)
        if update_id is None or chat.conversation_id is None:
            return None
        return self._services.conversations.question_answered_with(chat.conversation_id, client_key(update_id))

    async def _not_words(self, chat: Chat, message: telegram.Message, effects: Effects, *, has_words: bool) -> None:
        """Say clearly what cannot be read; a place is answered with the numbers to call, and not kept."""
        if message.location is not None or message.venue is not None:
            effects.say(await asyncio.to_thread(self.replies.numbers, chat, "telegram-got-location"))
            return
        kind = next((name for field, name in _NOT_WORDS if getattr(message, field)), None)
        if kind is not None:
            effects.say(self.replies.say(chat, f"telegram-got-{kind}"))
        elif message.contact is not None and not has_words:
            effects.say(self.replies.say(chat, "telegram-got-contact"))
        elif not has_words:
            effects.say(self.replies.say(chat, "telegram-got-something" if message.text is None else "telegram-empty"))

    async def _is_own_contact(self, chat: Chat, message: telegram.Message) -> bool:
        """Whether the patient shares their own number where a number was asked for."""
        contact = message.contact
        is_own = contact is not None and message.from_user is not None and contact.user_id == message.from_user.id
        if not is_own or chat.conversation_id is None or await self._opening.state_of(chat) is None:
            return False
        awaited = await asyncio.to_thread(self.replies.awaited, chat.conversation_id)
        return awaited is not None and awaited.get("data", {}).get("question_id") == "contact"


def _is_of_a_program(message: telegram.Message) -> bool:
    return message.from_user is not None and message.from_user.is_bot
