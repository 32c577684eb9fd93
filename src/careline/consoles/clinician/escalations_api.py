"""The escalations API for clinicians' systems (docs/api.md); service calls carry the service key."""

from __future__ import annotations

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from careline.consoles.clinician.errors import ServiceKeyError, UnknownConversationError
from careline.consoles.clinician.schemas import OpenEscalation, contract_acuity, contract_escalation
from careline.consoles.clinician.services import ClinicianServices
from careline.escalation.escalation import Reason, State

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


Services = Annotated[ClinicianServices, Depends(clinician_services)]


@router.post("/escalations", status_code=201)
async def open_escalation(services: Services, body: OpenEscalation, response: Response) -> dict[str, Any]:
    """Open an escalation: 201; or 200 with the one that is open already for the conversation."""
    if body.conversation_id is not None:
        known = await run_in_threadpool(services.conversations.exists, body.conversation_id)
        if not known:
            raise UnknownConversationError
    reason, acuity = Reason(body.reason), contract_acuity(body.acuity)
    opened = await run_in_threadpool(
        services.desk.open, reason, acuity, conversation_id=body.conversation_id, note=body.note
    )
    response.status_code = 201 if opened.is_new else 200
    return contract_escalation(opened.escalation)


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


@router.get("/escalations/{escalation_id}/sbar")
async def read_sbar(services: Services, escalation_id: str) -> dict[str, Any]:
    """Read the handoff note alone; generated, to be checked."""
    shown = await read_escalation(services, escalation_id)
    return {"generated": True, **shown["sbar"]}
