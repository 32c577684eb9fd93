"""What is done with a revision on an item's page: review, sign-off, schedule, comments, withdrawal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.doors import Editor, Me, Services, actor_of
from careline.consoles.editor.item_pages import item_page
from careline.consoles.editor.services import EditorServices
from careline.consoles.shell.access import signed_in
from careline.editorial.errors import EditorialError, NotAllowedError, TextError, UnknownItemError, WrongStateError
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content", include_in_schema=False)

Clinician = Annotated[StaffSession, Depends(signed_in(Role.CLINICIAN))]
Admin = Annotated[StaffSession, Depends(signed_in(Role.ADMIN))]
EditorOrClinician = Annotated[StaffSession, Depends(signed_in(Role.EDITOR, Role.CLINICIAN))]
ClinicianOrAdmin = Annotated[StaffSession, Depends(signed_in(Role.CLINICIAN, Role.ADMIN))]

Path = Annotated[str, Form(max_length=200)]
Number = Annotated[int, Form(ge=1, le=1_000_000)]
Text = Annotated[str, Form(max_length=20_000)]  # the room says itself what is too long, and the text stays
Short = Annotated[str, Form(max_length=80)]


@router.post("/submit")
async def submit(request: Request, me: Editor, services: Services, path: Path, number: Number) -> Response:
    """Ask a clinician to read and sign."""
    editing, actor = services.editorial.editing, actor_of(me)
    return await _done(request, me, services, path, "submit", lambda: editing.submit(actor, path, number))


@router.post("/send-back")
async def send_back(
    request: Request, me: EditorOrClinician, services: Services, path: Path, number: Number, why: Text = ""
) -> Response:
    """Make it a draft again, and say why."""
    editing, actor = services.editorial.editing, actor_of(me)
    return await _done(
        request,
        me,
        services,
        path,
        "send_back",
        lambda: editing.send_back(actor, path, number, why=why),
        typed={"why": why},
    )


@router.post("/sign")
async def sign(
    request: Request, me: Clinician, services: Services, path: Path, number: Number, read: Short = ""
) -> Response:
    """Sign the text that was on the screen."""
    editing, actor = services.editorial.editing, actor_of(me)
    return await _done(request, me, services, path, "sign", lambda: editing.sign(actor, path, number, read=read))


@router.post("/discard")
async def discard(request: Request, me: Editor, services: Services, path: Path, number: Number) -> Response:
    """Give a text up."""
    editing, actor = services.editorial.editing, actor_of(me)
    return await _done(request, me, services, path, "discard", lambda: editing.discard(actor, path, number))


@router.post("/schedule")
async def schedule(
    request: Request, me: Admin, services: Services, path: Path, number: Number, at: Short = ""
) -> Response:
    """Have a signed text go out at a time."""
    editing, actor = services.editorial.editing, actor_of(me)

    def act() -> None:
        try:
            moment = dt.datetime.fromisoformat(at).replace(tzinfo=dt.UTC)
        except ValueError:
            raise TextError("Give day and time, such as 2027-01-31 at 08:00.") from None
        editing.schedule(actor, path, number, at=moment)

    return await _done(request, me, services, path, "schedule", act, typed={"at": at})


@router.post("/comment")
async def comment(
    request: Request, me: Me, services: Services, path: Path, number: Number, text: Text = ""
) -> Response:
    """Say something about a revision."""
    editing, actor = services.editorial.editing, actor_of(me)
    return await _done(
        request,
        me,
        services,
        path,
        "comment",
        lambda: editing.comment(actor, path, number, text),
        typed={"comment": text},
    )


@router.post("/withdraw")
async def withdraw(request: Request, me: ClinicianOrAdmin, services: Services, path: Path) -> Response:
    """Take an article from patients, at once."""
    publishing, actor = services.editorial.publishing, actor_of(me)
    return await _done(request, me, services, path, "withdraw", lambda: publishing.withdraw(actor, path))


async def _done(
    request: Request,
    me: StaffSession,
    services: EditorServices,
    path: str,
    step: str,
    act: Callable[[], object],
    *,
    typed: dict[str, str] | None = None,
) -> Response:
    """Take a step and lead back to the item; what is refused is said there, and nothing that was typed is lost."""
    try:
        await run_in_threadpool(act)
    except UnknownItemError:
        raise
    except EditorialError as error:
        status = {NotAllowedError: 403, WrongStateError: 409, TextError: 422}.get(type(error), 409)
        return await item_page(
            request, me, services, path, status=status, refused=words.refusal(error, path), typed=typed
        )
    return RedirectResponse(f"/console/content/item?{urlencode({'path': path, 'done': step})}", 303)
