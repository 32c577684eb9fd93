"""Hours in which nobody is written to unasked."""

import datetime as dt

import pytest

from careline.channels.telegram.quiet_hours import quiet_hours


def at(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("now", "ends"),
    [
        ("2026-07-01T19:59", None),  # 20:59 in London, where it is summer
        ("2026-07-01T20:00", "2026-07-02T07:00"),
        ("2026-07-02T06:59", "2026-07-02T07:00"),
        ("2026-07-02T07:00", None),
        ("2026-12-01T23:30", "2026-12-02T08:00"),
    ],
)
def test_over_midnight_and_by_the_clock_of_the_place(now, ends):
    assert quiet_hours("21:00-08:00 Europe/London").end(at(now)) == (at(ends) if ends else None)


def test_within_a_day():
    hours = quiet_hours("13:00-15:00 UTC")
    assert hours.end(at("2026-07-01T14:00")) == at("2026-07-01T15:00")
    assert hours.end(at("2026-07-01T15:00")) is None


@pytest.mark.parametrize(
    "text", ["", "21-8", "21:00-08:00", "21:00-08:00 Nowhere/Land", "29:00-08:00 UTC", "21:00-08:00 ../x"]
)
def test_what_cannot_be_read_is_refused_with_what_is_expected(text):
    with pytest.raises(ValueError, match="quiet hours as 21:00-08:00 Europe/London"):
        quiet_hours(text)
