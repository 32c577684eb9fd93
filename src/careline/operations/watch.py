"""Keeps the app and Rasa running side by side: what to say, what to start again, when to give up."""

from __future__ import annotations

import enum
from collections.abc import Callable

from careline.operations.restarts import Program, Restarts

PROGRESS_EVERY_SECONDS = 5.0
SLOW_AFTER_SECONDS = 120.0


class Health(enum.Enum):
    """What a program answers when asked how it is."""

    SILENT = "silent"
    ANSWERS = "answers"
    READY = "ready"


class Watch:
    """Looks after both programs, one look at a time.

    What ends is started again, later each time it ends soon. Without Rasa the app goes on answering patients. An app
    that ends before it has ever answered cannot be used as it is set up: then the watch is over.
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
        self._app, self._rasa = Restarts(app), Restarts(rasa)
        self._app_health, self._rasa_health = app_health, rasa_health
        self._say = say
        self._when_ready = when_ready
        self._where_to_look = where_to_look
        self._began_at = 0.0
        self._spoke_at = 0.0
        self._app_ever_answered = False
        self._app_answers = False
        self._rasa_ready = False
        self._all_ready = False
        self._announced = False
        self._said_slow = False

    def start(self, now: float) -> None:
        """Start both programs.

        Args:
            now: Seconds of a clock that never goes back, here and in `look`.
        """
        self._began_at = self._spoke_at = now
        self._app.start(now)
        self._rasa.start(now)

    def look(self, now: float) -> int | None:
        """Take one look at both.

        Returns:
            None to go on, otherwise the status to exit with: the app cannot be started, which is never a success.
        """
        code = self._look_after_app(now)
        if code is not None:
            return code
        self._look_after_rasa(now)
        if not self._rasa_ready and not self._rasa.is_due:
            self._ask_rasa(now)
        if not self._all_ready and not self._app.is_due:
            self._ask_app(now)
        if not (self._rasa_ready and self._all_ready):
            self._report_progress(now)
        return None

    def _look_after_app(self, now: float) -> int | None:
        code = self._app.has_ended(now)
        if code is not None and not self._app_ever_answered:
            self._say(f"The app has stopped (status {code}).")
            return code if code > 0 else 1
        if code is not None:
            self._app_answers = self._all_ready = False
            self._say(
                f"The app has stopped (status {code}). What patients wrote is kept. "
                f"Starting it again in {self._app.delay_seconds:.0f} s."
            )
        if self._app.start_when_due(now):
            self._spoke_at = now
        return None

    def _look_after_rasa(self, now: float) -> None:
        code = self._rasa.has_ended(now)
        if code is not None:
            self._rasa_ready = False
            self._say(
                f"Rasa has stopped (status {code}; see {self._where_to_look}). The app goes on without it. "
                f"Starting it again in {self._rasa.delay_seconds:.0f} s."
            )
        if self._rasa.start_when_due(now):
            self._spoke_at = now
            self._said_slow = False

    def _ask_rasa(self, now: float) -> None:
        if self._rasa_health() is Health.READY:
            self._rasa_ready = True
            self._tell(now, "Rasa is ready" if not self._all_ready else "Rasa is ready again")

    def _ask_app(self, now: float) -> None:
        health = self._app_health()
        if health is not Health.SILENT and not self._app_answers:
            self._app_ever_answered = self._app_answers = True
            self._tell(now, "the app answers")
        if health is Health.READY and self._rasa_ready:
            self._all_ready = True
            self._tell(now, "Careline is ready again" if self._announced else "Careline is ready")
            if not self._announced:
                self._announced = True
                self._when_ready()

    def _report_progress(self, now: float) -> None:
        if now - self._rasa.started_at > SLOW_AFTER_SECONDS and not self._rasa_ready and not self._said_slow:
            self._said_slow = True
            self._tell(now, f"Rasa takes unusually long; {self._where_to_look} may say why")
        elif now - self._spoke_at >= PROGRESS_EVERY_SECONDS:
            self._tell(now, f"waiting for {'the app' if self._rasa_ready else 'Rasa'}")

    def _tell(self, now: float, what: str) -> None:
        self._spoke_at = now
        self._say(f"{now - self._began_at:5.0f} s  {what}")
