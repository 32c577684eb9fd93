"""What several of these suites share: the editors' console, an operator's files, and a receiver of webhooks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported where a fixture needs it, as in the file above.
if TYPE_CHECKING:
    from careline.app.services import Careline
    from tests.support.desk import Desk
    from tests.support.dialogue import ScriptedDialogueEngine
    from tests.support.house import Clock
    from tests.support.receivers import HttpReceiver


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The editors' console with people at it; one for all tests of a file."""
    from tests.support.desk import desk

    with desk(tmp_path_factory.mktemp("desk")) as one:
        yield one


@pytest.fixture
def receiver() -> Iterator[HttpReceiver]:
    from tests.support.receivers import running_receiver

    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def furnish(tmp_path: Path, dialogue: ScriptedDialogueEngine, clock: Clock) -> Iterator[Callable[..., Careline]]:
    """Furnishes a Careline with these files of duty hours and of channels, as at its start."""
    from careline.storage.keys import keep_delivery_secret, load_or_make_keys
    from tests.support.house import furnished, settings_for
    from tests.support.outbox import SECRET

    made: list[Careline] = []

    def furnish_one(*, duty: str | None = None, delivery: str | None = None) -> Careline:
        settings = settings_for(tmp_path)
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        load_or_make_keys(settings.keys_path)
        for name in ("hook", "duty_mail"):
            keep_delivery_secret(settings.keys_path, name, SECRET)
        if delivery is not None:
            settings.delivery_path.write_text(delivery, encoding="utf-8")
        if duty is not None:
            settings.duty_path.write_text(duty, encoding="utf-8")
        made.append(furnished(tmp_path, dialogue, clock=clock, country="GB"))
        return made[-1]

    yield furnish_one
    for one in made:
        one.database.close()
