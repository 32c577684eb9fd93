"""Work on the database in threads of the channel's own: patients' turns keep theirs."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from careline.storage.database import Database

T = TypeVar("T")

_THREADS = 3
_READERS = 2  # of their own: who writes may wait for the writer, and what is due must be seen meanwhile


class DatabaseThreads:
    """Runs units of work; each function is given the open session first."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._database = database
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="telegram")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="telegram-reads")

    async def read(self, work: Callable[..., T], *given: object) -> T:
        """Run a unit of work that only reads."""

        def run() -> T:
            with self._database.read() as session:
                return work(session, *given)

        return await asyncio.get_running_loop().run_in_executor(self._readers, run)

    async def write(self, work: Callable[..., T], *given: object, **more: object) -> T:
        """Run a unit of work that commits at its end."""

        def run() -> T:
            with self._database.write() as session:
                return work(session, *given, **more)

        return await self.run(run)

    async def run(self, work: Callable[..., T], *given: object) -> T:
        """Run anything else that would hold up the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, functools.partial(work, *given))

    def leave(self) -> None:
        """End the threads once they are done."""
        self._threads.shutdown(wait=False)
        self._readers.shutdown(wait=False)
