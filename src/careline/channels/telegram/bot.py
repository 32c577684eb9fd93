"""The bot at work: the channel, what Telegram is told of it, and the fetching of updates."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from careline.channels.telegram.api import BotClient
from careline.channels.telegram.channel import TelegramChannel
from careline.channels.telegram.identity import webhook_secret
from careline.channels.telegram.introducing import introduce
from careline.channels.telegram.polling import poll
from careline.consultation.wording import Wording
from careline.storage.keys import KeyRing

log = logging.getLogger(__name__)

_AGAIN_SECONDS = 5.0


@dataclass(frozen=True)
class TelegramBot:
    """The channel with its bot, and how updates come.

    Attributes:
        webhook_url: Where Telegram brings updates; None: they are fetched by long polling.
    """

    channel: TelegramChannel
    client: BotClient
    wording: Wording
    keys: KeyRing
    webhook_url: str | None

    async def run(self) -> None:
        """Work until cancelled; what ends by an error begins again."""
        while True:
            try:
                await self._work()
            except Exception:
                log.exception("telegram channel failed")
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _work(self) -> None:
        secret = webhook_secret(self.keys)
        work = [
            self.channel.run(),
            introduce(self.client.bot, self.wording, webhook_url=self.webhook_url, secret=secret),
        ]
        if self.webhook_url is None:
            work.append(poll(self.client.bot, self.channel))
        tasks = [asyncio.create_task(each) for each in work]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def aclose(self) -> None:
        """Close the connections."""
        await self.client.aclose()
