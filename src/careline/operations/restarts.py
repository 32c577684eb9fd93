"""Starts a program again when it has ended: soon at first, later each time it ends soon after a start."""

from __future__ import annotations

from typing import Protocol

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0


class Program(Protocol):
    """Something that can be started, ends, and can be started again."""

    def start(self) -> None:
        """Start it; the previous run has ended."""

    def exit_code(self) -> int | None:
        """None while it runs."""


class Restarts:
    """Keeps one program running. All times are seconds of one clock that never goes back.

    Attributes:
        started_at: When it was started last.
        is_due: Whether it has ended and is to be started again.
        delay_seconds: How long after an end it is started again.
    """

    def __init__(self, program: Program) -> None:
        """Take a program that has not been started."""
        self._program = program
        self._due_at: float | None = None
        self._next_delay_seconds = FIRST_DELAY_SECONDS
        self.started_at = 0.0
        self.delay_seconds = 0.0

    @property
    def is_due(self) -> bool:
        """Whether it has ended and is to be started again."""
        return self._due_at is not None

    def start(self, now: float) -> None:
        """Start it."""
        self._due_at = None
        self.started_at = now
        self._program.start()

    def has_ended(self, now: float) -> int | None:
        """Return the status that it ended with, once for each end; plans the next start."""
        code = self._program.exit_code()
        if code is None or self.is_due:
            return None
        if now - self.started_at > LONGEST_DELAY_SECONDS:
            self._next_delay_seconds = FIRST_DELAY_SECONDS
        self.delay_seconds = self._next_delay_seconds
        self._due_at = now + self.delay_seconds
        self._next_delay_seconds = min(2 * self.delay_seconds, LONGEST_DELAY_SECONDS)
        return code

    def start_when_due(self, now: float) -> bool:
        """Start it again when its time has come; return whether it was started."""
        if self._due_at is None or now < self._due_at:
            return False
        self.start(now)
        return True
