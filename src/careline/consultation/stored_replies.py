"""Idempotency: a request that is sent twice is carried out once, and gets the same reply."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from careline.consultation.patient_message import key_hash
from careline.consultation.tables import StoredReplyRow
from careline.storage.database import Database

_DIED_AFTER = dt.timedelta(seconds=15)  # a request that runs longer has died: the turn's limit is 10 s


@dataclass(frozen=True)
class StoredReply:
    """A reply given before."""

    status: int
    body: str


class OtherBodyError(Exception):
    """The key was used with another body."""


class StillRunningError(Exception):
    """The first request with this key is still being carried out."""


class StoredReplies:
    """Replies by scope (a conversation, or `new`) and Idempotency-Key."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Take the parts."""
        self._database = database
        self._now = now

    def begin(self, scope: str, key: str, body: bytes) -> StoredReply | None:
        """Return the stored reply; None when the caller is to carry the request out.

        Raises:
            OtherBodyError: The key was used with another body.
            StillRunningError: Ask again in a moment.
        """
        hashed = hashlib.sha256(body).hexdigest()
        try:
            with self._database.write() as session:
                row = session.get(StoredReplyRow, (scope, key_hash(key)))
                if row is None:
                    session.add(
                        StoredReplyRow(
                            scope=scope, key_hash=key_hash(key), body_hash=hashed, status=None, created_at=self._now()
                        )
                    )
                    return None
                return self._known(row, hashed)
        except IntegrityError:
            raise StillRunningError from None  # another replica began it at the same moment

    def complete(self, scope: str, key: str, reply: StoredReply) -> None:
        """Keep the reply."""
        with self._database.write() as session:
            row = session.get(StoredReplyRow, (scope, key_hash(key)))
            if row is not None:
                row.status, row.reply = reply.status, reply.body

    def forget(self, scope: str, key: str) -> None:
        """Let the key be used again: the request was not carried out."""
        with self._database.write() as session:
            session.execute(
                delete(StoredReplyRow).where(
                    StoredReplyRow.scope == scope,
                    StoredReplyRow.key_hash == key_hash(key),
                    StoredReplyRow.status.is_(None),
                )
            )

    def _known(self, row: StoredReplyRow, hashed: str) -> StoredReply | None:
        if row.body_hash != hashed:
            raise OtherBodyError
        if row.status is not None and row.reply is not None:
            return StoredReply(row.status, row.reply)
        if self._now() - row.created_at < _DIED_AFTER:
            raise StillRunningError
        row.created_at = self._now()
        return None
