"""The roster in the database. Every function takes the caller's open unit of work and commits nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from careline.escalation.duty.pattern import Change, Person, Roster, Shift
from careline.escalation.duty.tables import DutyChangeRow, DutyShiftRow

_KEPT = dt.timedelta(days=2)  # longer than any shift lasts


@dataclass(frozen=True)
class DutyNow:
    """What can be said of duty at one moment.

    Attributes:
        people: Who is on duty, in the order in which they are called.
        next_at: When somebody is next; now, if somebody is; None when it is not known.
        zone: The clinic's own, for times that patients read.
    """

    people: tuple[Person, ...] = ()
    next_at: dt.datetime | None = None
    zone: str = "UTC"

    @property
    def next_local(self) -> dt.datetime | None:
        """When somebody is on duty next, as clocks in the clinic show it."""
        return self.next_at.astimezone(ZoneInfo(self.zone)) if self.next_at is not None else None


def duty_now(session: Session, now: dt.datetime) -> DutyNow:
    """Return who is on duty, and when somebody is next."""
    found = roster(session, now=now)
    return DutyNow(found.on_duty(now), found.next_duty_at(now), found.zone)


def roster(session: Session, *, now: dt.datetime) -> Roster:
    """Return the shifts and the changes that may still matter."""
    shifts = session.scalars(select(DutyShiftRow).order_by(DutyShiftRow.id)).all()
    changes = session.scalars(
        select(DutyChangeRow).where(DutyChangeRow.ends_at > now - _KEPT).order_by(DutyChangeRow.id)
    ).all()
    return Roster(tuple(map(_shift, shifts)), tuple(map(_change, changes)))


def on_duty(session: Session, now: dt.datetime) -> tuple[Person, ...]:
    """Return who is on duty, in the order in which they are called."""
    return roster(session, now=now).on_duty(now)


def next_duty_at(session: Session, now: dt.datetime) -> dt.datetime | None:
    """Return when somebody is on duty next; None when it is not known."""
    return roster(session, now=now).next_duty_at(now)


def replace_roster(session: Session, new: Roster) -> None:
    """Put the shifts and changes in force instead of all that were there."""
    session.execute(delete(DutyShiftRow))
    session.execute(delete(DutyChangeRow))
    session.add_all(
        DutyShiftRow(
            staff_id=shift.person.staff_id,
            name=shift.person.name,
            order=shift.person.order,
            weekday=shift.weekday,
            starts=f"{shift.starts:%H:%M}",
            ends=f"{shift.ends:%H:%M}",
            zone=shift.zone,
        )
        for shift in new.shifts
    )
    session.add_all(
        DutyChangeRow(
            starts_at=change.starts_at,
            ends_at=change.ends_at,
            is_off=change.person is None,
            staff_id=change.person.staff_id if change.person is not None else change.off,
            name=change.person.name if change.person is not None else None,
            order=change.person.order if change.person is not None else 1,
        )
        for change in new.changes
    )
    session.flush()


def _shift(row: DutyShiftRow) -> Shift:
    person = Person(row.staff_id, row.name, row.order)
    return Shift(person, row.weekday, dt.time.fromisoformat(row.starts), dt.time.fromisoformat(row.ends), row.zone)


def _change(row: DutyChangeRow) -> Change:
    if row.is_off:
        return Change(row.starts_at, row.ends_at, off=row.staff_id)
    person = Person(row.staff_id or "", row.name or "", row.order)
    return Change(row.starts_at, row.ends_at, person=person)
