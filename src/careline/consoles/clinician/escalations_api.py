"""The escalations API for clinicians and their systems (docs/api.md). Each view is on record before it is given."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse

from careline.consoles.clinician.api_caller import ApiCaller, Caller
from careline.consoles.clinician.errors import UnknownConversationError
from careline.consoles.clinician.sbar_page import PAGE_POLICY, sbar_page
from careline.consoles.clinician.schemas import OpenEscalation, contract_acuity, contract_escalation
from careline.consultation.stored_replies import carried_out_once
from careline.escalation.escalation import Escalation, Reason, State
from careline.escalation.fhir.bundle import MEDIA_TYPE, fhir_json
from careline.escalation.sbar_pdf import sbar_pdf
from careline.escalation.sbar_text import sbar_text
from careline.staff.audit import Value

router = APIRouter(prefix="/api/v1", tags=["escalations"])

IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


@router.post("/escalations", status_code=201)
async def open_escalation(
    request: Request, caller: Caller, body: OpenEscalation, idempotency_key: IdempotencyKey = None
) -> Response:
    """Open an escalation: 201; or 200 with the one that is open already for the conversation."""
    is_watched = False
    if body.conversation_id is not None:
        known = await run_in_threadpool(caller.services.conversations.exists, body.conversation_id)
        if not known:
            raise UnknownConversationError
        is_watched = await run_in_threadpool(caller.services.conversations.may_be_watched, body.conversation_id)

    async def run() -> tuple[int, dict[str, Any]]:
        reason, acuity = Reason(body.reason), contract_acuity(body.acuity)
        opened = await run_in_threadpool(
            caller.services.desk.open,
            reason,
            acuity,
            conversation_id=body.conversation_id,
            note=body.note,
            may_be_watched=is_watched,
            by=caller.acting(None),
        )
        return 201 if opened.is_new else 200, await given(caller, opened.escalation)

    return await sent_once(request, caller, "escalations", idempotency_key, run)


@router.get("/escalations")
async def list_escalations(
    caller: Caller,
    state: State | None = None,
    owner: Annotated[str | None, Query(max_length=40, pattern=r"^[\w-]+$")] = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """List escalations in the order of opening."""
    items, following = await run_in_threadpool(
        caller.services.desk.list, state=state, owner=owner, after=after, limit=limit
    )
    await run_in_threadpool(caller.services.viewing.record_list, caller.viewer, [item.id for item in items])
    return {"items": [contract_escalation(item) for item in items], "next": following}


@router.get("/escalations/{escalation_id}")
async def read_escalation(caller: Caller, escalation_id: str) -> dict[str, Any]:
    """Read one escalation."""
    found = await run_in_threadpool(caller.services.desk.read, escalation_id)
    return await given(caller, found)


@router.get("/escalations/{escalation_id}/sbar", response_model=None)
async def read_sbar(
    caller: Caller,
    escalation_id: str,
    form: Annotated[Literal["json", "text", "html", "pdf"], Query(alias="format")] = "json",
) -> dict[str, Any] | Response:
    """Read the handoff note alone; generated, to be checked. As JSON, or as text, page or PDF."""
    found = await run_in_threadpool(caller.services.desk.read, escalation_id)
    await view(caller, escalation_id, f"sbar_{form}")
    if form == "text":
        return PlainTextResponse(sbar_text(found))
    if form == "html":
        return HTMLResponse(sbar_page(found), headers={"Content-Security-Policy": PAGE_POLICY})
    if form == "pdf":
        return Response(await run_in_threadpool(sbar_pdf, found), media_type="application/pdf")
    return {"generated": True, **found.sbar.texts()}


@router.get("/escalations/{escalation_id}/fhir")
async def read_fhir(caller: Caller, escalation_id: str) -> Response:
    """Read the escalation as a FHIR R4 bundle."""

    def bundle() -> bytes:
        return fhir_json(*caller.services.desk.read_with_case(escalation_id))

    answer = await run_in_threadpool(bundle)
    await view(caller, escalation_id, "fhir")
    return Response(answer, media_type=MEDIA_TYPE)


async def given(caller: ApiCaller, escalation: Escalation) -> dict[str, Any]:
    """Return an escalation for the caller, which is on record."""
    await view(caller, escalation.id, "json", contact=escalation.contact is not None)
    return contract_escalation(escalation)


async def view(caller: ApiCaller, escalation_id: str, form: str, *, contact: bool = False) -> None:
    """Put on record that the caller is given a patient's data, and whether it says how to reach them."""
    detail: dict[str, Value] = {"by": "api", "form": form, "contact": contact}
    await run_in_threadpool(
        caller.services.viewing.record_unless_recent, caller.viewer, "case_viewed", escalation_id, detail
    )


async def sent_once(
    request: Request,
    caller: ApiCaller,
    scope: str,
    key: str | None,
    run: Callable[[], Awaitable[tuple[int, dict[str, Any]]]],
) -> Response:
    """Carry a request out, or give the reply that it had before, and put on record that it was given."""
    own_key = caller.own_key(key)
    reply = await carried_out_once(caller.services.replies, scope, own_key, await request.body(), run)
    if reply.is_replayed:
        await view(caller, scope, "replay")
    headers = {"Idempotency-Replayed": "true"} if reply.is_replayed else {}
    return Response(reply.body, status_code=reply.status, media_type="application/json", headers=headers)
