"""Opening and raising escalations. Every function takes the caller's open unit of work and commits nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.clinical.acuity import Acuity
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.outbox import put_into_outbox
from careline.escalation.escalation import Escalation, EscalationRequest, Event, PatientOutline, State
from careline.escalation.sbar import LineKind, Sbar, SbarLine, sbar_from, stored_sbar
from careline.escalation.service import escalation_of, log_event, open_row
from careline.escalation.tables import EscalationRow


@dataclasses.dataclass(frozen=True)
class Opened:
    """The escalation, and what asking for it did."""

    escalation: Escalation
    event: Event

    @property
    def is_new(self) -> bool:
        """Whether there was none that is open."""
        return self.event is Event.OPENED


def escalate(session: Session, request: EscalationRequest, *, now: dt.datetime) -> Opened:
    """Open an escalation, or raise the one that is open for the conversation; nothing ever lowers it."""
    row = open_row(session, request.conversation_id)
    if row is None:
        row = _opened_row(session, request, now)
        log_event(session, row, Event.OPENED, now)
        _link(session, row, request.linked, now)
        return Opened(escalation_of(row), Event.OPENED)
    known_flags = set(row.details.get("red_flags", ()))
    event = _raise(row, request, now)
    log_event(session, row, event, now)
    if event is Event.RENEWED and not known_flags.issuperset(request.red_flags):
        put_into_outbox(session, row, Occasion.NEW_RED_FLAG, now=now)
    session.flush()
    return Opened(escalation_of(row), event)


def _opened_row(session: Session, request: EscalationRequest, now: dt.datetime) -> EscalationRow:
    row = EscalationRow(
        id=f"esc_{secrets.token_hex(12)}",
        conversation_id=request.conversation_id,
        contact_key=request.contact_key,
        reason=request.reason.value,
        acuity=request.acuity.value if request.acuity else None,
        state=State.OPEN.value,
        opened_at=now,
        deadline_at=now + request.respond_within if request.respond_within else None,
        details=_details(request),
    )
    session.add(row)
    session.flush()
    return row


def _link(session: Session, row: EscalationRow, linked: tuple[str, ...], now: dt.datetime) -> None:
    """Name the person's earlier escalations here and this one there; those still open alarm their readers."""
    if not linked:
        return
    row.details = {**row.details, "linked": linked}
    log_event(session, row, Event.CAME_BACK, now)
    for other in session.scalars(select(EscalationRow).where(EscalationRow.id.in_(linked))):
        other.details = {**other.details, "linked": (*other.details.get("linked", ()), row.id)}
        log_event(session, other, Event.CAME_BACK, now)


def _raise(row: EscalationRow, request: EscalationRequest, now: dt.datetime) -> Event:
    known = dict(row.details)
    flags = tuple(dict.fromkeys((*known.get("red_flags", ()), *request.red_flags)))
    before_patient = known.get("patient", {})
    is_watched = request.patient.may_be_watched or before_patient.get("may_be_watched", False)
    says_nothing_else = dataclasses.replace(request.patient, may_be_watched=False) == PatientOutline()
    patient = {**_details(request)["patient"], "has_callback": before_patient.get("has_callback", False)}
    row.details = {
        **known,
        "red_flags": flags,
        "patient": {**((before_patient or patient) if says_nothing_else else patient), "may_be_watched": is_watched},
        "sbar": stored_sbar(request.sbar) if request.sbar != Sbar() else known.get("sbar"),
        "note": request.note or known.get("note"),
    }
    before = Acuity(row.acuity) if row.acuity else None
    if request.acuity is None or (before is not None and request.acuity <= before):
        return Event.RENEWED
    row.acuity = request.acuity.value
    row.raised_at = now
    if row.state == State.ACKNOWLEDGED.value:
        row.state = State.OPEN.value  # nobody has looked at what is worse now
    if request.sbar == Sbar():
        row.details = {**row.details, "sbar": _marked_as_raised(row.details, request.acuity, now)}
    row.reason = request.reason.value
    deadline = now + request.respond_within if request.respond_within else None
    if deadline is not None and (row.deadline_at is None or deadline < row.deadline_at):
        row.deadline_at = deadline
    return Event.RAISED


def _marked_as_raised(details: dict[str, Any], acuity: Acuity, now: dt.datetime) -> dict[str, Any]:
    """Return the note with the new level above it: what follows was written before."""
    sbar = sbar_from(details.get("sbar"))
    text = f"Raised to {acuity.value} on {now:%Y-%m-%d %H:%M} UTC; what follows was written before that"
    raised = SbarLine(text, kind=LineKind.DANGER)
    return stored_sbar(dataclasses.replace(sbar, situation=(raised, *sbar.situation))) if sbar != Sbar() else {}


def _details(request: EscalationRequest) -> dict[str, Any]:
    return {
        "red_flags": request.red_flags,
        "patient": dataclasses.asdict(request.patient),
        "sbar": stored_sbar(request.sbar),
        "note": request.note,
    }
