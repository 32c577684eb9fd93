"""What clinicians do on a case's page: seen, claim, write, note, hand on, give back, close, open again."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from careline.consoles.clinician import words
from careline.consoles.clinician.case_pages import case_page
from careline.consoles.clinician.case_view import case_view
from careline.consoles.clinician.closing import ClosingForm, checked
from careline.consoles.clinician.doors import Me, MeInBackground, Services, clinician_of
from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.consultation.stored_replies import carried_out_once
from careline.escalation.errors import (
    AlreadyClaimedError,
    AnotherOpenError,
    ClosedError,
    EscalationStateError,
    NoPatientError,
    NotClaimedError,
    NotClosedError,
    UnknownClinicianError,
)
from careline.escalation.escalation import Escalation
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/cases/{escalation_id}", include_in_schema=False)

_MOST_CHARACTERS = 4_000
Short = Annotated[str, Form(max_length=80)]
Text = Annotated[str, Form(max_length=_MOST_CHARACTERS)]
Longer = Annotated[str, Form(max_length=3 * _MOST_CHARACTERS)]  # the closing form says itself what is too long


@router.post("/acknowledge")
async def acknowledge(request: Request, me: Me, services: Services, escalation_id: str) -> Response:
    """Note that a clinician has looked."""
    handling, who = services.api.handling, clinician_of(me.account)
    return await _then_case(request, me, escalation_id, lambda: handling.acknowledge(escalation_id, who))


@router.post("/claim")
async def claim(request: Request, me: Me, services: Services, escalation_id: str) -> Response:
    """Take it; who comes second reads who has it and since when."""
    handling, who = services.api.handling, clinician_of(me.account)
    return await _then_case(request, me, escalation_id, lambda: handling.claim(escalation_id, who))


@router.post("/release")
async def release(request: Request, me: Me, services: Services, escalation_id: str, note: Text = "") -> Response:
    """Give it back to the queue, with a note for the next."""
    handling, who = services.api.handling, clinician_of(me.account)

    def act() -> Escalation:
        released = handling.release(escalation_id, who, note.strip() or None)
        services.drafts.forget(escalation_id, me.account.id)
        return released

    return await _then_case(request, me, escalation_id, act)


@router.post("/transfer")
async def transfer(
    request: Request, me: Me, services: Services, escalation_id: str, to: Short = "", note: Text = ""
) -> Response:
    """Hand it to a colleague."""
    handling, who = services.api.handling, clinician_of(me.account)

    def act() -> Escalation:
        colleague = services.api.clinician_of(to)
        if colleague is None:
            raise UnknownClinicianError
        handed = handling.transfer(escalation_id, who, colleague, note.strip() or None)
        services.drafts.forget(escalation_id, me.account.id)
        return handed

    return await _then_case(request, me, escalation_id, act)


@router.post("/reopen")
async def reopen(request: Request, me: Me, services: Services, escalation_id: str) -> Response:
    """Put a closed one back into the queue."""
    handling, who = services.api.handling, clinician_of(me.account)
    return await _then_case(request, me, escalation_id, lambda: handling.reopen(escalation_id, who))


@router.post("/close")
async def close(
    request: Request,
    me: Me,
    services: Services,
    escalation_id: str,
    outcome: Short = "",
    disposition: Short = "",
    safety_net: Longer = "",
    verdict: Short = "",
    why: Longer = "",
) -> Response:
    """End it, or show what the form lacks."""
    result = checked(ClosingForm(outcome, disposition, safety_net.replace("\r\n", "\n"), verdict, why))
    if isinstance(result, ClosingForm):
        return await case_page(request, me, services, escalation_id, status=422, closing=result)
    closing, handling, who = result, services.api.handling, clinician_of(me.account)

    def act() -> Escalation:
        closed = handling.close(escalation_id, who, closing)
        services.drafts.forget_case(escalation_id)
        return closed

    return await _then_case(request, me, escalation_id, act)


@router.post("/write")
async def write(
    request: Request,
    me: Me,
    services: Services,
    escalation_id: str,
    text: Text = "",
    kind: Short = "note",
    key: Short = "",
) -> Response:
    """Write to the patient, or leave an internal note: a note unless a reply was chosen."""
    text, is_reply = text.replace("\r\n", "\n").strip(), kind == "reply"
    if not text:
        return await _composer(request, me, services, escalation_id, kind, "", refused="Write something first.")
    handling, who = services.api.handling, clinician_of(me.account)

    async def run() -> tuple[int, dict[str, Any]]:
        if is_reply:
            _, number = await run_in_threadpool(handling.reply, escalation_id, who, text)
            return 200, {"message_id": number}
        await run_in_threadpool(handling.note, escalation_id, who, text)
        return 200, {}

    try:
        scope = f"{escalation_id}:{kind[:5]}"[:40]
        await carried_out_once(services.api.replies, scope, key or None, text.encode(), run)
    except EscalationStateError as error:
        return await _composer(request, me, services, escalation_id, kind, text, refused=in_words(error), status=409)
    services.drafts.forget(escalation_id, me.account.id)
    await _stop_typing(services, escalation_id)
    done = "Sent to the patient." if is_reply else "Note saved. The patient does not see it."
    return await _composer(request, me, services, escalation_id, kind, "", done=done)


@router.post("/draft", status_code=204)
async def keep_draft(me: Me, services: Services, escalation_id: str, text: Text = "", kind: Short = "note") -> Response:
    """Keep what is written so far; and let the patient see that a reply to them is being written."""
    one = await run_in_threadpool(services.api.desk.read, escalation_id)
    services.drafts.keep(escalation_id, me.account.id, "reply" if kind == "reply" else "note", text)
    is_owner = one.owner is not None and one.owner.id == me.account.id
    if one.conversation_id is not None and is_owner:
        services.presence.type(one.conversation_id, "clinician", on=kind == "reply" and bool(text.strip()))
    return Response(status_code=204)


@router.post("/here", status_code=204)
async def stay(request: Request, me: MeInBackground, services: Services, escalation_id: str) -> Response:
    """Keep the claim while the page is open, and the session with it: the clinician may be on the phone."""
    try:
        await run_in_threadpool(services.api.handling.renew, escalation_id, clinician_of(me.account))
    except EscalationStateError:
        pass  # it is not theirs (any more): the live part of the page says so
    else:
        await run_in_threadpool(shell_services(request).staff.sessions.has_case_open, me.id)
    return Response(status_code=204)


def in_words(error: EscalationStateError) -> str:
    """Return why something cannot be done as things stand, and what can."""
    if isinstance(error, AlreadyClaimedError):
        since = f" since {words.clock(error.since)} UTC" if error.since else ""
        return f"{error.owner.name} has this case{since}. Ask them to hand it to you."
    return {
        NotClaimedError: "Nobody has this case. Claim it first.",
        ClosedError: "This case is closed. Open it again first.",
        NotClosedError: "This case is open already.",
        AnotherOpenError: "The same conversation has another open case. Work on that one.",
        NoPatientError: "The patient's conversation is no longer there.",
    }.get(type(error), "That cannot be done as things stand.")


async def _then_case(request: Request, me: StaffSession, escalation_id: str, act: Callable[[], Escalation]) -> Response:
    try:
        await run_in_threadpool(act)
    except EscalationStateError as error:
        return page(
            request, "clinician/refused.html", me=me, status=409, text=in_words(error), escalation_id=escalation_id
        )
    except UnknownClinicianError:
        text = "There is no such clinician. Choose one of the list."
        return page(request, "clinician/refused.html", me=me, status=422, text=text, escalation_id=escalation_id)
    return RedirectResponse(f"/console/cases/{escalation_id}", 303)


async def _composer(
    request: Request,
    me: StaffSession,
    services: ConsoleServices,
    escalation_id: str,
    kind: str,
    text: str,
    *,
    refused: str = "",
    done: str = "",
    status: int = 200,
) -> Response:
    """Return the part of the page in which one writes; without script, lead back to the page."""
    if "HX-Request" not in request.headers:
        if refused:
            services.drafts.keep(escalation_id, me.account.id, kind, text)
            return page(request, "clinician/refused.html", me=me, status=409, text=refused, escalation_id=escalation_id)
        return RedirectResponse(f"/console/cases/{escalation_id}#writing", 303)
    view = await run_in_threadpool(case_view, services, escalation_id, clinician_of(me.account))
    values: dict[str, object] = {
        "case": view,
        "canned": services.canned_replies,
        "draft": None,
        "typed": text,
        "mode": "reply" if kind == "reply" else "note",
        "key": secrets.token_urlsafe(12),
        "refused": refused,
        "done": done,
        "form_token": me.form_token,
    }
    return HTMLResponse(shell_services(request).pages.render("clinician/composer.html", **values), status)


async def _stop_typing(services: ConsoleServices, escalation_id: str) -> None:
    one = await run_in_threadpool(services.api.desk.read, escalation_id)
    if one.conversation_id is not None:
        services.presence.type(one.conversation_id, "clinician", on=False)
