"""Duty hours as a calendar: pure, in the clinic's own time, right when clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_LOOK_AHEAD = dt.timedelta(days=60)  # longer than any holiday of a clinic
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Person:
    """Somebody who may be on duty.

    Attributes:
        staff_id: Of the account, or any name that the operator gives.
        name: As it may be shown to colleagues.
        order: Who is called first when several are on duty; the lowest.
    """

    staff_id: str
    name: str
    order: int = 1


@dataclass(frozen=True)
class Shift:
    """Hours of one weekday, every week; an end that is not after the start is on the next day.

    Attributes:
        weekday: 0 is Monday.
        starts: Local time, as `ends`.
    """

    person: Person
    weekday: int
    starts: dt.time
    ends: dt.time
    zone: str


@dataclass(frozen=True)
class Change:
    """Hours that differ from the pattern: somebody is there besides, or somebody (or nobody at all) is not.

    Attributes:
        person: Who is there besides; None: `off` says who is not.
        off: Staff id of who is not there; None with no `person`: nobody is.
        starts_at: In UTC, as `ends_at`.
    """

    starts_at: dt.datetime
    ends_at: dt.datetime
    person: Person | None = None
    off: str | None = None


@dataclass(frozen=True)
class Roster:
    """Shifts, and changes to them."""

    shifts: tuple[Shift, ...] = ()
    changes: tuple[Change, ...] = ()

    @property
    def zone(self) -> str:
        """The clinic's time zone; UTC where no shift says it."""
        return self.shifts[0].zone if self.shifts else "UTC"

    def on_duty(self, now: dt.datetime) -> tuple[Person, ...]:
        """Return who is on duty, in the order in which they are called."""
        there = {shift.person for shift in self.shifts if _covers(shift, now) and not self._is_off(shift.person, now)}
        there |= {change.person for change in self.changes if change.person is not None and _is_within(change, now)}
        by_id: dict[str, Person] = {}
        for person in sorted(there, key=lambda one: (one.order, one.name, one.staff_id)):
            by_id.setdefault(person.staff_id, person)
        return tuple(by_id.values())

    def next_duty_at(self, now: dt.datetime) -> dt.datetime | None:
        """Return when somebody is on duty next, in UTC: now, if somebody is; None when it is not known."""
        if self.on_duty(now):
            return now
        return next((moment for moment in self._moments_after(now) if self.on_duty(moment)), None)

    def next_change_at(self, now: dt.datetime) -> dt.datetime | None:
        """Return when others are on duty than now, or nobody is, in UTC; None when it is not known."""
        there = self.on_duty(now)
        return next((moment for moment in self._moments_after(now) if self.on_duty(moment) != there), None)

    def _moments_after(self, now: dt.datetime) -> list[dt.datetime]:
        """Return when who is on duty may change: where a shift or a change begins or ends."""
        moments = {
            moment
            for shift in self.shifts
            for occurrence in _occurrences(shift, now, now + _LOOK_AHEAD)
            for moment in occurrence
        }
        moments |= {moment for change in self.changes for moment in (change.starts_at, change.ends_at)}
        return sorted(moment for moment in moments if moment > now)

    def _is_off(self, person: Person, now: dt.datetime) -> bool:
        return any(
            change.person is None and change.off in (None, person.staff_id) and _is_within(change, now)
            for change in self.changes
        )


def local_time(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """Return the moment, in UTC, at which clocks in the zone show it.

    Of an hour that comes twice it is the first; a time that is left out when clocks go forward is the moment at which
    it would have been.
    """
    return dt.datetime.combine(day, time, ZoneInfo(zone)).astimezone(dt.UTC)


def _covers(shift: Shift, now: dt.datetime) -> bool:
    return any(start <= now < end for start, end in _occurrences(shift, now - _DAY, now))


def _occurrences(shift: Shift, first: dt.datetime, last: dt.datetime) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield start and end, in UTC, of the shift on each of its days between two moments, and a day around them."""
    zone = ZoneInfo(shift.zone)
    day, end_day = first.astimezone(zone).date() - _DAY, last.astimezone(zone).date() + _DAY
    day += dt.timedelta(days=(shift.weekday - day.weekday()) % 7)
    while day <= end_day:
        ends_on = day if shift.ends > shift.starts else day + _DAY
        yield local_time(day, shift.starts, shift.zone), local_time(ends_on, shift.ends, shift.zone)
        day += dt.timedelta(days=7)


def _is_within(change: Change, now: dt.datetime) -> bool:
    return change.starts_at <= now < change.ends_at
