"""Clinicians' verdicts "too high" and "too low", as a queue for editors; each view is on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.editor import insight_words as words
from careline.consoles.editor.doors import Editor, Services
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.insight_services import Insight, InsightServices
from careline.consoles.editor.rule_places import rule_places
from careline.consoles.editor.services import EditorServices
from careline.consoles.editor.words import LEVELS
from careline.editorial.errors import EditorialError
from careline.escalation.errors import ReviewStepError, UnknownEscalationError
from careline.escalation.escalation import Verdict
from careline.escalation.verdict_review import DoubtedTriage, FiredRule, ReviewState, ReviewStep
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/content/verdicts", include_in_schema=False)

VERDICTS = "/console/content/verdicts"
STATES = {
    ReviewState.OPEN: "To look at",
    ReviewState.LOOKED_AT: "Looked at",
    ReviewState.CHANGE_MADE: "Change made",
    ReviewState.NO_CHANGE: "No change",
}
COLOURS = {ReviewState.OPEN: "yellow", ReviewState.LOOKED_AT: "blue", ReviewState.CHANGE_MADE: "green"}
_SAID = {Verdict.TOO_LOW: ("Too low", "red"), Verdict.TOO_HIGH: ("Too high", "orange")}
_WAITING = frozenset({ReviewState.OPEN, ReviewState.LOOKED_AT})
_RAISES = "raises the level while it is open"
_MOST_SHOWN = 50
_MOST_DIGITS = 6


@dataclass(frozen=True)
class ShownRule:
    """A rule that fired, or a question that was open, and the item it stands in."""

    id: str
    text: str
    level: str
    kind: str
    path: str | None


@dataclass(frozen=True)
class Row:
    """A verdict as the page says it; the clinician's words are redacted."""

    id: str
    closed_at: dt.datetime
    verdict: tuple[str, str]
    triage: str
    disposition: str
    why: str
    complaints: str
    rules: tuple[ShownRule, ...]
    state: tuple[str, str]
    steps: tuple[ReviewStep, ...]


@router.get("")
async def show_verdicts(request: Request, me: Editor, services: Services, insight: Insight) -> Response:
    """Show the verdicts that wait, or those that are done with."""
    return await _verdicts_page(request, me, services, insight, done=request.query_params.get("show") == "done")


@router.post("/{escalation_id}")
async def take_step(
    request: Request,
    me: Editor,
    services: Services,
    insight: Insight,
    escalation_id: str,
    state: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=4000)] = "",
    path: Annotated[str, Form(max_length=200)] = "",
    revision: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep what an editor has done about a verdict."""
    try:
        if state not in set(ReviewState) - {ReviewState.OPEN}:
            raise ReviewStepError("state", "Choose what you have done about it.")
        number = await _revision(services, path.strip(), revision.strip()) if state == ReviewState.CHANGE_MADE else None
        await run_in_threadpool(
            insight.verdicts.take_step,
            escalation_id,
            ReviewState(state),
            note,
            account_id=me.account.id,
            name=me.account.name,
            path=path.strip() or None,
            revision=number,
        )
    except UnknownEscalationError:
        gone = "There is no such verdict any more: the case may have been opened again."
        return await _verdicts_page(request, me, services, insight, problem=gone, status=404)
    except ReviewStepError as error:
        typed = {"state": state, "note": note, "path": path, "revision": revision}
        return await _verdicts_page(
            request, me, services, insight, problem=str(error), at=escalation_id, typed=typed, status=422
        )
    return RedirectResponse(VERDICTS, 303)


async def _revision(services: EditorServices, path: str, revision: str) -> int | None:
    """Return the number of a revision that exists; None where nothing is named.

    Raises:
        ReviewStepError: There is no such revision.
    """
    if not path and not revision:
        return None
    is_number = revision.isascii() and revision.isdigit() and len(revision) <= _MOST_DIGITS
    try:
        item = await run_in_threadpool(services.editorial.editing.item, path)
        if is_number and any(one.number == int(revision) for one in item.revisions):
            return int(revision)
    except EditorialError:
        pass
    raise ReviewStepError("change", "There is no such revision. Name an item by its path, and a number of its history.")


async def _verdicts_page(
    request: Request,
    me: StaffSession,
    services: EditorServices,
    insight: InsightServices,
    *,
    done: bool = False,
    problem: str = "",
    at: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    every = await run_in_threadpool(insight.verdicts.doubted)
    wanted = [one for one in every if (one.state in _WAITING) is not done]
    shown = wanted[:_MOST_SHOWN]
    held = [rule.id for one in shown for rule in one.fired] + [open_.id for one in shown for open_ in one.raised_by]
    place = await run_in_threadpool(rule_places, services.editorial.editing, held)
    rows = [_row(one, place, insight) for one in shown]
    await run_in_threadpool(insight.record_view, me.account.id, "verdicts_viewed", "verdicts", len(rows))
    return desk_page(
        request,
        "editor/verdicts.html",
        me=me,
        status=status,
        done=done,
        rows=rows,
        found=len(wanted),
        waiting=sum(one.state in _WAITING for one in every),
        finished=sum(one.state not in _WAITING for one in every),
        states=[(state.value, title) for state, title in STATES.items() if state is not ReviewState.OPEN],
        titles=STATES,
        problem=problem,
        at=at,
        typed=typed or {},
    )


def _row(one: DoubtedTriage, place: Callable[[str], str | None], insight: InsightServices) -> Row:
    return Row(
        id=one.escalation_id,
        closed_at=one.closed_at,
        verdict=_SAID[one.verdict],
        triage=words.level(one.triage.value if one.triage else None),
        disposition=LEVELS.get(one.disposition) or insight.redact(one.disposition),
        why=insight.redact(one.why),
        complaints=", ".join(one.complaints),
        rules=(
            *(_shown(rule, place(rule.id)) for rule in one.fired),
            *(ShownRule(open_.id, open_.text, _RAISES, "Open question", place(open_.id)) for open_ in one.raised_by),
        ),
        state=(STATES[one.state], COLOURS.get(one.state, "grey")),
        steps=one.steps,
    )


def _shown(rule: FiredRule, path: str | None) -> ShownRule:
    level = words.level(rule.acuity.value) if rule.acuity else ("" if rule.is_flag else "raises the level by one")
    return ShownRule(rule.id, rule.text, level, "Red flag" if rule.is_flag else "Rule", path)
