"""Looking for past cases."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.clinician import words
from careline.consoles.clinician.doors import Me, Services
from careline.consoles.clinician.rows import row_of
from careline.consoles.clinician.viewing import viewer_of
from careline.consoles.shell.pages import page
from careline.escalation.escalation import Acuity, Reason, State, Verdict
from careline.escalation.queue import Search
from careline.staff.audit import Value

router = APIRouter(prefix="/console/search", include_in_schema=False)

Named = TypeVar("Named", bound=enum.Enum)

_MOST_FOUND = 100
_NAMED = 20  # cases that the trail names
_MOST_CHARACTERS = 200


@router.get("")
async def show_search(request: Request, me: Me) -> Response:
    """Show the form."""
    return page(request, "clinician/search.html", me=me, **_form({}), found=None)


@router.post("")
async def find_cases(request: Request, me: Me, services: Services) -> Response:
    """Show what fits. A POST: what is looked for may be a patient's words, and those stand in no address."""
    given = {name: str(value)[:_MOST_CHARACTERS].strip() for name, value in (await request.form()).items()}
    problems: dict[str, str] = {}
    search = Search(
        words=given.get("words", ""),
        acuity=_one_of(Acuity, given.get("level", "")),
        reason=_one_of(Reason, given.get("reason", "")),
        state=_one_of(State, given.get("state", "")),
        verdict=_one_of(Verdict, given.get("verdict", "")),
        outcome=given.get("outcome") if given.get("outcome") in words.OUTCOMES else None,
        since=_day(given, "since", problems),
        until=_day(given, "until", problems, end=True),
    )
    if problems:
        return page(request, "clinician/search.html", me=me, status=422, **_form(given, problems), found=None)
    found = await run_in_threadpool(services.queue.search, search, limit=_MOST_FOUND)
    used = sorted(name for name, value in given.items() if value and name != "form_token")
    detail: dict[str, Value] = {"by": used, "found": len(found), "cases": [one.id for one in found[:_NAMED]]}
    await run_in_threadpool(services.viewing.record, viewer_of(me), "cases_searched", "escalations", detail)
    now = services.now()
    rows = [row_of(one, now=now, flag_title=services.cases.flag_title) for one in found]
    return page(
        request,
        "clinician/search.html",
        me=me,
        **_form(given),
        found=rows,
        staff_id=me.account.id,
        most=_MOST_FOUND,
    )


def _form(given: Mapping[str, str], problems: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {
        "given": given,
        "problems": problems or {},
        "levels": [(acuity.value, words.level(acuity)) for acuity in Acuity],
        "reasons": [(reason.value, title) for reason, title in words.REASONS.items()],
        "states": [(state.value, title) for state, title in words.STATES.items()],
        "verdicts": [(verdict.value, title) for verdict, title in words.VERDICTS.items()],
        "outcomes": list(words.OUTCOMES.items()),
    }


def _one_of(kind: type[Named], value: str) -> Named | None:
    try:
        return kind(value)
    except ValueError:
        return None


def _day(given: Mapping[str, str], name: str, problems: dict[str, str], *, end: bool = False) -> dt.datetime | None:
    value = given.get(name, "")
    if not value:
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        problems[name] = "Give the day as year-month-day, such as 2026-11-21."
        return None
    start = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return start + dt.timedelta(days=1) if end else start
