"""Keeps the app and Rasa running side by side: what to say, what to start again, when to give up."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol

FIRST_DELAY_SECONDS = 1.0
LONGEST_DELAY_SECONDS = 60.0
PROGRESS_EVERY_SECONDS = 5.0
SLOW_AFTER_SECONDS = 120.0


class Program(Protocol):
    """Something that can be started, ends, and can be started again."""

    def start(self) -> None:
        """Start it; the previous run has ended."""

    def exit_code(self) -> int | None:
        """None while it runs."""


class Health(enum.Enum):
    """What a program answers when asked how it is."""

    SILENT = "silent"
    ANSWERS = "answers"
    READY = "ready"


class Watch:
    """Looks after both programs, one look at a time.

    Rasa is started again when it ends, later each time it ends soon; the app answers patients without it. When the app
    ends, the watch is over.
    """

    def __init__(
        self,
        *,
        app: Program,
        rasa: Program,
        app_health: Callable[[], Health],
        rasa_health: Callable[[], Health],
        say: Callable[[str], None],
        when_ready: Callable[[], None],
        where_to_look: str,
    ) -> None:
        """Prepare a watch over two programs that have not been started.

        Args:
            app: What patients reach.
            rasa: What understands their words.
            app_health: READY once the app takes patients, ANSWERS before that.
            rasa_health: READY once Rasa has its model.
            say: Shows one line to whoever started this.
            when_ready: Called once, when both are ready.
            where_to_look: The file that Rasa writes to.
        """
        self._app, self._rasa = app, rasa
        self._app_health, self._rasa_health = app_health, rasa_health
        self._say = say
        self._when_ready = when_ready
        self._where_to_look = where_to_look
        self._began_at = 0.0
        self._spoke_at = 0.0
        self._rasa_started_at = 0.0
        self._rasa_due_at: float | None = None
        self._delay_seconds = FIRST_DELAY_SECONDS
        self._app_answers = False
        self._rasa_ready = False
        self._all_ready = False
        self._said_slow = False

    def start(self, now: float) -> None:
        """Start both programs.

        Args:
            now: Seconds of a clock that never goes back, here and in `look`.
        """
        self._began_at = self._spoke_at = self._rasa_started_at = now
        self._app.start()
        self._rasa.start()

    def look(self, now: float) -> int | None:
        """Take one look at both.

        Returns:
            None to go on, otherwise the status to exit with: the app has ended, which is never a success.
        """
        code = self._app.exit_code()
        if code is not None:
            self._say(f"The app has stopped (status {code}).")
            return code if code > 0 else 1
        self._look_after_rasa(now)
        if not self._rasa_ready and self._rasa_due_at is None:
            self._ask_rasa(now)
        if not self._all_ready:
            self._ask_app(now)
        if not (self._rasa_ready and self._all_ready):
            self._report_progress(now)
        return None

    def _look_after_rasa(self, now: float) -> None:
        code = self._rasa.exit_code()
        if code is None:
            return
        if self._rasa_due_at is None:
            if now - self._rasa_started_at > LONGEST_DELAY_SECONDS:
                self._delay_seconds = FIRST_DELAY_SECONDS
            self._rasa_ready = False
            self._rasa_due_at = now + self._delay_seconds
            self._say(
                f"Rasa has stopped (status {code}; see {self._where_to_look}). The app goes on without it. "
                f"Starting it again in {self._delay_seconds:.0f} s."
            )
            self._delay_seconds = min(2 * self._delay_seconds, LONGEST_DELAY_SECONDS)
        if now >= self._rasa_due_at:
            self._rasa_due_at = None
            self._rasa_started_at = self._spoke_at = now
            self._said_slow = False
            self._rasa.start()

    def _ask_rasa(self, now: float) -> None:
        if self._rasa_health() is Health.READY:
            self._rasa_ready = True
            self._tell(now, "Rasa is ready" if not self._all_ready else "Rasa is ready again")

    def _ask_app(self, now: float) -> None:
        health = self._app_health()
        if health is not Health.SILENT and not self._app_answers:
            self._app_answers = True
            self._tell(now, "the app answers")
        if health is Health.READY and self._rasa_ready:
            self._all_ready = True
            self._tell(now, "Careline is ready")
            self._when_ready()

    def _report_progress(self, now: float) -> None:
        if now - self._rasa_started_at > SLOW_AFTER_SECONDS and not self._rasa_ready and not self._said_slow:
            self._said_slow = True
            self._tell(now, f"Rasa takes unusually long; {self._where_to_look} may say why")
        elif now - self._spoke_at >= PROGRESS_EVERY_SECONDS:
            self._tell(now, f"waiting for {'the app' if self._rasa_ready else 'Rasa'}")

    def _tell(self, now: float, what: str) -> None:
        self._spoke_at = now
        self._say(f"{now - self._began_at:5.0f} s  {what}")
