"""One case: the page, the parts of it that are live, and the stream that says when they have changed."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from careline.consoles.clinician import words
from careline.consoles.clinician.case_view import case_view
from careline.consoles.clinician.closing import ClosingForm
from careline.consoles.clinician.deliveries import shown_deliveries
from careline.consoles.clinician.doors import Me, MeInBackground, Services, clinician_of
from careline.consoles.clinician.live import changes
from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.clinician.viewing import viewer_of
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.escalation.escalation import Acuity, Escalation
from careline.escalation.service import QUEUE
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/cases/{escalation_id}", include_in_schema=False)


@router.get("")
async def show_case(request: Request, me: Me, services: Services, escalation_id: str) -> Response:
    """Show a case; that it was shown is on record."""
    return await case_page(request, me, services, escalation_id)


@router.get("/live")
async def show_live(
    request: Request,
    me: MeInBackground,
    services: Services,
    escalation_id: str,
    held: Annotated[str, Query(max_length=80)] = "",
    was: Annotated[str | None, Query(max_length=20)] = None,
) -> Response:
    """Return what may have changed since the page was loaded, when it was held as `held` and its level was `was`."""
    view = await run_in_threadpool(case_view, services, escalation_id, clinician_of(me.account))
    await run_in_threadpool(services.viewing.record_unless_recent, viewer_of(me), "case_viewed", escalation_id)
    values = {"case": view, "staff_id": me.account.id, "form_token": me.form_token, "held_as": held, "was_level": was}
    return HTMLResponse(shell_services(request).pages.render("clinician/case_changes.html", **values))


@router.get("/stream", response_class=EventSourceResponse)
async def follow_case(
    request: Request, me: MeInBackground, services: Services, escalation_id: str
) -> AsyncIterable[ServerSentEvent]:
    """Say whenever the case or its conversation may have changed."""
    one: Escalation = await run_in_threadpool(services.api.desk.read, escalation_id)
    conversation_id = one.conversation_id
    topics = (QUEUE,) if conversation_id is None else (QUEUE, conversation_id)

    def patient_types() -> bool:
        return conversation_id is not None and services.presence.types(conversation_id, "patient")

    async for event in changes(request, services, topics, "case", patient_types):
        yield event


@router.post("/contact")
async def show_contact(request: Request, me: Me, services: Services, escalation_id: str) -> Response:
    """Show how the patient can be reached; who asked for it is on record."""
    one = await run_in_threadpool(services.api.desk.read, escalation_id)
    await run_in_threadpool(services.viewing.record, viewer_of(me), "contact_viewed", escalation_id)
    if "HX-Request" in request.headers:
        return HTMLResponse(shell_services(request).pages.render("clinician/contact.html", contact=one.contact or {}))
    return await case_page(request, me, services, escalation_id, contact=one.contact or {})


async def case_page(
    request: Request,
    me: StaffSession,
    services: ConsoleServices,
    escalation_id: str,
    *,
    status: int = 200,
    closing: ClosingForm | None = None,
    contact: dict[str, object] | None = None,
) -> Response:
    """Return the whole page of a case, with a form that was not good and what is wrong with it."""
    who = clinician_of(me.account)
    view = await run_in_threadpool(case_view, services, escalation_id, who)
    await run_in_threadpool(services.viewing.record, viewer_of(me), "case_viewed", escalation_id)
    deliveries = await run_in_threadpool(services.api.desk.deliveries, escalation_id)
    advice = await run_in_threadpool(services.cases.safety_net, view.escalation.conversation_id)
    suggested = view.escalation.acuity.value if view.escalation.acuity else ""
    given = closing or ClosingForm(disposition=suggested, safety_net="\n".join(f"- {line}" for line in advice))
    ended = view.escalation.closing
    return page(
        request,
        "clinician/case.html",
        me=me,
        status=status,
        case=view,
        deliveries=shown_deliveries(deliveries, services.now()),
        held_as=view.held_as,
        staff_id=me.account.id,
        colleagues=[one for one in services.colleagues() if one.id != who.id],
        given=given,
        contact=contact,
        outcomes=words.OUTCOMES,
        levels=[(acuity.value, words.level(acuity)) for acuity in Acuity],
        verdicts=[(verdict.value, title) for verdict, title in words.VERDICTS.items()],
        ended=ended,
        ended_outcome=words.outcome(ended.outcome) if ended else "",
        ended_disposition=words.disposition(ended.disposition) if ended else "",
        ended_verdict=words.VERDICTS[ended.verdict] if ended and ended.verdict else "",
        canned=services.canned_replies,
        draft=services.drafts.of(escalation_id, me.account.id),
        key=secrets.token_urlsafe(12),
        mode=None,
        refused="",
        done="",
    )
