"""The port by which escalation reaches the patient; `consultation` implements it.

Every method takes the caller's open unit of work, so that what the patient reads and what the escalation's log says are
stored together or not at all.
"""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from careline.escalation.escalation import Clinician, Closing


class PatientSide(Protocol):
    """The patient's conversation, seen from the clinicians' side. A conversation that was erased is left alone."""

    def hold(self, session: Session, conversation_id: str) -> None:
        """Lock the conversation until the unit of work ends; before the escalation, as turns do."""
        ...

    def clinician_joined(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician
    ) -> None:
        """Tell the patient who has joined; from here on the assistant is silent."""
        ...

    def clinician_changed(
        self, session: Session, conversation_id: str, escalation_id: str, before: Clinician, clinician: Clinician
    ) -> None:
        """Tell the patient that another clinician has taken over."""
        ...

    def clinician_wrote(self, session: Session, conversation_id: str, clinician: Clinician, text: str) -> int:
        """Put a clinician's words into the conversation; return the message's number.

        Raises:
            NoPatientError: There is no such conversation, or it was erased.
        """
        ...

    def clinician_left(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician, *, by_lease: bool
    ) -> None:
        """Tell the patient that the clinician has left and that the request is open; the assistant goes on.

        Args:
            by_lease: The clinician was not seen for too long.
        """
        ...

    def clinician_closed(
        self, session: Session, conversation_id: str, escalation_id: str, clinician: Clinician, closing: Closing
    ) -> None:
        """Tell the patient that the clinician has ended it, with what to watch for."""
        ...
