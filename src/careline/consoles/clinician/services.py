"""What the clinicians' routes work with."""

from __future__ import annotations

from dataclasses import dataclass

from careline.consultation.conversations import ConversationService
from careline.escalation.desk import EscalationDesk


@dataclass(frozen=True)
class ClinicianServices:
    """The services behind the routes."""

    desk: EscalationDesk
    conversations: ConversationService
    service_key: str
