"""How the editors' pages say kinds, states and steps; the texts of staff alone, so in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from careline.editorial.errors import PathError, WrongStateError
from careline.editorial.item import APP, Kind, kind_of
from careline.editorial.life_cycle import State

KINDS = {
    Kind.ARTICLE: "Article",
    Kind.PROTOCOL: "Protocol",
    Kind.RED_FLAGS: "Red flags",
    Kind.FINDINGS: "Findings",
    Kind.LEXICON: "Lexicon",
    Kind.WORDING: "Wording",
    Kind.TRANSLATIONS: "Translation",
    Kind.RULES: "General rules",
    Kind.VIGNETTES: "Example patients",
    Kind.RETRIEVAL: "Search measurements",
    Kind.PHRASES: "Training messages",
    Kind.OTHER: "Other",
}
STATES = {
    State.DRAFT: "Draft",
    State.IN_REVIEW: "Waits for a clinician",
    State.SIGNED: "Signed, not published",
    State.SCHEDULED: "Goes out by itself",
    State.PUBLISHED: "Published",
    State.SUPERSEDED: "Replaced",
    State.EXPIRED: "Past its review date, hidden",
    State.WITHDRAWN: "Withdrawn",
    State.DISCARDED: "Given up",
}
COLOURS = {  # of the tags; the words say the same
    State.DRAFT: "yellow",
    State.IN_REVIEW: "purple",
    State.SIGNED: "blue",
    State.SCHEDULED: "blue",
    State.PUBLISHED: "green",
    State.EXPIRED: "red",
    State.WITHDRAWN: "red",
}
PROGRAM = "The program"


def name(author: str, names: Mapping[str, str] | None = None) -> str:
    """Return who wrote or said something."""
    if author == APP:
        return PROGRAM
    return (names or {}).get(author, author)


def kind_of_path(path: str) -> Kind:
    """Return what the file at a path is; a path that no item can have is of no kind."""
    try:
        return kind_of(path)
    except PathError:
        return Kind.OTHER


def day(value: dt.date | None) -> str:
    """Return a day as people write it."""
    return value.strftime("%-d %B %Y") if value is not None else ""


_REFUSALS = {
    "sign: whoever wrote": "You wrote a part of this text, so you cannot sign it. Ask another clinician.",
    "is not the text that was read": "The text is not the one that was on your screen. Read it again, then sign it.",
    "a comment has": "Write a comment of 1 to 4,000 characters.",
}


def refusal(error: Exception, path: str) -> str:
    """Return in plain words why something was not done."""
    said = str(error)
    for beginning, plain in _REFUSALS.items():
        if beginning in said:
            return plain
    if isinstance(error, WrongStateError):
        return f"Somebody has taken another step meanwhile, so this was not done. ({said.removeprefix(f'{path}: ')})"
    return "\n".join(line.removeprefix(f"{path}: ") for line in said.splitlines())


LEVELS = {
    "emergency_now": "Emergency now",
    "ed_now": "Hospital now",
    "same_day": "Same day",
    "gp_soon": "GP soon",
    "routine": "Routine",
    "self_care": "Self-care",
}
