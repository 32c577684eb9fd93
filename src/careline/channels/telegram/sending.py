"""Sending what is in the outbox of a chat: in order, each send on record before it is made."""

from __future__ import annotations

import html
import logging
from typing import Any

from sqlalchemy.orm import Session
from telegram.ext import ExtBot

from careline.channels.telegram import outbox
from careline.channels.telegram.api import Outcome, send
from careline.channels.telegram.chats import take_lease
from careline.channels.telegram.metrics import SENDS
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.threads import DatabaseThreads

log = logging.getLogger(__name__)


class Sender:
    """Sends, for chats that this process has the lease of."""

    def __init__(self, services: TelegramServices, bot: ExtBot[Any], threads: DatabaseThreads, owner: str) -> None:
        """Take the parts; `owner` names this process."""
        self._services = services
        self._bot = bot
        self._threads = threads
        self._owner = owner

    async def send_all(self, chat_id: int) -> None:
        """Send what is due in one chat, in order."""
        done: tuple[int, Outcome] | None = None
        while True:
            sending = await self._threads.write(self._next_send, chat_id, done)
            if sending is None:
                return
            payload = self._marked(sending) if sending.repeats else sending.payload
            outcome = await self._attempt(sending, payload)
            SENDS.labels(outcome.kind).inc()
            if outcome.kind not in ("sent", "later", "withheld"):
                log.warning("telegram send failed", extra={"send": sending.id, "why": outcome.error})
            done = (sending.id, outcome)

    async def _attempt(self, sending: outbox.Sending, payload: dict[str, Any]) -> Outcome:
        if payload.get("unasked") and not await self._threads.run(self._may_reach, sending.conversation_id):
            return Outcome("withheld")
        try:
            return await send(self._bot, sending.address, payload, as_plain_text=sending.as_plain_text)
        except Exception as error:  # a send that breaks must not hold up the chat
            log.exception("telegram send broke", extra={"send": sending.id})
            return Outcome("unknown", error=type(error).__name__[:40])

    def _may_reach(self, conversation_id: str | None) -> bool:
        """Return whether somebody may be written to who does not wait for it; asked right before it is sent."""
        return conversation_id is not None and self._services.conversations.may_reach_unasked(conversation_id)

    def _marked(self, sending: outbox.Sending) -> dict[str, Any]:
        """Say in a message whose first sending may have arrived that it may be there twice."""
        if "html" not in sending.payload:
            return sending.payload
        words = self._services.renderer.say("telegram-sent-again", sending.language)
        return {**sending.payload, "html": f"<i>{html.escape(words, quote=False)}</i>\n{sending.payload['html']}"}

    def _next_send(self, session: Session, chat_id: int, done: tuple[int, Outcome] | None) -> outbox.Sending | None:
        now = self._services.now()
        chat = take_lease(session, chat_id, self._owner, now)
        if chat is None:
            return None
        if done is not None:
            outbox.record_outcome(session, *done, now=now)
        return outbox.next_send(session, chat, now=now)
