"""Sending what is in the outbox: within 2 seconds, again and again until it is taken, each channel for itself."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import logging
import random
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from careline.escalation.delivery.channel import Channel, Channels, Outcome
from careline.escalation.delivery.configuration import DeliveryFile
from careline.escalation.delivery.leases import (
    Leased,
    channels_due,
    give_up_unknown_channels,
    lease,
    record_outcome,
    release_all,
)
from careline.escalation.delivery.metrics import ATTEMPTS, DEAD
from careline.escalation.delivery.notice import PatientNotice
from careline.escalation.delivery.outbox import ALERTS_TOPIC
from careline.escalation.delivery.planning import is_anything_unplanned, plan_deliveries
from careline.escalation.delivery.telling import tell_patients
from careline.storage.database import Database

log = logging.getLogger(__name__)

T = TypeVar("T")

_POLL_SECONDS = 1.0  # what is due later, and what other processes wrote, is found by looking
_STOP_SECONDS = 3.0  # attempts under way may end when the app stops; what does not is made again
_THREADS = 2  # for the database; patients' turns keep theirs


class DeliveryWorker:
    """Sends deliveries until it is stopped. No transaction is open while a receiver is being waited for."""

    def __init__(
        self,
        database: Database,
        content: DeliveryFile,
        channels: Channels,
        notices: PatientNotice,
        *,
        link: str,
        now: Callable[[], dt.datetime],
        chance: random.Random | None = None,
        reached: Callable[[str], None] = lambda _point: None,
    ) -> None:
        """Take the parts.

        Args:
            database: Where the outbox is.
            content: The operator's file.
            channels: The channels that it describes.
            notices: Tells patients.
            link: The address of an escalation for clinicians, with `{id}`.
            now: The clock.
            chance: For the jitter.
            reached: Told of points at which a crash would hurt most: `leased`, `sent`.
        """
        self._database = database
        self._content = content
        self._channels = channels
        self._notices = notices
        self._link = link
        self._now = now
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, hides nothing
        self._reached = reached
        self._under_way: dict[str, set[asyncio.Task[None]]] = defaultdict(set)
        self._threads: ThreadPoolExecutor | None = None
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        database.on_commit(self._on_commit)

    async def run(self) -> None:
        """Send until cancelled; an error of one round costs a second, not the worker."""
        self._loop = asyncio.get_running_loop()
        try:
            while True:
                self._woken.clear()  # before looking: what comes now wakes us again
                try:
                    await self.start_due()
                except Exception:
                    log.exception("delivery round failed")
                await self._pause()
        finally:
            self._loop = None
            await self._stop()

    async def start_due(self) -> list[asyncio.Task[None]]:
        """Plan what is new, tell patients what is due, and start an attempt of all that can be sent now."""
        await self._in_thread(self._plan)
        await self._in_thread(tell_patients, self._database, self._notices, now=self._now())
        due = await self._in_thread(self._due)
        if any(name not in self._channels.by_name for name in due):
            await self._in_thread(self._give_up_unknown)
        started = []
        for name in due:
            channel = self._channels.by_name.get(name)
            if channel is not None:
                started += await self._start(channel)
        return started

    async def run_once(self) -> int:
        """Send all that is due, to its end, and tell patients what follows from it; return how many attempts."""
        attempts = 0
        while tasks := await self.start_due():
            await asyncio.gather(*tasks)
            attempts += len(tasks)
        return attempts

    async def release_leases(self) -> None:
        """Give all leases back: only right at the start of the only process."""
        await self._in_thread(self._release)

    async def aclose(self) -> None:
        """Close the channels for good."""
        self._leave_threads()
        await self._channels.aclose()

    async def _start(self, channel: Channel) -> list[asyncio.Task[None]]:
        """Start attempts through one channel, as many as it has free: a slow one delays no other."""
        under_way = self._under_way[channel.name]
        free = channel.concurrency - len(under_way)
        if free <= 0:
            return []
        started = []
        for leased in await self._in_thread(self._lease, channel, free):
            task = asyncio.create_task(self._deliver(channel, leased))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            task.add_done_callback(self._ended)
            started.append(task)
        return started

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._woken.set()  # what waited for a free place is taken at once, not at the next look
        if not task.cancelled() and task.exception() is not None:
            # It could not be written down: the lease ends by itself, and the delivery is made again.
            log.error("delivery left open", exc_info=task.exception())

    async def _deliver(self, channel: Channel, leased: Leased) -> None:
        self._reached("leased")
        outcome = await self._attempt(channel, leased)
        self._reached("sent")
        state = await self._in_thread(self._record, leased, channel, outcome)
        ATTEMPTS.labels(channel.name, outcome.error or "sent").inc()
        if outcome.error is not None:
            log.warning(
                "delivery failed", extra={"delivery": leased.delivery_id, "channel": channel.name, "why": outcome.error}
            )
        if state == "dead":
            DEAD.labels(channel.name).inc()
            log.error("delivery given up", extra={"delivery": leased.delivery_id, "channel": channel.name})

    async def _attempt(self, channel: Channel, leased: Leased) -> Outcome:
        try:
            async with asyncio.timeout(channel.timeout_seconds + 1):
                return await channel.send(leased.letter, now=self._now())
        except TimeoutError:
            return Outcome("timeout")
        except Exception as error:
            log.exception("channel broke", extra={"channel": channel.name})
            return Outcome(type(error).__name__[:40])

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_POLL_SECONDS):
                await self._woken.wait()
        except TimeoutError:
            pass

    async def _stop(self) -> None:
        tasks = [task for tasks in self._under_way.values() for task in tasks]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._leave_threads()

    def _leave_threads(self) -> None:
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._threads = None

    def _on_commit(self, topic: str) -> None:
        """Look at once when something was put into the outbox; called in any thread."""
        loop = self._loop
        if topic == ALERTS_TOPIC and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._woken.set)

    def _plan(self) -> None:
        with self._database.read() as session:
            if not is_anything_unplanned(session):
                return
        with self._database.write() as session:
            while plan_deliveries(session, self._content, now=self._now()):
                pass

    def _due(self) -> list[str]:
        with self._database.read() as session:
            return channels_due(session, self._now())

    def _lease(self, channel: Channel, limit: int) -> list[Leased]:
        with self._database.write() as session:
            return lease(session, channel, limit, link=self._link, now=self._now())

    def _record(self, leased: Leased, channel: Channel, outcome: Outcome) -> str | None:
        with self._database.write() as session:
            return record_outcome(session, leased, channel, outcome, now=self._now(), chance=self._chance)

    def _give_up_unknown(self) -> None:
        with self._database.write() as session:
            give_up_unknown_channels(session, list(self._channels.by_name), now=self._now())

    def _release(self) -> None:
        with self._database.write() as session:
            release_all(session)

    async def _in_thread(self, work: Callable[..., T], *given: object, **more: object) -> T:
        if self._threads is None:
            self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="delivery")
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(work, *given, **more))
