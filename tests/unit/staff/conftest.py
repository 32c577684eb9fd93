"""The staff room on a real database, with passwords that are hashed quickly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.staff.passwords import Passwords
from careline.staff.services import Staff, build_staff
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import Clock, migrated_file


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    yield database
    database.close()


@pytest.fixture
def staff(database: Database, tmp_path: Path, clock: Clock) -> Staff:
    return build_staff(database, tmp_path, clock, passwords=Passwords(memory_kib=64, passes=1))
