"""Column types: sealed text and data, and aware times."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from careline.storage.keys import KeyRing

KEYS_ATTRIBUTE = "careline_keys"  # set on an engine's dialect, so that the types need no global


class _Sealed(TypeDecorator[Any]):
    impl = LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        """Bind values to `place`, `table.column`, so that one cannot be moved elsewhere."""
        super().__init__()
        self.place = place

    def ring(self, dialect: Dialect) -> KeyRing:
        ring: KeyRing = getattr(dialect, KEYS_ATTRIBUTE)
        return ring


class SealedText(_Sealed):
    """Text, encrypted in the database (AES-256-GCM)."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Seal on the way in."""
        return None if value is None else self.ring(dialect).seal(value.encode(), place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open on the way out."""
        return None if value is None else self.ring(dialect).open(value, place=self.place).decode()


class SealedJson(_Sealed):
    """JSON data, encrypted in the database (AES-256-GCM)."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:  # noqa: ANN401 - any JSON
        """Seal on the way in."""
        return None if value is None else self.ring(dialect).seal(msgspec.json.encode(value), place=self.place)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:  # noqa: ANN401 - any JSON
        """Open on the way out."""
        return None if value is None else msgspec.json.decode(self.ring(dialect).open(value, place=self.place))


class UtcDateTime(TypeDecorator[dt.datetime]):
    """An aware time, kept in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn into UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("A time without zone was given to the database. Use an aware UTC time.")
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return it aware, also where the database keeps no zone (SQLite)."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
