"""The escalations API for clinicians' systems (docs/api.md); service calls carry the service key."""

from __future__ import annotations

import hmac
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from careline.consoles.clinician.errors import ServiceKeyError, UnknownConversationError
from careline.consoles.clinician.sbar_page import PAGE_POLICY, sbar_page
from careline.consoles.clinician.schemas import OpenEscalation, contract_acuity, contract_escalation
from careline.consoles.clinician.services import ClinicianServices
from careline.consultation.stored_replies import carried_out_once
from careline.escalation.escalation import Reason, State
from careline.escalation.fhir.bundle import MEDIA_TYPE, fhir_json
from careline.escalation.sbar_pdf import sbar_pdf
from careline.escalation.sbar_text import sbar_text

router = APIRouter(prefix="/api/v1", tags=["escalations"])

_bearer = HTTPBearer(auto_error=False, description="The service key")


def clinician_services(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ClinicianServices:
    """Return what the routes work with, to whoever has the service key.

    Raises:
        ServiceKeyError: The key is missing or wrong.
    """
    services: ClinicianServices = request.app.state.clinician
    given = credentials.credentials if credentials is not None else ""
    if not hmac.compare_digest(given.encode(), services.service_key.encode()):
        raise ServiceKeyError
    return services


IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Services = Annotated[ClinicianServices, Depends(clinician_services)]


@router.post("/escalations", status_code=201)
async def open_escalation(
    request: Request, services: Services, body: OpenEscalation, idempotency_key: IdempotencyKey = None
) -> Response:
    """Open an escalation: 201; or 200 with the one that is open already for the conversation."""
    is_watched = False
    if body.conversation_id is not None:
        known = await run_in_threadpool(services.conversations.exists, body.conversation_id)
        if not known:
            raise UnknownConversationError
        is_watched = await run_in_threadpool(services.conversations.may_be_watched, body.conversation_id)

    async def run() -> tuple[int, dict[str, Any]]:
        reason, acuity = Reason(body.reason), contract_acuity(body.acuity)
        opened = await run_in_threadpool(
            services.desk.open,
            reason,
            acuity,
            conversation_id=body.conversation_id,
            note=body.note,
            may_be_watched=is_watched,
        )
        return 201 if opened.is_new else 200, contract_escalation(opened.escalation)

    reply = await carried_out_once(services.replies, "escalations", idempotency_key, await request.body(), run)
    headers = {"Idempotency-Replayed": "true"} if reply.is_replayed else {}
    return Response(reply.body, status_code=reply.status, media_type="application/json", headers=headers)


@router.get("/escalations")
async def list_escalations(
    services: Services,
    state: State | None = None,
    owner: Annotated[str | None, Query(max_length=40, pattern=r"^[\w-]+$")] = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """List escalations in the order of opening."""

    items, following = await run_in_threadpool(services.desk.list, state=state, owner=owner, after=after, limit=limit)
    return {"items": [contract_escalation(item) for item in items], "next": following}


@router.get("/escalations/{escalation_id}")
async def read_escalation(services: Services, escalation_id: str) -> dict[str, Any]:
    """Read one escalation."""

    return contract_escalation(await run_in_threadpool(services.desk.read, escalation_id))


@router.get("/escalations/{escalation_id}/sbar", response_model=None)
async def read_sbar(
    services: Services,
    escalation_id: str,
    form: Annotated[Literal["json", "text", "html", "pdf"], Query(alias="format")] = "json",
) -> dict[str, Any] | Response:
    """Read the handoff note alone; generated, to be checked. As JSON, or as text, page or PDF."""
    found = await run_in_threadpool(services.desk.read, escalation_id)
    if form == "text":
        return PlainTextResponse(sbar_text(found))
    if form == "html":
        return HTMLResponse(sbar_page(found), headers={"Content-Security-Policy": PAGE_POLICY})
    if form == "pdf":
        return Response(await run_in_threadpool(sbar_pdf, found), media_type="application/pdf")
    return {"generated": True, **found.sbar.texts()}


@router.get("/escalations/{escalation_id}/fhir")
async def read_fhir(services: Services, escalation_id: str) -> Response:
    """Read the escalation as a FHIR R4 bundle."""

    def bundle() -> bytes:
        return fhir_json(*services.desk.read_with_case(escalation_id))

    return Response(await run_in_threadpool(bundle), media_type=MEDIA_TYPE)
