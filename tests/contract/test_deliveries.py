"""The outbox on SQLite and on a real PostgreSQL, with real receivers on loopback: told at least once, under one id."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from standardwebhooks import Webhook

from careline.app.migrations import migrate
from careline.clinical.acuity import Acuity
from careline.escalation import service
from careline.escalation.delivery.backoff import AT_LEAST
from careline.escalation.delivery.channel import SENT, Outcome
from careline.escalation.delivery.leases import lease, record_outcome
from careline.escalation.delivery.notice import Notice
from careline.escalation.delivery.record import dismiss, retry
from careline.escalation.delivery.tables import AttemptRow, DeliveryRow
from careline.escalation.escalation import EscalationRequest, Reason
from careline.storage.database import Database
from tests.support.house import Clock, migrated_file
from tests.support.outbox import SECRET, Outbox, webhook_file
from tests.support.receivers import HttpReceiver, running_receiver

pytestmark = pytest.mark.slow  # takes long

Open = Callable[..., Outbox]


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def open_outbox(empty: Database, tmp_path: Path, clock: Clock) -> Open:
    """Opens the outbox with a file of channels."""
    if empty.is_sqlite:  # the same migrations, made once per process
        Path(empty.url.database or "").write_bytes(migrated_file())
    else:
        migrate(empty)
    return lambda text: Outbox(empty, tmp_path, clock, text)


@pytest.fixture
def outbox(open_outbox: Open, receiver: HttpReceiver) -> Outbox:
    return open_outbox(webhook_file(receiver.url))


class TestWritten:
    def test_with_the_escalation_or_not_at_all(self, outbox):
        def a_turn_that_fails() -> None:
            with outbox.database.write() as session:
                request = EscalationRequest(Reason.RED_FLAG, Acuity.ED_NOW, "con_1")
                service.escalate(session, request, now=outbox.clock())
                raise RuntimeError("the turn failed")

        with pytest.raises(RuntimeError):
            a_turn_that_fails()
        assert outbox.run() == 0
        assert outbox.deliveries == []

    def test_a_worse_level_and_a_new_red_flag_are_told_and_the_same_again_is_not(self, outbox, receiver):
        outbox.escalate(red_flags=("rf_a",))
        outbox.escalate(red_flags=("rf_a",))
        outbox.escalate(red_flags=("rf_b",))
        outbox.escalate(red_flags=("rf_b",), acuity=Acuity.EMERGENCY_NOW)
        outbox.run()
        told = sorted(one.json["type"] for one in receiver.received)  # sent side by side: no order is promised
        assert told == ["escalation.new_red_flag", "escalation.opened", "escalation.raised"]


class TestSent:
    def test_it_is_signed_and_holds_ids_levels_times_and_a_link_and_no_words(self, outbox, receiver):
        escalation_id = outbox.escalate(red_flags=("rf_a",), note="my budgerigar bit me")
        assert outbox.run() == 1
        (one,) = receiver.received
        assert one.headers["webhook-id"] == outbox.deliveries[0].id
        at = dt.datetime.fromtimestamp(int(one.headers["webhook-timestamp"]), dt.UTC)
        assert at == outbox.clock()
        assert one.headers["webhook-signature"] == Webhook(SECRET).sign(
            one.headers["webhook-id"], at, one.body.decode()
        )
        assert one.json == {
            "type": "escalation.opened",
            "timestamp": "2026-11-21T09:00:00Z",
            "data": {
                "escalation_id": escalation_id,
                "conversation_id": "con_1",
                "reason": "red_flag",
                "acuity": "ed_now",
                "state": "open",
                "red_flags": ["rf_a"],
                "opened_at": "2026-11-21T09:00:00Z",
                "raised_at": None,
                "deadline_at": None,
                "link": f"https://console.test/console/cases/{escalation_id}",
            },
        }
        assert outbox.states == [("hook", "sent")]

    def test_once_taken_it_is_never_sent_again(self, outbox, receiver, clock):
        outbox.escalate()
        outbox.run()
        clock.pass_by(days=4)
        assert outbox.run() == 0
        assert len(receiver.received) == 1

    def test_while_a_secret_is_changed_all_of_them_sign(self, outbox, receiver):
        new = "whsec_bmV3LXNlY3JldC1mb3ItdGhlLXJvdGF0aW9u"
        outbox.secrets["hook"] = [new, SECRET]
        outbox.escalate()
        outbox.run()
        headers, body = receiver.received[0].headers, receiver.received[0].body.decode()
        at = dt.datetime.fromtimestamp(int(headers["webhook-timestamp"]), dt.UTC)
        signatures = [Webhook(one).sign(headers["webhook-id"], at, body) for one in (new, SECRET)]
        assert headers["webhook-signature"].split() == signatures

    @pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503])
    def test_what_is_not_2xx_is_a_failure_redirects_too(self, outbox, receiver, status):
        with running_receiver() as elsewhere:
            receiver.status, receiver.headers = status, {"location": elsewhere.url}
            outbox.escalate()
            outbox.run()
        assert elsewhere.received == []
        (delivery,) = outbox.deliveries
        assert (delivery.state, delivery.error) == ("retrying", f"http_{status}")

    def test_what_a_receiver_asks_to_wait_is_waited_at_most_an_hour(self, outbox, receiver, clock):
        receiver.status, receiver.headers = 503, {"retry-after": "86400"}
        outbox.escalate()
        outbox.run()
        assert outbox.deliveries[0].next_at == clock() + dt.timedelta(hours=1)


class TestDown:
    def test_a_receiver_that_is_down_for_72_hours_gets_everything_then_each_under_its_one_id(self, open_outbox, clock):
        with running_receiver(status=503) as receiver:
            outbox = open_outbox(webhook_file(receiver.url))
            down_since = clock()
            while clock() - down_since < dt.timedelta(hours=72):
                outbox.escalate(conversation_id=None)
                outbox.run()
                clock.pass_by(hours=9)
            ids = set(receiver.ids)
            assert len(ids) == 8
            receiver.status, before = 200, len(receiver.received)
            for _ in range(9):
                clock.pass_by(hours=4)
                outbox.run()
            arrived = receiver.ids[before:]
        assert set(arrived) == ids
        assert len(arrived) == len(ids)  # and none of them twice
        assert {state for _, state in outbox.states} == {"sent"}

    def test_it_is_tried_on_the_schedule_and_given_up_after_three_days_not_before(self, open_outbox, clock):
        with running_receiver() as gone:
            url = gone.url
        outbox = open_outbox(webhook_file(url))
        outbox.escalate()
        began, pauses, before = clock(), [], clock()
        while outbox.run():
            (delivery,) = outbox.deliveries
            if delivery.next_at is None:
                break
            pauses.append((delivery.next_at - before).total_seconds())
            clock.now = before = delivery.next_at
        plan = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
        assert len(pauses) >= len(plan)
        for pause, planned in zip(pauses, plan, strict=False):
            assert 0.8 * planned <= pause <= 1.2 * planned
        (delivery,) = outbox.deliveries
        assert (delivery.state, delivery.error) == ("dead", "no_connection")
        assert clock() - began >= AT_LEAST
        assert len(delivery.attempts) == len(pauses) + 1
        assert not outbox.health.is_ok

    def test_what_was_given_up_is_begun_anew_under_its_id_when_somebody_says_so(self, outbox, receiver):
        receiver.status = 410
        outbox.escalate()
        outbox.run()
        receiver.status = 200
        with outbox.database.write() as session:
            retry(session, outbox.deliveries[0].id, now=outbox.clock())
        outbox.run()
        assert outbox.states == [("hook", "sent")]
        assert len(set(receiver.ids)) == 1
        assert outbox.health.is_ok

    def test_what_somebody_has_looked_after_no_longer_alarms(self, outbox, receiver):
        receiver.status = 410
        outbox.escalate()
        outbox.run()
        assert outbox.health.dead == 1
        with outbox.database.write() as session:
            dismiss(session, outbox.deliveries[0].id, now=outbox.clock())
        assert outbox.health.is_ok

    def test_a_receiver_that_is_gone_gets_nothing_more_and_that_shows(self, outbox, receiver):
        receiver.status = 410
        outbox.escalate()
        outbox.run()
        outbox.escalate(conversation_id="con_2")
        outbox.run()
        assert len(receiver.received) == 1
        assert [(one.state, one.error) for one in outbox.deliveries] == [("dead", "http_410"), ("dead", "disabled")]

    def test_at_another_address_it_is_tried_again(self, outbox, receiver):
        receiver.status = 410
        outbox.escalate()
        outbox.run()
        with running_receiver() as moved:
            outbox.path.write_text(webhook_file(moved.url), encoding="utf-8")
            outbox.escalate(conversation_id="con_2")
            outbox.run()
            assert len(moved.received) == 1

    def test_a_channel_that_left_the_file_is_given_up_and_that_shows(self, outbox, receiver):
        receiver.status = 500
        outbox.escalate()
        outbox.run()
        renamed = webhook_file(receiver.url).replace("  hook: ", "  other: ").replace("channel: hook", "channel: other")
        outbox.path.write_text(renamed, encoding="utf-8")
        outbox.clock.pass_by(minutes=1)
        outbox.run()
        assert outbox.states[0] == ("hook", "dead")
        assert outbox.deliveries[0].error == "channel_removed"


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


def plan(outbox):
    with outbox.worker() as worker:
        worker._plan()


def take(outbox, channel):
    with outbox.database.write() as session:
        return lease(session, channel, 5, link="x{id}", now=outbox.clock())


def write(outbox, leased, channel, outcome: Outcome):
    with outbox.database.write() as session:
        return record_outcome(session, leased, channel, outcome, now=outbox.clock(), chance=random.Random(1))


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


LADDER = """
channels:
  one: {{type: webhook, url: '{}', plain_http: true, secret: hook}}
  two: {{type: webhook, url: '{}', plain_http: true, secret: hook}}
ladders:
  emergency_now:
    steps: [{{after_minutes: 0, channel: two}}]
    tell_patient_after_minutes: 2
  default:
    steps: [{{after_minutes: 0, channel: one}}, {{after_minutes: 5, channel: two}}]
    tell_patient_after_minutes: 10
private_networks: [127.0.0.0/8]
"""


class TestLadder:
    @pytest.fixture
    def two(self) -> Iterator[HttpReceiver]:
        with running_receiver() as two:
            yield two

    @pytest.fixture
    def outbox(self, open_outbox: Open, receiver: HttpReceiver, two: HttpReceiver) -> Outbox:
        return open_outbox(LADDER.format(receiver.url, two.url))

    def test_the_next_is_called_when_nobody_has_acknowledged_and_not_before(self, outbox, receiver, two, clock):
        outbox.escalate()
        outbox.run()
        clock.pass_by(minutes=4, seconds=59)
        outbox.run()
        assert (len(receiver.received), len(two.received)) == (1, 0)
        clock.pass_by(seconds=1)
        outbox.run()
        assert (len(receiver.received), len(two.received)) == (1, 1)

    @pytest.mark.parametrize("state", ["acknowledged", "claimed", "answered", "closed"])
    def test_nobody_else_is_called_once_somebody_has_acknowledged(self, outbox, two, clock, state):
        escalation_id = outbox.escalate()
        outbox.run()
        outbox.set_state(escalation_id, state)
        clock.pass_by(minutes=10)
        outbox.run()
        assert two.received == []
        assert outbox.states == [("one", "sent"), ("two", "withdrawn")]
        assert outbox.notices.notices == [Notice.TOLD]

    def test_the_patient_hears_once_that_it_was_passed_on_and_then_that_nobody_answered(self, outbox, clock):
        outbox.escalate()
        outbox.run()
        assert outbox.notices.told == [("con_1", Notice.TOLD)]
        outbox.escalate(red_flags=("rf_new",))
        clock.pass_by(minutes=9)
        outbox.run()
        assert outbox.notices.notices == [Notice.TOLD]
        clock.pass_by(minutes=1)
        outbox.run()
        assert outbox.notices.notices == [Notice.TOLD, Notice.NOBODY_ANSWERED]
        assert outbox.notices.woken == ["con_1", "con_1"]
        clock.pass_by(days=1)
        outbox.run()
        assert len(outbox.notices.told) == 2

    def test_where_nothing_could_be_delivered_the_patient_is_not_told_that_it_was(self, outbox, receiver, two, clock):
        receiver.status = two.status = 500
        outbox.escalate()
        outbox.run()
        assert outbox.notices.told == []
        clock.pass_by(minutes=10)
        outbox.run()
        assert outbox.notices.notices == [Notice.NOT_DELIVERED]

    def test_a_worse_level_climbs_its_own_ladder_and_never_puts_off_what_the_patient_is_told(self, outbox, two, clock):
        outbox.escalate()
        outbox.run()
        clock.pass_by(minutes=1)
        outbox.escalate(acuity=Acuity.EMERGENCY_NOW)
        outbox.run()
        assert [one.json["type"] for one in two.received] == ["escalation.raised"]
        clock.pass_by(minutes=2)
        outbox.run()
        assert outbox.notices.notices == [Notice.TOLD, Notice.NOBODY_ANSWERED]

    def test_what_gets_worse_after_it_was_acknowledged_is_told_again(self, outbox, two, clock):
        escalation_id = outbox.escalate()
        outbox.run()
        outbox.set_state(escalation_id, "acknowledged")
        clock.pass_by(minutes=20)
        outbox.run()
        assert two.received == []
        outbox.escalate(acuity=Acuity.EMERGENCY_NOW)
        outbox.run()
        assert [one.json["type"] for one in two.received] == ["escalation.raised"]
        assert outbox.notices.notices == [Notice.TOLD]

    def test_a_patient_who_cannot_be_told_for_an_error_of_ours_is_told_later(self, outbox, clock):
        outbox.escalate()
        outbox.run()
        outbox.notices.fails = True
        clock.pass_by(minutes=10)
        outbox.run()
        outbox.notices.fails = False
        clock.pass_by(minutes=1)
        outbox.run()
        assert outbox.notices.notices == [Notice.TOLD, Notice.NOBODY_ANSWERED]

    def test_without_a_conversation_there_is_nobody_to_tell(self, outbox, clock):
        outbox.escalate(conversation_id=None)
        outbox.run()
        clock.pass_by(hours=1)
        outbox.run()
        assert outbox.notices.told == []
        assert len(outbox.states) == 2


class TestHealth:
    def test_an_outbox_that_nobody_works_at_shows_after_a_minute(self, outbox, clock):
        outbox.escalate()
        assert outbox.health.is_ok
        clock.pass_by(seconds=61)
        assert not outbox.health.is_ok
        assert outbox.health.oldest_unacknowledged == dt.timedelta(seconds=61)
        outbox.run()
        assert outbox.health.is_ok

    def test_a_delivery_that_failed_three_times_shows(self, outbox, receiver, clock):
        receiver.status = 500
        outbox.escalate()
        for _ in range(3):
            outbox.run()
            clock.pass_by(minutes=6)
        assert (outbox.health.failing, outbox.health.is_ok) == (1, False)


def test_rows_hold_no_address_and_no_secret(outbox, receiver):
    receiver.status = 500
    outbox.escalate()
    outbox.run()
    with outbox.database.read() as session:
        rows = [
            *session.execute(text("SELECT * FROM deliveries")),
            *session.execute(text("SELECT * FROM delivery_attempts")),
        ]
        assert session.query(AttemptRow).count() == 1
        assert session.query(DeliveryRow).count() == 1
    assert "url-secret" not in repr(rows)
    assert "127.0.0.1" not in repr(rows)
