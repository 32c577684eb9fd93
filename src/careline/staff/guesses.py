"""How often a password or code may be guessed: per account and per address, in the database, so for all processes."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from careline.staff.errors import TooManyGuessesError
from careline.staff.tables import GuessRow
from careline.storage.database import Database
from careline.storage.locks import hold_lock

WINDOW = dt.timedelta(minutes=15)
MOST_PER_ACCOUNT = 10
MOST_PER_ADDRESS = 100  # a clinic's people may share one


@dataclass(frozen=True)
class Bucket:
    """Something that guesses are counted for, and how many it may have within the window."""

    key: str
    most: int

    @property
    def hashed(self) -> bytes:
        """How it is kept."""
        return hashlib.sha256(self.key.encode()).digest()


def buckets(step: str, account: str, address: str, *, device: str | None) -> list[Bucket]:
    """Return what a guess is counted for.

    Args:
        step: `password` or `code`: each is counted by itself.
        account: As typed, so that an unknown name is counted like a known one.
        address: Where it comes from.
        device: Names a browser that this account has signed in from before. It is counted by itself alone, so
            that nobody else's guesses lock the person out.
    """
    if device is not None:
        return [Bucket(f"{step} device {device} {account}", MOST_PER_ACCOUNT)]
    return [
        Bucket(f"{step} account {account}", MOST_PER_ACCOUNT),
        Bucket(f"{step} address {address}", MOST_PER_ADDRESS),
    ]


class Guesses:
    """Counts guesses. It counts before the guess is looked at, so that many at once are not more than one by one.

    When the count cannot be kept, the guess is not looked at either: the database's error goes through.
    """

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Count in this database."""
        self._database = database
        self._now = now

    def take(self, wanted: Sequence[Bucket]) -> list[int]:
        """Count one guess; return what `give_back` needs.

        Raises:
            TooManyGuessesError: There have been too many.
        """
        now = self._now()
        with self._database.read() as session:  # a flood is turned away without asking for the one writer
            for bucket in wanted:
                self._check(session, bucket, now)
        with self._database.write() as session:
            hold_lock(session, "staff guesses")
            for bucket in wanted:
                self._check(session, bucket, now)
            rows = [GuessRow(bucket=bucket.hashed, at=now) for bucket in wanted]
            session.add_all(rows)
            session.flush()
            return [row.id for row in rows]

    def give_back(self, session: Session, taken: Sequence[int]) -> None:
        """Uncount a guess that was right."""
        session.execute(delete(GuessRow).where(GuessRow.id.in_(taken)))

    def _check(self, session: Session, bucket: Bucket, now: dt.datetime) -> None:
        mine = select(func.count(), func.min(GuessRow.at)).where(
            GuessRow.bucket == bucket.hashed, GuessRow.at > now - WINDOW
        )
        count, oldest = session.execute(mine).one()
        if count >= bucket.most:
            raise TooManyGuessesError(max(1, math.ceil((oldest + WINDOW - now).total_seconds())))
