"""Receivers that are down or gone: they get everything when they are back, and what is given up shows."""

from __future__ import annotations

import datetime as dt

import pytest

from careline.escalation.delivery.backoff import AT_LEAST
from careline.escalation.delivery.record import dismiss, retry
from tests.support.outbox import webhook_file
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow  # takes long


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
