"""The audit trail, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.shell.access import signed_in
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.staff.account import Role
from careline.staff.audit import read_lines
from careline.staff.audit_check import check_trail
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/audit", include_in_schema=False)

_LINES = 50


@router.get("")
async def show_audit(
    request: Request,
    me: Annotated[StaffSession, Depends(signed_in(Role.ADMIN))],
    actor: Annotated[str, Query(max_length=60)] = "",
    object: Annotated[str, Query(max_length=80)] = "",
    before: Annotated[int | None, Query(ge=1)] = None,
    check: Annotated[str, Query(max_length=3)] = "",
) -> Response:
    """Show a page of lines, newest first; on request with a check of the whole trail."""
    staff = shell_services(request).staff
    actor, object = actor.strip(), object.strip()
    lines = await run_in_threadpool(
        read_lines, staff.database, actor=actor, object=object, before=before, most=_LINES + 1
    )
    checked = await run_in_threadpool(check_trail, staff.database, staff.anchor) if check == "yes" else None
    people = {person.id: person.name for person in await run_in_threadpool(staff.accounts.all)}
    return page(
        request,
        "shell/audit.html",
        me=me,
        lines=lines[:_LINES],
        older=lines[_LINES - 1].number if len(lines) > _LINES else None,
        actor=actor,
        object=object,
        checked=checked,
        people=people,
    )
