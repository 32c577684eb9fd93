"""A clinician in the conversation: the assistant is silent while they are there, and goes on where it was after them.

The red-flag screen runs all the while (`screening`); what the patient tells goes into the case and the handoff note.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.consultation.asking import ask_again, proceed
from careline.consultation.cards import call_line
from careline.consultation.case_note import write_back_with_note
from careline.consultation.consultation import Consultation, House, Stage
from careline.consultation.conversation_store import (
    add_message,
    consultation_of,
    locked_row,
    overtake,
)
from careline.consultation.memory import Awaiting
from careline.consultation.release import ContentReleases
from careline.consultation.tables import ConversationRow
from careline.escalation.errors import NoPatientError
from careline.escalation.escalation import Clinician, Closing, State
from careline.storage.database import announce


class Takeover:
    """Implements `escalation.patient.PatientSide` on conversations."""

    def __init__(self, house: House, releases: ContentReleases) -> None:
        """Take the parts."""
        self._house = house
        self._releases = releases

    def hold(self, session: Session, conversation_id: str) -> None:
        """Lock the conversation until the unit of work ends."""
        locked_row(session, conversation_id)

    def clinician_joined(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician
    ) -> None:
        """Tell the patient who has joined; from here on the assistant is silent."""
        with self._changing(session, conversation_id) as (row, c):
            if c is None:
                return
            if c.stage is not Stage.WITH_CLINICIAN:
                c.memory.before_clinician = (c.stage.value, c.memory.awaiting, c.memory.awaiting_question)
            c.stage = Stage.WITH_CLINICIAN
            c.memory.awaiting, c.memory.awaiting_question = Awaiting.NOTHING, None
            row.expects = None
            text = c.wording("clinician-joined", name=clinician.name, role=clinician.role)
            _tell(c, "\n".join([text, call_line(c)]), escalation_id, State.CLAIMED, clinician)

    def clinician_changed(
        self, session: Session, conversation_id: str, escalation_id: str, before: Clinician, clinician: Clinician
    ) -> None:
        """Tell the patient that another clinician has taken over."""
        with self._changing(session, conversation_id) as (_row, c):
            if c is None:
                return
            text = c.wording("clinician-changed", before=before.name, name=clinician.name, role=clinician.role)
            _tell(c, text, escalation_id, State.CLAIMED, clinician)

    def clinician_wrote(self, session: Session, conversation_id: str, clinician: Clinician, text: str) -> int:
        """Put a clinician's words into the conversation; return the message's number."""
        row = _found(session, conversation_id)
        if row is None:
            raise NoPatientError
        body = {"data": {"clinician": {"name": clinician.name, "role": clinician.role}}}
        language = self._house.wording.language_for(row.locale)
        message = add_message(session, row, "clinician", "text", language, text, body, now=self._house.now())
        announce(session, conversation_id)
        return message.number

    def clinician_left(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician, *, by_lease: bool
    ) -> None:
        """Tell the patient that the clinician has left and that the request is open; the assistant goes on."""
        with self._changing(session, conversation_id) as (_row, c):
            if c is None:
                return
            text = c.wording("clinician-away" if by_lease else "clinician-left", name=clinician.name)
            state = State.OPEN if by_lease else State.ACKNOWLEDGED
            _tell(c, "\n".join([text, call_line(c)]), escalation_id, state, None)
            _take_back(c)
            _go_on(c)

    def clinician_closed(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician, closing: Closing
    ) -> None:
        """Tell the patient that the clinician has ended it, with what to watch for."""
        with self._changing(session, conversation_id) as (_row, c):
            if c is None:
                return
            was_here = c.stage is Stage.WITH_CLINICIAN
            lines = [
                c.wording("clinician-closed" if was_here else "clinician-closed-unseen", name=clinician.name),
                *([c.wording("clinician-advice", advice=closing.safety_net)] if closing.safety_net.strip() else []),
                call_line(c),
            ]
            _tell(c, "\n".join(lines), escalation_id, State.CLOSED, clinician)
            if was_here:
                _take_back(c)
                _end_triage(c, closing)
                _go_on(c)

    @contextlib.contextmanager
    def _changing(
        self, session: Session, conversation_id: str
    ) -> Iterator[tuple[ConversationRow, Consultation | None]]:
        """Lend the consultation, and write it back with what it says; None when the conversation has gone."""
        row = locked_row(session, conversation_id)
        if row.erased_at is not None:
            yield row, None
            return
        overtake(session, row)  # what the assistant was about to say is no longer wanted
        c = consultation_of(session, row, self._house, self._releases)
        yield row, c
        write_back_with_note(session, row, c, now=self._house.now())
        announce(session, conversation_id)


def _found(session: Session, conversation_id: str) -> ConversationRow | None:
    row = locked_row(session, conversation_id)
    return row if row.erased_at is None else None


def _tell(c: Consultation, text: str, escalation_id: str, state: State, clinician: Clinician | None) -> None:
    data: dict[str, Any] = {"escalation_id": escalation_id, "state": state.value, "on_duty": clinician is not None}
    if clinician is not None:
        data["clinician"] = {"name": clinician.name, "role": clinician.role}
    c.send("handoff", text, data=data)


def _take_back(c: Consultation) -> None:
    """Return to where the assistant was."""
    memory = c.memory
    stage, awaiting, question = memory.before_clinician or (Stage.INTERVIEW.value, Awaiting.NOTHING, None)
    memory.before_clinician = None
    c.stage = Stage(stage)
    if memory.awaiting is not Awaiting.EMERGENCY_REPLY:  # a card that came meanwhile is still to be answered
        memory.awaiting, memory.awaiting_question = awaiting, question


def _end_triage(c: Consultation, closing: Closing) -> None:
    """A clinician has seen to it: their word is the result where there was none. It lowers nothing."""
    if closing.disposition in [acuity.value for acuity in Acuity]:
        told = Acuity(closing.disposition)
        c.acuity = told if c.acuity is None else max(c.acuity, told)
    if c.acuity is not None and c.stage is not Stage.CLOSED:
        c.stage, c.final = Stage.ADVISED, True
        if c.memory.awaiting is not Awaiting.EMERGENCY_REPLY:
            c.memory.awaiting, c.memory.awaiting_question = Awaiting.OFFER, None


def _go_on(c: Consultation) -> None:
    """Ask what is still to be asked, knowing what was said meanwhile."""
    if c.stage is Stage.CLOSED:
        return
    if c.memory.awaiting is Awaiting.QUESTION:
        proceed(c)  # what the patient told the clinician may have answered it
    else:
        ask_again(c)
