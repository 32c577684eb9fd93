"""How a piece of guidance is cited: what it rests on, and whether that was really read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_NOT_READ = "not read"


def cited(hit: Mapping[str, Any], say: Callable[..., str]) -> str:
    """Return the sentence that names a source of a hit: the first that was read, as far as any was.

    Args:
        hit: As the HTTP contract has it.
        say: Says a catalogued sentence.
    """
    sources = hit["sources"]
    source = next((each for each in sources if _read_as(each) != _NOT_READ), sources[0])
    if source.get("accessed"):
        read = say("source-read-on", accessed=source["accessed"])
    else:
        read = say("source-not-read" if _read_as(source) == _NOT_READ else "source-copy")
    return say(
        "guidance-source",
        title=source["title"],
        organisation=source["organisation"],
        read=read,
        review_by=hit["review_by"],
    )


def _read_as(source: Mapping[str, Any]) -> str:
    return str(source.get("read_as", _NOT_READ))
