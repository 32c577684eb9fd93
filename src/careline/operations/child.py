"""A program that runs as long as this one does."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_LOG_LIMIT_BYTES = 10_000_000


class Child:
    """A program in a process group of its own, so that Ctrl-C in a terminal reaches only its parent.

    On Linux the kernel ends it when the parent is gone, however that came about. Start it from the main thread: there,
    "parent" means the thread that started it.
    """

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], folder: Path, log: Path | None = None
    ) -> None:
        """Prepare a program; `start` starts it, and starts it again after it has ended.

        Args:
            command: Program and arguments.
            environment: All of its environment.
            folder: Its working directory.
            log: File that everything it prints is added to; None shows it on the console.
        """
        self._command = list(command)
        self._environment = dict(environment)
        self._folder = folder
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the program; the previous run must have ended."""
        with contextlib.ExitStack() as files:
            output = files.enter_context(_opened(self._log)) if self._log else None
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours
                self._command,
                env=self._environment,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                start_new_session=True,
                preexec_fn=_dies_with(os.getpid()),
            )

    def exit_code(self) -> int | None:
        """The status that it ended with (negative: the signal), None while it runs or before it ever did."""
        return self._process.poll() if self._process else None

    def signal_group(self, number: signal.Signals) -> None:
        """Send a signal to the program and to whatever it has started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)

    def wait(self, timeout_seconds: float) -> bool:
        """Whether it has ended, at the latest after that time."""
        if self._process is None:
            return True
        try:
            self._process.wait(max(0, timeout_seconds))
        except subprocess.TimeoutExpired:
            return False
        return True


def _opened(log: Path) -> BinaryIO:
    """The log, opened for adding; a long one is put aside first, one older one is kept."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")


def _dies_with(parent: int) -> Callable[[], None] | None:
    """What the child does before the program starts, so that the kernel ends it with its parent (Linux only).

    A kill is safe: whatever was accepted from a patient is on disk by then.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went between fork and here
            os._exit(1)

    return ask_kernel
