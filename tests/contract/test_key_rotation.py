"""Rotation of the keys, on SQLite and on a real PostgreSQL: nothing becomes unreadable, whenever it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from careline.app.services import Careline
from careline.storage.database import Database
from careline.storage.keys import KeyRing, key_id_of, load_or_make_keys, rotate_keys
from careline.storage.rotation import seal_anew, sealed_columns
from tests.support.talk import ARM, Talk, every_row

CANARY = "my budgerigar Quillfeather bit me"


class _StoppingKeys(KeyRing):
    """A ring that ends the process, as it were, after some seals."""

    left = 8

    def seal(self, plain: bytes, *, place: str) -> bytes:
        type(self).left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return super().seal(plain, place=place)


@pytest.mark.slow  # seals every value of a database anew
class TestRotation:
    def key_ids(self, database: Database) -> list[str]:
        rows = every_row(database)
        sealed = {(table.name, [*table.columns].index(column)) for table, column in sealed_columns()}
        return [key_id_of(row[at]) for name, at in sealed for row in rows[name] if row[at] is not None]

    @pytest.fixture
    def rotated(self, furnish: Callable[..., Careline]) -> tuple[Talk, Careline, KeyRing]:
        """A conversation held before the keys were rotated."""
        before = furnish()
        talk = Talk(before)
        asyncio.run(talk.write(f"{CANARY} and {ARM}"))
        rotate_keys(before.settings.keys_path)
        after = furnish()
        talk.careline = after
        return talk, after, load_or_make_keys(before.settings.keys_path)[0]

    def test_old_rows_are_readable_and_new_ones_are_sealed_with_the_new_key(self, rotated):
        talk, after, keys = rotated
        assert f"{CANARY} and {ARM}" in talk.written
        asyncio.run(talk.press("called"))
        assert set(self.key_ids(after.database)) > {keys.current}

    def test_every_value_is_sealed_anew_and_says_the_same(self, rotated):
        talk, after, keys = rotated
        said = talk.messages
        assert seal_anew(after.database, keys) == len(self.key_ids(after.database))
        assert set(self.key_ids(after.database)) == {keys.current}
        assert talk.messages == said
        assert seal_anew(after.database, keys) == 0

    def test_it_can_be_stopped_at_any_moment_and_started_again(self, rotated):
        talk, after, keys = rotated
        said, total = talk.messages, len(self.key_ids(after.database))
        _StoppingKeys.left = 8
        with pytest.raises(KeyboardInterrupt):
            seal_anew(after.database, _StoppingKeys(keys.current, keys.keys))
        assert talk.messages == said
        assert 0 < seal_anew(after.database, keys) < total
        assert set(self.key_ids(after.database)) == {keys.current}
        assert talk.messages == said
