"""What the clinicians' routes work with."""

from __future__ import annotations

from dataclasses import dataclass

from careline.consultation.conversations import ConversationService
from careline.consultation.stored_replies import StoredReplies
from careline.escalation.desk import EscalationDesk


@dataclass(frozen=True)
class ClinicianServices:
    """The services behind the routes."""

    desk: EscalationDesk
    conversations: ConversationService
    replies: StoredReplies
    service_key: str
