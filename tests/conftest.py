"""What tests share: a furnished Careline, and a browser where one is needed."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Imported where a fixture needs it: each process of a run loads this file first, the one that only hands out the
# tests too, and the web framework and the database take it two seconds.
if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from careline.app.services import Careline
    from tests.support.dialogue import ScriptedDialogueEngine
    from tests.support.house import Clock, Patient


@pytest.fixture
def clock() -> Clock:
    from tests.support.house import Clock

    return Clock()


@pytest.fixture
def dialogue() -> ScriptedDialogueEngine:
    from tests.support.house import scripted

    return scripted()


@pytest.fixture
def careline(tmp_path: Path, dialogue: ScriptedDialogueEngine, clock: Clock) -> Iterator[Careline]:
    """All services on a SQLite file, in Great Britain, with a scripted dialogue engine and no guidance."""
    from tests.support.house import furnished

    house = furnished(tmp_path, dialogue, clock=clock, country="GB")
    yield house
    house.database.close()


@pytest.fixture
def client(careline: Careline) -> Iterator[TestClient]:
    from tests.support.house import client_for

    with client_for(careline) as client:
        yield client


@pytest.fixture
def patient(client: TestClient) -> Patient:
    """A patient who has just opened a conversation."""
    from tests.support.house import Patient

    return Patient(client)


@pytest.fixture
def service(careline: Careline) -> dict[str, str]:
    """Headers of a clinicians' system."""
    return {"Authorization": f"Bearer {careline.service_key}"}


_BROWSERS = frozenset({"page", "browser", "context", "playwright"})  # fixtures by which Playwright is started


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out files that are slow as a whole when the slow tests are not wanted: importing them takes seconds."""
    if config.option.markexpr != "not slow" or collection_path.suffix != ".py":
        return None
    return True if "\npytestmark = pytest.mark.slow" in collection_path.read_text("utf-8") else None


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Look for no garbage while everything is loaded, and not among it later: nothing of it ever goes."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves a loop running in the main thread, where others start their own."""
    items.sort(key=lambda item: not _BROWSERS.isdisjoint(getattr(item, "fixturenames", ())))
