"""Requests and answers of the escalations API, as the HTTP contract has them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from careline.escalation.escalation import Acuity, Escalation, Reason

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
        "owner": None,
        "patient": {**patient, "callback": escalation.contact},
        "sbar": dataclasses.asdict(escalation.sbar),
        "note": escalation.note,
        "linked": [],
        "deliveries": [],
    }


def _time(at: dt.datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at is not None else None
