"""All that a case page shows, read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careline.consoles.clinician import words
from careline.consoles.clinician.note_lines import NoteLine, note_parts
from careline.consoles.clinician.rows import Row, row_of
from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.clinician.transcript import Entry, entries_of
from careline.escalation.errors import UnknownEscalationError
from careline.escalation.escalation import Acuity, Clinician, Escalation, State


@dataclass(frozen=True)
class LogLine:
    """A line of the log in words."""

    when: str
    what: str
    who: str
    level: str
    note: str


@dataclass(frozen=True)
class CaseView:
    """A case.

    Attributes:
        held_as: Who has it, in short; when it differs from what a page was made with, its forms are no longer right.
        is_mine: Whether the reader has it.
        is_free: Whether anybody may claim it.
        can_write: Whether a reply reaches the patient.
        has_words: Whether there is a conversation that is not erased.
    """

    escalation: Escalation
    row: Row
    note: Sequence[tuple[str, Sequence[NoteLine]]]
    entries: Sequence[Entry]
    log: Sequence[LogLine]
    contacts: Sequence[Row]
    held_as: str
    is_mine: bool
    is_free: bool
    is_closed: bool
    can_write: bool
    has_words: bool
    patient_types: bool
    shut: str


def case_view(services: ConsoleServices, escalation_id: str, me: Clinician) -> CaseView:
    """Return a case.

    Raises:
        UnknownEscalationError: There is none of that id.
    """
    one = services.api.desk.read(escalation_id)
    log = services.api.handling.log(escalation_id)
    messages = _messages(services, one.conversation_id)
    is_mine = one.owner is not None and one.owner.id == me.id
    is_closed = one.state is State.CLOSED
    has_words = messages is not None
    return CaseView(
        escalation=one,
        row=_row(services, one),
        note=note_parts(one.sbar, {message["id"] for message in messages or ()}),
        entries=entries_of(messages or [], log),
        log=[
            LogLine(
                words.moment(line.at), words.event(line.event), line.actor or "", _level(line.acuity), line.note or ""
            )
            for line in log
        ],
        contacts=_contacts(services, one),
        held_as=_held_as(one),
        is_mine=is_mine and not is_closed,
        is_free=one.owner is None and not is_closed,
        is_closed=is_closed,
        can_write=is_mine and not is_closed and has_words,
        has_words=has_words,
        patient_types=one.conversation_id is not None and services.presence.types(one.conversation_id, "patient"),
        shut=_shut(one),
    )


def _messages(services: ConsoleServices, conversation_id: str | None) -> list[dict[str, Any]] | None:
    if conversation_id is None or not services.api.conversations.exists(conversation_id):
        return None
    messages: list[dict[str, Any]] = services.api.conversations.history(conversation_id, 0)["messages"]
    return messages


def _row(services: ConsoleServices, one: Escalation) -> Row:
    return row_of(one, now=services.now(), flag_title=services.cases.flag_title)


def _contacts(services: ConsoleServices, one: Escalation) -> list[Row]:
    """Return the other cases of the same person, as far as known, and of the same conversation; oldest first."""
    same = services.queue.of_conversation(one.conversation_id) if one.conversation_id else []
    found = {other.id: other for other in same if other.id != one.id}
    for case_id in one.linked:
        try:
            found.setdefault(case_id, services.api.desk.read(case_id))
        except UnknownEscalationError:
            continue
    return [_row(services, other) for other in sorted(found.values(), key=lambda other: other.opened_at)]


def _level(acuity: Acuity | None) -> str:
    return words.level(acuity) if acuity is not None else ""


def _shut(one: Escalation) -> str:
    """Return in words why nobody can write to the patient here."""
    if one.conversation_id is None:
        return "This case came from another system: there is no conversation to write into."
    return "The patient's conversation was erased. Nothing can be written into it."


def _held_as(one: Escalation) -> str:
    """Return who has it; what the owner's first reply changes, from claimed to answered, changes no form."""
    state = State.CLAIMED if one.state is State.ANSWERED else one.state
    return f"{state.value}.{one.owner.id if one.owner else ''}"
