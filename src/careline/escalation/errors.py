"""What can go wrong in escalation.

EscalationError
├── UnknownEscalationError    there is no such escalation
├── UnknownClinicianError     there is no such clinician to hand it to
├── EscalationStateError      it cannot be done as things stand
│   ├── AlreadyClaimedError   another clinician has it
│   ├── NotClaimedError       nobody has it; it must be claimed first
│   ├── ClosedError           it is closed
│   ├── NotClosedError        it is not closed, so it cannot be opened again
│   ├── AnotherOpenError      the conversation has another that is open
│   └── NoPatientError        there is no conversation to write into
├── ReviewStepError           an editor's step with a verdict lacks something
├── UnknownDeliveryError      there is no such delivery, or it has not been given up
├── DeliveryFileError         the operator's file of channels and ladders, or a secret that it needs, cannot be used
└── DutyFileError             the operator's file of duty hours cannot be used
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careline.escalation.escalation import Clinician


class EscalationError(Exception):
    """Base of this room's errors."""


class UnknownEscalationError(EscalationError):
    """There is no escalation of that id."""


class UnknownClinicianError(EscalationError):
    """There is no clinician of that id to hand it to."""


class EscalationStateError(EscalationError):
    """It cannot be done as things stand."""


class AlreadyClaimedError(EscalationStateError):
    """Another clinician has it.

    Attributes:
        owner: Who.
        since: From when.
    """

    def __init__(self, owner: Clinician, since: dt.datetime | None) -> None:
        """Say who has it, and from when."""
        super().__init__("another clinician has it")
        self.owner = owner
        self.since = since


class NotClaimedError(EscalationStateError):
    """Nobody has it; it must be claimed first."""


class ClosedError(EscalationStateError):
    """It is closed."""


class NotClosedError(EscalationStateError):
    """It is not closed."""


class AnotherOpenError(EscalationStateError):
    """The conversation has another escalation that is open."""


class NoPatientError(EscalationStateError):
    """There is no conversation to write into, or it was erased."""


class ReviewStepError(EscalationError):
    """A step with a verdict lacks something; the text says what, `field` where."""

    def __init__(self, field: str, detail: str) -> None:
        """Say what is wrong, and with which field."""
        super().__init__(detail)
        self.field = field


class UnknownDeliveryError(EscalationError):
    """There is no delivery of that id that was given up."""


class DeliveryFileError(EscalationError):
    """The file of channels and ladders, or a secret that it needs, cannot be used; says what to do."""


class DutyFileError(EscalationError):
    """The file of duty hours cannot be used; says what to do."""
