"""Releases: which one patients see, those before it and the way back, and reviews that are near or over."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.doors import Me, Services, actor_of
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.services import EditorServices
from careline.consoles.shell.access import signed_in
from careline.editorial.errors import EditorialError
from careline.editorial.life_cycle import SYSTEM, TERMINAL, State
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/releases", include_in_schema=False)

Admin = Annotated[StaffSession, Depends(signed_in(Role.ADMIN))]

_MOST = 30  # releases on the page; the command shows all
OCCASIONS = {
    "publish": "Published",
    "schedule": "Went out by schedule",
    "withdrawal": "Article withdrawn",
    "roll_back": "Went back",
    "import": "Came with the program",
}
DONE = {
    "published": "Published. Patients see it now.",
    "back": "You went back. Patients see that release again, whole: rules, texts and search.",
}
PROGRAMS = {SYSTEM.id: "The program", TERMINAL.id: "The command line"}


@router.get("")
async def show_releases(request: Request, me: Me, services: Services) -> Response:
    """Show the release in force, what goes out by itself, and those before."""
    return await releases_page(request, me, services)


@router.post("/back")
async def go_back(
    request: Request, me: Admin, services: Services, number: Annotated[int, Form(ge=1, le=1_000_000)]
) -> Response:
    """Go back to a release: rules, texts, index and the state of all items at once."""
    try:
        await run_in_threadpool(services.editorial.publishing.roll_back, actor_of(me), number)
    except EditorialError as error:
        return await releases_page(request, me, services, status=409, refused=words.refusal(error, ""))
    return RedirectResponse(f"/console/releases?{urlencode({'done': 'back'})}", 303)


@router.get("/reviews")
async def show_reviews(request: Request, me: Me, services: Services) -> Response:
    """Show what has to be reviewed within 60 days, or is overdue."""
    due = await run_in_threadpool(services.editorial.expiry.due)
    titles = await _titles(services)
    rows = [(one, titles.get(one.path, one.path), words.KINDS[one.kind], words.day(one.review_by)) for one in due]
    return desk_page(
        request,
        "editor/reviews.html",
        me=me,
        alarms=[row for row in rows if row[0].is_alarm],
        hidden=[row for row in rows if row[0].effect == "hidden"],
        soon=[row for row in rows if row[0].effect == "none"],
    )


async def releases_page(
    request: Request, me: StaffSession, services: EditorServices, *, status: int = 200, refused: str = ""
) -> Response:
    """Return the page of releases, with why something was refused."""
    publishing = services.editorial.publishing
    lines = await run_in_threadpool(publishing.history, _MOST)
    names = PROGRAMS | dict(await run_in_threadpool(services.names))
    return desk_page(
        request,
        "editor/releases.html",
        me=me,
        status=status,
        refused=refused,
        done=DONE.get(request.query_params.get("done", ""), ""),
        lines=[(line, OCCASIONS.get(line.occasion, line.occasion), names.get(line.by, line.by)) for line in lines],
        scheduled=await run_in_threadpool(scheduled, services),
        is_admin=Role.ADMIN in me.account.roles,
    )


def scheduled(services: EditorServices) -> list[tuple[str, str, dt.datetime]]:
    """Return what goes out by itself: path, title and time, the soonest first."""
    found = []
    for entry in services.catalogue.entries():
        if entry.line.state is State.SCHEDULED:
            newest = services.editorial.editing.item(entry.line.path).revision(entry.line.newest)
            found.append((entry.line.path, entry.card.title, newest.publish_at or newest.created_at))
    return sorted(found, key=lambda one: one[2])


async def _titles(services: EditorServices) -> dict[str, str]:
    entries = await run_in_threadpool(services.catalogue.entries)
    return {entry.line.path: entry.card.title for entry in entries}
