"""The commands of the bot. What concerns the consultation is a turn of it; the rest the channel answers itself."""

from __future__ import annotations

import asyncio
import dataclasses
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from careline.channels.telegram.chats import Chat
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.opening import Opening, client_key
from careline.channels.telegram.replies import Replies
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.start_link import StartLink, is_payload, start_link
from careline.channels.telegram.tables import TelegramChatRow
from careline.consultation.errors import RefusedError
from careline.consultation.link_codes import redeem
from careline.consultation.patient_message import PatientMessage
from careline.consultation.ports import Intention

# In the order of the menu. Each has a line `telegram-command-<name>` in the catalogue.
COMMANDS = (
    "start", "emergency", "human", "summary", "cancel", "stop",
    "language", "link", "privacy", "export", "delete", "help",
)  # fmt: skip

_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?:\s+(.*))?", re.DOTALL)


def command_in(text: str) -> tuple[str, str] | None:
    """Return the command and what stands after it; None for words of the patient's, which may begin with a slash."""
    found = _COMMAND.fullmatch(text.strip())
    if found is None or found[1].lower() not in COMMANDS:
        return None
    return found[1].lower(), (found[2] or "").strip()


def words_in(text: str) -> str:
    """Return the patient's words in a text: all of it, or what stands after a command, unless that is of a link."""
    command = command_in(text)
    if command is None:
        return text
    name, rest = command
    return "" if name == "start" and is_payload(rest) else rest


class Commands:
    """Carries commands out."""

    def __init__(self, services: TelegramServices, replies: Replies, opening: Opening) -> None:
        """Take the parts."""
        self._services = services
        self._replies = replies
        self._opening = opening
        self._by_name: dict[str, Callable[[Chat, int, str, Effects], Awaitable[None]]] = {
            "start": self._start,
            "emergency": self._emergency,
            "human": self._human,
            "summary": self._summary,
            "cancel": self._cancel,
            "stop": self._stop,
            "language": self._language,
            "link": self._link,
            "privacy": self._privacy,
            "export": self._export,
            "delete": self._delete,
            "help": self._help,
        }

    async def run(self, name: str, chat: Chat, update_id: int, rest: str, effects: Effects) -> None:
        """Carry one out; what it says is left in `effects`, or in the conversation."""
        await self._by_name[name](chat, update_id, rest, effects)

    async def _start(self, chat: Chat, update_id: int, rest: str, effects: Effects) -> None:
        link = start_link(rest)
        if link.lang is not None:
            chat = dataclasses.replace(chat, language=self._services.house.wording.language_for(link.lang))
            effects.changes["language"] = chat.language
        if link.site is not None:
            effects.changes["site"] = link.site
        if link.code is not None:
            await self._resume(chat, update_id, link.code, effects)
            return
        await self._begin(chat, update_id, link, effects)
        if link.article is not None:
            await asyncio.to_thread(self._show_article, chat, link.article, effects)

    async def _begin(self, chat: Chat, update_id: int, link: StartLink, effects: Effects) -> None:
        state = await self._opening.state_of(chat)
        is_ours = chat.opened_by == update_id  # opened by this very update, before a crash
        if state is None or (state in ("closed", "advised") and not is_ours):
            await self._opening.open(chat, update_id, country=link.country)
        elif state == "with_clinician":
            effects.say(self._replies.say(chat, "telegram-with-clinician"))
        elif not is_ours and chat.conversation_id is not None:
            effects.say(self._replies.say(chat, "telegram-going-on"))
            effects.say(await asyncio.to_thread(self._replies.awaited_again, chat.conversation_id))

    async def _resume(self, chat: Chat, update_id: int, code: str, effects: Effects) -> None:
        """Go on here with a conversation that began elsewhere."""

        def go_on() -> bool:
            with self._services.database.write() as session:
                return self._redeemed(session, chat, update_id, code)

        if await asyncio.to_thread(go_on):
            effects.say(self._replies.say(chat, "telegram-resumed"))
        else:
            effects.say(self._replies.say(chat, "telegram-code-unknown"))

    def _redeemed(self, session: Session, chat: Chat, update_id: int, code: str) -> bool:
        row = session.get_one(TelegramChatRow, chat.id)
        try:
            conversation = redeem(session, code, self._services.now())
        except RefusedError:
            return row.opened_by == update_id  # used by this very update, before a crash
        row.conversation_id, row.opened_by, row.picked = conversation.id, update_id, None
        row.shown = (conversation.expects or conversation.last_number + 1) - 1  # what is awaited is shown again
        if conversation.contact_key is None:
            conversation.contact_key = row.key
        return True

    def _show_article(self, chat: Chat, article_id: str, effects: Effects) -> None:
        services = self._services
        guidance = services.releases.newest.guidance
        today = services.now().date()
        article = (
            guidance.article(article_id, today=today, signed_only=services.house.signed_only)
            if guidance is not None
            else None
        )
        if article is not None and services.public_url is not None:
            url = f"/guidance/{article_id}"
            effects.say(self._replies.say(chat, "telegram-article", title=article.title, url=url))

    async def _emergency(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        effects.say(await asyncio.to_thread(self._replies.numbers, chat, "telegram-emergency"))

    async def _human(self, chat: Chat, update_id: int, rest: str, effects: Effects) -> None:
        state = await self._opening.state_of(chat)
        if state in (None, "closed"):
            await self._opening.open(chat, update_id)
        if state in (None, "closed", "consent"):
            effects.say(await asyncio.to_thread(self._replies.numbers, chat, "telegram-human-first"))
            return
        if state == "with_clinician":
            effects.say(self._replies.say(chat, "telegram-with-clinician"))
            return
        part = "-human" if rest else ""  # words beside it are a message of their own
        await self._turn(chat, update_id, Intention.REQUEST_HUMAN, "telegram-says-human", part)

    async def _summary(self, chat: Chat, update_id: int, _rest: str, effects: Effects) -> None:
        await self._in_conversation(chat, update_id, Intention.SUMMARISE, "telegram-says-summary", effects)

    async def _cancel(self, chat: Chat, update_id: int, _rest: str, effects: Effects) -> None:
        effects.changes["picked"] = None
        if await self._opening.state_of(chat) == "consent":
            await self._decline(chat, update_id)
            return
        await self._in_conversation(chat, update_id, Intention.START_OVER, "telegram-says-cancel", effects)

    async def _stop(self, chat: Chat, update_id: int, _rest: str, effects: Effects) -> None:
        effects.changes |= {"picked": None, "check_in": "declined", "check_in_at": None}
        if await self._opening.state_of(chat) == "consent":
            await self._decline(chat, update_id)
            return
        await self._in_conversation(chat, update_id, Intention.STOP, "telegram-says-stop", effects)

    async def _language(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        effects.say(self._replies.languages(chat))

    async def _link(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        if chat.conversation_id is None or await self._opening.state_of(chat) is None:
            effects.say(self._replies.say(chat, "telegram-nothing-yet"))
            return
        code = await asyncio.to_thread(self._services.links.make, chat.conversation_id)
        effects.say(self._replies.say(chat, "telegram-link", code=code.code))

    async def _privacy(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        operator = self._services.house.operator_in(chat.language)
        effects.say(self._replies.say(chat, "telegram-privacy", operator=operator))

    async def _export(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        if chat.conversation_id is None or await self._opening.state_of(chat) is None:
            effects.say(self._replies.say(chat, "telegram-nothing-yet"))
            return
        kept: dict[str, Any] = await asyncio.to_thread(self._services.conversations.export, chat.conversation_id)
        effects.replies.append(
            {
                "document": msgspec.json.format(msgspec.json.encode(kept)).decode(),
                "filename": "careline.json",
                "caption": self._replies.words(chat, "telegram-export"),
            }
        )

    async def _delete(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        effects.say(self._replies.sure_to_delete(chat))

    async def _help(self, chat: Chat, _update_id: int, _rest: str, effects: Effects) -> None:
        lines = [f"/{name}  {self._replies.words(chat, f'telegram-command-{name}')}" for name in COMMANDS]
        effects.say(self._services.renderer.own("\n".join([self._replies.words(chat, "telegram-help"), *lines])))

    async def _in_conversation(
        self, chat: Chat, update_id: int, intention: Intention, sentence_id: str, effects: Effects
    ) -> None:
        """Have the consultation do it, where there is one that can."""
        state = await self._opening.state_of(chat)
        if state in (None, "closed"):
            # Said before a crash in the same update, it is said in the conversation already.
            if not await self._opening.was_taken(chat, update_id):
                effects.say(self._replies.say(chat, "telegram-nothing-yet"))
        elif state == "consent" and chat.conversation_id is not None:
            effects.say(self._replies.say(chat, "telegram-agree-first"))
            effects.say(await asyncio.to_thread(self._replies.awaited_again, chat.conversation_id))
        elif state == "with_clinician":
            effects.say(self._replies.say(chat, "telegram-with-clinician-not-now"))
        else:
            await self._turn(chat, update_id, intention, sentence_id)

    async def _turn(self, chat: Chat, update_id: int, intention: Intention, sentence_id: str, part: str = "") -> None:
        if chat.conversation_id is not None:
            words = self._replies.words(chat, sentence_id)
            message = PatientMessage(text=words, client_key=client_key(update_id, part), intention=intention)
            await self._services.turns.take(chat.conversation_id, message)

    async def _decline(self, chat: Chat, update_id: int) -> None:
        """Leave before having agreed: what was written is deleted."""
        if chat.conversation_id is None:
            return
        awaited = await asyncio.to_thread(self._replies.awaited, chat.conversation_id)
        if awaited is not None:
            await self._services.turns.take(
                chat.conversation_id,
                PatientMessage(reply_to=awaited["id"], value="decline", client_key=client_key(update_id)),
            )
