"""Sealing rows anew with the current key."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Column, LargeBinary, Table, select, type_coerce, update

from careline.storage.columns import SealedJson, SealedText
from careline.storage.database import Base, Database
from careline.storage.keys import KeyRing, key_id_of

_BATCH = 200  # rows per transaction: patients' turns wait at most this long


def sealed_columns() -> Iterator[tuple[Table, Column[object]]]:
    """Yield every sealed column of every table."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, SealedText | SealedJson):
                yield table, column


def seal_anew(database: Database, keys: KeyRing) -> int:
    """Seal every value with the current key; return how many were changed. Safe to stop and start again."""
    return sum(_seal_column_anew(database, keys, table, column) for table, column in sealed_columns())


def _seal_column_anew(database: Database, keys: KeyRing, table: Table, column: Column[object]) -> int:
    raw = type_coerce(column, LargeBinary)
    primary = list(table.primary_key.columns)
    place = column.type.place  # type: ignore[attr-defined]  # both sealed types have it
    with database.read() as session:
        found = session.execute(select(*primary, raw).where(column.is_not(None))).all()
    stale = [row for row in found if key_id_of(row[-1]) != keys.current]
    for start in range(0, len(stale), _BATCH):
        with database.write() as session:
            for *key, sealed in stale[start : start + _BATCH]:
                renewed = keys.seal(keys.open(sealed, place=place), place=place)
                same_row = [part == value for part, value in zip(primary, key, strict=True)]
                session.execute(
                    update(table).where(*same_row, raw == sealed).values({column: type_coerce(renewed, LargeBinary)})
                )
    return len(stale)
