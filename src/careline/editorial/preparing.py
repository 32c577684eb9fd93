"""Preparing releases: checking and building what is to be published before anybody presses "publish".

What came of it is bound to the hash of exactly that content, the program, and the day. Publishing takes it up if that
hash is the same; else everything is done again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
from sqlalchemy import select

from careline.editorial.plan import Plan
from careline.editorial.publisher import Change, Made, Publisher
from careline.editorial.staging import staged
from careline.editorial.tables import PreparationRow
from careline.storage.database import Database

_TELL_SECONDS = 0.5  # how often it is written down how far a preparation is
_SILENT_SECONDS = 300  # after which one that says nothing counts as broken off

State = Literal["running", "ready", "refused", "broken_off"]


@dataclass(frozen=True)
class Preparation:
    """A release that was, or is being, prepared.

    Attributes:
        checksum: Of what was checked, by what, on which day.
        by: Account id of who asked for it.
        paths: What was chosen.
        against: Id of the release in force with which it was compared.
        step, done, total: How far it is.
        made: What came of it, once it has ended.
        changes: What would change for patients.
    """

    id: int
    checksum: str
    by: str
    paths: tuple[str, ...]
    against: str | None
    at: dt.datetime
    state: State
    step: str
    done: int
    total: int
    made: Made
    changes: tuple[Change, ...]


class Preparations:
    """Prepares releases, and keeps what came of it."""

    def __init__(self, database: Database, publisher: Publisher, now: Callable[[], dt.datetime], staging: Path) -> None:
        """Work on these; `staging` is a folder of our own."""
        self._database = database
        self._publisher = publisher
        self._now = now
        self._staging = staging

    def look_at(self, plan: Plan) -> tuple[Made, tuple[Change, ...]]:
        """Check and build without keeping what came of it."""
        with staged(plan.texts, self._staging) as knowledge:
            made = self._publisher.prepare(knowledge, lambda _step, _done, _total: None)
            return made, tuple(self._publisher.changes(knowledge))

    def begin(self, by: str, plan: Plan, paths: Collection[str]) -> int:
        """Write down that a release is being prepared, and return the preparation's id."""
        now = self._now()
        with self._database.write() as session:
            row = PreparationRow(
                checksum=self._publisher.checksum(plan.texts), by=by, items=_json(tuple(sorted(paths))),
                against=self._publisher.id_in_force(), at=now, seen_at=now, state="running", step="", done=0, total=0,
                made=_json(Made()), difference="[]",
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def carry_out(self, number: int, plan: Plan) -> Preparation:
        """Check, build and compare, and write down what came of it."""
        told = self._now()

        def progress(step: str, done: int, total: int) -> None:
            nonlocal told
            if (self._now() - told).total_seconds() >= _TELL_SECONDS:
                told = self._now()
                self._write(number, step=step[:80], done=done, total=total)

        try:
            with staged(plan.texts, self._staging) as knowledge:
                made = self._publisher.prepare(knowledge, progress)
                changes = tuple(self._publisher.changes(knowledge))
        except BaseException:
            self._write(number, state="broken_off")
            raise
        if made.release_id is not None:
            self._publisher.make_ready(made.release_id)
        state = "refused" if made.problems else "ready"
        self._write(number, state=state, made=_json(made), difference=_json(changes))
        return self.get(number)

    def get(self, number: int) -> Preparation:
        """Return a preparation, which must exist."""
        with self._database.read() as session:
            return self._one(session.get_one(PreparationRow, number))

    def newest(self) -> Preparation | None:
        """Return the one begun last."""
        with self._database.read() as session:
            row = session.scalar(select(PreparationRow).order_by(PreparationRow.id.desc()).limit(1))
            return self._one(row) if row is not None else None

    def ready(self, checksum: str) -> Preparation | None:
        """Return one that has passed with exactly this content, program and day, and whose release is still whole."""
        with self._database.read() as session:
            row = session.scalar(
                select(PreparationRow)
                .where(PreparationRow.checksum == checksum, PreparationRow.state == "ready")
                .order_by(PreparationRow.id.desc())
                .limit(1)
            )
            found = self._one(row) if row is not None else None
        if found is None or found.made.release_id is None:
            return None
        return found if self._publisher.knowledge_of(found.made.release_id) is not None else None

    def _write(self, number: int, **values: object) -> None:
        with self._database.write() as session:
            row = session.get_one(PreparationRow, number)
            for name, value in values.items():
                setattr(row, name, value)
            row.seen_at = self._now()

    def _one(self, row: PreparationRow) -> Preparation:
        is_silent = (self._now() - row.seen_at).total_seconds() > _SILENT_SECONDS
        state: State = "broken_off" if row.state == "running" and is_silent else msgspec.convert(row.state, State)
        return Preparation(
            row.id, row.checksum, row.by, msgspec.json.decode(row.items, type=tuple[str, ...]), row.against, row.at,
            state, row.step, row.done, row.total,
            msgspec.json.decode(row.made, type=Made), msgspec.json.decode(row.difference, type=tuple[Change, ...]),
        )  # fmt: skip


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
