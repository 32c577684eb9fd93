"""A worker that kills its own process (SIGKILL) when it reaches a point.

Run as `python -m tests.support.killable_worker FOLDER DATABASE_URL POINT`; without a point it sends all that is due.
Its clock stands still, `LATER_SECONDS` in the environment after the start of the tests.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import sys
from pathlib import Path

from careline.storage.database import Database
from careline.storage.keys import load_or_make_keys
from tests.support.house import Clock
from tests.support.outbox import Outbox


def main(folder: Path, url: str, point: str) -> None:
    """Send until the point is reached, or all that is due."""
    clock = Clock()
    clock.now += dt.timedelta(seconds=float(os.environ.get("LATER_SECONDS", "0")))
    database = Database(url, load_or_make_keys(folder / "keys.json")[0])
    outbox = Outbox(database, folder, clock, (folder / "delivery.yml").read_text(encoding="utf-8"))

    def reached(here: str) -> None:
        if here == point:
            os.kill(os.getpid(), signal.SIGKILL)

    async def run() -> None:
        with outbox.worker(reached=reached) as worker:
            await worker.run_once()

    asyncio.run(run())


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "")
