"""Locks that last as long as a transaction, so that what is read in it still holds when it writes."""

from __future__ import annotations

import hashlib

from sqlalchemy import text
from sqlalchemy.orm import Session


def hold_lock(session: Session, name: str) -> None:
    """Wait until no other transaction holds the lock `name`, and hold it until this one ends.

    On SQLite a unit of work that writes is alone anyway. Take it last: whoever holds it keeps others waiting.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
