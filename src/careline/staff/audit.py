"""The audit trail: who did what to what, and when; never a patient's words.

Each line carries an HMAC over itself and the line before, with a key that is derived from the keys file. So whoever
can write to the database, but has not the keys, can neither change a line, nor take one out, nor move one, nor add
one. What is cut off at the end is missed because of the anchor (`audit_anchor`).
"""

from __future__ import annotations

import datetime as dt
import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import event, select
from sqlalchemy.orm import Session, SessionTransaction

from careline.staff.audit_anchor import Anchor, AnchorFile
from careline.staff.errors import AuditDetailError
from careline.staff.tables import AuditRow
from careline.storage.columns import KEYS_ATTRIBUTE
from careline.storage.database import Database
from careline.storage.keys import KeyRing
from careline.storage.locks import hold_lock

log = logging.getLogger(__name__)

BEFORE_THE_FIRST = bytes(32)
PURPOSE = "audit trail"
_PENDING = "audit anchor"  # in a session: the anchor to be written when it has committed
_MOST_CHARACTERS = 200  # of one value of a detail: ids, names and choices, not texts
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")

Value = str | int | bool | None | Sequence[str]
Entry = tuple[str, str, Mapping[str, Value]]  # an action, the id of what it was done to, more about it


@dataclass(frozen=True)
class AuditLine:
    """One line of the trail.

    Attributes:
        actor: Account id, or `terminal`, `service`, `system`, `unknown`.
        action: What was done, such as `staff_disabled`.
        object: Id of what it was done to.
        detail: More about it, by name.
    """

    number: int
    at: dt.datetime
    actor: str
    action: str
    object: str
    detail: Mapping[str, Value]


class AuditTrail:
    """Writes and shows the audit trail."""

    def __init__(self, anchor: AnchorFile, now: Callable[[], dt.datetime]) -> None:
        """Keep the anchor in this file."""
        self._anchor = anchor
        self._now = now

    def record(
        self, session: Session, actor: str, action: str, object: str, detail: Mapping[str, Value] | None = None
    ) -> None:
        """Write one line in the caller's transaction: it is there exactly when what it tells of is.

        Call it last: until the transaction ends, all others who record wait.

        Raises:
            AuditDetailError: A name or value is not of a kind that the trail keeps.
        """
        self.record_all(session, actor, [(action, object, detail or {})])

    def record_all(self, session: Session, actor: str, entries: Sequence[Entry]) -> None:
        """Write several lines of one person's together, as `record` does each.

        Raises:
            AuditDetailError: As `record`; nothing was written.
        """
        checked = [(action, about, _checked_detail(detail)) for action, about, detail in entries]
        for action, _, _ in checked:
            if not _NAME.fullmatch(action):
                raise AuditDetailError(f"{action!r} is no action. Use small letters and underscores.")
        session.flush()
        hold_lock(session, "audit trail")
        last = session.scalar(select(AuditRow).order_by(AuditRow.number.desc()).limit(1))
        ring: KeyRing = getattr(session.get_bind().dialect, KEYS_ATTRIBUTE)
        key = ring.key_for(PURPOSE, key_id=ring.current)
        for action, about, text in checked:
            row = AuditRow(
                number=last.number + 1 if last else 1, at=self._now(), actor=actor, action=action, object=about,
                detail=text, key_id=ring.current,
            )  # fmt: skip
            row.mac = mac_of(row, last.mac if last else BEFORE_THE_FIRST, key)
            session.add(row)
            last = row
        session.flush()
        if last is not None and checked:
            self._move_anchor_after_commit(session, Anchor(last.number, last.mac.hex()))

    def _move_anchor_after_commit(self, session: Session, anchor: Anchor) -> None:
        is_watched = _PENDING in session.info
        session.info[_PENDING] = anchor
        if is_watched:
            return

        def move(session: Session) -> None:
            pending = session.info[_PENDING]
            if pending is None or session.in_nested_transaction():
                return
            try:
                self._anchor.move_to(pending)
            except (OSError, ValueError):  # the line is stored: what it tells of must not fail now
                log.exception("audit anchor not written", extra={"alert": "audit_anchor"})

        def forget(session: Session, _transaction: SessionTransaction) -> None:
            session.info[_PENDING] = None  # an anchor that lags is true; one that is ahead would not be

        event.listen(session, "after_commit", move)
        event.listen(session, "after_soft_rollback", forget)


def mac_of(row: AuditRow, previous: bytes, key: bytes) -> bytes:
    """Return the mac that a line must have after the line whose mac is `previous`."""
    said = [row.number, row.at.astimezone(dt.UTC).isoformat(), row.actor, row.action, row.object, row.detail]
    text = json.dumps([*said, row.key_id], ensure_ascii=False, separators=(",", ":")).encode()
    return hmac.digest(key, previous + text, "sha256")


def read_lines(
    database: Database, *, actor: str | None = None, object: str | None = None, before: int | None = None, most: int
) -> list[AuditLine]:
    """Return lines, newest first.

    Args:
        database: Where they are.
        actor: Only theirs.
        object: Only about it.
        before: Only with lower numbers, for paging.
        most: At most so many.
    """
    wanted = select(AuditRow).order_by(AuditRow.number.desc()).limit(most)
    for column, value in ((AuditRow.actor, actor), (AuditRow.object, object)):
        wanted = wanted.where(column == value) if value else wanted
    if before is not None:
        wanted = wanted.where(AuditRow.number < before)
    with database.read() as session:
        rows = session.scalars(wanted).all()
        return [
            AuditLine(row.number, row.at, row.actor, row.action, row.object, json.loads(row.detail)) for row in rows
        ]


def _checked_detail(detail: Mapping[str, Value]) -> str:
    for name, value in detail.items():
        values = [value] if isinstance(value, str) or not isinstance(value, Sequence) else list(value)
        is_kept = all(each is None or isinstance(each, str | int) for each in values)
        if not (_NAME.fullmatch(name) and is_kept):
            raise AuditDetailError(f"{name!r} cannot be kept in the audit trail. Give names and plain values.")
        if any(isinstance(each, str) and len(each) > _MOST_CHARACTERS for each in values):
            raise AuditDetailError(f"{name!r} is longer than the audit trail keeps. It holds no texts.")
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
