"""The ladder: whom it calls when, and what patients are told of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from careline.clinical.acuity import Acuity
from careline.escalation.delivery.notice import Notice
from tests.support.outbox import Open, Outbox
from tests.support.receivers import HttpReceiver, running_receiver

pytestmark = pytest.mark.slow  # takes long

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
