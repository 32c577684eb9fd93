"""The releases in the order in which they were put in force: each with what it held and what it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.life_cycle import Actor
from careline.editorial.publisher import Change
from careline.editorial.served import Holdings, holdings_as_text
from careline.editorial.tables import ReleaseRow


@dataclass(frozen=True)
class ReleaseLine:
    """One release in the order in which they were put in force."""

    number: int
    release_id: str
    occasion: str
    by: str
    at: dt.datetime
    changes: tuple[Change, ...]


def release_row(
    number: int,
    release_id: str,
    occasion: str,
    actor: Actor,
    holdings: Holdings,
    changes: Sequence[Change],
    *,
    now: dt.datetime,
) -> ReleaseRow:
    """Return the row of a release that is put in force now."""
    return ReleaseRow(
        number=number,
        release_id=release_id,
        occasion=occasion,
        by=actor.id,
        at=now,
        items=holdings_as_text(holdings),
        difference=msgspec.json.encode(changes).decode(),
    )


def release_lines(session: Session, most: int) -> list[ReleaseLine]:
    """Return the releases that were put in force, newest first."""
    rows = session.scalars(select(ReleaseRow).order_by(ReleaseRow.number.desc()).limit(most)).all()
    return [_line(row) for row in rows]


def _line(row: ReleaseRow) -> ReleaseLine:
    changes = msgspec.json.decode(row.difference, type=tuple[Change, ...])
    return ReleaseLine(row.number, row.release_id, row.occasion, row.by, row.at, changes)
