"""Writing a protocol, red flags, the lexicon or sentences as the text of their file, with the checks of publishing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
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
from careline.consoles.editor.skeletons import example, is_begun_here, skeleton
from careline.editorial.errors import EditorialError, StaleRevisionError, UnknownItemError
from careline.editorial.item import Item, Kind
from careline.editorial.text_difference import text_difference
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/text", include_in_schema=False)

Path = Annotated[str, Query(max_length=200)]
Short = Annotated[str, Query(max_length=3)]


@dataclass(frozen=True)
class TextForm:
    """A text as its page shows it.

    Attributes:
        base: Number of the revision that it was begun from; 0 for a new item.
        here: What is wrong with the text itself: it is not saved.
        elsewhere: What does not fit it in other files: it is saved, and cannot be published before they fit.
        stands, author, theirs, pieces: Of somebody else's text, saved meanwhile.
        takes: Number of a newer program's text that is taken in with this one; 0: none.
        done: What was done.
        unsaved: When the person wrote something here that they did not save.
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
    takes: int = 0
    done: str = ""
    unsaved: dt.datetime | None = None


@router.get("")
async def show_text(
    request: Request,
    me: Editor,
    services: Services,
    path: Path = "",
    new: Short = "",
    unsaved: Short = "",
    takes: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show the text of an item, to be altered; or how a new one begins; or what somebody wrote and did not save.

    With `takes`, a newer program's text stands beside it.
    """
    item = await run_in_threadpool(_item, services, path)
    if item is None and not (new == "yes" and is_begun_here(path)):
        raise UnknownItemError(f"{path}: there is no such content item.")
    if item is not None and not item.kind.is_edited:
        return RedirectResponse(f"/console/content/item?{urlencode({'path': path})}", 303)
    if unsaved == "no":
        services.unsaved.forget(me.account.id, path)
    kept = services.unsaved.of(me.account.id, path)
    if unsaved == "yes" and kept is not None:
        form = TextForm(path, kept.fields["text"], _number(kept.fields["base"]), takes=_number(kept.fields["takes"]))
    elif item is None:
        form = TextForm(path, skeleton(path, services.now().date()), 0, unsaved=kept.at if kept else None)
    else:
        text = item.revision(item.newest).text
        form = TextForm(path, text, item.newest, takes=takes, unsaved=kept.at if kept else None)
    return _page(request, me, _beside_the_program(form, item))


@router.post("")
async def save_text(request: Request, me: Editor, services: Services) -> Response:
    """Check the text, and save it as a draft if it is whole."""
    given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    form = _form(given)
    decision = given.get("decision", "save")
    if decision == "mine":
        form = replace(form, base=_number(given.get("stands", "")))
    return await run_in_threadpool(_checked, request, me, services, form, saves=decision != "check")


@router.post("/keep")
async def keep_text(request: Request, me: Editor, services: Services) -> Response:
    """Keep what is written so far, unsaved; called while somebody writes."""
    given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
    form = _form(given)
    fields = {"text": form.text, "base": str(form.base), "takes": str(form.takes)}
    services.unsaved.keep(me.account.id, form.path, fields)
    return Response(status_code=204)


def _form(given: Mapping[str, str]) -> TextForm:
    text = given.get("text", "").replace("\r\n", "\n").replace("\r", "\n")
    return TextForm(given.get("path", ""), text, _number(given.get("base", "")), takes=_number(given.get("takes", "")))


def _item(services: EditorServices, path: str) -> Item | None:
    try:
        return services.editorial.editing.item(path)
    except UnknownItemError:
        return None


def _beside_the_program(form: TextForm, item: Item | None) -> TextForm:
    """Show how a newer program's text differs, where it is to be taken in."""
    if item is None or form.takes not in item.offered:
        return replace(form, takes=0)
    theirs = item.revision(form.takes).text
    difference = text_difference(form.text, theirs, old_name="yours", new_name="the program's")
    return replace(form, theirs=theirs, pieces=tuple(shown_pieces(difference)))


def _checked(request: Request, me: StaffSession, services: EditorServices, form: TextForm, *, saves: bool) -> Response:
    editing = services.editorial.editing
    item = _item(services, form.path)
    if item is None and (form.base or not is_begun_here(form.path)):
        raise UnknownItemError(f"{form.path}: there is no such content item.")
    before = next((one.text for one in item.revisions if one.number == form.base), "") if item is not None else "\n"
    form = _beside_the_program(form, item)
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
        saved = editing.save(actor_of(me), form.path, form.text, base=form.base or None, takes=form.takes or None)
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
    services.unsaved.forget(me.account.id, form.path)
    if form.elsewhere:
        form = replace(form, takes=0, theirs="", pieces=())
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
        is_protocol=kind is Kind.PROTOCOL,
        example=example(kind) if form.base else "",
    )


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
