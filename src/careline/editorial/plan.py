"""What is to be published: from what the items are to what the next release will hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.editorial.errors import ReleaseMissingError, WrongStateError
from careline.editorial.life_cycle import State, Step
from careline.editorial.served import Held, holdings_from, holdings_in_force, served_texts
from careline.editorial.store import (
    is_offered,
    item_row,
    move,
    newest_from_program,
    newest_release,
    open_row,
    revision_row,
    revision_rows,
)
from careline.editorial.tables import ReleaseRow, RevisionRow

PUBLISH, SCHEDULE, WITHDRAWAL, ROLL_BACK, IMPORT = "publish", "schedule", "withdrawal", "roll_back", "import"


@dataclass(frozen=True)
class Plan:
    """What is to be published, and what it was made from.

    Attributes:
        occasion: Why.
        last: Number of the release in force then; 0 before the first.
        before: What the items were, by path.
        after: What the new release holds.
        texts: As it holds them; empty where it is there already.
    """

    occasion: str
    last: int
    before: dict[str, Held]
    after: dict[str, Held]
    texts: dict[str, str]


def plan_of_publishing(session: Session, paths: Collection[str], now: dt.datetime) -> Plan:
    """Return the plan to publish the signed texts of these items, or the program's where it came, and whatever is due.

    Raises:
        WrongStateError, NotSignedError, TextError, UnknownItemError: One of them cannot be published.
    """
    before = holdings_in_force(session)
    after = dict(before)
    for row in due_rows(session, now):
        after[row.path] = Held(row.number, State.PUBLISHED)
    for path in paths:
        item, rows = item_row(session, path), revision_rows(session, path)
        chosen = open_row(rows)
        came = newest_from_program(item, rows)
        if came is not None:
            after[path] = Held(came.number, State.PUBLISHED)
            continue
        if chosen is None or chosen.state not in (State.SIGNED, State.SCHEDULED):
            is_now = chosen.state if chosen is not None else "published already"
            raise WrongStateError(f"{path}: is {is_now}. Only a signed text is published.")
        after[path] = Held(chosen.number, State.PUBLISHED)
    return plan_of(session, PUBLISH, before, after)


def plan_of_roll_back(session: Session, number: int | None) -> tuple[Plan, str]:
    """Return the plan to go back to a release, and its id.

    Raises:
        ReleaseMissingError: There is none.
    """
    target = _target(session, number)
    before = holdings_in_force(session)
    after = {path: _as_it_is(held, before.get(path)) for path, held in holdings_from(target.items).items()}
    last = newest_release(session)
    return Plan(ROLL_BACK, last.number if last else 0, before, after, {}), target.release_id


def plan_of(session: Session, occasion: str, before: dict[str, Held], after: dict[str, Held]) -> Plan:
    """Return the plan of a release that holds `after`."""
    last = newest_release(session)
    return Plan(occasion, last.number if last else 0, before, after, served_texts(session, after))


def due_rows(session: Session, now: dt.datetime) -> Sequence[RevisionRow]:
    """Return the revisions whose time to be published has come."""
    return session.scalars(
        select(RevisionRow)
        .where(RevisionRow.state == State.SCHEDULED, RevisionRow.publish_at <= now)
        .order_by(RevisionRow.path, RevisionRow.number)
    ).all()


def _target(session: Session, number: int | None) -> ReleaseRow:
    rows = session.scalars(select(ReleaseRow).order_by(ReleaseRow.number.desc())).all()
    if not rows:
        raise ReleaseMissingError("Nothing has been published from here yet. There is no way back.")
    if number is None:
        present = next(
            (row for row in rows if row.release_id == rows[0].release_id and row.occasion != ROLL_BACK), rows[0]
        )
        found = next((row for row in rows if row.number < present.number), None)
    else:
        found = next((row for row in rows[1:] if row.number == number), None)
    if found is None:
        raise ReleaseMissingError(f"There is no earlier release{'' if number is None else f' with number {number}'}.")
    return found


def _as_it_is(held: Held, now: Held | None) -> Held:
    """Return what to go back to: a text that is still served and has expired meanwhile does not come to life again."""
    is_same = now is not None and now.number == held.number and State.WITHDRAWN not in (now.state, held.state)
    return now if is_same and now is not None else held


def settle(session: Session, path: str, before: Held | None, after: Held | None, occasion: str) -> None:
    """Bring one item to what the new release holds."""
    if before == after:
        return
    item = item_row(session, path)
    if before is not None and (after is None or before.number != after.number):
        move(revision_row(session, path, before.number), Step.REPLACE)
    item.served = after.number if after is not None else None
    if after is None:
        return
    row = revision_row(session, path, after.number)
    if after.state is State.WITHDRAWN and row.state in (State.PUBLISHED, State.EXPIRED):
        move(row, Step.WITHDRAW)
    elif occasion == ROLL_BACK:
        move(row, Step.ROLL_BACK)
        row.state = after.state
    else:
        if is_offered(row):
            move(row, Step.ACCEPT)
        move(row, Step.PUBLISH)
