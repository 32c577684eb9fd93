"""Requests and answers of the escalations API, as the HTTP contract has them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from careline.escalation.escalation import Acuity, Clinician, Closing, Escalation, LogEntry, Reason, Verdict

AcuityName = Literal["emergency_now", "ed_now", "same_day", "gp_soon", "routine", "self_care"]


class OpenEscalation(BaseModel):
    """Opens an escalation from another system."""

    model_config = ConfigDict(extra="forbid")

    reason: Literal["red_flag", "crisis", "safeguarding", "assessment", "patient_request", "check_in", "external"] = (
        Reason.EXTERNAL.value
    )
    acuity: AcuityName | None
    conversation_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    note: Annotated[str, StringConstraints(max_length=4000)] | None = None


Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class ActingClinician(BaseModel):
    """The clinician for whom a connected system acts; without one the system itself is named."""

    model_config = ConfigDict(extra="forbid")

    id: Annotated[str, StringConstraints(pattern=r"^[\w-]+$", max_length=40)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
    role: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]

    @property
    def plain(self) -> Clinician:
        """The clinician as the handling knows them."""
        return Clinician(self.id, self.name, self.role)


class Act(BaseModel):
    """What a clinician does, where nothing else needs saying."""

    model_config = ConfigDict(extra="forbid")

    clinician: ActingClinician | None = None


class Release(Act):
    """Gives an escalation back."""

    note: Words | None = None


class Transfer(Act):
    """Hands an escalation to another clinician."""

    to: ActingClinician | Annotated[str, StringConstraints(pattern=r"^[\w-]+$", max_length=40)]
    note: Words | None = None


class Text(Act):
    """Words: to the patient, or a note."""

    text: Words


class Close(Act):
    """Ends an escalation."""

    outcome: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
    disposition: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    safety_net: Words
    verdict: Literal["right", "too_high", "too_low"] | None = None
    why: Annotated[str, StringConstraints(max_length=4000, strip_whitespace=True)] | None = None

    @property
    def plain(self) -> Closing:
        """The closing as the handling knows it."""
        verdict = Verdict(self.verdict) if self.verdict else None
        return Closing(self.outcome, self.disposition, self.safety_net, verdict, self.why or None)


def contract_acuity(name: str | None) -> Acuity | None:
    """Return the acuity of that name."""
    return Acuity(name) if name is not None else None


def contract_escalation(escalation: Escalation) -> dict[str, Any]:
    """Return an escalation as the HTTP contract has it."""
    patient = dataclasses.asdict(escalation.patient)
    patient.pop("has_callback")
    return {
        "id": escalation.id,
        "conversation_id": escalation.conversation_id,
        "reason": escalation.reason.value,
        "acuity": escalation.acuity.value if escalation.acuity else None,
        "state": escalation.state.value,
        "red_flags": list(escalation.red_flags),
        "opened_at": _time(escalation.opened_at),
        "raised_at": _time(escalation.raised_at),
        "deadline_at": _time(escalation.deadline_at),
        "owner": contract_clinician(escalation.owner) if escalation.owner else None,
        "claimed_at": _time(escalation.claimed_at),
        "lease_until": _time(escalation.lease_until),
        "patient": {**patient, "callback": escalation.contact},
        "sbar": escalation.sbar.texts(),
        "note": escalation.note,
        "linked": list(escalation.linked),
        "deliveries": [
            {"channel": one.channel, "state": one.state, "at": _time(one.at)} for one in escalation.deliveries
        ],
        **(dataclasses.asdict(escalation.closing) if escalation.closing else {}),
    }


def contract_clinician(clinician: Clinician) -> dict[str, str]:
    """Return a clinician as the HTTP contract has them."""
    return {"id": clinician.id, "name": clinician.name, "role": clinician.role}


def contract_log(entry: LogEntry) -> dict[str, Any]:
    """Return a line of an escalation's log as the HTTP contract has it."""
    return {
        "at": _time(entry.at),
        "event": entry.event.value,
        "acuity": entry.acuity.value if entry.acuity else None,
        "actor": entry.actor,
        "note": entry.note,
    }


def _time(at: dt.datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at is not None else None
