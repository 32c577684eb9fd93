"""The test bench: an editor types what a patient would type, and sees all that follows. Nothing typed is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.consoles.editor import insight_words as words
from careline.consoles.editor.doors import Me
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.insight_services import Insight, InsightServices
from careline.consultation.insight.bench_reading import Asker, BenchReading
from careline.consultation.insight.message_bench import MOST_CHARACTERS, MessageBench

router = APIRouter(prefix="/console/content/bench", include_in_schema=False)

_OLDEST_YEARS = 130.0
_PREPARED = "prepared"


@router.get("")
async def show_bench(request: Request, me: Me, insight: Insight) -> Response:
    """Show the form."""
    return desk_page(request, "editor/bench.html", me=me, **_form(insight, {}), reading=None, problem="")


@router.post("")
async def read_words(request: Request, me: Me, insight: Insight) -> Response:
    """Show what the words lead to. A POST: what is typed may be a patient's words, and those stand in no address."""
    given = {name: str(value)[:MOST_CHARACTERS].strip() for name, value in (await request.form()).items()}
    form = _form(insight, given)
    age, problem = _age(given.get("age", ""))
    if not problem and not given.get("words"):
        problem = "Type what a patient would type."
    if problem:
        return desk_page(request, "editor/bench.html", me=me, status=422, **form, reading=None, problem=problem)
    asker = Asker(
        age_years=age,
        sex=given.get("sex") if given.get("sex") in ("female", "male") else None,
        pregnant={"yes": True, "no": False}.get(given.get("pregnant", "")),
        country=given.get("country") if given.get("country") in insight.countries() else None,
        language=given["language"] if given.get("language") in insight.languages() else "en",
    )
    bench: MessageBench | None = insight.bench
    if given.get("release") == _PREPARED:
        bench = await run_in_threadpool(insight.bench_of_prepared)
    if bench is None:
        problem = "No release is prepared that patients do not see already. Choose what patients see now."
        return desk_page(request, "editor/bench.html", me=me, status=409, **form, reading=None, problem=problem)
    reading = await run_in_threadpool(bench.read, given["words"], asker)
    return desk_page(request, "editor/bench.html", me=me, **form, reading=reading, problem="", never=_never(reading))


def _form(insight: InsightServices, given: Mapping[str, str]) -> dict[str, Any]:
    return {
        "given": given,
        "languages": list(insight.languages().items()),
        "countries": sorted(insight.countries().items(), key=lambda one: one[1]),
        "words": words,
        "most": MOST_CHARACTERS,
    }


def _never(reading: BenchReading) -> bool:
    """Return whether the recogniser raises no card by itself, whatever the score."""
    return reading.recognised is not None and reading.recognised.card_from >= words.UNLIKELY_BY


def _age(typed: str) -> tuple[float | None, str]:
    """Return an age in years, and what is wrong with it."""
    if not typed:
        return None, ""
    try:
        age = float(typed)
    except ValueError:
        age = -1.0
    if not 0 <= age <= _OLDEST_YEARS:
        return None, f"Give the age in years, from 0 to {_OLDEST_YEARS:.0f}, such as 34 or 0.5."
    return age, ""
