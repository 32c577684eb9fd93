"""How the clinicians' side does: what is open, how long patients waited, and what clinicians say of the triage."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.escalation.escalation import Event, State, Verdict
from careline.escalation.tables import EscalationEventRow, EscalationRow
from careline.storage.database import Database

_STEPS = (Event.ACKNOWLEDGED, Event.CLAIMED, Event.ANSWERED)


@dataclass(frozen=True)
class Waits:
    """How long patients of one level waited for one step, in seconds.

    Attributes:
        count: How many got that far; of none the times are None.
    """

    count: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class LevelFigures:
    """One level's figures.

    Attributes:
        acuity: None: escalations without a level, such as a wish to speak to a person.
        in_time: How many a clinician looked at before the deadline.
        with_deadline: Of how many: those that have a deadline which has passed or was met.
    """

    acuity: Acuity | None
    opened: int
    still_open: int
    overdue: int
    waits: Mapping[Event, Waits]
    in_time: int
    with_deadline: int
    verdicts: Mapping[Verdict, int]


class EscalationFigures:
    """Counts over a span of time."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database

    def by_level(self, *, since: dt.datetime, until: dt.datetime) -> list[LevelFigures]:
        """Return the figures of what was opened from `since` until `until` (not included), most urgent first."""
        with self._database.read() as session:
            rows = session.scalars(
                select(EscalationRow).where(EscalationRow.opened_at >= since, EscalationRow.opened_at < until)
            ).all()
            first = _first_times(session, since)
        grouped: dict[Acuity | None, list[EscalationRow]] = defaultdict(list)
        for row in rows:
            grouped[Acuity(row.acuity) if row.acuity else None].append(row)
        levels: Sequence[Acuity | None] = (*Acuity, None)
        return [_level(level, grouped[level], first, until) for level in levels if grouped[level]]

    def opened_by_day(self, *, since: dt.datetime, until: dt.datetime) -> dict[dt.date, int]:
        """Return how many were opened on each day (UTC), days without any included."""
        with self._database.read() as session:
            times = session.scalars(
                select(EscalationRow.opened_at).where(EscalationRow.opened_at >= since, EscalationRow.opened_at < until)
            )
            counted = Counter(opened.date() for opened in times)
        days = (until.date() - since.date()).days
        return {day: counted[day] for day in (since.date() + dt.timedelta(days=number) for number in range(days + 1))}


def _first_times(session: Session, since: dt.datetime) -> dict[tuple[str, Event], dt.datetime]:
    """Return when each step was first reached, by escalation."""
    query = (
        select(EscalationEventRow.escalation_id, EscalationEventRow.event, func.min(EscalationEventRow.at))
        .where(EscalationEventRow.at >= since, EscalationEventRow.event.in_([step.value for step in _STEPS]))
        .group_by(EscalationEventRow.escalation_id, EscalationEventRow.event)
    )
    return {(escalation_id, Event(event)): at for escalation_id, event, at in session.execute(query)}


def _level(
    acuity: Acuity | None,
    rows: Sequence[EscalationRow],
    first: Mapping[tuple[str, Event], dt.datetime],
    now: dt.datetime,
) -> LevelFigures:
    looked_at = {
        row.id: min((first[row.id, step] for step in _STEPS if (row.id, step) in first), default=None) for row in rows
    }
    due = [
        row for row in rows if row.deadline_at is not None and (looked_at[row.id] is not None or row.deadline_at <= now)
    ]
    is_open = [row for row in rows if row.state != State.CLOSED.value]
    return LevelFigures(
        acuity=acuity,
        opened=len(rows),
        still_open=len(is_open),
        overdue=sum(
            row.deadline_at is not None and row.deadline_at <= now and looked_at[row.id] is None for row in is_open
        ),
        waits={
            step: _waits(
                (first[row.id, step] - row.opened_at).total_seconds() for row in rows if (row.id, step) in first
            )
            for step in _STEPS
        },
        in_time=sum(1 for row in due if _is_in_time(looked_at[row.id], row.deadline_at)),
        with_deadline=len(due),
        verdicts=Counter(
            Verdict(row.closing["verdict"]) for row in rows if row.closing and row.closing.get("verdict") is not None
        ),
    )


def _is_in_time(looked_at: dt.datetime | None, deadline: dt.datetime | None) -> bool:
    return looked_at is not None and deadline is not None and looked_at <= deadline


def _waits(seconds: Iterable[float]) -> Waits:
    times = sorted(seconds)
    if not times:
        return Waits(0, None, None)
    p90 = statistics.quantiles(times, n=10, method="inclusive")[-1] if len(times) > 1 else times[0]
    return Waits(len(times), statistics.median(times), p90)
