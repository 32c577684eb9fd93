"""Where one installation keeps its parts, and how each of them is started and asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from careline.operations.errors import StartError

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
ANY_HOSTS = ("0.0.0.0", "::", "")  # noqa: S104 - recognised, not listened on

# Rasa's conversation lock must outlive every deadline that nests inside it.
RASA_LOCK_SECONDS = 60

# Rasa is old software: it gets what a program needs to run and nothing that opens the app's doors.
_INHERITED = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ")


@dataclass(frozen=True)
class Installation:
    """One installation on this machine.

    Attributes:
        root: The folder of the repository: `config.yml`, `bot/`, both environments.
        data_dir: Database, models, releases and logs.
        host: Address that the app listens on.
        port: Port that the app listens on.
        rasa_url: Where the app asks Rasa; its port is what Rasa is started on.
        actions_port: Loopback port of the action listener; None takes a free one at each start.
        public_url: What people type to reach the app, if not `host` and `port`.
        app_command: How the app is started: by the interpreter that runs this.
    """

    root: Path
    data_dir: Path
    host: str
    port: int
    rasa_url: str
    actions_port: int | None = None
    public_url: str | None = None
    app_command: tuple[str, ...] = (sys.executable, "-m", "careline.cli", "serve")

    @property
    def rasa_python(self) -> Path:
        """The interpreter of Rasa's own environment."""
        return self.root / ".venv-rasa" / "bin" / "python"

    @property
    def rasa_model(self) -> Path:
        """The trained model."""
        return self.data_dir.resolve() / "models" / "rasa" / "careline.tar.gz"

    @property
    def rasa_log(self) -> Path:
        """Everything that Rasa prints."""
        return self.data_dir.resolve() / "logs" / "rasa.log"

    @property
    def rasa_port(self) -> int:
        """The port in `rasa_url`.

        Raises:
            StartError: The address is not one of this machine's loopback, or names no port.
        """
        url = httpx.URL(self.rasa_url)
        if url.host not in LOOPBACK_HOSTS:
            raise StartError(
                f"CARELINE_RASA_URL is {self.rasa_url!r}, but `careline run` starts Rasa on this machine and Rasa must "
                "not be reachable from others. Use http://127.0.0.1:<port>, or start the app alone with "
                "`careline serve`."
            )
        if url.port is None:
            raise StartError(
                f"CARELINE_RASA_URL is {self.rasa_url!r}: add the port, for example http://127.0.0.1:5005."
            )
        return url.port

    @property
    def local_url(self) -> str:
        """Where this machine reaches the app."""
        host = "127.0.0.1" if self.host in ANY_HOSTS else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


@dataclass(frozen=True)
class Credentials:
    """What the app and Rasa show each other; made anew at each start.

    Attributes:
        rasa_token: The app's towards Rasa's HTTP API.
        actions_token: Rasa's towards the app's action listener.
        actions_port: Where that listener is.
    """

    rasa_token: str
    actions_token: str
    actions_port: int


def app_environment(inherited: Mapping[str, str], credentials: Credentials) -> dict[str, str]:
    """All that was inherited, and the credentials."""
    return {
        **inherited,
        "CARELINE_RASA_TOKEN": credentials.rasa_token,
        "CARELINE_ACTIONS_TOKEN": credentials.actions_token,
        "CARELINE_ACTIONS_PORT": str(credentials.actions_port),
    }


def rasa_command(installation: Installation, credentials: Credentials) -> list[str]:
    """How Rasa is started: on loopback alone, with its management API behind a token."""
    return [
        str(installation.rasa_python),
        *("-m", "rasa", "run"),
        *("-m", str(installation.rasa_model)),
        *("--interface", "127.0.0.1", "--port", str(installation.rasa_port)),
        *("--enable-api", "--auth-token", credentials.rasa_token),
        *("--endpoints", str(installation.root / "bot" / "endpoints.yml")),
        *("--credentials", str(installation.root / "bot" / "credentials.yml")),
    ]


def rasa_environment(
    installation: Installation, inherited: Mapping[str, str], credentials: Credentials
) -> dict[str, str]:
    """What Rasa is told: where the actions are, and to keep quiet."""
    search_path = os.pathsep.join(str(installation.root / folder) for folder in ("src", "bot"))
    return {
        **{name: inherited[name] for name in _INHERITED if name in inherited},
        "PYTHONPATH": search_path,
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # At ERROR its REST channel logs the patient's text with every failed message.
        "LOG_LEVEL": "CRITICAL",
        "TICKET_LOCK_LIFETIME": str(RASA_LOCK_SECONDS),
        "CARELINE_ACTIONS_PORT": str(credentials.actions_port),
        "CARELINE_ACTIONS_TOKEN": credentials.actions_token,
        "CARELINE_DATA_DIR": str(installation.data_dir.resolve()),
    }
