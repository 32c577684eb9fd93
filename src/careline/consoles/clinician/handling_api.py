"""What clinicians' systems do with an escalation (docs/api.md): acknowledge, claim, answer, note, hand on, close.

A system names the clinician for whom it acts in the body; a call without one is the system's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from careline.consoles.clinician.escalations_api import IdempotencyKey, Services
from careline.consoles.clinician.schemas import (
    Act,
    ActingClinician,
    Close,
    Release,
    Text,
    Transfer,
    contract_escalation,
    contract_log,
)
from careline.consoles.clinician.services import ClinicianServices
from careline.consultation.stored_replies import carried_out_once
from careline.escalation.errors import UnknownClinicianError
from careline.escalation.escalation import Clinician, Escalation

router = APIRouter(prefix="/api/v1/escalations/{escalation_id}", tags=["escalations"])

_SYSTEM = Clinician("service", "A connected system", "system")


@router.post("/acknowledge")
async def acknowledge(services: Services, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Note that a clinician has seen it."""
    return await _act(services, lambda: services.handling.acknowledge(escalation_id, _who(body)))


@router.post("/claim")
async def claim(services: Services, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Take it: 409 with owner and since when another clinician has it."""
    return await _act(services, lambda: services.handling.claim(escalation_id, _who(body)))


@router.post("/release")
async def release(services: Services, escalation_id: str, body: Release | None = None) -> dict[str, Any]:
    """Give it back to the queue, and the patient to the assistant."""
    note = body.note if body is not None else None
    return await _act(services, lambda: services.handling.release(escalation_id, _who(body), note))


@router.post("/transfer")
async def transfer(services: Services, escalation_id: str, body: Transfer) -> dict[str, Any]:
    """Hand it to another clinician."""
    to = _known_clinician(services, body.to)
    return await _act(services, lambda: services.handling.transfer(escalation_id, _who(body), to, body.note))


@router.post("/reply")
async def reply(
    request: Request, services: Services, escalation_id: str, body: Text, idempotency_key: IdempotencyKey = None
) -> Response:
    """Write to the patient; the answer's `message_id` is the message's number in the conversation."""

    async def run() -> tuple[int, dict[str, Any]]:
        escalation, number = await run_in_threadpool(services.handling.reply, escalation_id, _who(body), body.text)
        return 200, {**contract_escalation(services.desk.seen_now(escalation)), "message_id": number}

    given = await carried_out_once(services.replies, escalation_id, idempotency_key, await request.body(), run)
    headers = {"Idempotency-Replayed": "true"} if given.is_replayed else {}
    return Response(given.body, status_code=given.status, media_type="application/json", headers=headers)


@router.post("/note")
async def note(services: Services, escalation_id: str, body: Text) -> dict[str, Any]:
    """Leave an internal note; the patient never sees it."""
    return await _act(services, lambda: services.handling.note(escalation_id, _who(body), body.text))


@router.post("/close")
async def close(services: Services, escalation_id: str, body: Close) -> dict[str, Any]:
    """End it, with what was done, where the patient was sent, what to watch for and what to think of the triage."""
    return await _act(services, lambda: services.handling.close(escalation_id, _who(body), body.plain))


@router.post("/reopen")
async def reopen(services: Services, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Put a closed one back into the queue."""
    return await _act(services, lambda: services.handling.reopen(escalation_id, _who(body)))


@router.get("/log")
async def read_log(services: Services, escalation_id: str) -> dict[str, Any]:
    """Read what happened to it, oldest first, internal notes included."""
    entries = await run_in_threadpool(services.handling.log, escalation_id)
    return {"items": [contract_log(entry) for entry in entries]}


async def _act(services: ClinicianServices, act: Callable[[], Escalation]) -> dict[str, Any]:
    return contract_escalation(services.desk.seen_now(await run_in_threadpool(act)))


def _who(body: Act | None) -> Clinician:
    return body.clinician.plain if body is not None and body.clinician is not None else _SYSTEM


def _known_clinician(services: ClinicianServices, to: ActingClinician | str) -> Clinician:
    """Return whom to hand it to.

    Raises:
        UnknownClinicianError: There is nobody of that id.
    """
    if isinstance(to, ActingClinician):
        return to.plain
    known = services.clinician_of(to)
    if known is None:
        raise UnknownClinicianError
    return known
