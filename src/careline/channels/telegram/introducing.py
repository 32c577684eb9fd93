"""What Telegram is told of the bot when it starts: how updates come, its commands in each language, the menu button."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import telegram
from telegram.error import TelegramError
from telegram.ext import ExtBot

from careline.channels.telegram.api import ALLOWED_UPDATES
from careline.channels.telegram.commands import COMMANDS
from careline.consultation.wording import DEFAULT_LANGUAGE, Wording

log = logging.getLogger(__name__)

_CONNECTIONS = 8  # of the webhook; what they bring out of order is put in order
_AGAIN_SECONDS = 60.0


async def introduce(bot: ExtBot[Any], wording: Wording, *, webhook_url: str | None, secret: str) -> None:
    """Tell Telegram, trying again until it has taken all of it."""
    while True:
        try:
            await _say_how_updates_come(bot, webhook_url, secret)
            for language in sorted(wording.languages):
                await bot.set_my_commands(
                    commands_in(wording, language),
                    scope=telegram.BotCommandScopeAllPrivateChats(),
                    language_code=None if language == DEFAULT_LANGUAGE else language,
                )
            await bot.set_chat_menu_button(menu_button=telegram.MenuButtonCommands())
        except TelegramError as error:
            log.warning("telegram not told of the bot", extra={"why": type(error).__name__})
            await asyncio.sleep(_AGAIN_SECONDS)
        else:
            return


def commands_in(wording: Wording, language: str) -> list[telegram.BotCommand]:
    """Return the list of commands in a language."""
    return [telegram.BotCommand(name, wording.say(f"telegram-command-{name}", language)) for name in COMMANDS]


async def _say_how_updates_come(bot: ExtBot[Any], webhook_url: str | None, secret: str) -> None:
    if webhook_url is None:
        await bot.delete_webhook()
    else:
        await bot.set_webhook(
            webhook_url, secret_token=secret, max_connections=_CONNECTIONS, allowed_updates=ALLOWED_UPDATES
        )
