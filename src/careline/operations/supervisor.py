"""`careline run`: the app and Rasa as one command, started together and stopped together."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType

import httpx

from careline.operations.addresses import free_loopback_port, require_free_port
from careline.operations.child import Child
from careline.operations.errors import StartError
from careline.operations.installation import (
    Credentials,
    Installation,
    app_environment,
    rasa_command,
    rasa_environment,
)
from careline.operations.watch import Health, Watch

STOP_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.25


def run(installation: Installation, *, say: Callable[[str], None] = print) -> int:
    """Start app and Rasa, keep them running, and stop both when told to.

    Call it from the main thread: it takes over SIGINT, SIGTERM and SIGHUP until it returns.

    Args:
        installation: What to start.
        say: Shows one line to whoever started this.

    Returns:
        The status to exit with: 0 after Ctrl-C or SIGTERM, otherwise the app ended by itself.

    Raises:
        StartError: A port is taken, or something that has to be there is missing. Nothing was started.
    """
    require_startable(installation)
    credentials = new_credentials(installation)
    app = Child(installation.app_command, environment=app_environment(os.environ, credentials), folder=Path.cwd())
    rasa = Child(
        rasa_command(installation, credentials),
        environment=rasa_environment(installation, os.environ, credentials),
        folder=installation.root,
        log=installation.rasa_log,
    )
    with _told_to_stop() as stop, _http() as http:
        watch = Watch(
            app=app,
            rasa=rasa,
            app_health=lambda: app_health(http, installation),
            rasa_health=lambda: rasa_health(http, installation, credentials),
            say=say,
            when_ready=lambda: _announce(installation, say),
            where_to_look=str(installation.rasa_log),
        )
        say("Starting the app and Rasa. Ctrl-C stops both.")
        try:
            watch.start(time.monotonic())
            while not stop.wait(LOOK_EVERY_SECONDS):
                code = watch.look(time.monotonic())
                if code is not None:
                    return code
            say("Stopping; turns that have begun are finished first.")
            return 0
        finally:
            stop.clear()
            stop_all([app, rasa], hurry=stop)


def require_startable(installation: Installation) -> None:
    """Raise StartError, with the remedy, for the first thing that would keep app or Rasa from starting."""
    rasa_port = installation.rasa_port
    if not installation.rasa_python.exists():
        raise StartError(f"{installation.rasa_python} is missing: Rasa is not installed. Run `make setup`.")
    if not installation.rasa_model.exists():
        raise StartError(f"{installation.rasa_model} is missing: Rasa is not trained. Run `make train`.")
    require_free_port(installation.host, installation.port, setting="CARELINE_PORT", example=str(installation.port + 1))
    require_free_port("127.0.0.1", rasa_port, setting="CARELINE_RASA_URL", example=f"http://127.0.0.1:{rasa_port + 1}")
    if installation.actions_port:
        require_free_port(
            "127.0.0.1", installation.actions_port, setting="CARELINE_ACTIONS_PORT", example=str(free_loopback_port())
        )


def new_credentials(installation: Installation) -> Credentials:
    """Tokens for this start, and the port of the action listener."""
    return Credentials(
        rasa_token=secrets.token_hex(32),
        actions_token=secrets.token_hex(32),
        actions_port=installation.actions_port or free_loopback_port(),
    )


def app_health(http: httpx.Client, installation: Installation) -> Health:
    """How the app is: it answers `/readyz` with 503 until it takes patients."""
    try:
        response = http.get(f"{installation.local_url}/readyz")
    except httpx.HTTPError:
        return Health.SILENT
    return Health.READY if response.is_success else Health.ANSWERS


def rasa_health(http: httpx.Client, installation: Installation, credentials: Credentials) -> Health:
    """How Rasa is: it answers `/status` with 409 until a model is loaded."""
    try:
        response = http.get(f"{installation.rasa_url.rstrip('/')}/status", params={"token": credentials.rasa_token})
    except httpx.HTTPError:
        return Health.SILENT
    return Health.READY if response.is_success else Health.ANSWERS


def stop_all(children: Sequence[Child], *, hurry: threading.Event, grace_seconds: float = STOP_SECONDS) -> None:
    """Stop every child: asked first, ended after the time of grace, or at once when `hurry` is set."""
    for child in children:
        child.signal_group(signal.SIGTERM)
    deadline = time.monotonic() + grace_seconds
    for child in children:
        while not child.wait(LOOK_EVERY_SECONDS):
            if hurry.is_set() or time.monotonic() > deadline:
                break
    for child in children:
        child.signal_group(signal.SIGKILL)  # also for what a child has left behind in its group
        child.wait(grace_seconds)


@contextlib.contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C, SIGTERM and the closing of the terminal."""
    stop = threading.Event()

    def note(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, note) for number in numbers]
    try:
        yield stop
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _http() -> Iterator[httpx.Client]:
    """A client for this machine alone, which writes no address to the log: Rasa's token is in it."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("httpcore").setLevel(logging.WARNING)
    with httpx.Client(timeout=1.0, trust_env=False) as client:
        yield client


def _announce(installation: Installation, say: Callable[[str], None]) -> None:
    public = (installation.public_url or installation.local_url).rstrip("/")
    say(f"         chat page   {public}/chat")
    say(f"         start page  {public}/")
    say("         terminal    careline chat (in another one)")
    say(f"         interface   {public}/api/v1/openapi.json")
    say(f"         Rasa's log  {installation.rasa_log}")
