"""Workers at the outbox: each delivery is one worker's at a time, at once, and none is lost when one stops."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import threading
import time

import pytest

from careline.escalation.delivery.channel import SENT, Outcome
from careline.escalation.delivery.leases import lease, record_outcome
from tests.support.outbox import webhook_file
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # takes long


def plan(outbox):
    with outbox.worker() as worker:
        worker._plan()


def take(outbox, channel):
    with outbox.database.write() as session:
        return lease(session, channel, 5, link="x{id}", now=outbox.clock())


def write(outbox, leased, channel, outcome: Outcome):
    with outbox.database.write() as session:
        return record_outcome(session, leased, channel, outcome, now=outbox.clock(), chance=random.Random(1))


class TestLeases:
    def test_a_delivery_is_one_workers_until_its_lease_is_over_and_then_the_next_ones(self, outbox, clock):
        outbox.escalate()
        with outbox.worker() as worker:
            channel = worker._channels.by_name["hook"]
        plan(outbox)
        first = take(outbox, channel)
        assert len(first) == 1
        assert take(outbox, channel) == []
        clock.pass_by(seconds=36)
        second = take(outbox, channel)
        assert second[0].letter.id == first[0].letter.id
        assert write(outbox, first[0], channel, SENT) is None  # too late: it is not his any more
        assert outbox.deliveries[0].state == "retrying"
        assert write(outbox, second[0], channel, SENT) == "sent"
        assert [one.state for one in outbox.deliveries[0].attempts] == ["sent", "sent"]

    def test_an_attempt_that_nobody_came_back_from_is_shown_as_unknown(self, outbox, clock):
        outbox.escalate()
        with outbox.worker() as worker:
            channel = worker._channels.by_name["hook"]
        plan(outbox)
        take(outbox, channel)
        clock.pass_by(minutes=1)
        outbox.run()
        assert [one.state for one in outbox.deliveries[0].attempts] == ["unknown", "sent"]

    def test_several_workers_at_once_send_each_delivery_once(self, outbox, receiver):
        for number in range(12):
            outbox.escalate(conversation_id=f"con_{number}")

        async def all_at_once() -> None:
            workers = []
            for _ in range(3):
                with outbox.worker() as worker:
                    workers.append(worker)
            try:
                await asyncio.gather(*(worker.run_once() for worker in workers))
            finally:
                for worker in workers:
                    await worker.aclose()

        asyncio.run(all_at_once())
        assert len(receiver.ids) == len(set(receiver.ids)) == 12


class TestRunning:
    """With the real clock, in the worker's own loop."""

    def test_the_first_attempt_follows_the_commit_at_once_also_beside_a_receiver_that_hangs(self, open_outbox):
        hold = threading.Event()
        with running_receiver(hold=hold) as hanging, running_receiver() as quick:
            arrived = threading.Event()
            quick.on_request = lambda _one: arrived.set()
            outbox = open_outbox(webhook_file(hanging.url, quick.url, concurrency=1))
            outbox.clock = lambda: dt.datetime.now(dt.UTC)

            async def watch() -> list[float]:
                waits = []
                with outbox.worker() as worker:
                    running = asyncio.create_task(worker.run())
                    await asyncio.sleep(0.2)
                    for number in range(4):
                        arrived.clear()
                        began = time.monotonic()
                        await asyncio.to_thread(outbox.escalate, f"con_{number}")
                        assert await asyncio.to_thread(arrived.wait, 20)
                        waits.append(time.monotonic() - began)
                    hold.set()
                    running.cancel()
                    await asyncio.gather(running, return_exceptions=True)
                return waits

            waits = asyncio.run(watch())
        assert len(quick.ids) == 4
        assert min(waits) < 2  # a loaded machine may be slow once; a round that waits for the hanging one never is

    def test_what_was_under_way_when_the_app_stopped_is_sent_after_the_start(self, outbox, receiver):
        outbox.escalate()
        with outbox.worker() as worker:
            channel = worker._channels.by_name["hook"]
        plan(outbox)
        take(outbox, channel)

        async def start() -> int:
            with outbox.worker() as worker:
                await worker.release_leases()
                try:
                    return await worker.run_once()
                finally:
                    await worker.aclose()

        assert asyncio.run(start()) == 1
        assert outbox.states == [("hook", "sent")]
