"""How a file of each kind begins: whole enough to be saved, with words in capitals where an editor writes their own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from careline.editorial.errors import PathError
from careline.editorial.item import Kind, kind_of

FOLDERS: Mapping[Kind, str] = {
    Kind.PROTOCOL: "protocols",
    Kind.RED_FLAGS: "red_flags",
    Kind.FINDINGS: "findings",
    Kind.LEXICON: "lexicon",
    Kind.VIGNETTES: "vignettes",
}
_UNTIL_REVIEW = dt.timedelta(days=180)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def path_of(kind: Kind, name: str) -> str:
    """Return where an item of this name stands.

    Raises:
        PathError: No item can have this name.
    """
    path = f"{FOLDERS[kind]}/{name}.yml"
    if not _NAME.fullmatch(name) or kind_of(path) is not kind:
        raise PathError(f"{name!r}: is no name. Use small letters, digits and underscores, such as ear_pain.")
    return path


def is_begun_here(path: str) -> bool:
    """Return whether an item of this path can be begun as a text."""
    try:
        return kind_of(path) in FOLDERS
    except PathError:
        return False


def skeleton(path: str, today: dt.date) -> str:
    """Return how the text of a new item begins."""
    name = path.rpartition("/")[2].removesuffix(".yml")
    text = _text(kind_of(path))
    for word, meant in (("NAME", name), ("TODAY", today), ("REVIEW_BY", today + _UNTIL_REVIEW)):
        text = re.sub(rf"(?<![A-Z]){word}(?![A-Z])", str(meant), text)
    return text


def example(kind: Kind) -> str:
    """Return how a file of a kind looks, to copy from; empty where there is none."""
    return _text(kind) if kind in FOLDERS else ""


@cache
def _text(kind: Kind) -> str:
    return (files(__package__) / "skeletons" / f"{kind}.yml").read_text(encoding="utf-8")
