"""The conversation as a clinician reads it: messages and internal notes in the order of time, dangers marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from careline.consoles.clinician import words
from careline.escalation.escalation import Event, LogEntry

_WITH_NOTE = frozenset({Event.NOTED, Event.RELEASED, Event.TRANSFERRED})
_CARDS = frozenset({"emergency", "crisis"})


@dataclass(frozen=True)
class Citation:
    """What a message of ours goes by."""

    title: str
    url: str


@dataclass(frozen=True)
class Entry:
    """A message, or an internal note.

    Attributes:
        number: Of the message, for links to it; None for a note.
        kind: For the look: `patient`, `assistant`, `clinician`, `card`, `note`.
        flags: Titles of the red flags that this message of the patient's raised.
    """

    number: int | None
    kind: str
    who: str
    at: dt.datetime
    text: str
    flags: Sequence[str] = ()
    citations: Sequence[Citation] = field(default=())

    @property
    def time(self) -> str:
        """When, as shown."""
        return words.clock(self.at)


def entries_of(messages: Sequence[dict[str, Any]], log: Iterable[LogEntry]) -> list[Entry]:
    """Return all that was said and noted, oldest first."""
    raised = _raised_by(messages)
    said = [_message(message, raised.get(message["id"], ())) for message in messages]
    noted = [
        Entry(None, "note", line.actor or "System", line.at, _note_text(line))
        for line in log
        if line.event in _WITH_NOTE and line.note
    ]
    return sorted((*said, *noted), key=lambda entry: (entry.at, entry.number or 0))


def _raised_by(messages: Sequence[dict[str, Any]]) -> dict[int, list[str]]:
    """Return the flags by the message that raised them: a card answers the patient's words before it."""
    raised: dict[int, list[str]] = {}
    last: int | None = None
    for message in messages:
        if message["from"] == "patient":
            last = message["id"]
        flags = (message.get("data") or {}).get("red_flags") if message["kind"] in _CARDS else None
        if flags and last is not None:
            raised.setdefault(last, []).extend(flag["title"] for flag in flags)
    return raised


def _message(message: dict[str, Any], flags: Sequence[str]) -> Entry:
    sender = message["from"]
    data = message.get("data") or {}
    who = words.SENDERS.get(sender, sender)
    if sender == "clinician":
        clinician = data.get("clinician") or {}
        who = ", ".join(part for part in (clinician.get("name", who), clinician.get("role")) if part)
    return Entry(
        number=message["id"],
        kind="card" if message["kind"] in _CARDS else sender,
        who=who,
        at=dt.datetime.fromisoformat(message["at"]),
        text=message["text"] or "[erased]",
        flags=tuple(dict.fromkeys(flags)),
        citations=tuple({citation.url: citation for citation in _citations(data)}.values()),
    )


def _citations(data: dict[str, Any]) -> Iterator[Citation]:
    for hit in (*data.get("hits", ()), *data.get("articles", ())):
        yield Citation(hit["title"], hit["url"])
    for reason in data.get("reasons", ()):
        source = reason.get("source") or {}
        if source.get("url"):
            yield Citation(f"{source['organisation']}: {source['title']}", source["url"])


def _note_text(line: LogEntry) -> str:
    if line.event is Event.NOTED:
        return line.note or ""
    return f"{words.event(line.event)}, with this note:\n{line.note}"
