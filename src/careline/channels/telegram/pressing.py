"""A button that was pressed: an option of the consultation, or one of the channel's own."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

import telegram
from sqlalchemy.orm import Session
from telegram.error import TelegramError
from telegram.ext import ExtBot

from careline.channels.telegram.buttons import (
    Pressed,
    chosen_keyboard,
    is_checklist,
    is_correctable,
    keyboard_of,
    options_of,
    pressed,
    tag_of,
    toggled,
)
from careline.channels.telegram.chats import Chat
from careline.channels.telegram.check_in import CheckIns
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.opening import client_key
from careline.channels.telegram.outbox import add_send, forget
from careline.channels.telegram.replies import Replies
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.tables import TelegramChatRow
from careline.consultation.errors import RefusedError
from careline.consultation.patient_message import PatientMessage


def _typed_answer(messages: list[dict[str, Any]], expects: int | None) -> str | None:
    """Return the words that answered the first of some messages, where words did; its buttons stand there still.

    While the same question is asked again, words have not answered it.
    """
    asked = messages[0]
    now_asked = next((each for each in messages if each["id"] == expects), asked)
    if not is_correctable(asked) or now_asked.get("data", {}).get("question_id") == asked["data"]["question_id"]:
        return None
    then = next((each for each in messages[1:] if each["from"] == "patient" or options_of(each)), None)
    is_typed = then is not None and then["from"] == "patient" and then.get("reply_to") is None
    return str(then["text"]) if then is not None and is_typed else None


@dataclass(frozen=True)
class _Press:
    """A press on a button of the conversation, with the message it stands below.

    Attributes:
        shown_in: Telegram's number of that message.
        answered_with: Titles of the option that was chosen before, or the words; None while it is not answered.
    """

    chat: Chat
    update_id: int
    query: telegram.CallbackQuery
    shown_in: int
    button: Pressed
    message: dict[str, Any]
    answered_with: str | None

    @property
    def tag(self) -> str:
        return self.button.tag

    @property
    def is_reopened(self) -> bool:
        """Whether the patient asked to change this answer."""
        return bool(self.chat.picked.get("reopened")) and self.chat.picked.get("number") == self.button.number

    @property
    def picked(self) -> list[str]:
        """What is chosen so far in this checklist."""
        is_this = self.chat.picked.get("number") == self.button.number
        values: list[str] = self.chat.picked.get("values", []) if is_this else []
        return values


class Buttons:
    """Takes presses."""

    def __init__(self, services: TelegramServices, replies: Replies, check_ins: CheckIns, bot: ExtBot[Any]) -> None:
        """Take the parts."""
        self._services = services
        self._replies = replies
        self._check_ins = check_ins
        self._bot = bot

    async def take(self, chat: Chat, update_id: int, query: telegram.CallbackQuery, effects: Effects) -> None:
        """Carry out what a button is for; one that is over says so and goes."""
        button = pressed(query.data or "")
        shown_in = query.message.message_id if query.message is not None else 0
        if button is None or button.tag != tag_of(chat.conversation_id):
            await self._over(chat, query, shown_in, effects)
        elif button.number == 0:
            await self._own(chat, update_id, button.what, query, shown_in, effects)
        else:
            press = await asyncio.to_thread(self._press, chat, update_id, query, shown_in, button)
            if press is None:
                await self._over(chat, query, shown_in, effects)
            else:
                await self._consultation(press, effects)

    def _press(
        self, chat: Chat, update_id: int, query: telegram.CallbackQuery, shown_in: int, button: Pressed
    ) -> _Press | None:
        conversations = self._services.conversations
        if chat.conversation_id is None or conversations.state_of(chat.conversation_id) in (None, "closed"):
            return None
        history = conversations.history(chat.conversation_id, button.number - 1)
        later = history["messages"]
        if not later or later[0]["id"] != button.number or button.index >= max(len(options_of(later[0])), 1):
            return None
        answers = [
            each["text"] for each in later if each["from"] == "patient" and each.get("reply_to") == button.number
        ]
        answered_with = answers[-1] if answers else _typed_answer(later, history["expects"])
        return _Press(chat, update_id, query, shown_in, button, later[0], answered_with)

    async def _consultation(self, press: _Press, effects: Effects) -> None:
        what = press.button.what
        if what == "change" and press.answered_with is not None:
            await self._answer(press.query)
            effects.changes["picked"] = {"number": press.button.number, "values": [], "reopened": True}
            effects.edit(press.shown_in, self._keyboard(press, ()))
        elif press.answered_with is not None and not press.is_reopened:
            await self._answer(press.query, self._replies.words(press.chat, "telegram-answered-already"))
            effects.edit(press.shown_in, self._chosen(press, press.answered_with))
        elif what == "toggle" and is_checklist(press.message):
            await self._answer(press.query)
            values = toggled(press.message, press.picked, options_of(press.message)[press.button.index]["value"])
            effects.changes["picked"] = {
                "number": press.button.number, "values": values, "reopened": press.is_reopened,
            }  # fmt: skip
            effects.edit(press.shown_in, self._keyboard(press, values))
        elif what == "done" and is_checklist(press.message):
            if press.picked:
                await self._choose(press, press.picked, effects)
            else:
                await self._answer(press.query, self._replies.words(press.chat, "telegram-choose-first"))
        elif what == "option" and options_of(press.message):
            await self._choose(press, options_of(press.message)[press.button.index]["value"], effects)
        else:
            await self._over(press.chat, press.query, press.shown_in, effects)

    async def _choose(self, press: _Press, value: str | list[str], effects: Effects) -> None:
        """Give the answer to the consultation; an answer that was given before is corrected."""
        await self._answer(press.query)
        message = PatientMessage(reply_to=press.button.number, value=value, client_key=client_key(press.update_id))
        try:
            result = await self._services.turns.take(str(press.chat.conversation_id), message)
        except RefusedError:
            await self._over(press.chat, press.query, press.shown_in, effects)
            return
        effects.changes["picked"] = None
        effects.edit(press.shown_in, self._chosen(press, result.received["text"]))
        if result.status["final"]:
            await self._check_ins.offer(press.chat, effects)

    async def _own(
        self,
        chat: Chat,
        update_id: int,
        word: str,
        query: telegram.CallbackQuery,
        shown_in: int,
        effects: Effects,
    ) -> None:
        await self._answer(query)
        effects.edit(shown_in, None)
        if word == "delete_yes":
            await self._erase(chat, update_id, effects)
        elif word == "delete_no":
            effects.say(self._replies.say(chat, "telegram-kept"))
        elif word.startswith("language_") and word.removeprefix("language_") in self._replies.language_names():
            await self._speak(chat, word.removeprefix("language_"), effects)
        elif word.startswith("check_"):
            await self._check_ins.answered(chat, update_id, word, effects)

    async def _erase(self, chat: Chat, update_id: int, effects: Effects) -> None:
        def first(session: Session) -> None:
            """What stands in the chat is to be deleted there: once it is erased here, its numbers are not known."""
            row = session.get_one(TelegramChatRow, chat.id, with_for_update=True)
            now = self._services.now()
            for number, batch in enumerate(forget(session, row, now=now)):
                add_send(session, row, f"u{update_id}:gone{number}", {"delete": batch}, conversation_id=None, now=now)

        conversations = self._services.conversations
        if chat.conversation_id is not None and await asyncio.to_thread(conversations.exists, chat.conversation_id):
            await asyncio.to_thread(conversations.erase, chat.conversation_id, first=first)
        effects.forgets = True
        effects.replies.clear()  # the question whether to delete is deleted too
        effects.changes |= {"conversation_id": None, "opened_by": None, "shown": 0, "picked": None, "site": None}
        effects.changes |= {"check_in": None, "check_in_at": None}
        effects.say(self._replies.say(chat, "telegram-deleted"))

    async def _speak(self, chat: Chat, language: str, effects: Effects) -> None:
        effects.changes["language"] = language
        conversations = self._services.conversations
        if chat.conversation_id is not None and await asyncio.to_thread(conversations.exists, chat.conversation_id):
            await asyncio.to_thread(conversations.speak, chat.conversation_id, language)
        words = self._services.renderer.say("telegram-language-set", language)
        effects.say(self._services.renderer.own(words))

    async def _over(self, chat: Chat, query: telegram.CallbackQuery, shown_in: int, effects: Effects) -> None:
        """Say that a button is of no use any more, and take it away."""
        await self._answer(query, self._replies.words(chat, "telegram-button-over"))
        if shown_in:
            effects.edit(shown_in, None)

    async def _answer(self, query: telegram.CallbackQuery, text: str | None = None) -> None:
        """End the button's waiting sign; when it is too late for that, nothing is lost."""
        with contextlib.suppress(TelegramError):
            await self._bot.answer_callback_query(query.id, text=text, show_alert=text is not None)

    def _keyboard(self, press: _Press, values: list[str] | tuple[str, ...]) -> list[list[dict[str, str]]]:
        language = self._services.house.wording.language_for(press.message["lang"])
        return keyboard_of(
            press.message,
            press.tag,
            lambda sentence, **given: self._services.renderer.say(sentence, language, **given),
            values,
        )

    def _chosen(self, press: _Press, titles: str) -> list[list[dict[str, str]]]:
        return chosen_keyboard(
            press.message,
            press.tag,
            titles,
            lambda sentence, **given: self._replies.words(press.chat, sentence, **given),
        )
