"""What clinicians and their systems do with an escalation (docs/api.md): acknowledge, claim, answer, note, close.

A system names the clinician for whom it acts in the body; a call without one is the system's own. Whoever is signed in
acts in their own name. Each change is on record with it (`escalation/change_record.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from careline.consoles.clinician.api_caller import ApiCaller, Caller
from careline.consoles.clinician.escalations_api import IdempotencyKey, given, sent_once, view
from careline.consoles.clinician.schemas import (
    Act,
    Close,
    Release,
    Text,
    Transfer,
    contract_log,
)
from careline.escalation.escalation import Clinician, Escalation

router = APIRouter(prefix="/api/v1/escalations/{escalation_id}", tags=["escalations"])


@router.post("/acknowledge")
async def acknowledge(caller: Caller, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Note that a clinician has seen it."""
    return await _act(caller, lambda: caller.services.handling.acknowledge(escalation_id, _who(caller, body)))


@router.post("/claim")
async def claim(caller: Caller, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Take it: 409 with owner and since when another clinician has it."""
    return await _act(caller, lambda: caller.services.handling.claim(escalation_id, _who(caller, body)))


@router.post("/release")
async def release(caller: Caller, escalation_id: str, body: Release | None = None) -> dict[str, Any]:
    """Give it back to the queue, and the patient to the assistant."""
    note = body.note if body is not None else None
    return await _act(caller, lambda: caller.services.handling.release(escalation_id, _who(caller, body), note))


@router.post("/transfer")
async def transfer(caller: Caller, escalation_id: str, body: Transfer) -> dict[str, Any]:
    """Hand it to another clinician."""
    to = caller.colleague(body.to)
    return await _act(
        caller, lambda: caller.services.handling.transfer(escalation_id, _who(caller, body), to, body.note)
    )


@router.post("/reply")
async def reply(
    request: Request, caller: Caller, escalation_id: str, body: Text, idempotency_key: IdempotencyKey = None
) -> Response:
    """Write to the patient; the answer's `message_id` is the message's number in the conversation."""

    async def run() -> tuple[int, dict[str, Any]]:
        escalation, number = await run_in_threadpool(
            caller.services.handling.reply, escalation_id, _who(caller, body), body.text
        )
        return 200, {**await given(caller, caller.services.desk.seen_now(escalation)), "message_id": number}

    return await sent_once(request, caller, escalation_id, idempotency_key, run)


@router.post("/note")
async def note(caller: Caller, escalation_id: str, body: Text) -> dict[str, Any]:
    """Leave an internal note; the patient never sees it."""
    return await _act(caller, lambda: caller.services.handling.note(escalation_id, _who(caller, body), body.text))


@router.post("/close")
async def close(caller: Caller, escalation_id: str, body: Close) -> dict[str, Any]:
    """End it, with what was done, where the patient was sent, what to watch for and what to think of the triage."""
    return await _act(caller, lambda: caller.services.handling.close(escalation_id, _who(caller, body), body.plain))


@router.post("/reopen")
async def reopen(caller: Caller, escalation_id: str, body: Act | None = None) -> dict[str, Any]:
    """Put a closed one back into the queue."""
    return await _act(caller, lambda: caller.services.handling.reopen(escalation_id, _who(caller, body)))


@router.get("/log")
async def read_log(caller: Caller, escalation_id: str) -> dict[str, Any]:
    """Read what happened to it, oldest first, internal notes included."""
    entries = await run_in_threadpool(caller.services.handling.log, escalation_id)
    await view(caller, escalation_id, "log")
    return {"items": [contract_log(entry) for entry in entries]}


async def _act(caller: ApiCaller, act: Callable[[], Escalation]) -> dict[str, Any]:
    return await given(caller, caller.services.desk.seen_now(await run_in_threadpool(act)))


def _who(caller: ApiCaller, body: Act | None) -> Clinician:
    return caller.acting(body.clinician if body is not None else None)
