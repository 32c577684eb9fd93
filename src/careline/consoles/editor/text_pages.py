"""Writing a protocol, red flags, the lexicon or sentences as the text of their file, with the checks of publishing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.catalogue import card_of
from careline.consoles.editor.doors import Editor, Services, actor_of
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.plain_problems import PlainProblem, in_plain_words, line_of
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.shown_text import ShownPiece, shown_pieces
from careline.editorial.errors import EditorialError, StaleRevisionError
from careline.editorial.item import Kind
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/text", include_in_schema=False)

Path = Annotated[str, Query(max_length=200)]


@dataclass(frozen=True)
class TextForm:
    """A text as its page shows it.

    Attributes:
        base: Number of the revision that it was begun from.
        here: What is wrong with the text itself: it is not saved.
        elsewhere: What does not fit it in other files: it is saved, and cannot be published before they fit.
        stands, author, theirs, pieces: Of somebody else's text, saved meanwhile.
        done: What was done.
    """

    path: str
    text: str
    base: int
    here: tuple[PlainProblem, ...] = ()
    elsewhere: tuple[PlainProblem, ...] = ()
    stands: int = 0
    author: str = ""
    theirs: str = ""
    pieces: tuple[ShownPiece, ...] = ()
    refused: str = ""
    done: str = ""


@router.get("")
async def show_text(request: Request, me: Editor, services: Services, path: Path = "") -> Response:
    """Show the text of an item, to be altered."""
    item = await run_in_threadpool(services.editorial.editing.item, path)
    if not item.kind.is_edited:
        return RedirectResponse(f"/console/content/item?{urlencode({'path': path})}", 303)
    return _page(request, me, TextForm(path, item.revision(item.newest).text, item.newest))


@router.post("")
async def save_text(request: Request, me: Editor, services: Services) -> Response:
    """Check the text, and save it as a draft if it is whole."""
    given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    text = given.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    form = TextForm(given.get("path", ""), text, _number(given.get("base", "")))
    decision = given.get("decision", "save")
    if decision == "mine":
        form = replace(form, base=_number(given.get("stands", "")))
    return await run_in_threadpool(_checked, request, me, services, form, saves=decision != "check")


def _checked(request: Request, me: StaffSession, services: EditorServices, form: TextForm, *, saves: bool) -> Response:
    editing = services.editorial.editing
    item = editing.item(form.path)
    before = next((one.text for one in item.revisions if one.number == form.base), "")
    if before.endswith("\n") and form.text and not form.text.endswith("\n"):
        form = replace(form, text=f"{form.text}\n")
    found = [_placed(in_plain_words(said), form) for said in services.problems(form.path, form.text)]
    here = tuple(one for one in found if one.file in ("", form.path))
    form = replace(form, here=here, elsewhere=tuple(one for one in found if one not in here))
    if here:
        return _page(request, me, form, status=422)
    if not saves:
        return _page(request, me, replace(form, done="The text is whole. It is not saved yet."))
    try:
        saved = editing.save(actor_of(me), form.path, form.text, base=form.base)
    except StaleRevisionError as error:
        theirs = editing.item(form.path).revision(error.newest)
        form = replace(
            form,
            stands=error.newest,
            author=words.name(theirs.author, services.names()),
            theirs=theirs.text,
            pieces=tuple(shown_pieces(error.difference)),
        )
        return _page(request, me, form, status=409)
    except EditorialError as error:
        return _page(request, me, replace(form, refused=words.refusal(error, form.path)), status=422)
    if form.elsewhere:
        return _page(request, me, replace(form, base=saved.number, done="Your text is saved as a draft."))
    return RedirectResponse(f"/console/content/item?{urlencode({'path': form.path, 'done': 'save'})}", 303)


def _placed(problem: PlainProblem, form: TextForm) -> PlainProblem:
    if problem.line is not None or problem.file != form.path or form.path.endswith(".ftl"):
        return problem
    return replace(problem, line=line_of(form.text, problem.steps))


def _page(request: Request, me: StaffSession, form: TextForm, *, status: int = 200) -> Response:
    kind = words.kind_of_path(form.path)
    return desk_page(
        request,
        "editor/text_form.html",
        me=me,
        status=status,
        form=form,
        title=card_of(form.path, kind, form.text).title,
        kind=words.KINDS[kind],
        is_sentences=kind is Kind.WORDING,
    )


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
