"""Checking the audit trail line by line."""

from __future__ import annotations

import enum
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
from sqlalchemy import inspect, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from careline.staff.audit import BEFORE_THE_FIRST, PURPOSE, mac_of
from careline.staff.audit_anchor import Anchor, AnchorFile
from careline.staff.errors import AuditUnreadableError
from careline.staff.tables import AuditRow
from careline.storage.columns import KEYS_ATTRIBUTE
from careline.storage.database import Database
from careline.storage.errors import KeysError
from careline.storage.keys import KeyRing

_AT_ONCE = 1000  # lines in memory


class Verdict(enum.StrEnum):
    """What a check found."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNANCHORED = "unanchored"


@dataclass(frozen=True)
class AuditCheck:
    """The result of a check.

    Attributes:
        verdict: `whole`; `broken`; or `unanchored`: all lines fit, but whether some are missing at the end cannot be
            told, as there is no anchor.
        lines: How many fit, from the first on.
        broken_at: Number of the first line that does not fit.
        reason: What is wrong with it.
    """

    verdict: Verdict
    lines: int
    broken_at: int | None = None
    reason: str | None = None


def check_trail(database: Database, anchor_file: AnchorFile) -> AuditCheck:
    """Check every line, and that the trail reaches as far as the anchor says.

    Raises:
        AuditUnreadableError: There is no audit trail, or it cannot be read.
    """
    # The anchor first: lines that are written meanwhile are beyond it, which is allowed.
    try:
        anchor = anchor_file.read()
    except (msgspec.DecodeError, OSError):
        return AuditCheck(Verdict.BROKEN, 0, None, f"{anchor_file.path} is not an anchor")
    try:
        with database.read() as session:
            return check_open(session, anchor)
    except SQLAlchemyError as error:
        raise AuditUnreadableError(f"The audit trail cannot be read ({type(error).__name__}).") from error


def check_open(session: Session, anchor: Anchor | None) -> AuditCheck:
    """Check every line in an open unit of work.

    Raises:
        AuditUnreadableError: There is no audit trail.
    """
    connection = session.connection()
    if not inspect(connection).has_table(AuditRow.__tablename__):
        raise AuditUnreadableError("The database has no audit trail. Run: careline migrate")
    keys = _Keys(getattr(connection.dialect, KEYS_ATTRIBUTE))
    number, previous = 0, BEFORE_THE_FIRST
    try:
        for row in _rows(session):
            reason = _fault(row, number, previous, keys)
            if reason is None and anchor is not None and row.number == anchor.number:
                reason = None if row.mac.hex() == anchor.mac else "it is not the line that the anchor names"
            if reason is not None:
                return AuditCheck(Verdict.BROKEN, number, number + 1, reason)
            number, previous = row.number, row.mac
    except (ValueError, TypeError, AttributeError):  # a column holds what its type cannot be read from
        return AuditCheck(Verdict.BROKEN, number, number + 1, "it cannot be read")
    if anchor is not None and number < anchor.number:
        return AuditCheck(Verdict.BROKEN, number, number + 1, f"it is missing: there were {anchor.number} lines")
    return AuditCheck(Verdict.WHOLE if anchor is not None or number == 0 else Verdict.UNANCHORED, number)


def _rows(session: Session) -> Iterator[AuditRow]:
    after = -(2**31)  # also what stands before the first
    while True:
        page = select(AuditRow).where(AuditRow.number > after).order_by(AuditRow.number).limit(_AT_ONCE)
        rows = session.scalars(page).all()
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].number
        session.expunge_all()


def _fault(row: AuditRow, number: int, previous: bytes, keys: _Keys) -> str | None:
    if row.number != number + 1:
        return f"it is missing: line {row.number} follows"
    try:
        expected = mac_of(row, previous, keys[row.key_id])
    except KeysError:
        return f"it names the key {row.key_id!r}, which the keys file lacks"
    return None if hmac.compare_digest(expected, row.mac) else "it was altered, or the one before it was"


class _Keys(dict[str, bytes]):
    """Keys of the trail by id, each derived once."""

    def __init__(self, ring: KeyRing) -> None:
        super().__init__()
        self._ring = ring

    def __missing__(self, key_id: str) -> bytes:
        self[key_id] = self._ring.key_for(PURPOSE, key_id=key_id)
        return self[key_id]
