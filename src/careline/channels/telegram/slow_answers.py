"""Telling who waits too long for an answer that their message has come, with the number to call."""

from __future__ import annotations

import logging
import time

from sqlalchemy.orm import Session

from careline.channels.telegram.chats import Chat, chat_of, take_lease
from careline.channels.telegram.kept_waiting import KeptWaiting, kept_waiting, tell
from careline.channels.telegram.rendering import Part
from careline.channels.telegram.replies import Replies
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.tables import TelegramChatRow
from careline.channels.telegram.threads import DatabaseThreads

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_MOST_REMEMBERED = 1000


class SlowAnswers:
    """Looks for who waits too long."""

    def __init__(self, services: TelegramServices, replies: Replies, threads: DatabaseThreads, owner: str) -> None:
        """Take the parts; `owner` names this process."""
        self._services = services
        self._replies = replies
        self._threads = threads
        self._owner = owner
        self._looked_at: set[KeptWaiting] = set()
        self._next_look = 0.0
        self._is_at_it = False

    async def tell(self) -> None:
        """Tell who waits too long, if it is time to look; while that is under way, do nothing."""
        now = time.monotonic()
        if self._is_at_it or now < self._next_look:
            return
        self._is_at_it, self._next_look = True, now + _LOOK_SECONDS
        try:
            found = await self._threads.read(kept_waiting, self._services.now(), self._looked_at)
            if len(self._looked_at) > _MOST_REMEMBERED:
                self._looked_at.clear()  # to look again costs a moment, and nobody is told twice
            if found:  # all at once: while one after the other is told, the last would wait longer still
                chats = await self._threads.read(self._chats, found)
                notices = await self._threads.run(lambda: [self._replies.slow(chat) for chat in chats])
                settled = await self._threads.write(self._tell, list(zip(found, notices, strict=True)))
                self._looked_at.update(settled)
        except Exception:  # the answer itself does not depend on it
            log.exception("telegram could not tell who waits")
        finally:
            self._is_at_it = False

    def _chats(self, session: Session, found: list[KeptWaiting]) -> list[Chat]:
        return [chat_of(session.get_one(TelegramChatRow, waiting.chat_id)) for waiting in found]

    def _tell(self, session: Session, notices: list[tuple[KeptWaiting, list[Part]]]) -> list[KeptWaiting]:
        now = self._services.now()
        settled: list[KeptWaiting] = []
        for waiting, notice in sorted(notices, key=lambda each: each[0].chat_id):  # chats are locked in one order
            chat = take_lease(session, waiting.chat_id, self._owner, now)
            if chat is not None and tell(session, chat, waiting.update_id, notice, now=now):
                settled.append(waiting)
        return settled
