"""In which item a rule or red flag stands, so that whoever reads of it can go there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from careline.editorial.editing import Editing
from careline.editorial.item import Kind

_HOLD_RULES = (Kind.RED_FLAGS, Kind.PROTOCOL, Kind.RULES)
_ID = re.compile(r"^\s*-?\s*\{?\s*id:\s*[\"']?([A-Za-z0-9_.]+)", re.MULTILINE)
_BASELINE = ".baseline"  # what a protocol asks for when no rule holds


def rule_places(editing: Editing, wanted: Iterable[str]) -> Callable[[str], str | None]:
    """Return a function from the id of a rule to the path of the item that holds it; None where none does."""
    needed = set(wanted)
    if not needed:
        return lambda _rule: None
    numbers = {line.path: line.served or line.newest for line in editing.items() if line.kind in _HOLD_RULES}
    found: dict[str, str] = {}
    for path, text in editing.texts(numbers).items():
        for rule in _ID.findall(text):
            if rule in needed:
                found.setdefault(rule, path)

    def place(rule: str) -> str | None:
        path = f"protocols/{rule.removesuffix(_BASELINE)}.yml"
        return path if rule.endswith(_BASELINE) and path in numbers else found.get(rule)

    return place
