"""Writing an article: its keys as fields, its sections with a preview, and nothing lost when something is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import words
from careline.consoles.editor.article_form import (
    LABELS,
    MOST_SOURCES,
    SECTIONS,
    SOURCE_PARTS,
    article_text,
    fields_of,
    merged,
    new_fields,
    sources_in,
)
from careline.consoles.editor.doors import Editor, Services, actor_of
from careline.consoles.editor.frame import desk_page, part
from careline.consoles.editor.gaps_page import begun_with_gap
from careline.consoles.editor.insight_services import Insight
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.shown_text import ShownPiece, shown_pieces
from careline.editorial.errors import EditorialError, StaleRevisionError, UnknownItemError
from careline.editorial.item import APP, Item
from careline.guidance.article import ACUITY_NAMES, SECTION_HEADINGS
from careline.guidance.errors import ArticleError
from careline.guidance.page import PageSection, safe_html, section_anchor
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/article", include_in_schema=False)

Path = Annotated[str, Query(max_length=200)]
Gap = Annotated[int, Query(ge=0, le=1_000_000_000)]


@dataclass(frozen=True)
class Conflict:
    """Somebody else has saved the article meanwhile.

    Attributes:
        stands: Number of their revision.
        pieces: From their text to mine.
    """

    stands: int
    author: str
    pieces: tuple[ShownPiece, ...]


@dataclass(frozen=True)
class Form:
    """A form as its page shows it.

    Attributes:
        path: Of the item; empty for a new article.
        base: Number of the revision that it was begun from; 0 for a new article.
        theirs: What stands in the fields that two people changed, as the other wrote it.
        sources: How many are shown at least.
        unsaved: When the person wrote something here that they did not save.
        takes: Number of a newer program's text that is taken in with this one; 0: none.
    """

    fields: Mapping[str, str]
    path: str
    base: int
    problems: Mapping[str, str]
    conflict: Conflict | None = None
    theirs: Mapping[str, str] | None = None
    refused: str = ""
    sources: int = 0
    unsaved: dt.datetime | None = None
    takes: int = 0


@router.get("")
async def show_form(
    request: Request,
    me: Editor,
    services: Services,
    insight: Insight,
    path: Path = "",
    unsaved: Annotated[str, Query(max_length=3)] = "",
    gap: Gap = 0,
    takes: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Show the form of an article, or of a new one; or what somebody had written into it and not saved.

    With `gap`, a new article begins with what patients asked in vain. With `takes`, what a newer program's text changed
    is taken into the form.
    """
    kept = services.unsaved.of(me.account.id, path)
    if unsaved == "yes" and kept is not None:
        fields = {**kept.fields}
        base, takes = _number(fields.pop("base", "")), _number(fields.pop("takes", ""))
        return _page(request, me, services, Form(fields, path, base, {}, takes=takes))
    if unsaved == "no":
        services.unsaved.forget(me.account.id, path)
        kept = None
    if not path:
        fields = new_fields(me.account.name, services.now().date())
        if gap:
            fields |= await run_in_threadpool(begun_with_gap, insight, me.account.id, gap)
        return _page(request, me, services, Form(fields, "", 0, {}, unsaved=kept.at if kept else None))
    item = await run_in_threadpool(services.editorial.editing.item, path)
    try:
        fields = fields_of(item.revision(item.newest).text, path)
        if takes in item.offered:
            return _page(request, me, services, _with_the_programs(item, fields, takes))
    except ArticleError:  # what the form cannot show can be mended as text
        return RedirectResponse(f"/console/content/text?{urlencode({'path': path, 'takes': takes})}", 303)
    return _page(request, me, services, Form(fields, path, item.newest, {}, unsaved=kept.at if kept else None))


@router.post("")
async def save(request: Request, me: Editor, services: Services) -> Response:
    """Save the article as a draft; or do what else the pressed button asks."""
    given = await _given(request)
    form = Form(given, given.pop("path", ""), _number(given.pop("base", "")), {}, takes=_number(given.pop("takes", "")))
    decision, stands = given.pop("decision", ""), _number(given.pop("stands", ""))
    if decision == "more":
        return _page(request, me, services, _with(form, sources=len(sources_in(given)) + 3))
    if decision == "preview":
        return _page(request, me, services, form)
    if decision == "merge":
        return await _merge(request, me, services, form, stands)
    if decision == "mine":
        form = _with(form, base=stands)
    return await run_in_threadpool(_saved, request, me, services, form)


@router.post("/preview")
async def preview(request: Request, me: Editor, services: Services) -> Response:
    """Return the article as patients would read it; called while somebody writes, so what is written is kept."""
    fields = await _given(request)
    services.unsaved.keep(me.account.id, fields.get("path", ""), fields)
    return part(request, "editor/preview.html", me=me, values=_previewed(fields))


def _saved(request: Request, me: StaffSession, services: EditorServices, form: Form) -> Response:
    editing = services.editorial.editing
    base, path = None, form.path
    try:
        if path:
            form = _with(form, fields={**form.fields, "id": path.removeprefix("articles/").removesuffix(".md")})
            base = editing.item(path).revision(form.base).text
        else:
            path = f"articles/{form.fields.get('id', '').strip()}.md"
            if _exists(services, path):
                problem = "There is an article with this name already. Choose another name, or edit that one."
                return _page(request, me, services, _with(form, problems={"id": problem}), status=422)
        made = article_text(form.fields, base)
        if made.problems:
            return _page(request, me, services, _with(form, problems=made.problems), status=422)
        editing.save(actor_of(me), path, made.text, base=form.base if form.path else None, takes=form.takes or None)
    except StaleRevisionError as error:
        names = services.names()
        author = words.name(editing.item(path).revision(error.newest).author, names)
        conflict = Conflict(error.newest, author, tuple(shown_pieces(error.difference)))
        return _page(request, me, services, _with(form, conflict=conflict, path=path), status=409)
    except EditorialError as error:
        return _page(request, me, services, _with(form, refused=words.refusal(error, path)), status=422)
    services.unsaved.forget(me.account.id, form.path)
    return RedirectResponse(f"/console/content/item?{urlencode({'path': path, 'done': 'save'})}", 303)


async def _merge(request: Request, me: StaffSession, services: EditorServices, form: Form, stands: int) -> Response:
    """Take in what the other changed; what both changed stays mine, with theirs beside it."""
    item = await run_in_threadpool(services.editorial.editing.item, form.path)
    texts = {one.number: one.text for one in item.revisions}
    try:
        theirs = fields_of(texts[stands], form.path)
        before = fields_of(texts[form.base], form.path)
    except (KeyError, ArticleError):
        refused = "Their text cannot be shown as a form. Compare the two on the page of the article."
        return _page(request, me, services, _with(form, refused=refused), status=409)
    fields, both = merged(before, theirs, form.fields)
    merge = Form(fields, form.path, stands, {}, theirs=_shown_of(theirs, both), takes=form.takes)
    return _page(request, me, services, merge)


def _with_the_programs(item: Item, ours: Mapping[str, str], takes: int) -> Form:
    """Take in what a newer program's text changed since the one that ours was begun from.

    Raises:
        ArticleError: A text cannot be shown as a form.
    """
    theirs = fields_of(item.revision(takes).text, item.path)
    begun_from = item.revision(item.newest)
    while begun_from.author != APP and begun_from.base is not None:
        begun_from = item.revision(begun_from.base)
    before = fields_of(begun_from.text, item.path) if begun_from.author == APP else {}
    fields, both = merged(before, theirs, ours)
    return Form(fields, item.path, item.newest, {}, theirs=_shown_of(theirs, both), takes=takes)


def _shown_of(theirs: Mapping[str, str], both: Sequence[str]) -> Mapping[str, str]:
    return {name: _their_sources(theirs) if name == "sources" else theirs.get(name, "") for name in both}


def _their_sources(theirs: Mapping[str, str]) -> str:
    return "\n".join(", ".join(filter(None, source.values())) for source in sources_in(theirs))


def _exists(services: EditorServices, path: str) -> bool:
    try:
        services.editorial.editing.item(path)
    except UnknownItemError:
        return False
    return True


def _with(form: Form, **changed: object) -> Form:
    return Form(**({name: getattr(form, name) for name in Form.__dataclass_fields__} | changed))


def _page(request: Request, me: StaffSession, services: EditorServices, form: Form, *, status: int = 200) -> Response:
    sources = sources_in(form.fields)
    rows: Sequence[Mapping[str, str]] = [*sources, *({"read_as": "not read"} for _ in range(MOST_SOURCES))]
    chosen = form.fields.get("complaints", "").split()
    complaints = dict(services.complaints())
    complaints |= {one: one for one in chosen if one not in complaints}
    return desk_page(
        request,
        "editor/article.html",
        me=me,
        status=status,
        form=form,
        labels=LABELS,
        problems=[(name, form.problems[name]) for name in ("", *LABELS) if name in form.problems],
        sources=rows[: min(MOST_SOURCES, max(form.sources, len(sources) + 1))],
        complaints=sorted(complaints.items(), key=lambda one: one[1].lower()),
        chosen=chosen,
        sections=list(zip(SECTIONS, SECTION_HEADINGS, strict=True)),
        languages=_languages(services, form.fields.get("language", "")),
        levels=[(name, words.LEVELS[name]) for name in reversed(ACUITY_NAMES)],
        **_previewed(form.fields),
    )


def _languages(services: EditorServices, chosen: str) -> list[tuple[str, str]]:
    """Return the languages an article can be in: those whose words are read, as a page is found by words alone."""
    by_buttons = services.translating.languages()
    known = {code: name for code, name in services.languages().items() if code not in by_buttons}
    return [*({**known} if chosen in known or not chosen else {**known, chosen: chosen}).items()]


def _previewed(fields: Mapping[str, str]) -> dict[str, object]:
    return {
        "title": fields.get("title", ""),
        "summary": fields.get("summary", ""),
        "shown": [
            PageSection(section_anchor(heading), heading, safe_html(fields.get(name, "")))
            for name, heading in zip(SECTIONS, SECTION_HEADINGS, strict=True)
        ],
    }


_NAMES = frozenset(
    {*LABELS, *SECTIONS, "path", "base", "decision", "stands", "takes"}
    | {f"source_{number}_{part}" for number in range(MOST_SOURCES) for part in SOURCE_PARTS}
)


async def _given(request: Request) -> dict[str, str]:
    """Return the fields as they were typed, with the ends of lines that our files have."""
    form = await request.form()
    given = {
        name: str(value).replace("\r\n", "\n").replace("\r", "\n") for name, value in form.items() if name in _NAMES
    }
    return given | {"complaints": "\n".join(str(value) for value in form.getlist("complaints"))}


def _number(given: str) -> int:
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0
