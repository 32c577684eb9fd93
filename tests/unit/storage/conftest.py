"""A migrated SQLite database with one conversation in it."""

import pytest

from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import migrated_file


@pytest.fixture
def keys_path(tmp_path):
    return tmp_path / "keys.json"


@pytest.fixture
def opened(tmp_path, keys_path):
    """Opens the database with the keys as they are now; closes all that it opened."""
    databases = []

    def open_it():
        keys, _ = load_or_make_keys(keys_path)
        databases.append(Database(f"sqlite:///{tmp_path / 'careline.db'}", keys))
        return databases[-1]

    yield open_it
    for database in databases:
        database.close()


@pytest.fixture
def database(tmp_path, opened):
    (tmp_path / "careline.db").write_bytes(migrated_file())
    return opened()
