"""Whose turn it is to write: one at a time, in the order in which they came.

A pool of one connection hands it to whoever asks at the right moment; under load some then wait for seconds while
others write again and again. Here who writes hands on to who has waited longest.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Iterator

from careline.storage.errors import WriterBusyError


class WriterQueue:
    """Turns at one writer, for the threads of one process; not for a thread that has its turn already."""

    def __init__(self, wait_seconds: float) -> None:
        """Take how long anybody waits at most."""
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._is_taken = False
        self._waiting: deque[threading.Event] = deque()

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and hand on to the next at the end.

        Raises:
            WriterBusyError: It did not come in time; nothing was done.
        """
        self._take()
        try:
            yield
        finally:
            self._hand_on()

    def _take(self) -> None:
        with self._lock:
            if not self._is_taken:
                self._is_taken = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(self._wait_seconds):
            return
        with self._lock:
            if mine.is_set():
                return  # handed on at the last moment: it is ours
            self._waiting.remove(mine)
        raise WriterBusyError(f"no turn to write within {self._wait_seconds:g} seconds; nothing was stored")

    def _hand_on(self) -> None:
        with self._lock:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False
