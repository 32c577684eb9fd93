"""A room on a file that other processes open as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported where the fixture needs it: most tests here are of small parts, and quick.
if TYPE_CHECKING:
    from tests.support.editorial import Newsroom
    from tests.support.house import Clock


@pytest.fixture
def news(tmp_path: Path, clock: Clock) -> Iterator[Newsroom]:
    """A room whose content is what patients see."""
    from careline.editorial.life_cycle import TERMINAL
    from careline.storage.database import Database
    from careline.storage.keys import load_or_make_keys
    from tests.support.editorial import newsroom
    from tests.support.house import migrated_file

    (tmp_path / "careline.db").write_bytes(migrated_file())
    database = Database(f"sqlite:///{tmp_path / 'careline.db'}", load_or_make_keys(tmp_path / "keys.json")[0])
    news = newsroom(database, tmp_path, clock)
    news.room.folder.import_from(TERMINAL, news.knowledge)
    assert news.room.publishing.adopt()
    yield news
    database.close()
