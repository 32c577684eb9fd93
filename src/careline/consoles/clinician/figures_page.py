"""How the clinicians' side does: waits against targets, what is open, and what clinicians say of the triage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.clinician import words
from careline.consoles.clinician.doors import Me, Services
from careline.consoles.shell.pages import page
from careline.consoles.shell.plots import Bar, bars, columns
from careline.escalation.escalation import Acuity, Event, Verdict
from careline.escalation.figures import LevelFigures, Waits

router = APIRouter(prefix="/console/figures", include_in_schema=False)

_SPANS = {"7": 7, "30": 30, "90": 90}
_STEPS = {Event.ACKNOWLEDGED: "Seen", Event.CLAIMED: "Claimed", Event.ANSWERED: "Answered"}


@dataclass(frozen=True)
class LevelRow:
    """One level's figures in words."""

    level: str
    opened: int
    still_open: int
    overdue: int
    target: str
    waits: Sequence[tuple[str, str]]
    in_time: str
    verdicts: Sequence[int]


@router.get("")
async def show_figures(request: Request, me: Me, services: Services) -> Response:
    """Show the figures of the last days. Nobody's data stands in them: each is a count or a time."""
    chosen = request.query_params.get("days", "30")
    days = _SPANS.get(chosen, 30)
    now = services.now()
    since = (now - dt.timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    levels = await run_in_threadpool(services.figures.by_level, since=since, until=now)
    by_day = await run_in_threadpool(services.figures.opened_by_day, since=since, until=now)
    waited = [one for one in levels if one.waits[Event.CLAIMED].median is not None]
    return page(
        request,
        "clinician/figures.html",
        me=me,
        days=days,
        spans=_SPANS,
        rows=[_row(one, services.target) for one in levels],
        steps=list(_STEPS.values()),
        verdicts=list(words.VERDICTS.values()),
        opened=sum(one.opened for one in levels),
        still_open=sum(one.still_open for one in levels),
        overdue=sum(one.overdue for one in levels),
        by_day=[(day.strftime("%-d %b %Y"), count) for day, count in by_day.items()],
        opened_picture=columns(by_day),
        claim_picture=bars([_claim_bar(one, services.target) for one in waited]),
        verdict_picture=bars(_verdict_bars(levels)),
    )


def _row(one: LevelFigures, target: Callable[[Acuity | None], dt.timedelta | None]) -> LevelRow:
    aim = target(one.acuity)
    return LevelRow(
        level=words.level(one.acuity),
        opened=one.opened,
        still_open=one.still_open,
        overdue=one.overdue,
        target=words.span(aim) if aim is not None else "none",
        waits=[_wait(one.waits[step]) for step in _STEPS],
        in_time=f"{one.in_time} of {one.with_deadline}" if one.with_deadline else "none due",
        verdicts=[one.verdicts.get(verdict, 0) for verdict in Verdict],
    )


def _wait(waits: Waits) -> tuple[str, str]:
    """Return the middle wait and the wait of nine in ten, in words."""
    if waits.median is None or waits.p90 is None:
        return "none yet", ""
    middle, most = (words.span(dt.timedelta(seconds=seconds)) for seconds in (waits.median, waits.p90))
    return middle, f"9 in 10 within {most}, of {waits.count}"


def _claim_bar(one: LevelFigures, target: Callable[[Acuity | None], dt.timedelta | None]) -> Bar:
    seconds = one.waits[Event.CLAIMED].median or 0.0
    aim = target(one.acuity)
    key = one.acuity.value if one.acuity else "none"
    shown = words.span(dt.timedelta(seconds=seconds))
    # On the square root's scale an emergency's minute is still seen beside a routine case's hours.
    mark = aim.total_seconds() ** 0.5 if aim is not None else None
    return Bar(words.level(one.acuity), seconds**0.5, shown, f"plot__bar plot__bar--{key}", mark)


def _verdict_bars(levels: Sequence[LevelFigures]) -> list[Bar]:
    counts = {verdict: sum(one.verdicts.get(verdict, 0) for one in levels) for verdict in Verdict}
    return [
        Bar(words.VERDICTS[verdict], count, str(count), f"plot__bar plot__bar--{verdict.value}")
        for verdict, count in counts.items()
    ]
