"""What the clinicians' routes work with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from careline.consoles.clinician.drafts import Drafts
from careline.consoles.clinician.viewing import Viewing
from careline.consultation.case_reading import CaseReading
from careline.consultation.conversations import ConversationService
from careline.consultation.live import Wakeups
from careline.consultation.presence import Presence
from careline.consultation.stored_replies import StoredReplies
from careline.escalation.canned_replies import CannedReply
from careline.escalation.delivery.configuration import DeliveryFile
from careline.escalation.desk import EscalationDesk
from careline.escalation.duty.hours import DutyHours
from careline.escalation.escalation import Acuity, Clinician
from careline.escalation.figures import EscalationFigures
from careline.escalation.handling import EscalationHandling
from careline.escalation.queue import EscalationQueue


@dataclass(frozen=True)
class ClinicianServices:
    """The services behind the clinicians' API.

    Attributes:
        viewing: Puts on record who is shown what.
        clinician_of: Finds a clinician among the staff by id.
    """

    desk: EscalationDesk
    handling: EscalationHandling
    conversations: ConversationService
    replies: StoredReplies
    viewing: Viewing
    service_key: str
    clinician_of: Callable[[str], Clinician | None]


@dataclass(frozen=True)
class ConsoleServices:
    """The services behind the clinicians' pages, beside those of the API.

    Attributes:
        api: What the API works with.
        delivery: Which channels are called for which level.
        colleagues: All clinicians to whom a case can be handed.
        poll_seconds: How soon is seen what another process has changed.
        target: How soon a clinician is to look at a case of a level.
    """

    api: ClinicianServices
    queue: EscalationQueue
    figures: EscalationFigures
    duty: DutyHours
    delivery: DeliveryFile
    cases: CaseReading
    wakeups: Wakeups
    presence: Presence
    drafts: Drafts
    canned_replies: Sequence[CannedReply]
    colleagues: Callable[[], Sequence[Clinician]]
    poll_seconds: float
    now: Callable[[], dt.datetime]
    target: Callable[[Acuity | None], dt.timedelta | None]

    @property
    def viewing(self) -> Viewing:
        """What puts on record who is shown what."""
        return self.api.viewing
