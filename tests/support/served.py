"""A furnished Careline behind a real port, and browsers in which clinicians are signed in."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize

from careline.app.services import Careline, utc_now
from careline.app.web import create_app
from careline.guidance.search import Guidance
from tests.support.foreign import CUT, nothing_foreign_in
from tests.support.house import Clock, Patient, furnished, scripted
from tests.support.installation import free_port
from tests.support.staff import Person, person, signed_in

WIDE: ViewportSize = {"width": 1366, "height": 768}
NARROW: ViewportSize = {"width": 390, "height": 844}


class WallClock(Clock):
    """The real clock, as the app's own."""

    def __call__(self):
        return utc_now()

    def pass_by(self, **_time: float) -> None:
        """Time passes by itself."""


@dataclass
class Served:
    """A running app.

    Attributes:
        tokens: Sessions by user name: a code signs in once.
    """

    url: str
    careline: Careline
    people: dict[str, Person]
    tokens: dict[str, str] = field(default_factory=dict)
    clients: list[httpx.Client] = field(default_factory=list)

    def patient(self) -> Patient:
        """A patient who has agreed."""
        self.clients.append(httpx.Client(base_url=self.url, timeout=20, trust_env=False))
        patient = Patient(self.clients[-1])
        patient.agree()
        return patient

    def token(self, name: str) -> str:
        if name not in self.tokens:
            self.tokens[name] = signed_in(self.careline.staff, self.people[name])
        return self.tokens[name]


@contextlib.contextmanager
def served(
    folder: Path,
    clock: Clock | None = None,
    furnish: Callable[..., Careline] = furnished,
    /,
    *,
    guidance: Guidance | None = None,
    roles: Mapping[str, tuple[str, ...]] | None = None,
    **names: str,
) -> Iterator[Served]:
    """Serve an app with staff, by user name; who is given no roles is a clinician."""
    clock = clock or WallClock()
    port = free_port()
    away = f"http://127.0.0.1:{port}/healthz"  # as neutral as any page
    careline = furnish(folder, scripted(), clock=clock, country="GB", guidance=guidance, quick_exit_url=away)
    people = {
        user: person(careline.staff, clock, *(roles or {}).get(user, ()), user_name=user, name=name)
        for user, name in names.items()
    }
    server = uvicorn.Server(uvicorn.Config(create_app(careline), port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    running = Served(f"http://127.0.0.1:{port}", careline, people)
    try:
        yield running
    finally:
        for client in running.clients:
            client.close()
        careline.wakeups.stop()
        server.should_exit = True
        thread.join()
        careline.database.close()


@contextlib.contextmanager
def browsing(browser: Browser, served: Served, name: str, **context: Any) -> Iterator[Page]:
    """A browser in which somebody is signed in; at the end nothing was foreign, broken or forbidden by the policy."""
    opened = browser.new_context(viewport=context.pop("viewport", WIDE), **context)
    opened.add_cookies([{"name": "careline-staff", "value": served.token(name), "url": served.url}])
    page = opened.new_page()
    page.set_default_timeout(30_000)
    with nothing_foreign_in(page, let_pass=CUT):
        yield page
        opened.close()
