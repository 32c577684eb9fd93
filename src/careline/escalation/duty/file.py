"""The operator's file `duty.yml`: who is on duty in which hours of the week, and exceptions."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.escalation.duty.pattern import Change, Person, Roster, Shift, local_time
from careline.escalation.errors import DutyFileError
from careline.operator_file import read_operator_file

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Name = Annotated[str, Meta(min_length=1, max_length=80)]
StaffId = Annotated[str, Meta(min_length=1, max_length=40)]
Clock = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d$")]


class WeeklyEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """Hours of some weekdays; `to` not after `from` means the next day."""

    days: Annotated[tuple[Day, ...], Meta(min_length=1)]
    start: Clock
    to: Clock
    staff_id: StaffId
    name: Name
    order: int = 1


class ExceptionEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """Hours that differ: `staff_id` and `name` are there besides; `absent` is not; `nobody: true`: nobody is."""

    start: Moment
    to: Moment
    staff_id: StaffId | None = None
    name: Name | None = None
    order: int = 1
    absent: StaffId | None = None  # not `off`: in YAML that is a truth value
    nobody: bool = False


class DutyFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; all its times are those that clocks in the zone show."""

    time_zone: str
    weekly: tuple[WeeklyEntry, ...]
    exceptions: tuple[ExceptionEntry, ...] = ()


def load_duty_file(path: Path) -> Roster | None:
    """Return the roster; None when there is no file.

    Raises:
        DutyFileError: It cannot be used; names file, field and remedy.
    """
    content = read_operator_file(path, DutyFile, DutyFileError)
    if content is None:
        return None
    problems = list(_problems(content))
    if problems:
        raise DutyFileError("\n".join(f"{path}: {problem}" for problem in problems))
    return Roster(tuple(_shifts(content)), tuple(_change(entry, content.time_zone) for entry in content.exceptions))


def _problems(content: DutyFile) -> Iterator[str]:
    try:
        zoneinfo.ZoneInfo(content.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        yield f"time_zone: {content.time_zone!r} is not known here. Use a name such as Europe/London."
    for number, entry in enumerate(content.exceptions, 1):
        where = f"exceptions, the {number}.:"
        said = [entry.staff_id is not None, entry.absent is not None, entry.nobody]
        if said.count(True) != 1:
            yield f"{where} say one of staff_id (with name), absent, or nobody: true."
        if (entry.staff_id is None) != (entry.name is None):
            yield f"{where} staff_id and name go together. Add the other."
        times = [_moment(text) for text in (entry.start, entry.to)]
        if None in times:
            yield f"{where} there is no such day. Mend the date."
        elif entry.to <= entry.start:
            yield f"{where} 'to' is not after 'from'. Mend it."


def _shifts(content: DutyFile) -> Iterator[Shift]:
    for entry in content.weekly:
        person = Person(entry.staff_id, entry.name, entry.order)
        for day in entry.days:
            starts, ends = dt.time.fromisoformat(entry.start), dt.time.fromisoformat(entry.to)
            yield Shift(person, _DAYS.index(day), starts, ends, content.time_zone)


def _change(entry: ExceptionEntry, zone: str) -> Change:
    starts_at, ends_at = (
        local_time(moment.date(), moment.time(), zone)
        for moment in map(dt.datetime.fromisoformat, (entry.start, entry.to))
    )
    if entry.staff_id is not None and entry.name is not None:
        return Change(starts_at, ends_at, person=Person(entry.staff_id, entry.name, entry.order))
    return Change(starts_at, ends_at, off=entry.absent)


def _moment(text: str) -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None
