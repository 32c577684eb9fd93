"""In which order updates are taken up when they arrive out of order."""

import datetime as dt

from careline.channels.telegram.arrival import WAIT_FOR_MISSING, Arrival
from careline.channels.telegram.inbox import Arrived

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
BEFORE = NOW - WAIT_FOR_MISSING


def arrived(*numbers, at=NOW):
    return [Arrived(number, at) for number in numbers]


def test_what_comes_first_waits_for_what_is_missing_before_it():
    arrival = Arrival(10)
    assert arrival.look(arrived(12, 13), NOW) == 10
    assert arrival.look(arrived(11, 12, 13), NOW) == 13


def test_what_never_comes_holds_nobody_up():
    assert Arrival(10).look(arrived(12, 13, at=BEFORE), NOW) == 13


def test_what_comes_much_too_late_is_taken_up_all_the_same():
    arrival = Arrival(10)
    arrival.look(arrived(12, at=BEFORE), NOW)
    assert arrival.look(arrived(11), NOW) >= 11


def test_the_very_first_waits_a_moment():
    arrival = Arrival(None)
    assert arrival.look(arrived(7), NOW) < 7
    assert arrival.look(arrived(6, 7, at=BEFORE), NOW) == 7


def test_long_polling_waits_for_nothing():
    arrival = Arrival(None)
    arrival.complete(9)
    assert arrival.look(arrived(8, 9), NOW) == 9


def test_an_update_of_a_group_that_is_not_kept_is_not_missing():
    arrival = Arrival(10)
    arrival.skip(11)
    assert arrival.look(arrived(12), NOW) == 12
