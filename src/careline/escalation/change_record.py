"""The port by which what staff change is put on record; `app` puts the audit trail behind it."""

from __future__ import annotations

from typing import Protocol

from sqlalchemy.orm import Session

from careline.escalation.escalation import Clinician, Event


class ChangeRecord(Protocol):
    """Writes down who changed what."""

    def __call__(self, session: Session, by: Clinician, event: Event, escalation_id: str) -> None:
        """Write it in the caller's transaction, as the last thing: others who record wait until it ends."""
        ...
