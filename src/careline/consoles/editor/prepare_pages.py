"""Preparing a release: what goes in, the checks as they run, what would change for patients; publishing it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.doors import Me, Services, actor_of
from careline.consoles.editor.frame import desk_page, part
from careline.consoles.editor.plain_problems import in_plain_words
from careline.consoles.editor.release_pages import Admin
from careline.consoles.editor.services import EditorServices
from careline.editorial.errors import EditorialError
from careline.editorial.life_cycle import State
from careline.editorial.preparing import Preparation
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

log = logging.getLogger(__name__)

router = APIRouter(prefix="/console/releases", include_in_schema=False)

_NO_ANSWER = "no answer"
_MOST_SHOWN = 40  # questions; how many more there are is said


@router.get("/prepare")
async def show_prepare(request: Request, me: Me, services: Services) -> Response:
    """Show what is signed, and the newest preparation."""
    return await prepare_page(request, me, services)


@router.get("/prepare/progress")
async def show_progress(request: Request, me: Me, services: Services) -> Response:
    """Return the part about the newest preparation, for a script that puts it in its place."""
    return part(request, "editor/preparation.html", me=me, values=await _preparation(services, me))


@router.post("/prepare")
async def prepare(
    request: Request, me: Admin, services: Services, paths: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Begin to prepare a release; it goes on by itself."""
    try:
        carry_out = await run_in_threadpool(
            services.editorial.publishing.begin_preparing, actor_of(me), tuple(paths or ())
        )
    except EditorialError as error:
        return await prepare_page(request, me, services, status=409, refused=words.refusal(error, ""))
    threading.Thread(target=_to_its_end, args=(carry_out,), name="preparing", daemon=True).start()
    return RedirectResponse("/console/releases/prepare", 303)


@router.post("/publish")
async def publish(
    request: Request, me: Admin, services: Services, number: Annotated[int, Form(ge=1, le=1_000_000)]
) -> Response:
    """Publish what was prepared, if it is still exactly that."""
    publishing = services.editorial.publishing

    def act() -> None:
        newest = publishing.preparations.newest()
        if newest is not None and newest.id == number and newest.state == "ready":
            publishing.publish(actor_of(me), newest.paths, prepared=newest.checksum)
            return
        raise EditorialError("This is not the newest preparation, or it is not ready. Look at it again.")

    try:
        await run_in_threadpool(act)
    except EditorialError as error:
        return await prepare_page(request, me, services, status=409, refused=words.refusal(error, ""))
    return RedirectResponse("/console/releases?done=published", 303)


async def prepare_page(
    request: Request, me: StaffSession, services: EditorServices, *, status: int = 200, refused: str = ""
) -> Response:
    """Return the page, with why something was refused."""
    entries = await run_in_threadpool(services.catalogue.entries)
    signed = [entry for entry in entries if entry.line.state in (State.SIGNED, State.SCHEDULED)]
    return desk_page(
        request,
        "editor/prepare.html",
        me=me,
        status=status,
        refused=refused,
        signed=[(entry.line.path, entry.card.title, words.KINDS[entry.line.kind]) for entry in signed],
        came=[
            (one.line.path, one.card.title, words.KINDS[one.line.kind]) for one in entries if one.line.is_from_program
        ],
        **await _preparation(services, me),
    )


async def _preparation(services: EditorServices, me: StaffSession) -> Mapping[str, object]:
    newest = await run_in_threadpool(services.editorial.publishing.preparations.newest)
    names = await run_in_threadpool(services.names)
    live = await run_in_threadpool(services.editorial.publishing.history, 1)
    is_admin = Role.ADMIN in me.account.roles
    is_live = newest is not None and bool(live) and live[0].release_id == newest.made.release_id
    return {
        "preparation": newest,
        "by": names.get(newest.by, newest.by) if newest is not None else "",
        "percent": _percent(newest) if newest is not None else 0,
        "is_live": is_live,
        "can_publish": newest is not None and newest.state == "ready" and not is_live and is_admin,
        "is_admin": is_admin,
        "problems": [in_plain_words(said) for said in (newest.made.problems if newest is not None else ())],
        "answers": [
            (one.question, _answer(one.before), _answer(one.after))
            for one in (newest.made.answers[:_MOST_SHOWN] if newest is not None else ())
        ],
        "vignettes": [
            (one.id, one.opening, words.LEVELS.get(one.before, one.before), words.LEVELS.get(one.after, one.after))
            for one in (newest.made.vignettes if newest is not None else ())
        ],
    }


def _percent(preparation: Preparation) -> int:
    return round(100 * preparation.done / preparation.total) if preparation.total else 0


def _answer(answer: str) -> str:
    if answer == _NO_ANSWER:
        return "No answer: patients are told that we do not know"
    if answer.startswith("? "):
        return f"Asks first whether it is about {answer.removeprefix('? ')}"
    return answer


def _to_its_end(carry_out: Callable[[], object]) -> None:
    try:
        carry_out()
    except Exception:
        log.exception("preparing a release failed")  # and the preparation says that it broke off
