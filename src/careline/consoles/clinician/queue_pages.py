"""The queue: a page that works without script, its rows alone, and the stream that says when they have changed."""

from __future__ import annotations

from collections.abc import AsyncIterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, Response

from careline.consoles.clinician import words
from careline.consoles.clinician.board import board_of, shown_levels
from careline.consoles.clinician.doors import Me, MeInBackground, Services
from careline.consoles.clinician.live import changes
from careline.consoles.clinician.rows import Row, row_of
from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.clinician.viewing import viewer_of
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.escalation.errors import UnknownEscalationError
from careline.escalation.escalation import Acuity, Escalation, Reason, State
from careline.escalation.queue import View
from careline.escalation.service import QUEUE

router = APIRouter(prefix="/console/queue", include_in_schema=False)

VIEWS = {View.UNCLAIMED: "Unclaimed", View.MINE: "Mine", View.ALL: "All open", View.CLOSED: "Closed"}
_MOST_ROWS = 200


@dataclass(frozen=True)
class Choice:
    """Which part of the queue is shown."""

    view: View
    acuity: Acuity | None
    reason: Reason | None


def choice_of(request: Request) -> Choice:
    """Return what the address asks for; what it does not know, it takes for everything."""
    query = request.query_params
    view = query.get("view", "")
    level, reason = query.get("level", ""), query.get("reason", "")
    return Choice(
        View(view) if view in set(View) else View.UNCLAIMED,
        Acuity(level) if level in {acuity.value for acuity in Acuity} else None,
        Reason(reason) if reason in set(Reason) else None,
    )


Chosen = Annotated[Choice, Depends(choice_of)]


@router.get("")
async def show_queue(request: Request, me: Me, services: Services, chosen: Chosen) -> Response:
    """Show the queue."""
    await run_in_threadpool(services.viewing.record, viewer_of(me), "queue_viewed", chosen.view.value)
    values = await run_in_threadpool(_values, services, me.account.id, chosen, "", is_held=False)
    return page(request, "clinician/queue.html", me=me, **values)


@router.post("/rows")
async def show_rows(
    request: Request,
    me: MeInBackground,
    services: Services,
    chosen: Chosen,
    shown: Annotated[str, Form(max_length=60 * _MOST_ROWS)] = "",
    held: Annotated[str, Form(max_length=3)] = "",
) -> Response:
    """Return the rows as they are now, for a browser that shows these; a POST, as the list is long."""
    values = await run_in_threadpool(_values, services, me.account.id, chosen, shown, is_held=held == "yes")
    html = shell_services(request).pages.render("clinician/queue_rows.html", form_token=me.form_token, **values)
    return HTMLResponse(html)


@router.get("/stream", response_class=EventSourceResponse)
async def follow_queue(request: Request, me: MeInBackground, services: Services) -> AsyncIterable[ServerSentEvent]:
    """Say whenever the queue has changed; not how."""
    async for event in changes(request, services, (QUEUE,), "queue"):
        yield event


def _values(services: ConsoleServices, staff_id: str, chosen: Choice, shown: str, *, is_held: bool) -> dict[str, Any]:
    now = services.now()
    found = services.queue.rows(
        chosen.view, staff_id=staff_id, acuity=chosen.acuity, reason=chosen.reason, limit=_MOST_ROWS
    )
    rows = [row_of(one, now=now, flag_title=services.cases.flag_title) for one in found]
    levels = shown_levels(shown)
    left = (
        _left(services, [case_id for case_id in levels if case_id not in {row.id for row in rows}]) if is_held else []
    )
    board = board_of(rows, levels, left, is_held=is_held)
    counts = services.queue.counts(staff_id=staff_id)
    return {
        "board": board,
        "views": [(view.value, title, counts[view]) for view, title in VIEWS.items()],
        "chosen": chosen,
        "levels": [(acuity.value, words.level(acuity)) for acuity in Acuity],
        "reasons": [(reason.value, title) for reason, title in words.REASONS.items()],
        "staff_id": staff_id,
        "most_rows": _MOST_ROWS,
        "is_full": len(found) == _MOST_ROWS,
        "checked_at": words.clock(now),
    }


def _left(services: ConsoleServices, case_ids: list[str]) -> list[Row]:
    """Return the rows of cases that have left the list meanwhile, with where they are now."""
    now, rows = services.now(), []
    for case_id in case_ids[:_MOST_ROWS]:
        try:
            one = services.api.desk.read(case_id)
        except UnknownEscalationError:
            continue
        rows.append(row_of(one, now=now, flag_title=services.cases.flag_title, left=_where(one)))
    return rows


def _where(escalation: Escalation) -> str:
    if escalation.state is State.CLOSED:
        return "Closed meanwhile"
    if escalation.owner is not None:
        return f"Taken meanwhile by {escalation.owner.name}"
    return "No longer in this list"
