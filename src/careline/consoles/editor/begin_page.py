"""Beginning a protocol, red flags, findings, words or example patients: a name, and then the text."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.doors import Editor, Services
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.skeletons import FOLDERS, path_of
from careline.editorial.errors import PathError, UnknownItemError
from careline.editorial.item import Kind

router = APIRouter(prefix="/console/content/begin", include_in_schema=False)

Given = Annotated[str, Query(max_length=80)]

_HINTS = {
    Kind.PROTOCOL: "One complaint: how it is named, what is asked, the rules, what to do at home.",
    Kind.RED_FLAGS: "Signs that are looked for in every message, and what to do until help comes.",
    Kind.FINDINGS: "Facts that rules use. A new protocol mostly needs some of its own.",
    Kind.LEXICON: "Words that patients use, and the findings they mean.",
    Kind.VIGNETTES: "Invented patients, and the level at which they must end. Each new rule needs two.",
}


@router.get("")
async def begin(request: Request, me: Editor, services: Services, kind: Given = "", name: Given = "") -> Response:
    """Show what can be begun; or, with a kind and a name, lead to the text."""
    given, problem, exists = {"kind": kind, "name": name.strip()}, "", ""
    chosen = next((one for one in FOLDERS if one == kind), None)
    if chosen is not None and name:
        try:
            path = path_of(chosen, name.strip())
            await run_in_threadpool(services.editorial.editing.item, path)
            exists, problem = path, "There is one with this name already. Choose another name, or edit that one."
        except PathError:
            problem = "Use small letters, digits and underscores, and begin with a letter, such as ear_pain."
        except UnknownItemError:
            return RedirectResponse(f"/console/content/text?{urlencode({'path': path, 'new': 'yes'})}", 303)
    return desk_page(
        request,
        "editor/begin.html",
        me=me,
        status=422 if problem else 200,
        kinds=[(one, words.KINDS[one], _HINTS[one]) for one in FOLDERS],
        given=given | {"kind": chosen or Kind.PROTOCOL},
        problem=problem,
        exists=exists,
    )
