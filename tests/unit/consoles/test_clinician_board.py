"""The queue's counts: an emergency that is held back while somebody points at the list counts from the start."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

from careline.consoles.clinician.board import board_of
from careline.consoles.shell.plots import Bar, bars


def row(name: str, level: str = "emergency_now", *, waits: bool = True) -> Any:
    return SimpleNamespace(id=name, level_key=level, is_emergency=level == "emergency_now", waits=waits)


def test_an_emergency_that_is_held_back_counts_as_one_that_is_shown():
    rows = [row("new"), row("old"), row("mild", "routine"), row("taken", waits=False)]
    shown = {"old": "emergency_now", "mild": "routine", "taken": "emergency_now"}
    held = board_of(rows, shown, [], is_held=True)
    assert [each.id for each in held.rows] == ["old", "mild", "taken"]
    assert list(held.emergencies) == ["new", "old"]
    for shown_now in (shown, {}):
        assert list(board_of(rows, shown_now, [], is_held=False).emergencies) == ["new", "old"]


def test_the_words_behind_a_bar_do_not_stand_on_the_line_of_the_target():
    picture = str(bars([Bar("One", 4.0, "under 1 min", "b", mark=8.0), Bar("Other", 60.0, "1 h", "b", mark=90.0)]))
    words = float(re.findall(r'<text x="([\d.]+)"[^>]*>under 1 min<', picture)[0])
    line = float(re.findall(r'<line x1="([\d.]+)"', picture)[0])
    assert words > line
