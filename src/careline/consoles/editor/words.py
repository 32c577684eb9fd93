"""How the editors' pages say kinds, states and steps; the texts of staff alone, so in one language."""

from __future__ import annotations

import datetime as dt

from careline.editorial.item import APP, Kind
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


def name(author: str, names: dict[str, str] | None = None) -> str:
    """Return who wrote or said something."""
    if author == APP:
        return PROGRAM
    return (names or {}).get(author, author)


def day(value: dt.date | None) -> str:
    """Return a day as people write it."""
    return value.strftime("%-d %B %Y") if value is not None else ""
