"""What a browser's queue shows next: new cases come in at their place, but never under a pointer or the focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from careline.consoles.clinician.rows import Row


@dataclass(frozen=True)
class Board:
    """The rows to show, and what is new in words.

    Attributes:
        news: What has come since the browser's last list; empty when nothing has.
        alarm: The part of it that is an emergency; said at once by screen readers.
        held_back: How many rows wait to be brought in.
        emergencies: Ids of all emergencies that wait, those held back too.
    """

    rows: Sequence[Row]
    news: str = ""
    alarm: str = ""
    held_back: int = 0
    emergencies: Sequence[str] = ()


def shown_levels(shown: str) -> dict[str, str]:
    """Return the rows that a browser shows, by id, with the level at which it shows them."""
    pairs = (token.partition("~") for token in shown.split())
    return {case_id: level for case_id, _, level in pairs}


def board_of(rows: Sequence[Row], shown: Mapping[str, str], left: Sequence[Row], *, is_held: bool) -> Board:
    """Return what to show.

    Args:
        rows: The list as it is now, in its order.
        shown: What the browser shows, in its order.
        left: Rows that it shows and that are in the list no more.
        is_held: Somebody points at the list or has the focus in it: its rows stay where they are.
    """
    emergencies = [row.id for row in rows if row.is_emergency and row.waits]
    if not shown:
        return Board(rows, emergencies=emergencies)
    new = [row for row in rows if row.id not in shown]
    worse = [row for row in rows if row.is_emergency and shown.get(row.id, row.level_key) != row.level_key]
    urgent = [row for row in new if row.is_emergency]
    alarm = "; ".join(
        part
        for part in (
            f"{_count(len(urgent), 'new emergency', 'new emergencies')}" if urgent else "",
            f"{len(worse)} raised to an emergency" if worse else "",
        )
        if part
    )
    news = f"{len(new)} new" + (f", {_count(len(urgent), 'emergency', 'emergencies')}" if urgent else "") if new else ""
    if not is_held:
        return Board(rows, news, alarm, emergencies=emergencies)
    now = {row.id: row for row in (*rows, *left)}
    kept = [now[case_id] for case_id in shown if case_id in now]
    return Board(kept, news, alarm, held_back=len(new), emergencies=emergencies)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
