"""Tables in tests: what a rule promises, one case to a line.

    chest_pain | sweating | raised
    -----------+----------+--------
    T          | T        | yes
    T          |          | no

`cases` reads the columns before the last as findings (T present, F absent, blank unknown, a number its value) and the
last as what is expected; `rows` gives the cells of a line as they stand, a blank one as an empty string.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from _pytest.mark import ParameterSet

_COLUMN = re.compile(r"(?:(?<=\s)|^)\|(?=\s|$)")  # a bar between blanks; one inside a phrase stays
State = bool | float | str | None


def cases(table: str) -> list[ParameterSet]:
    """Return for each line a pair for `parametrize(("findings", "expected"), ...)`."""
    header, *lines = _cells(table)
    return [
        pytest.param(
            {name: _state(cell) for name, cell in zip(header[:-1], line[:-1], strict=True)},
            line[-1],
            id=_name(line),
        )
        for line in lines
    ]


def rows(table: str) -> list[ParameterSet]:
    """Return for each line its cells, one parameter to a column."""
    _, *lines = _cells(table)
    return [pytest.param(*line, id=_name(line)) for line in lines]


def _cells(table: str) -> list[list[str]]:
    lines = [line.strip() for line in table.strip().splitlines()]
    kept = [
        [cell.strip() for cell in _COLUMN.split(line)] for line in lines if line and not re.fullmatch(r"[-+\s]+", line)
    ]
    if len(kept) < 2:
        raise ValueError("a table needs a header and at least one line; this one would test nothing")
    uneven = [line for line in kept if len(line) != len(kept[0])]
    if uneven:
        raise ValueError(f"the header has {len(kept[0])} columns, this line has not: {' | '.join(uneven[0])}")
    return kept


def _state(cell: str) -> State:
    if cell in ("T", "F", ""):
        return {"T": True, "F": False, "": None}[cell]
    return float(cell) if re.fullmatch(r"-?\d+(?:\.\d+)?", cell) else cell


def _name(line: list[str]) -> str:
    return " | ".join(line)
