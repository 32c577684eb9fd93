"""A Careline behind a real port that talks with a Bot API server of the tests."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from careline.app.services import Careline
from careline.app.web import create_app
from tests.support.bot_api import TOKEN, BotApi, TelegramPatient, running_bot_api
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.house import furnished, scripted
from tests.support.installation import free_port
from tests.support.served import WallClock


@dataclass
class Bot:
    """A running app with its bot."""

    api: BotApi
    careline: Careline
    dialogue: ScriptedDialogueEngine
    url: str
    patients: list[TelegramPatient] = field(default_factory=list)

    def patient(self, **given: Any) -> TelegramPatient:
        """A new person in a chat of their own."""
        self.patients.append(TelegramPatient(self.api, 7_000_000_000 + len(self.patients), **given))
        return self.patients[-1]


@contextlib.contextmanager
def serving(folder: Path, api: BotApi, **settings: Any) -> Iterator[Bot]:
    """Serve an app whose bot asks `api`."""
    dialogue = scripted()
    settings = {"telegram_messages_per_second": 1000, "country": "GB", **settings}
    careline = furnished(
        folder, dialogue, clock=WallClock(), telegram_token=TOKEN, telegram_api_url=api.url, **settings
    )
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(careline), port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield Bot(api, careline, dialogue, f"http://127.0.0.1:{port}")
    finally:
        careline.wakeups.stop()
        server.should_exit = True
        thread.join()
        careline.database.close()


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """One app for all tests of a file: each takes a chat of its own."""
    with running_bot_api() as api, serving(tmp_path_factory.mktemp("telegram"), api) as running:
        yield running


@pytest.fixture
def patient(bot: Bot) -> TelegramPatient:
    """Somebody who has not written yet."""
    return bot.patient()


@pytest.fixture
def agreed(patient: TelegramPatient) -> TelegramPatient:
    """Somebody who has agreed, and is asked the first question."""
    patient.write("/start")
    patient.press("I agree")
    return patient


@pytest.fixture
def client(bot: Bot) -> Iterator[httpx.Client]:
    """A program at the HTTP interface."""
    with httpx.Client(base_url=f"{bot.url}/api/v1", timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def wait_until() -> Callable[[Callable[[], object]], None]:
    def wait(holds: Callable[[], object]) -> None:
        until = time.monotonic() + 15
        while not holds():
            assert time.monotonic() < until, "it did not come about"
            time.sleep(0.02)

    return wait
