"""Who is on duty now and next, by which hours, and which channels are called for which level; to read alone."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.clinician.doors import Services
from careline.consoles.clinician.duty_view import duty_view
from careline.consoles.clinician.ladders import recorders, shown_ladders
from careline.consoles.shell.access import signed_in
from careline.consoles.shell.pages import page
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/duty", include_in_schema=False)


@router.get("")
async def show_duty(
    request: Request,
    me: Annotated[StaffSession, Depends(signed_in(Role.CLINICIAN, Role.ADMIN))],
    services: Services,
) -> Response:
    """Show the duty hours in force, and the ladders. No patient's data stands here."""
    now = services.now()
    roster = await run_in_threadpool(services.duty.in_force, now)
    state = await run_in_threadpool(services.duty.file_state)
    return page(
        request,
        "clinician/duty.html",
        me=me,
        duty=duty_view(roster, now) if roster.shifts or roster.changes else None,
        file=state.value,
        file_path=str(services.duty.path),
        ladders=shown_ladders(services.delivery),
        recorders=recorders(services.delivery),
    )
