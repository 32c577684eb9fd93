"""The port by which patients are told what is recorded of their escalation."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Protocol

from sqlalchemy.orm import Session


class Notice(enum.StrEnum):
    """What is recorded, and may therefore be said."""

    TOLD = "told"  # at least one channel has taken the message; nobody is known to have read it
    NOBODY_ANSWERED = "nobody_answered"  # the message was taken, and nobody acknowledged it in time
    NOT_DELIVERED = "not_delivered"  # no channel has taken it, and nobody acknowledged it in time


class PatientNotice(Protocol):
    """Tells a patient, outside a turn."""

    def write(
        self, session: Session, conversation_id: str, notice: Notice, *, escalation_id: str, now: dt.datetime
    ) -> bool:
        """Add the message in the caller's unit of work; return whether there was somebody to tell."""
        ...

    def wake(self, conversation_id: str) -> None:
        """Let those who follow the conversation see it, after the commit."""
        ...
