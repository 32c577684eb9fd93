"""A real Rasa with the trained model, and the action webhook it calls: started once, stopped at the end."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from careline.consultation.ports import TurnActions
from careline.dialogue.client import RasaDialogueEngine
from careline.dialogue.webhook import create_action_webhook
from tests.support.turn_actions import ScriptedTurnActions

Actions = TypeVar("Actions", bound=TurnActions)

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 120


@dataclass
class Switch:
    """Stands where Rasa looks for actions, and passes its calls to whatever a test puts there."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@dataclass(frozen=True)
class RunningRasa:
    """A Rasa that answers, with the secrets it was started with."""

    url: str
    token: str
    actions_token: str
    switch: Switch
    log: Path

    def engine(self, *, deadline_seconds: float = 10.0) -> RasaDialogueEngine:
        return RasaDialogueEngine(self.url, self.token, deadline_seconds=deadline_seconds)

    def runs(self, actions: Actions) -> Actions:
        """Let Rasa run these actions from now on."""
        self.switch.app = create_action_webhook(actions, token=self.actions_token)
        return actions


def data_dir() -> Path:
    """Return where `make train` and `careline model build` put what they make."""
    return Path(os.environ.get("CARELINE_DATA_DIR") or ROOT / "var").resolve()


def trained_model() -> Path:
    """Return the trained model; a missing one fails the test that needs it."""
    model = data_dir() / "models" / "rasa" / "careline.tar.gz"
    assert model.exists(), f"{model} is missing. Run `make train`."
    return model


def rasa_environment() -> dict[str, str]:
    """Return what Rasa needs in its environment, to find our code and to be quiet."""
    return {
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT / 'bot'}",
        "PYTHONWARNINGS": "ignore",
        "CARELINE_DATA_DIR": str(data_dir()),
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TQDM_DISABLE": "1",
    }


@contextlib.contextmanager
def running_rasa(logs: Path) -> Iterator[RunningRasa]:
    """Start the webhook and Rasa on free ports of this machine; stop both at the end."""
    token, actions_token = secrets.token_urlsafe(), secrets.token_urlsafe()
    switch = Switch(create_action_webhook(ScriptedTurnActions(), token=actions_token))
    with _serving(switch) as actions_port, _rasa_process(token, actions_token, actions_port, logs) as url:
        yield RunningRasa(url, token, actions_token, switch, logs / "rasa.log")


@contextlib.contextmanager
def _serving(app: ASGIApp) -> Iterator[int]:
    """Serve an application from a thread; yield its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


@contextlib.contextmanager
def _rasa_process(token: str, actions_token: str, actions_port: int, logs: Path) -> Iterator[str]:
    model = trained_model()
    port = _free_port()
    command = [str(ROOT / ".venv-rasa/bin/python"), "-m", "rasa", "run", "-m", str(model)]
    command += ["--interface", "127.0.0.1", "--port", str(port), "--enable-api", "--auth-token", token]
    command += ["--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml"]
    environment = {
        **os.environ,
        **rasa_environment(),
        "CARELINE_ACTIONS_PORT": str(actions_port),
        "CARELINE_ACTIONS_TOKEN": actions_token,
        # `careline run` says CRITICAL; even what Rasa says at ERROR must hold no patient's words.
        "LOG_LEVEL": "ERROR",
        "TICKET_LOCK_LIFETIME": "60",
    }
    with (
        (logs / "rasa.log").open("wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True) as process,
    ):
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, token, process, logs / "rasa.log")
            yield url
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(url: str, token: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"Rasa ended:\n{log.read_text(errors='replace')[-2000:]}"
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/status", params={"token": token}, trust_env=False).status_code == httpx.codes.OK:
                return
        time.sleep(0.25)
    raise AssertionError(f"Rasa was not ready in {START_SECONDS} s:\n{log.read_text(errors='replace')[-2000:]}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
