"""The channel at work: updates in, one chat in order, chats side by side; what is to be said out again.

Two things go on for each chat, and neither waits for the other: handling what came in, and sending. So a patient is
screened and a clinician asked though Telegram takes nothing for a while.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import secrets
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from telegram.constants import ChatAction
from telegram.error import TelegramError
from telegram.ext import ExtBot

from careline.channels.telegram import flood, inbox, outbox
from careline.channels.telegram.arrival import Arrival
from careline.channels.telegram.chats import (
    LEASE,
    Chat,
    chat_of,
    go_on_with,
    hold_leases,
    locked_chat,
    release_leases,
    take_lease,
)
from careline.channels.telegram.groups import Groups
from careline.channels.telegram.handling import UpdateHandler
from careline.channels.telegram.inbox import Effects
from careline.channels.telegram.metrics import UPDATES
from careline.channels.telegram.rendering import Part
from careline.channels.telegram.sending import Sender
from careline.channels.telegram.services import TelegramServices
from careline.channels.telegram.slow_answers import SlowAnswers
from careline.channels.telegram.tables import TelegramChatRow
from careline.channels.telegram.threads import DatabaseThreads

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5  # what clinicians write and what is due is found by looking; what is of this process, at once
_LEAST_PAUSE_SECONDS = 0.02  # between looks, however much is announced
_BEFORE_TYPING_SECONDS = 0.3  # what is answered at once needs no sign
_TYPING_SECONDS = 4.0  # Telegram shows the sign for five
_CHATS_AT_ONCE = 8
_STORE_TRIES = 4
_TRIES = 3  # of an update whose handling breaks; then the patient gets the safe reply
_PAUSE_AFTER_ERROR_SECONDS = 1.0
_TIDY_SECONDS = 3600.0
_KEPT = dt.timedelta(days=7)  # that an update came: Telegram sends none again after a day


@dataclass(frozen=True)
class _Taken:
    """An update that was taken up.

    Attributes:
        is_over: Whether the chat wrote more than is answered in a minute.
    """

    chat: Chat
    update_id: int
    payload: dict[str, Any]
    is_over: bool


@dataclass(frozen=True)
class _Work:
    """Chats that have some: each in the order in which they wait."""

    to_handle: list[int]
    with_news: list[int]
    to_send_to: list[int]


class TelegramChannel:
    """All chats of one bot, in this process."""

    def __init__(self, services: TelegramServices, bot: ExtBot[Any]) -> None:
        """Take the parts."""
        self._services = services
        self._database = services.database
        self._bot = bot
        self._handler = UpdateHandler(services, bot)
        self._groups = Groups(services, bot)
        self._arrival: Arrival | None = None
        self._owner = secrets.token_hex(12)
        self._threads = DatabaseThreads(services.database)
        self._sender = Sender(services, bot, self._threads, self._owner)
        self._slow_answers = SlowAnswers(services, self._handler.replies, self._threads, self._owner)
        self._handling: dict[int, asyncio.Task[None]] = {}
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._missed = False  # whether a chat had to be passed over: then it is looked at again when one has ended
        self._others_wait = False  # whether chats wait to be handled: then one gives its place up after each update
        self._woken = asyncio.Event()
        self._holds_until = 0.0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._database.on_commit(self._on_commit)

    async def receive(self, updates: Iterable[dict[str, Any]], *, is_in_order: bool) -> None:
        """Keep updates; once this returns, none of them is lost or counted twice.

        Args:
            updates: As Telegram sent them.
            is_in_order: Whether nothing with a lower number is still to come.
        """
        given = list(updates)
        private: list[dict[str, Any]] = []
        others: list[dict[str, Any]] = []
        for update in given:
            chat = inbox.chat_in(update)
            (private if chat is not None and chat.get("type") == "private" else others).append(update)
        arrival = await self._known_arrival()
        await self._kept(private)
        for update in others:
            arrival.skip(update["update_id"])
            self._in_background(self._groups.refuse(update))
        if is_in_order and given:
            arrival.complete(max(update["update_id"] for update in given))
        self._woken.set()

    async def _kept(self, updates: list[dict[str, Any]]) -> None:
        """Keep updates of private chats."""
        for tries_left in reversed(range(_STORE_TRIES)):
            try:
                await self._threads.write(self._store, updates)
            except IntegrityError:  # another process stored the update, or its chat, at the same moment
                if tries_left == 0:
                    raise
            else:
                return

    async def run(self) -> None:
        """Work until cancelled; an error of one round costs a moment, not the channel."""
        self._loop = asyncio.get_running_loop()
        if self._database.is_sqlite:
            await self._threads.write(release_leases)  # the only process: nobody else can be at it
        next_tidy = 0.0
        try:
            while True:
                self._woken.clear()  # before looking: what comes now wakes us again
                try:
                    await self._look()
                    if self._loop.time() >= next_tidy:
                        next_tidy = self._loop.time() + _TIDY_SECONDS
                        await self._threads.write(outbox.forget_old, self._services.now() - _KEPT)
                except Exception:
                    log.exception("telegram round failed")
                    await asyncio.sleep(_PAUSE_AFTER_ERROR_SECONDS)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._woken.wait()
                await asyncio.sleep(_LEAST_PAUSE_SECONDS)
        finally:
            self._loop = None
            await self._stop()

    async def _look(self) -> None:
        """Start work on every chat that has some."""
        self._missed = False
        await self._hold()
        arrival = await self._known_arrival()
        arrived = await self._threads.read(inbox.arrived_after, arrival.through if arrival.through is not None else -1)
        through = arrival.look(arrived, self._services.now())
        work = await self._threads.read(self._work, through, tuple(self._handling))
        for chat_id in work.to_handle:
            self._start(self._handling, chat_id, self._handle_chat(chat_id))
        self._others_wait = self._missed
        for chat_id in work.with_news:
            if chat_id not in self._handling:  # else it is written when the update is done
                self._start(self._handling, chat_id, self._plan(chat_id))
        for chat_id in work.to_send_to:
            self._start(self._sending, chat_id, self._sender.send_all(chat_id))
        self._in_background(self._slow_answers.tell())
        await self._handler.check_ins.ask_due(self._threads.read, self._threads.write)

    def _work(self, session: Session, through: int, at_work: tuple[int, ...]) -> _Work:
        now = self._services.now()
        new = inbox.chats_to_handle(session, through, at_work)
        later = flood.chats_to_go_on_with(session, self._services.most_per_minute, now)
        return _Work(
            list(dict.fromkeys((*new, *later))), outbox.chats_with_news(session), outbox.chats_to_send_to(session, now)
        )

    async def _hold(self) -> None:
        """Hold the chats at work, however long Telegram takes: another process would take up the same."""
        now = time.monotonic()
        if now >= self._holds_until and (self._handling or self._sending):
            at_work = {*self._handling, *self._sending}
            await self._threads.write(hold_leases, self._owner, at_work, self._services.now())
            self._holds_until = now + LEASE.total_seconds() / 4

    async def _handle_chat(self, chat_id: int) -> None:
        """Handle what came in of one chat, in order, until there is nothing more or another chat has waited longer."""
        taken = await self._threads.write(self._take_update, chat_id)
        while taken is not None:
            chat, update_id, payload = taken.chat, taken.update_id, taken.payload
            try:
                if taken.is_over and await self._handler.flood.may_wait(chat, payload):
                    notice = await self._threads.run(self._handler.replies.wait, chat)
                    taken = await self._threads.write(self._postpone, taken, notice)
                    UPDATES.labels("later").inc()
                    continue
                async with self._typing(chat, payload):
                    effects = await self._handler.handle(chat, payload)
            except Exception:  # one update must not hold up a chat
                log.exception("telegram update failed", extra={"update": update_id})
                UPDATES.labels("error").inc()
                attempts = await self._threads.write(inbox.note_attempt, update_id)
                if attempts < _TRIES:
                    await asyncio.sleep(_PAUSE_AFTER_ERROR_SECONDS)
                    taken = await self._threads.write(self._take_update, chat_id)
                    continue
                effects = Effects()
                effects.say(await self._threads.run(self._handler.replies.safe, chat))
                taken = await self._threads.write(self._go_on, chat_id, update_id, effects, failed=True)
            else:
                taken = await self._threads.write(self._go_on, chat_id, update_id, effects)
                UPDATES.labels("done").inc()
            self._start(self._sending, chat_id, self._sender.send_all(chat_id))

    @contextlib.asynccontextmanager
    async def _typing(self, chat: Chat, payload: dict[str, Any]) -> AsyncIterator[None]:
        """Show that somebody is at work; when that cannot be shown, nothing is lost."""

        async def show() -> None:
            await asyncio.sleep(_BEFORE_TYPING_SECONDS)
            while True:
                with contextlib.suppress(TelegramError):
                    await self._bot.send_chat_action(chat.address, ChatAction.TYPING)
                await asyncio.sleep(_TYPING_SECONDS)

        if "my_chat_member" in payload:
            yield
            return
        task = asyncio.create_task(show())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _start(self, at_work: dict[int, asyncio.Task[None]], chat_id: int, work: Any) -> None:  # noqa: ANN401
        if chat_id in at_work or len(at_work) >= _CHATS_AT_ONCE:
            work.close()
            self._missed = True
            return
        task = asyncio.get_running_loop().create_task(work)
        at_work[chat_id] = task

        def ended(task: asyncio.Task[None]) -> None:
            at_work.pop(chat_id, None)
            if self._missed or at_work is self._handling:  # something may have come while the chat was at work
                self._woken.set()  # what waited for a free place is taken at once
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("telegram chat left open", exc_info=error)

        task.add_done_callback(ended)

    async def _plan(self, chat_id: int) -> None:
        await self._threads.write(self._plan_in, chat_id)

    def _store(self, session: Session, updates: list[dict[str, Any]]) -> int:
        return inbox.store(
            session,
            self._database.keys,
            updates,
            language_for=self._services.house.wording.language_for,
            now=self._services.now(),
        )

    def _take_update(self, session: Session, chat_id: int) -> _Taken | None:
        """Take up what comes next in a chat: what is new, for it may be an emergency; else what waits."""
        row = take_lease(session, chat_id, self._owner, self._services.now())
        return self._next_update(session, row) if row is not None else None

    def _next_update(self, session: Session, row: TelegramChatRow) -> _Taken | None:
        now, most = self._services.now(), self._services.most_per_minute
        through = self._arrival.through if self._arrival is not None else None
        if through is None:
            return None
        update, is_over = inbox.next_update(session, row.id, through), False
        if update is not None:
            is_over = flood.is_over(session, row.id, most, now)
        elif flood.may_go_on(session, row.id, most, now):
            update = flood.oldest_waiting(session, row.id)
        if update is None or update.payload is None:
            return None
        return _Taken(chat_of(row), update.update_id, update.payload, is_over)

    def _postpone(self, session: Session, taken: _Taken, notice: list[Part]) -> _Taken | None:
        """Let an update wait, and take up the chat's next."""
        inbox.postpone(session, taken.update_id, notice, now=self._services.now())
        session.flush()
        return self._take_update(session, taken.chat.id)

    def _go_on(
        self, session: Session, chat_id: int, update_id: int, effects: Effects, *, failed: bool = False
    ) -> _Taken | None:
        """End an update, and take up the chat's next, unless others wait for the place."""
        row = locked_chat(session, chat_id)
        inbox.finish(session, row, update_id, effects, self._services.renderer, now=self._services.now(), failed=failed)
        session.flush()
        if self._others_wait or not go_on_with(session, row, self._owner, self._services.now()):
            return None
        return self._next_update(session, row)

    def _plan_in(self, session: Session, chat_id: int) -> None:
        now = self._services.now()
        chat = take_lease(session, chat_id, self._owner, now)
        if chat is not None:
            outbox.plan_messages(session, chat, self._services.renderer, now=now)

    async def _known_arrival(self) -> Arrival:
        if self._arrival is None:
            self._arrival = Arrival(await self._threads.read(inbox.handled_through))
        return self._arrival

    def _on_commit(self, topic: str) -> None:
        """Look at once when a patient was told something outside a turn; called in any thread."""
        loop = self._loop
        if topic.startswith("con_") and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    def _in_background(self, work: Any) -> None:  # noqa: ANN401 - a coroutine
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _stop(self) -> None:
        """Let what is under way end for a moment; what does not is taken up again at the next start."""
        tasks = [*self._handling.values(), *self._sending.values(), *self._background]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=3.0)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(Exception):
            await self._threads.write(release_leases, self._owner)
        self._threads.leave()
