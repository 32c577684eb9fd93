"""A real installation: the supervisor with Rasa and the app, on free ports and a data folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]
BUILT = Path(os.environ.get("CARELINE_DATA_DIR") or ROOT / "var")  # where `make` built models and the index
_START_SECONDS = 120


def take_built_models(data_dir: Path, vectors: Path) -> None:
    """Give an installation the models that `make` built; the vectors, to which it may add, are its own at `vectors`."""
    models = data_dir / "models"
    models.mkdir(parents=True)
    for name in ("encoder", "recogniser", "reader"):
        (models / name).symlink_to((BUILT / "models" / name).resolve())
    shutil.copytree(BUILT / "models" / "embeddings", vectors)


@dataclass(frozen=True)
class Running:
    """A running installation.

    Attributes:
        process: The supervisor.
        seconds_to_ready: From its start to `/readyz`.
        log: What it and the app printed.
    """

    process: subprocess.Popen[bytes]
    url: str
    data_dir: Path
    seconds_to_ready: float
    log: Path

    def pid_of(self, words: str) -> int:
        """The pid of the child whose command line holds `words`."""
        for pid in descendants(self.process.pid):
            if words in command_line(pid):
                return pid
        raise LookupError(words)

    @property
    def rasa_pid(self) -> int:
        return self.pid_of("rasa run")

    @property
    def app_pid(self) -> int:
        return self.pid_of("careline.cli serve")

    def ready(self) -> dict[str, Any]:
        answer: dict[str, Any] = httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).json()
        return answer


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def descendants(pid: int) -> list[int]:
    """All processes below `pid`."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, queue = [], [pid]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def prepared_data_dir(folder: Path, *, with_index: bool = True) -> Path:
    """A data folder that shares the built models and releases, and has a database of its own."""
    data_dir = folder / "data"
    data_dir.mkdir(parents=True, exist_ok=True)
    for name in ("models", "releases") if with_index else ("models",):
        if not (data_dir / name).exists():
            (data_dir / name).symlink_to((BUILT / name).resolve())
    return data_dir


@contextmanager
def running(folder: Path, *, with_index: bool = True, **settings: str) -> Iterator[Running]:
    """Start an installation, wait until it is ready, and stop it as Ctrl-C does."""
    data_dir = prepared_data_dir(folder, with_index=with_index)
    port = free_port()
    environment = os.environ | {
        "CARELINE_DATA_DIR": str(data_dir),
        "CARELINE_PORT": str(port),
        "CARELINE_RASA_URL": f"http://127.0.0.1:{free_port()}",
        "CARELINE_OPERATOR": "Test Clinic",
        "CARELINE_COUNTRY": "GB",
        "CARELINE_MESSAGES_PER_MINUTE": "100000",
        "CARELINE_CONVERSATIONS_PER_HOUR": "100000",
        "CARELINE_GUIDANCE_SEARCHES_PER_MINUTE": "100000",
        **settings,
    }
    careline = [sys.executable, "-m", "careline.cli"]
    subprocess.run([*careline, "migrate"], cwd=ROOT, env=environment, check=True, capture_output=True)
    log = folder / "careline.log"
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*careline, "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_ready(process, url, log)
        yield Running(process, url, data_dir, time.monotonic() - began, log)
    finally:
        left = descendants(process.pid)
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            for pid in (*left, process.pid):
                os.kill(pid, signal.SIGKILL)
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise RuntimeError(f"careline run ended: {log.read_text(errors='replace')[-3000:]}")
        try:
            if httpx.get(f"{url}/readyz", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"not ready after {_START_SECONDS} s: {log.read_text(errors='replace')[-3000:]}")
