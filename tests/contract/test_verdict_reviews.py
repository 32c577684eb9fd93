"""The queue of verdicts on both databases."""

from __future__ import annotations

import pytest

from careline.escalation.errors import ReviewStepError, UnknownEscalationError
from careline.escalation.escalation import Acuity, Clinician, Closing, Reason, Verdict
from careline.escalation.verdict_review import ReviewState, VerdictReviews

pytestmark = pytest.mark.slow

DOCTOR = Clinician("sta_doctor", "Dr Example", "GP")
WHO = {"account_id": "sta_eddie", "name": "Eddie Example"}


def closed(careline, verdict):
    opened = careline.desk.open(Reason.EXTERNAL, Acuity.SAME_DAY, conversation_id=None, note=None).escalation.id
    careline.handling.close(opened, DOCTOR, Closing("advised", "routine", "Come back if worse.", verdict, "a reason"))
    return opened


@pytest.fixture
def reviews(careline):
    return VerdictReviews(careline.database, careline.staff.audit.record, careline.house.now)


def test_too_low_comes_first_and_what_was_right_not_at_all(careline, reviews):
    low = closed(careline, Verdict.TOO_LOW)
    high = closed(careline, Verdict.TOO_HIGH)
    closed(careline, Verdict.RIGHT)
    closed(careline, None)
    assert [one.escalation_id for one in reviews.doubted()] == [low, high]


def test_each_step_is_kept_and_the_last_counts(careline, reviews, clock):
    case = closed(careline, Verdict.TOO_LOW)
    reviews.take_step(case, ReviewState.LOOKED_AT, "", **WHO)
    clock.pass_by(minutes=1)
    reviews.take_step(case, ReviewState.CHANGE_MADE, "", path="red_flags/all.yml", revision=2, **WHO)
    (found,) = reviews.doubted()
    assert found.state is ReviewState.CHANGE_MADE
    assert [(step.state, step.name, step.path, step.revision) for step in found.steps] == [
        (ReviewState.LOOKED_AT, "Eddie Example", None, None),
        (ReviewState.CHANGE_MADE, "Eddie Example", "red_flags/all.yml", 2),
    ]


def test_a_step_that_lacks_something_and_a_case_without_such_a_verdict_are_refused(careline, reviews):
    case, right = closed(careline, Verdict.TOO_LOW), closed(careline, Verdict.RIGHT)
    with pytest.raises(ReviewStepError, match="Name the item"):
        reviews.take_step(case, ReviewState.CHANGE_MADE, "", **WHO)
    with pytest.raises(ReviewStepError, match="at most"):
        reviews.take_step(case, ReviewState.NO_CHANGE, "x" * 2000, **WHO)
    with pytest.raises(UnknownEscalationError):
        reviews.take_step(right, ReviewState.LOOKED_AT, "", **WHO)
    assert reviews.doubted()[0].steps == ()
