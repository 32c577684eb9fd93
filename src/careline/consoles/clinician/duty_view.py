"""The duty hours in words, in the clinic's own time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from careline.escalation.duty.pattern import Change, Person, Roster, Shift

_AHEAD = dt.timedelta(weeks=4)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Span:
    """Who is on duty from a moment on; no names: nobody is."""

    start: str
    names: Sequence[str]


@dataclass(frozen=True)
class WeeklyRow:
    """One shift of the week's pattern; a day without one has no name."""

    day: str
    hours: str = ""
    name: str = ""
    order: str = ""


@dataclass(frozen=True)
class ExceptionRow:
    """Hours that differ."""

    start: str
    end: str
    what: str


@dataclass(frozen=True)
class DutyView:
    """All that the page shows of duty.

    Attributes:
        now: Who is on duty, in the order in which they are called.
        following: The next change, and, if from then nobody is there, when somebody is again.
        order: Everybody of the roster with their place in the order.
        zone: The clinic's; all times are what clocks there show.
    """

    at: str
    now: Sequence[str]
    following: Sequence[Span]
    weekly: Sequence[WeeklyRow]
    exceptions: Sequence[ExceptionRow]
    order: Sequence[tuple[int, str]]
    zone: str


def duty_view(roster: Roster, now: dt.datetime) -> DutyView:
    """Return the roster in words; exceptions of the next four weeks."""
    zone = ZoneInfo(roster.zone)
    near = [one for one in roster.changes if one.ends_at > now and one.starts_at < now + _AHEAD]
    names = {person.staff_id: person.name for person in _people(roster)}
    return DutyView(
        at=_moment(now, zone),
        now=_names(roster.on_duty(now)),
        following=_following(roster, now, zone),
        weekly=[row for weekday in range(len(_DAYS)) for row in _day(roster, weekday)],
        exceptions=[
            ExceptionRow(_moment(one.starts_at, zone), _moment(one.ends_at, zone), _exception(one, names))
            for one in sorted(near, key=lambda one: (one.starts_at, one.ends_at))
        ],
        order=[(person.order, person.name) for person in _people(roster)],
        zone=roster.zone,
    )


def _following(roster: Roster, now: dt.datetime, zone: ZoneInfo) -> list[Span]:
    """Return the next change; when it leaves nobody there, the one that ends that as well."""
    change_at = roster.next_change_at(now)
    if change_at is None:
        return []
    spans = [Span(_moment(change_at, zone), _names(roster.on_duty(change_at)))]
    back_at = roster.next_duty_at(change_at)
    if not spans[0].names and back_at is not None:
        spans.append(Span(_moment(back_at, zone), _names(roster.on_duty(back_at))))
    return spans


def _day(roster: Roster, weekday: int) -> list[WeeklyRow]:
    shifts = sorted(
        (shift for shift in roster.shifts if shift.weekday == weekday),
        key=lambda shift: (shift.starts, shift.person.order, shift.person.name),
    )
    rows = [WeeklyRow(_DAYS[weekday], _hours(one), one.person.name, str(one.person.order)) for one in shifts]
    return rows or [WeeklyRow(_DAYS[weekday])]


def _hours(shift: Shift) -> str:
    until = f"{shift.ends:%H:%M}" if shift.ends > shift.starts else f"{shift.ends:%H:%M} the next day"
    return f"{shift.starts:%H:%M} to {until}"


def _exception(one: Change, names: dict[str, str]) -> str:
    if one.person is not None:
        return f"{one.person.name} is on duty besides"
    if one.off is None:
        return "Nobody is on duty in the weekly hours"
    return f"{names.get(one.off, one.off)} is not on duty in their weekly hours"


def _people(roster: Roster) -> list[Person]:
    """Return everybody of shifts and added hours, in the order in which they are called."""
    added = (change.person for change in roster.changes if change.person is not None)
    people = {shift.person for shift in roster.shifts} | set(added)
    return sorted(people, key=lambda one: (one.order, one.name, one.staff_id))


def _names(people: Sequence[Person]) -> list[str]:
    return [person.name for person in people]


def _moment(at: dt.datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%A %-d %B %Y, %H:%M")
