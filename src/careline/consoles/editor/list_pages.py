"""All content: what there is, where it stands, and which complaints have an article and a protocol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.editor import words
from careline.consoles.editor.catalogue import Choice, Entry, chosen
from careline.consoles.editor.doors import Me, Services
from careline.consoles.editor.frame import desk_page
from careline.editorial.item import Kind
from careline.editorial.life_cycle import State
from careline.staff.account import Role

router = APIRouter(prefix="/console/content", include_in_schema=False)

_ROWS = 50  # of one page
_MOST_CHARACTERS = 200
WAITS = {
    "mine": "My drafts",
    "sign": "For a clinician to sign",
    "publish": "For an admin to publish",
    "offered": "A newer text of the program",
}
REVIEWS = {"overdue": "Overdue", "soon": "Within 60 days"}


@dataclass(frozen=True)
class Row:
    """An item as the list says it.

    Attributes:
        now: What patients see of it.
        work: What is being done with it; empty if nothing.
        holder: Who has to act next.
    """

    path: str
    title: str
    kind: str
    now: tuple[str, str]
    work: tuple[str, str] | None
    review_by: str
    review_is: str
    holder: str


@router.get("")
async def show_list(request: Request, me: Me, services: Services) -> Response:
    """Show the items that the address asks for."""
    choice = _choice(request)
    entries = await run_in_threadpool(services.catalogue.entries)
    names = await run_in_threadpool(services.names)
    today = services.now().date()
    found = chosen(entries, choice, me=me.account.id, today=today)
    pages = max(1, -(-len(found) // _ROWS))
    number = _page_number(request, pages)
    due = await run_in_threadpool(services.editorial.expiry.due)
    shown = found[(number - 1) * _ROWS : number * _ROWS]
    given = {name: value for name, value in request.query_params.items() if value and name != "page"}
    return desk_page(
        request,
        "editor/list.html",
        me=me,
        rows=[row_of(one, names, today) for one in shown],
        found=len(found),
        total=len(entries),
        can_write=Role.EDITOR in me.account.roles,
        from_program=sum(one.line.is_from_program for one in entries),
        alarms=sum(one.is_alarm for one in due),
        hidden=sum(one.effect == "hidden" for one in due),
        number=number,
        pages=pages,
        before=f"?{urlencode(given | {'page': number - 1})}" if number > 1 else "",
        after=f"?{urlencode(given | {'page': number + 1})}" if number < pages else "",
        given=given,
        kinds=[(kind.value, title) for kind, title in words.KINDS.items()],
        states=[(state.value, title) for state, title in words.STATES.items()],
        complaints=sorted(services.complaints().items(), key=lambda one: one[1].lower()),
        waits=list(WAITS.items()),
        reviews=list(REVIEWS.items()),
    )


@router.get("/coverage")
async def show_coverage(request: Request, me: Me, services: Services) -> Response:
    """Show which complaints have a protocol and an article, and how they stand."""
    entries = await run_in_threadpool(services.catalogue.entries)
    names, today = await run_in_threadpool(services.names), services.now().date()
    titles = dict(services.complaints())
    rows: dict[str, dict[Kind, list[Row]]] = {one: {Kind.PROTOCOL: [], Kind.ARTICLE: []} for one in titles}
    readable: set[str] = set()
    for entry in entries:
        if entry.line.kind is Kind.ARTICLE and entry.is_published:
            readable.update(entry.card.complaints)
        if entry.line.kind in (Kind.PROTOCOL, Kind.ARTICLE):
            for complaint in entry.card.complaints:
                kinds = rows.setdefault(complaint, {Kind.PROTOCOL: [], Kind.ARTICLE: []})
                kinds[entry.line.kind].append(row_of(entry, names, today))
    lines = sorted(
        (titles.get(one, one), one, kinds[Kind.PROTOCOL], kinds[Kind.ARTICLE]) for one, kinds in rows.items()
    )
    without = len(rows.keys() - readable)
    return desk_page(request, "editor/coverage.html", me=me, lines=lines, without=without)


def row_of(entry: Entry, names: Mapping[str, str], today: dt.date) -> Row:
    """Return an item as the list says it."""
    line = entry.line
    now = ("Not published", "grey") if line.served_state is None else _tag(line.served_state)
    days = entry.days_left(today)
    return Row(
        path=line.path,
        title=entry.card.title,
        kind=words.KINDS[line.kind],
        now=now,
        work=_tag(line.state) if line.newest != line.served else None,
        review_by=words.day(line.review_by),
        review_is="" if days is None else "overdue" if days < 0 else "soon" if days <= 60 else "",
        holder=_holder(entry, names),
    )


def _tag(state: State) -> tuple[str, str]:
    return words.STATES[state], words.COLOURS.get(state, "grey")


def _holder(entry: Entry, names: Mapping[str, str]) -> str:
    line = entry.line
    if line.newest == line.served:
        return ""
    author = words.name(line.author, names)
    return {
        State.DRAFT: author,
        State.IN_REVIEW: f"A clinician other than {author}",
        State.SIGNED: "An admin",
    }.get(line.state, "")


def _choice(request: Request) -> Choice:
    """Return what the address asks for; what it does not know, it takes for everything."""
    query = {name: value[:_MOST_CHARACTERS].strip() for name, value in request.query_params.items()}
    kind, state = query.get("kind", ""), query.get("state", "")
    return Choice(
        words=query.get("q", ""),
        kind=Kind(kind) if kind in set(Kind) else None,
        state=State(state) if state in set(State) else None,
        complaint=query.get("complaint", ""),
        review=query.get("review", ""),
        waits=query.get("waits", ""),
    )


def _page_number(request: Request, pages: int) -> int:
    given = request.query_params.get("page", "")
    return min(max(int(given), 1), pages) if given.isascii() and given.isdigit() and len(given) < 6 else 1
