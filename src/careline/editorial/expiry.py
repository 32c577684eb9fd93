"""Review dates: who is warned when, and what happens on the day after.

An article past its review date is shown no more: the search goes by the day itself, whoever has noticed. Red flags and
rules stay in force, since without them less is seen; what is overdue there is an alarm until it has been reviewed.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections import Counter
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.due import Due
from careline.editorial.item import Kind
from careline.editorial.life_cycle import SYSTEM, State, Step
from careline.editorial.metrics import ALERTS, REVIEWS
from careline.editorial.review_mails import OVERDUE, ReviewMails
from careline.editorial.store import LOCK, move, revision_row
from careline.editorial.tables import ItemRow, NoticeRow, RevisionRow
from careline.staff.audit import AuditTrail
from careline.storage.database import Database
from careline.storage.locks import hold_lock

log = logging.getLogger(__name__)

WARNED_AT_DAYS = (60, 30, 7)


class Expiry:
    """Looks after review dates."""

    def __init__(
        self, database: Database, audit: AuditTrail, mails: ReviewMails, now: Callable[[], dt.datetime]
    ) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._mails = mails
        self._now = now

    def due(self) -> list[Due]:
        """Return what has to be reviewed within 60 days, or is overdue, the most urgent first."""
        with self._database.read() as session:
            return _due(session, self._today())

    def act(self) -> list[Due]:
        """Expire articles whose day is over, and give each warning and alarm once; return those given now."""
        with self._database.write() as session:
            hold_lock(session, LOCK)
            found = _due(session, self._today())
            new = [one for one in found if self._is_news(session, one)]
            expired = [one for one in found if one.effect == "hidden" and self._expire(session, one)]
            for one in expired:
                day = one.review_by.isoformat()
                self._audit.record(
                    session, SYSTEM.id, "content_expired", one.path, {"revision": one.number, "review_by": day}
                )
        _show(found)
        for one in new:
            _tell(one)
        self._mails.tell(found)
        return new

    def _today(self) -> dt.date:
        return self._now().astimezone(dt.UTC).date()

    def _is_news(self, session: Session, due: Due) -> bool:
        """Write down that this is told, if it was not told before."""
        days = due.warned_at or OVERDUE
        if session.get(NoticeRow, (due.path, due.review_by, days)) is not None:
            return False
        session.add(NoticeRow(path=due.path, review_by=due.review_by, days=days, at=self._now()))
        return True

    def _expire(self, session: Session, due: Due) -> bool:
        row = revision_row(session, due.path, due.number)
        if row.state != State.PUBLISHED:
            return False
        move(row, Step.EXPIRE)
        return True


def _due(session: Session, today: dt.date) -> list[Due]:
    rows = session.execute(
        select(ItemRow.path, ItemRow.kind, RevisionRow.number, RevisionRow.review_by)
        .join(RevisionRow, (RevisionRow.path == ItemRow.path) & (RevisionRow.number == ItemRow.served))
        .where(
            RevisionRow.review_by <= today + dt.timedelta(days=max(WARNED_AT_DAYS)),
            RevisionRow.state != State.WITHDRAWN,
        )
        .order_by(RevisionRow.review_by, ItemRow.path)
    )
    return [_due_one(path, Kind(kind), number, day, today) for path, kind, number, day in rows if day is not None]


def _due_one(path: str, kind: Kind, number: int, review_by: dt.date, today: dt.date) -> Due:
    days = (review_by - today).days
    if days < 0:
        return Due(path, kind, number, review_by, days, None, "hidden" if kind.hides_when_expired else "stays")
    return Due(path, kind, number, review_by, days, min(one for one in WARNED_AT_DAYS if one >= days), "none")


def _show(found: list[Due]) -> None:
    REVIEWS.clear()
    counts = Counter((one.kind.value, str(one.warned_at or "overdue")) for one in found)
    for (kind, stage), count in counts.items():
        REVIEWS.labels(kind, stage).set(count)


def _tell(due: Due) -> None:
    about = {"item": due.path, "review_by": due.review_by.isoformat(), "days": due.days, "effect": due.effect}
    if due.is_alarm:
        ALERTS.labels("rules_overdue").inc()
        log.error("rules past their review date stay in force: review them", extra=about)
    elif due.effect == "hidden":
        ALERTS.labels("article_expired").inc()
        log.warning("article past its review date: shown no more", extra=about)
    else:
        log.warning("content to be reviewed soon", extra=about)
