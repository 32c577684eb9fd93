"""What the clinicians' routes work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from careline.consultation.conversations import ConversationService
from careline.consultation.stored_replies import StoredReplies
from careline.escalation.desk import EscalationDesk
from careline.escalation.escalation import Clinician
from careline.escalation.handling import EscalationHandling


@dataclass(frozen=True)
class ClinicianServices:
    """The services behind the routes.

    Attributes:
        clinician_of: Finds a clinician among the staff by id.
    """

    desk: EscalationDesk
    handling: EscalationHandling
    conversations: ConversationService
    replies: StoredReplies
    service_key: str
    clinician_of: Callable[[str], Clinician | None] = lambda _id: None
