"""What an escalation is: a request for a clinician, with its reason, acuity, state and SBAR note."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import Any

from careline.clinical.acuity import Acuity as Acuity  # offered on: consoles do not know `clinical`
from careline.escalation.sbar import Sbar as Sbar


class Reason(enum.StrEnum):
    """Why a clinician is asked for."""

    RED_FLAG = "red_flag"
    CRISIS = "crisis"
    SAFEGUARDING = "safeguarding"
    ASSESSMENT = "assessment"
    PATIENT_REQUEST = "patient_request"
    CHECK_IN = "check_in"
    EXTERNAL = "external"


class State(enum.StrEnum):
    """How far a clinician has got."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLAIMED = "claimed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Verdict(enum.StrEnum):
    """What the clinician says of the triage."""

    RIGHT = "right"
    TOO_HIGH = "too_high"
    TOO_LOW = "too_low"


class Event(enum.StrEnum):
    """What happened to an escalation, in its append-only log."""

    OPENED = "opened"
    RAISED = "raised"
    CAME_BACK = "came_back"  # the same person has another escalation of the last days
    RENEWED = "renewed"  # asked for again at the same acuity
    ACKNOWLEDGED = "acknowledged"
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    RELEASED = "released"
    LEASE_EXPIRED = "lease_expired"  # the owner was not seen for too long
    ANSWERED = "answered"
    NOTED = "noted"
    CLOSED = "closed"
    REOPENED = "reopened"
    CONTACT_LEFT = "contact_left"
    PATIENT_SAID_NOT_MEANT = "patient_said_not_meant"
    MAY_BE_WATCHED = "may_be_watched"  # something told that somebody may watch the patient
    SAFE_TO_CALL_ANSWERED = "safe_to_call_answered"
    WORDS_ERASED = "words_erased"  # the patient had the conversation erased


@dataclass(frozen=True)
class Clinician:
    """Who acts on an escalation: a member of staff, or a connected system that acts for one.

    Attributes:
        role: As the patient reads it, such as "nurse".
        through: What acts in this name: `service` for a connected system, `system` for this program; None for the
            person. It is for the record of changes alone.
    """

    id: str
    name: str
    role: str
    through: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Closing:
    """How a clinician ended an escalation.

    Attributes:
        outcome: What was done, such as `advised`.
        disposition: Where the patient was sent: an acuity, or other words of the clinician's.
        safety_net: What the patient was told to watch for.
        verdict: On the triage; None when the clinician gave none.
        why: Of the verdict.
    """

    outcome: str
    disposition: str
    safety_net: str
    verdict: Verdict | None = None
    why: str | None = None


@dataclass(frozen=True)
class LogEntry:
    """One line of the append-only log.

    Attributes:
        actor: Name of the clinician; None when the patient or the system acted.
        note: Internal; never shown to the patient.
    """

    at: dt.datetime
    event: Event
    acuity: Acuity | None
    actor: str | None
    note: str | None


@dataclass(frozen=True)
class PatientOutline:
    """What a clinician's queue shows of the patient: no name.

    Attributes:
        age_band: For the queue, such as `40-64`; not a clinical limit.
        pregnant: `present`, `absent` or `unknown`.
        presence: Whether the patient is still in the chat: `online`, `away` or `left`; `unknown` outside a chat.
        may_be_watched: Whether somebody may watch the patient: nobody calls or writes before it is known to be safe.
        watch_asked: Whether the patient was asked whether somebody harms them, and has not answered.
    """

    age_band: str | None = None
    sex: str | None = None
    pregnant: str = "unknown"
    for_whom: str | None = None
    country: str | None = None
    presence: str = "unknown"
    has_callback: bool = False
    may_be_watched: bool = False
    watch_asked: bool = False


@dataclass(frozen=True)
class EscalationRequest:
    """What opens or raises an escalation.

    Attributes:
        respond_within: Target for a clinician's first look; None when the acuity has none.
        contact_key: Of who writes; None when that is not known.
        linked: Ids of the same person's escalations of the last days.
    """

    reason: Reason
    acuity: Acuity | None
    conversation_id: str | None
    red_flags: tuple[str, ...] = ()
    sbar: Sbar = field(default_factory=Sbar)
    patient: PatientOutline = field(default_factory=PatientOutline)
    respond_within: dt.timedelta | None = None
    note: str | None = None
    contact_key: str | None = None
    linked: tuple[str, ...] = ()


@dataclass(frozen=True)
class DeliveryState:
    """One way in which somebody is told of an escalation.

    Attributes:
        state: `waiting` for its time, `retrying` after a failure, `sent` (taken by the receiver), `dead` (given up), or
            `withdrawn` because somebody had acknowledged the escalation.
        at: When that came about; for `waiting` and `retrying`, when it is tried next.
    """

    channel: str
    state: str
    at: dt.datetime


@dataclass(frozen=True)
class Escalation:
    """One escalation, as the HTTP contract shows it.

    Attributes:
        changed_at: When the last line of its log was written; None where that was not read.
        words_erased_at: When the patient's words, and with them note and case, were erased; None while they are kept.
    """

    id: str
    conversation_id: str | None
    reason: Reason
    acuity: Acuity | None
    state: State
    red_flags: tuple[str, ...]
    opened_at: dt.datetime
    raised_at: dt.datetime | None
    deadline_at: dt.datetime | None
    patient: PatientOutline
    contact: dict[str, Any] | None
    note: str | None
    sbar: Sbar
    owner: Clinician | None = None
    claimed_at: dt.datetime | None = None
    lease_until: dt.datetime | None = None
    closing: Closing | None = None
    linked: tuple[str, ...] = ()
    words_erased_at: dt.datetime | None = None
    changed_at: dt.datetime | None = None
    deliveries: tuple[DeliveryState, ...] = ()
