"""What tests share: a furnished Careline, and a browser where one is needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from careline.app.services import Careline
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.house import Clock, Patient, client_for, furnished, scripted


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dialogue() -> ScriptedDialogueEngine:
    return scripted()


@pytest.fixture
def careline(tmp_path: Path, dialogue: ScriptedDialogueEngine, clock: Clock) -> Iterator[Careline]:
    """All services on a SQLite file, in Great Britain, with a scripted dialogue engine and no guidance."""
    house = furnished(tmp_path, dialogue, clock=clock, country="GB")
    yield house
    house.database.close()


@pytest.fixture
def client(careline: Careline) -> Iterator[TestClient]:
    with client_for(careline) as client:
        yield client


@pytest.fixture
def patient(client: TestClient) -> Patient:
    """A patient who has just opened a conversation."""
    return Patient(client)


@pytest.fixture
def service(careline: Careline) -> dict[str, str]:
    """Headers of a clinicians' system."""
    return {"Authorization": f"Bearer {careline.service_key}"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright leaves a loop running in the main thread, where others start their own."""
    items.sort(key=lambda item: "page" in getattr(item, "fixturenames", ()))
