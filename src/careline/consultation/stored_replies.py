"""Idempotency: a request that is sent twice is carried out once, and gets the same reply."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from careline.consultation.patient_message import key_hash
from careline.consultation.tables import StoredReplyRow
from careline.storage.database import Database

_WAIT_SECONDS = 20.0  # for the first request with the key; longer than any may take
_POLL_SECONDS = 0.1
_OPENING = "new:"
_OPENINGS_KEPT = dt.timedelta(hours=24)  # a conversation's replies are kept as long as it; before it, for a day
_DIED_AFTER = dt.timedelta(seconds=15)  # a request that runs longer has died: the turn's limit is 10 s


@dataclass(frozen=True)
class StoredReply:
    """A reply given before."""

    status: int
    body: str


def opening_scope(caller: str) -> str:
    """Return the scope of requests that open a conversation: one per caller, whose address is not stored."""
    return f"{_OPENING}{key_hash(caller)[:24]}"


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

    def forget_old_openings(self) -> int:
        """Drop replies to openings after a day: they hold tokens; return how many."""
        with self._database.write() as session:
            dropped = session.execute(
                delete(StoredReplyRow).where(
                    StoredReplyRow.scope.startswith(_OPENING), StoredReplyRow.created_at < self._now() - _OPENINGS_KEPT
                )
            )
            return int(dropped.rowcount)  # type: ignore[attr-defined]  # a DELETE has it

    def _known(self, row: StoredReplyRow, hashed: str) -> StoredReply | None:
        if row.body_hash != hashed:
            raise OtherBodyError
        if row.status is not None and row.reply is not None:
            return StoredReply(row.status, row.reply)
        if self._now() - row.created_at < _DIED_AFTER:
            raise StillRunningError
        row.created_at = self._now()
        return None


@dataclass(frozen=True)
class GivenReply:
    """A reply as it is given now.

    Attributes:
        is_replayed: Whether it is the one stored when the request came first.
    """

    status: int
    body: str
    is_replayed: bool = False


async def carried_out_once(
    replies: StoredReplies,
    scope: str,
    key: str | None,
    body: bytes,
    run: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
) -> GivenReply:
    """Carry a request out, or return the reply it had before.

    Raises:
        OtherBodyError: The key was used with another body.
        StillRunningError: The first request has not ended in all the time that it may take.
    """
    if key is None:
        status, answer = await run()
        return GivenReply(status, msgspec.json.encode(answer).decode())
    stored = await _begin(replies, scope, key, body)
    if stored is not None:
        return GivenReply(stored.status, stored.body, is_replayed=True)
    try:
        status, answer = await run()
    except BaseException:
        await asyncio.to_thread(replies.forget, scope, key)
        raise
    reply = StoredReply(status, msgspec.json.encode(answer).decode())
    await asyncio.to_thread(replies.complete, scope, key, reply)
    return GivenReply(reply.status, reply.body)


async def _begin(replies: StoredReplies, scope: str, key: str, body: bytes) -> StoredReply | None:
    for _ in range(int(_WAIT_SECONDS / _POLL_SECONDS)):
        try:
            return await asyncio.to_thread(replies.begin, scope, key, body)
        except StillRunningError:
            await asyncio.sleep(_POLL_SECONDS)
    raise StillRunningError
