"""Running the app: the public listener for people, and a loopback one for Rasa's actions."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from careline.app.migrations import require_newest
from careline.app.services import Careline, build
from careline.app.web import create_app
from careline.dialogue.client import RasaDialogueEngine
from careline.dialogue.webhook import create_action_webhook
from careline.settings import Settings

_STOP_SECONDS = 15  # above the 10 s that a turn may take, below the supervisor's 20 s


class _Server(uvicorn.Server):
    """A server whose signals are handled once, for both listeners."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`."""
        yield


async def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM; public turns end before the action listener does.

    Raises:
        SchemaError: The database has not been migrated.
        ContentError: There are no rules to start with.
    """
    dialogue = RasaDialogueEngine(settings.rasa_url, settings.rasa_token.get_secret_value())
    careline = build(settings, dialogue)
    require_newest(careline.database)
    webhook = create_action_webhook(careline.turns, token=settings.actions_token.get_secret_value())
    inner = _Server(_config(webhook, "127.0.0.1", settings.actions_port or 0))
    public = _Server(_config(create_app(careline), settings.host, settings.port))
    _stop_on_signals(public, careline)
    actions = asyncio.create_task(inner.serve())
    try:
        await public.serve()
    finally:
        inner.should_exit = True
        await actions
        await dialogue.aclose()
        await careline.worker.aclose()
        careline.database.close()


def _config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,  # addresses hold conversation ids and searches
        server_header=False,
        timeout_graceful_shutdown=_STOP_SECONDS,
    )


def _stop_on_signals(public: uvicorn.Server, careline: Careline) -> None:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        careline.wakeups.stop()  # else open live events hold the server until its time is over
        public.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
