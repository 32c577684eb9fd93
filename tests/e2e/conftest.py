"""One real installation for all end-to-end tests that leave it whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from tests.support.chromium import ARGUMENTS, installed_chromium
from tests.support.foreign import nothing_foreign_in
from tests.support.guidance import article, guidance_of
from tests.support.house import Patient
from tests.support.installation import Running, running
from tests.support.served import NARROW, Served, served


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("installation")) as one:
        yield one


@pytest.fixture
def http(installation: Running) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=installation.url, timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def patient(http: httpx.Client) -> Patient:
    return Patient(http)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    installed = installed_chromium()
    found = {"executable_path": installed} if installed else {}
    return {**browser_type_launch_args, **found, "args": ARGUMENTS}


@pytest.fixture
def nothing_foreign(page: Page) -> Iterator[None]:
    """Fail on a request elsewhere, a script error or something that the security policy blocked."""
    with nothing_foreign_in(page):
        yield


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An app for the chat's pages; what needs another one brings its own."""
    pages = guidance_of(article("sore_throat", text="Drink often. Ask a pharmacist."))
    with served(tmp_path_factory.mktemp("widget"), guidance=pages, example="Dr Example") as one:
        yield one


@pytest.fixture
def chat(page: Page, house: Served, nothing_foreign: None) -> Page:
    """The chat on a phone, not begun; it asks for nothing elsewhere, and nothing in it breaks."""
    page.set_default_timeout(20_000)
    page.set_viewport_size(NARROW)
    page.goto(f"{house.url}/chat")
    return page


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")
