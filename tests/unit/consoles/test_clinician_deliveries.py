"""What the case page says of the attempts to tell clinicians: true, in words, and what comes next."""

import dataclasses
import datetime as dt

import pytest

from careline.consoles.clinician.deliveries import shown_deliveries, why
from careline.escalation.delivery.record import Attempt, Delivery

NOON = dt.datetime(2026, 11, 21, 12, 0, tzinfo=dt.UTC)
FAILED = Attempt(NOON, NOON, "failed", "http_500")
WAITING = Delivery(
    id="msg_1",
    escalation_id="esc_1",
    occasion="opened",
    channel="on_call",
    step=1,
    state="waiting",
    due_at=NOON,
    next_at=NOON + dt.timedelta(minutes=5),
    ended_at=None,
    error=None,
    attempts=(),
)


def shown(now=NOON, **more):
    (one,) = shown_deliveries([dataclasses.replace(WAITING, **more)], now)
    return one


def test_a_step_that_waits_says_when_it_comes_and_what_would_stop_it():
    assert shown().then == "Goes out at 12:05 UTC, unless somebody has seen the case by then."
    assert shown().about == "a new case"


def test_a_failed_attempt_says_why_and_when_it_is_tried_again():
    one = shown(state="retrying", error="http_500", attempts=(FAILED,))
    assert one.summary == "On call: failed, is tried again, 21 Nov 2026, 12:05 UTC"
    assert [attempt.what for attempt in one.attempts] == ["failed, the receiver had a fault of its own (500)"]
    assert one.then == "Tried again at 12:05 UTC, if it is still needed then."


def test_another_day_is_named():
    late = NOON + dt.timedelta(hours=14)
    assert "on 22 Nov 2026, 02:00 UTC" in shown(state="retrying", attempts=(FAILED,), next_at=late).then


def test_what_was_taken_is_not_said_to_be_read():
    one = shown(state="sent", next_at=None, ended_at=NOON, attempts=(Attempt(NOON, NOON, "sent", None),))
    assert "does not say that somebody has read it" in one.then


def test_an_attempt_that_nobody_came_back_from_is_not_known_to_have_arrived_or_failed():
    one = shown(state="retrying", attempts=(Attempt(NOON, None, "unknown", None),))
    assert one.attempts[0].what.endswith("not known whether it arrived")


def test_a_first_attempt_that_is_under_way_is_not_said_to_have_failed():
    one = shown(state="retrying", attempts=(Attempt(NOON, None, "started", None),))
    assert one.summary == "On call: an attempt is under way"
    assert "known in a moment" in one.then


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"state": "dead", "error": "http_410"}, "Given up: the receiver said that it is gone (410)."),
        ({"state": "dead", "error": "channel_removed"}, "the channel is in the operator's file no more"),
        ({"state": "withdrawn"}, "Not needed any more"),
        ({"state": "withdrawn", "error": "timeout"}, "Given up, and put aside by whoever runs Careline"),
        ({"next_at": NOON}, "It is due"),
    ],
)
def test_what_comes_next_is_said_in_every_state(more, said):
    assert said in shown(**more).then


@pytest.mark.parametrize(
    "error", ["timeout", "no_connection", "http_404", "http_503", "http_302", "smtp_451", "smtp_550"]
)
def test_a_class_of_failure_reads_in_words(error):
    assert "_" not in why(error)
    assert "fault of the kind" not in why(error)


def test_a_class_without_words_is_named_and_none_is_not_guessed():
    assert why("OddError") == "a fault of the kind OddError"
    assert why(None) == "not known why"
