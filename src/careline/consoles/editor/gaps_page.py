"""Knowledge gaps: what patients asked and no article answered, redacted; each view is on record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor.doors import Editor
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.insight_services import Insight, InsightServices
from careline.consultation.insight.errors import DecisionError, UnknownGapError
from careline.consultation.insight.gaps import Decision
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/gaps", include_in_schema=False)

GAPS = "/console/content/gaps"
_MOST_SHOWN = 50
_OPEN_AGAIN = "open_again"
DECISIONS = {Decision.COVERED: "This is covered now", Decision.NOT_FOR_US: "Not for us"}
_DIGITS = 9


@router.get("")
async def show_gaps(request: Request, me: Editor, insight: Insight) -> Response:
    """Show the open gaps, or those that were decided."""
    return await _gaps_page(request, me, insight, settled=request.query_params.get("show") == "settled")


@router.post("/{gap_id}")
async def decide(
    request: Request,
    me: Editor,
    insight: Insight,
    gap_id: str,
    decision: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=4000)] = "",
    seen_up_to: Annotated[str, Form(max_length=_DIGITS)] = "",
) -> Response:
    """Keep what is decided about a gap."""
    if not _is_number(gap_id):
        return await _gaps_page(request, me, insight, problem="There is no such gap any more.", status=404)
    try:
        if decision == _OPEN_AGAIN:
            await run_in_threadpool(insight.gaps.open_again, int(gap_id), account_id=me.account.id)
            return RedirectResponse(f"{GAPS}?show=settled", 303)
        if decision not in set(Decision) or not _is_number(seen_up_to):
            raise DecisionError("Choose what to do with the gap.")
        await run_in_threadpool(
            insight.gaps.decide,
            int(gap_id),
            Decision(decision),
            note,
            account_id=me.account.id,
            name=me.account.name,
            seen_up_to=int(seen_up_to),
        )
    except UnknownGapError:
        gone = "There is no such gap any more: its questions may have been erased."
        return await _gaps_page(request, me, insight, problem=gone, status=404)
    except DecisionError as error:
        return await _gaps_page(request, me, insight, problem=str(error), at=gap_id, note=note, status=422)
    return RedirectResponse(GAPS, 303)


def begun_with_gap(insight: InsightServices, account_id: str, gap_id: int) -> dict[str, str]:
    """Return the fields that a new article about a gap begins with; none where the gap is gone."""
    try:
        start = insight.gaps.article_start(gap_id)
    except UnknownGapError:
        return {}
    insight.record_view(account_id, "gaps_viewed", str(gap_id), 1)
    return {"title": start.title, "keywords": "\n".join(start.keywords), "questions": "\n".join(start.questions)}


async def _gaps_page(
    request: Request,
    me: StaffSession,
    insight: InsightServices,
    *,
    settled: bool = False,
    problem: str = "",
    at: str = "",
    note: str = "",
    status: int = 200,
) -> Response:
    every = await run_in_threadpool(insight.gaps.gaps)
    wanted = [gap for gap in every if gap.is_open is not settled]
    shown = wanted[:_MOST_SHOWN]
    await run_in_threadpool(insight.record_view, me.account.id, "gaps_viewed", "knowledge_gaps", len(shown))
    return desk_page(
        request,
        "editor/gaps.html",
        me=me,
        status=status,
        settled=settled,
        gaps=shown,
        found=len(wanted),
        open_count=sum(gap.is_open for gap in every),
        settled_count=sum(not gap.is_open for gap in every),
        decisions=[(decision.value, title) for decision, title in DECISIONS.items()],
        titles=DECISIONS,
        problem=problem,
        at=at,
        note=note,
    )


def _is_number(given: str) -> bool:
    return given.isascii() and given.isdigit() and len(given) <= _DIGITS
