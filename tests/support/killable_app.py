"""The public app on SQLite over real HTTP, in a process that a test kills.

Started as `python -m tests.support.killable_app FOLDER PORT`.

Content is loaded once; every line on standard input then does one thing: `start` forks a process that serves, `start
POINT` one that dies at a point of tests/support/dying.py, `kill` ends it with SIGKILL. Each answers with a line. At the
end of the input all ends.
"""

from __future__ import annotations

import datetime as dt
import os
import signal
import sys
from pathlib import Path

import uvicorn

from careline.app.services import utc_now
from careline.app.web import create_app
from tests.support.dying import dying_at
from tests.support.house import Clock, furnished, lexicon, rule_book, scripted

# Each process lives this much later than the one before, so that what that one left counts as left.
LATER = dt.timedelta(seconds=20)


def main(folder: Path, port: int) -> None:
    """Obey standard input."""
    rule_book(), lexicon()
    answer("ready")
    serving, started = 0, 0
    for line in sys.stdin:
        what, _, point = line.strip().partition(" ")
        if what == "start":
            started += 1
            serving = os.fork()
            if not serving:
                serve(folder, port, started * LATER, point)
                return
        else:
            serving = kill(serving)
        answer("done")
    if serving:
        kill(serving)


def answer(word: str) -> None:
    """Write a line to whoever started this."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


class LaterClock(Clock):
    """The real clock, some time on."""

    def __init__(self, later: dt.timedelta) -> None:
        super().__init__()
        self._later = later

    def __call__(self) -> dt.datetime:
        return utc_now() + self._later


def serve(folder: Path, port: int, later: dt.timedelta, point: str) -> None:
    """Serve until killed, or until the point is reached where one is named."""
    careline = furnished(folder, scripted(), clock=LaterClock(later), country="GB")
    app = create_app(careline)
    uvicorn.run(
        dying_at(point, app) if point else app, host="127.0.0.1", port=port, log_level="warning", access_log=False
    )


def kill(process: int) -> int:
    """End a process of ours in the middle of whatever it does."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
