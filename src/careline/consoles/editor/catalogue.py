"""All items as the list shows them: with a title, the complaints they are about, and who has them.

Titles stand in the texts. A revision never changes, so what was read of it once is kept; the list itself reads no text
that it has seen before.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from careline.editorial.editing import Editing, ItemLine
from careline.editorial.item import Kind
from careline.editorial.life_cycle import State

_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEY = r"^{name}:[^\n]*(?:\n(?:[ ]+|-)[^\n]*)*"  # a key of the outermost level, with the lines that belong to it
_KEYS = {name: re.compile(_KEY.format(name=name), re.MULTILINE) for name in ("title", "complaints", "id")}
_COMMENT = re.compile(r"\A#+ ?([^\n]{3,80})\n")
_FRONT_MATTER = re.compile(r"\A---\r?\n(.*?\n)---\r?\n", re.DOTALL)


@dataclass(frozen=True)
class Card:
    """What a text says of itself.

    Attributes:
        complaints: Ids of the presenting complaints it is about; none: of use with any, or about none.
    """

    title: str
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An item in the list."""

    line: ItemLine
    card: Card

    @property
    def is_published(self) -> bool:
        """Whether patients see a text of it."""
        return self.line.served_state is State.PUBLISHED

    def days_left(self, today: dt.date) -> int | None:
        """Return how many days are left until its review; negative when the day is over."""
        return (self.line.review_by - today).days if self.line.review_by is not None else None


class Catalogue:
    """Reads what the list needs."""

    def __init__(self, editing: Editing) -> None:
        """Nothing has been read yet."""
        self._editing = editing
        self._cards: dict[tuple[str, int], Card] = {}
        self._lock = threading.Lock()

    def entries(self) -> list[Entry]:
        """Return all items, by path."""
        lines = self._editing.items()
        with self._lock:
            unread = {line.path: line.newest for line in lines if (line.path, line.newest) not in self._cards}
            kinds = {line.path: line.kind for line in lines}
            for path, text in self._editing.texts(unread).items():
                self._cards[path, unread[path]] = card_of(path, kinds[path], text)
            self._cards = {(line.path, line.newest): self._cards[line.path, line.newest] for line in lines}
            return [Entry(line, self._cards[line.path, line.newest]) for line in lines]


def card_of(path: str, kind: Kind, text: str) -> Card:
    """Return what a text says of itself; what it does not say well enough, its path says."""
    title = path.rpartition("/")[2].partition(".")[0].replace("_", " ").capitalize()
    if kind is Kind.ARTICLE:
        front = _FRONT_MATTER.match(text)
        said = _said(front[1], "title", "complaints") if front else {}
        complaints = said.get("complaints")
        named = tuple(map(str, complaints)) if isinstance(complaints, list) else ()
        return Card(str(said.get("title") or title), named)
    if kind is Kind.PROTOCOL:
        said = _said(text, "title", "id")
        return Card(str(said.get("title") or title), (str(said["id"]),) if said.get("id") else ())
    if kind is Kind.TRANSLATIONS:
        return Card(f"{title} ({path.split('/')[1]})")
    comment = _COMMENT.match(text)
    return Card(comment[1].strip() if comment and kind is not Kind.WORDING else title)


def _said(text: str, *names: str) -> Mapping[str, Any]:
    """Return some keys of a text; read by themselves, as the whole takes long and may be broken."""
    found: dict[str, Any] = {}
    for name in names:
        lines = _KEYS[name].search(text)
        if lines is None:
            continue
        try:
            said = yaml.load(lines[0], Loader=_SafeLoader)  # noqa: S506 - a SafeLoader
        except yaml.YAMLError:
            continue
        found |= said if isinstance(said, dict) else {}
    return found


@dataclass(frozen=True)
class Choice:
    """Which items are shown; what is empty shows all.

    Attributes:
        words: All of them stand in title, path or complaint.
        review: `overdue` or `soon` (within 60 days).
        waits: `mine`: drafts that I wrote. `sign`: wait for a clinician. `publish`: are signed.
    """

    words: str = ""
    kind: Kind | None = None
    state: State | None = None
    complaint: str = ""
    review: str = ""
    waits: str = ""


_SOON_DAYS = 60
_WAITING: Mapping[str, Callable[[ItemLine, str], bool]] = {
    "mine": lambda line, me: line.state is State.DRAFT and line.author == me,
    "sign": lambda line, _me: line.state is State.IN_REVIEW,
    "publish": lambda line, _me: line.state in (State.SIGNED, State.SCHEDULED),
    "offered": lambda line, _me: line.offered > 0,
}


def chosen(entries: list[Entry], choice: Choice, *, me: str, today: dt.date) -> list[Entry]:
    """Return the entries that a choice leaves."""
    words = choice.words.lower().split()

    def fits(one: Entry) -> bool:
        line = one.line
        seen = f"{one.card.title} {line.path} {' '.join(one.card.complaints)}".lower()
        days = one.days_left(today)
        return (
            all(word in seen for word in words)
            and (choice.kind is None or line.kind is choice.kind)
            and (choice.state is None or choice.state in (line.state, line.served_state))
            and (not choice.complaint or choice.complaint in one.card.complaints)
            and (choice.review != "overdue" or (days is not None and days < 0))
            and (choice.review != "soon" or (days is not None and days <= _SOON_DAYS))
            and (choice.waits not in _WAITING or _WAITING[choice.waits](line, me))
        )

    return [one for one in entries if fits(one)]
