"""Engines and units of work, on SQLite (one writer) and PostgreSQL."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Session

from careline.storage.columns import KEYS_ATTRIBUTE
from careline.storage.errors import SingleWriterError
from careline.storage.keys import KeyRing
from careline.storage.writer_queue import WriterQueue

_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_ANNOUNCED = "announced"
_WAIT_SECONDS = 10.0  # for the one writer; longer than any transaction of ours takes


class Base(DeclarativeBase):
    """Base of every room's tables."""

    metadata = MetaData(naming_convention=_NAMES)


def announce(session: Session, topic: str) -> None:
    """Tell those who listen (`Database.on_commit`) of a topic once this unit of work is committed; not if it fails."""
    session.info.setdefault(_ANNOUNCED, {})[topic] = None


class Database:
    """A database: `write` and `read` are units of work, short, never open across a call to another process.

    On SQLite all writing goes through one connection of one process (docs/adr/0005); `claim_writer` sees to the latter.
    """

    def __init__(self, url: str, keys: KeyRing) -> None:
        """Make the engines; connects when first used."""
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writer = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        self._reader = _sqlite_engine(self.url, read_only=True) if self.is_sqlite else self._writer
        self._turns = WriterQueue(_WAIT_SECONDS) if self.is_sqlite else None
        self._lock: int | None = None
        self._listeners: list[Callable[[str], None]] = []
        for engine in {self._writer, self._reader}:
            setattr(engine.dialect, KEYS_ATTRIBUTE, keys)

    @property
    def keys(self) -> KeyRing:
        """The keys that rows are sealed with."""
        ring: KeyRing = getattr(self._writer.dialect, KEYS_ATTRIBUTE)
        return ring

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer

    def on_commit(self, listener: Callable[[str], None]) -> None:
        """Call `listener` with each topic that a unit of work announced, in any thread, after its commit."""
        self._listeners.append(listener)

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """Open a unit of work that commits at the end, or rolls back when it raises.

        On SQLite those who write take turns, in the order in which they come. Who has a turn must not ask for another.

        Raises:
            WriterBusyError: No turn came in time; nothing was done.
        """
        with Session(self._writer, expire_on_commit=False) as session:
            with self._turns.turn() if self._turns is not None else contextlib.nullcontext(), session.begin():
                yield session
            for topic in session.info.get(_ANNOUNCED, ()):
                for listener in self._listeners:
                    listener(topic)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """Open a unit of work that only reads."""
        with Session(self._reader, expire_on_commit=False) as session:
            yield session

    def is_writable(self) -> bool:
        """Return whether a write transaction can be had now."""
        with self.write() as session:
            session.execute(text("SELECT 1"))
        return True

    def claim_writer(self) -> None:
        """Hold the file's writer lock until the process ends (SQLite; nothing to do on PostgreSQL).

        Raises:
            SingleWriterError: Another process holds it. Two would risk the file (docs/adr/0005).
        """
        if not self.is_sqlite or not self.url.database or self._lock is not None:
            return
        lock = os.open(f"{self.url.database}.writer", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise SingleWriterError(
                f"Another Careline already writes to {self.url.database}. Stop it, or give this one its own "
                "CARELINE_DATA_DIR, or use PostgreSQL (CARELINE_DATABASE_URL)."
            ) from None
        self._lock = lock

    def close(self) -> None:
        """Close all connections and give the writer lock back."""
        self._reader.dispose()
        self._writer.dispose()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _postgresql_engine(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_timeout=_WAIT_SECONDS,
        hide_parameters=True,  # errors quote no row
    )


def _sqlite_engine(url: URL, *, read_only: bool = False) -> Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        pool_size=5 if read_only else 1,
        max_overflow=0,
        pool_timeout=_WAIT_SECONDS,
        hide_parameters=True,  # errors quote no row
        connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
        connection.isolation_level = None  # we begin ourselves: the driver's own begin comes too late
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:  # noqa: ANN401 - a SQLAlchemy connection
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine
