"""Groups: a polite refusal, and nothing is kept. What is written there others would read."""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from typing import Any

from telegram.error import TelegramError
from telegram.ext import ExtBot

from careline.channels.telegram.inbox import chat_in, sender_in
from careline.channels.telegram.services import TelegramServices

_MOST_REMEMBERED = 1000  # groups; in memory alone, and only so that one is refused once


class Groups:
    """Refuses groups and channels."""

    def __init__(self, services: TelegramServices, bot: ExtBot[Any]) -> None:
        """Take the parts."""
        self._services = services
        self._bot = bot
        self._refused: OrderedDict[int, None] = OrderedDict()

    async def refuse(self, update: dict[str, Any]) -> None:
        """Say once that this is for private chats alone, and leave."""
        chat = chat_in(update)
        if chat is None or chat["id"] in self._refused or _has_left(update):
            return
        self._refused[chat["id"]] = None
        if len(self._refused) > _MOST_REMEMBERED:
            self._refused.popitem(last=False)
        wording = self._services.house.wording
        language = wording.language_for(sender_in(update).get("language_code") or "en")
        for act in (
            lambda: self._bot.send_message(chat["id"], wording.say("telegram-group", language)),
            lambda: self._bot.leave_chat(chat["id"]),
        ):
            with contextlib.suppress(TelegramError):
                await act()


def _has_left(update: dict[str, Any]) -> bool:
    member = update.get("my_chat_member", {}).get("new_chat_member", {})
    return member.get("status") in ("left", "kicked")
