"""Long polling: asks Telegram for updates, and confirms them only once they are kept."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram.error import Conflict, TelegramError
from telegram.ext import ExtBot

from careline.channels.telegram.api import fetch_updates
from careline.channels.telegram.channel import TelegramChannel

log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 30.0
_CONFLICT_SECONDS = 10.0  # another process polls for the same bot


async def poll(bot: ExtBot[Any], channel: TelegramChannel) -> None:
    """Hand updates to the channel until cancelled."""
    offset, pause = 0, _FIRST_PAUSE_SECONDS
    while True:
        try:
            updates = await fetch_updates(bot, offset)
            if updates:
                await channel.receive(updates, is_in_order=True)
                offset = max(update["update_id"] for update in updates) + 1  # confirmed by the next request
            pause = _FIRST_PAUSE_SECONDS
        except Conflict:
            log.error("another process polls for this bot; use the webhook where there are several")
            await asyncio.sleep(_CONFLICT_SECONDS)
        except TelegramError as error:
            log.warning("telegram not reached", extra={"why": type(error).__name__})
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
        except Exception:  # not stored: not confirmed, and asked for again
            log.exception("telegram updates not kept")
            await asyncio.sleep(pause)
            pause = min(_LONGEST_PAUSE_SECONDS, pause * 2)
