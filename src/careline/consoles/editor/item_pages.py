"""One item: what patients see, what is being worked on, its history, and how one revision differs from another."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.editor.doors import Me, Services, actor_of
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.item_view import item_view
from careline.consoles.editor.plain_problems import in_plain_words
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.shown_text import shown_pieces
from careline.consoles.editor.translation_lines import lines_of, pairs_of
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content", include_in_schema=False)

Path = Annotated[str, Query(max_length=200)]
Number = Annotated[int, Query(ge=1, le=1_000_000)]


@router.get("/item")
async def show_item(request: Request, me: Me, services: Services, path: Path = "") -> Response:
    """Show an item."""
    return await item_page(request, me, services, path)


@router.get("/compare")
async def compare(
    request: Request, me: Me, services: Services, path: Path = "", old: Number = 1, new: Number = 1
) -> Response:
    """Show how one revision of an item differs from another, word by word."""
    editing = services.editorial.editing
    difference = await run_in_threadpool(editing.difference, path, old, new)
    view = item_view(await run_in_threadpool(editing.item, path), actor_of(me), await run_in_threadpool(services.names))
    pieces = shown_pieces(difference)
    is_same = all(piece.kind in ("same", "folded") for piece in pieces)
    return desk_page(request, "editor/compare.html", me=me, item=view, old=old, new=new, pieces=pieces, is_same=is_same)


async def item_page(
    request: Request,
    me: StaffSession,
    services: EditorServices,
    path: str,
    *,
    status: int = 200,
    refused: str = "",
    typed: dict[str, str] | None = None,
) -> Response:
    """Return the page of an item, with why a step was refused and what had been typed."""
    item = await run_in_threadpool(services.editorial.editing.item, path)
    names = await run_in_threadpool(services.names)
    view = await run_in_threadpool(item_view, item, actor_of(me), names)
    lacks: tuple[str, ...] = ()
    if view.work is not None and view.is_article:
        found = await run_in_threadpool(services.lacks, path, view.work.revision.text)
        lacks = tuple(in_plain_words(one).text for one in found)
    newest = item.revision(item.newest).text
    return desk_page(
        request,
        "editor/item.html",
        me=me,
        status=status,
        item=view,
        translations=await run_in_threadpool(lines_of, services, path, newest),
        translates=services.translating.source(path),
        pairs=await run_in_threadpool(pairs_of, services, path, newest),
        refused=refused,
        lacks=lacks,
        typed=typed or {},
        done=DONE.get(request.query_params.get("done", ""), ""),
        now=services.now(),
    )


DONE = {
    "save": "Your text is saved as a draft. Patients do not see it yet.",
    "submit": "The text waits for a clinician to sign it.",
    "send_back": "The text is a draft again.",
    "sign": "You have signed this text. An admin can publish it now.",
    "schedule": "The text goes out at the time that you gave.",
    "discard": "The draft is given up. What patients see has not changed.",
    "withdraw": "The article is withdrawn: patients see it no more.",
    "comment": "Your comment is kept.",
}
