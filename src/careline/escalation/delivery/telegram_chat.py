"""A message to the chat of those on call. It holds level, time and link, no word of the patient."""

from __future__ import annotations

import asyncio
import datetime as dt

import telegram
from telegram.error import RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from careline.escalation.delivery.channel import SENT, Letter, Outcome, fingerprint
from careline.escalation.delivery.configuration import TelegramSettings
from careline.escalation.delivery.notes import note


class TelegramChannel:
    """Writes into one chat as the operator's bot."""

    is_person = True

    def __init__(self, name: str, settings: TelegramSettings, token: str) -> None:
        """Take the parts."""
        self.name = name
        self.target = fingerprint("telegram", settings.chat_id)
        self.concurrency = settings.concurrency
        self.timeout_seconds = settings.timeout_seconds
        self._chat_id = settings.chat_id
        self._request = HTTPXRequest(
            connection_pool_size=settings.concurrency,
            connect_timeout=settings.timeout_seconds,
            read_timeout=settings.timeout_seconds,
            write_timeout=settings.timeout_seconds,
            pool_timeout=settings.timeout_seconds,
            httpx_kwargs={"trust_env": False},
        )
        self._bot = telegram.Bot(token, base_url=settings.base_url, request=self._request)

    async def send(self, letter: Letter, *, now: dt.datetime) -> Outcome:
        """Make one attempt. The Bot API knows no ids of ours: after a crash the same note may stand there twice."""
        try:
            async with asyncio.timeout(self.timeout_seconds):
                await self._bot.send_message(self._chat_id, note(letter))
        except (TimedOut, TimeoutError):
            return Outcome("timeout")
        except RetryAfter as error:
            pause = error.retry_after
            seconds = pause.total_seconds() if isinstance(pause, dt.timedelta) else float(pause)
            return Outcome("RetryAfter", not_before_seconds=seconds)
        except TelegramError as error:
            return Outcome(type(error).__name__[:40])  # its text may hold the token
        return SENT

    async def aclose(self) -> None:
        """Close the connections."""
        await self._request.shutdown()
