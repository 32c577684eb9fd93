"""Mails about review dates: each item, at each stage, to each recipient once, and again until it is taken.

What is to be told is written down before it is sent. Whoever dies in between leaves it unsent: the mail is made again,
under the same id. So a recipient is told at least once, and once more for each death just after the server had the
mail. The mails that come of one look are one for each recipient and stage, not one for each item.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.due import Due
from careline.editorial.metrics import ALERTS
from careline.editorial.store import LOCK
from careline.editorial.tables import ReviewMailItemRow, ReviewMailRow
from careline.storage.database import Database
from careline.storage.locks import hold_lock

log = logging.getLogger(__name__)

OVERDUE = -1  # the stage at which the day is over
_LEASE = dt.timedelta(minutes=10)  # for one attempt; longer than a server that is slow at each step is waited for
_MOST_WAIT = dt.timedelta(hours=1)  # between two attempts
_ALARM_AFTER_ATTEMPTS = 5


@dataclass(frozen=True)
class ReviewMail:
    """A mail to one recipient.

    Attributes:
        id: Stable: a mail server that has seen it knows it again.
        days: The stage: 60, 30 or 7 days ahead; `OVERDUE`.
    """

    id: str
    recipient: str
    days: int
    items: tuple[Due, ...]
    at: dt.datetime


class ReviewPost(Protocol):
    """Who is told, and how; the app wires it to the operator's mail server."""

    def recipients(self, due: Due) -> Sequence[str]:
        """Return the addresses that are told of an item at its stage."""
        ...

    def send(self, mail: ReviewMail) -> str | None:
        """Make one attempt, and return None, or the class of what went wrong."""
        ...


class NoReviewPost:
    """Tells nobody: there is no mail server."""

    def recipients(self, due: Due) -> Sequence[str]:
        """Return no address."""
        del due
        return ()

    def send(self, mail: ReviewMail) -> str | None:
        """Send nothing."""
        del mail
        return None


class ReviewMails:
    """Writes down what is to be told, and tells it."""

    def __init__(self, database: Database, post: ReviewPost, now: Callable[[], dt.datetime]) -> None:
        """Work on these."""
        self._database = database
        self._post = post
        self._now = now

    def tell(self, found: Sequence[Due]) -> int:
        """Write down what is new, send what is due, and return how many mails were taken."""
        self._plan(found)
        sent = 0
        while (mail := self._next(found)) is not None:
            error = self._post.send(mail)
            self._record(mail, error)
            sent += error is None
        return sent

    def _plan(self, found: Sequence[Due]) -> None:
        wanted = {
            (one.path, one.review_by, _stage(one), _mark(address)): one
            for one in found
            for address in self._post.recipients(one)
        }
        if not wanted:
            return
        with self._database.read() as session:
            if wanted.keys() <= _told(session):
                return
        with self._database.write() as session:
            hold_lock(session, LOCK)
            mails: dict[tuple[str, int], str] = {}
            for path, review_by, days, recipient in sorted(wanted.keys() - _told(session)):
                if (recipient, days) not in mails:
                    mails[recipient, days] = f"rev_{uuid.uuid4().hex}"
                    now = self._now()
                    session.add(
                        ReviewMailRow(id=mails[recipient, days], recipient=recipient, days=days, at=now, next_at=now)
                    )
                    session.flush()
                session.add(
                    ReviewMailItemRow(
                        path=path, review_by=review_by, days=days, recipient=recipient, mail_id=mails[recipient, days]
                    )
                )

    def _next(self, found: Sequence[Due]) -> ReviewMail | None:
        """Take the next mail that is due, for as long as an attempt may last."""
        addresses = {_mark(address): address for one in found for address in self._post.recipients(one)}
        by_item = {(one.path, one.review_by): one for one in found}
        now = self._now()
        if not addresses:
            return None
        with self._database.write() as session:
            hold_lock(session, LOCK)
            row = session.scalar(
                select(ReviewMailRow)
                .where(
                    ReviewMailRow.sent_at.is_(None),
                    ReviewMailRow.next_at <= now,
                    ReviewMailRow.recipient.in_(list(addresses)),
                )
                .order_by(ReviewMailRow.at, ReviewMailRow.id)
                .limit(1)
            )
            if row is None:
                return None
            row.attempts += 1
            row.next_at = now + _LEASE
            items = session.scalars(select(ReviewMailItemRow).where(ReviewMailItemRow.mail_id == row.id))
            # What was reviewed meanwhile is not due any more, and needs no mail.
            still = tuple(by_item[one.path, one.review_by] for one in items if (one.path, one.review_by) in by_item)
            if not still:
                row.sent_at, row.error = now, "not_due"
            mail = ReviewMail(row.id, addresses[row.recipient], row.days, still, row.at)
        return mail if still else self._next(found)

    def _record(self, mail: ReviewMail, error: str | None) -> None:
        with self._database.write() as session:
            row = session.get_one(ReviewMailRow, mail.id)
            row.error = error
            if error is None:
                row.sent_at = self._now()
                return
            row.next_at = self._now() + min(dt.timedelta(minutes=2 ** min(row.attempts, 6)), _MOST_WAIT)
            attempts = row.attempts
        log.warning("mail about review dates failed", extra={"mail": mail.id, "why": error, "attempts": attempts})
        if attempts == _ALARM_AFTER_ATTEMPTS:
            ALERTS.labels("review_mail_not_sent").inc()


def _told(session: Session) -> set[tuple[str, dt.date, int, str]]:
    rows = session.execute(
        select(ReviewMailItemRow.path, ReviewMailItemRow.review_by, ReviewMailItemRow.days, ReviewMailItemRow.recipient)
    )
    return {(path, review_by, days, recipient) for path, review_by, days, recipient in rows}


def _stage(due: Due) -> int:
    return OVERDUE if due.warned_at is None else due.warned_at


def _mark(address: str) -> str:
    """Return what stands for an address in the database: the address itself is in the operator's file alone."""
    return hashlib.sha256(address.strip().lower().encode()).hexdigest()[:16]
