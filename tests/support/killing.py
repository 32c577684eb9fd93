"""An app that a test kills and starts again."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

_GIVE_UP_SECONDS = 90


class KillableApp:
    """The app of tests/support/killable_app.py."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "tests.support.killable_app", str(folder), str(self.port)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdin
        assert self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout
        assert self._answers.readline() == "ready\n"

    def do(self, what: str) -> None:
        """`start`, `start POINT` with a point of dying.py, or `kill`."""
        self._orders.write(f"{what}\n")
        self._orders.flush()
        assert self._answers.readline() == "done\n"

    def wait_until_it_answers(self) -> None:
        for _ in range(_GIVE_UP_SECONDS * 20):
            try:
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz", trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError("the app did not come back")

    def end(self) -> None:
        self._orders.close()
        self._process.wait(timeout=30)
        self._answers.close()
