"""How the content does, in figures: each is a count, with a picture and a table that say the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from markupsafe import Markup
from starlette.responses import Response

from careline.consoles.editor import words
from careline.consoles.editor.catalogue import Entry
from careline.consoles.editor.doors import Me, Services
from careline.consoles.editor.frame import desk_page
from careline.consoles.editor.insight_services import Insight
from careline.consoles.shell.plots import Bar, bars, columns
from careline.consultation.insight.figures import VOTES, ContentFigures
from careline.editorial.item import Kind

router = APIRouter(prefix="/console/content/figures", include_in_schema=False)

_SPANS = {"7": 7, "30": 30, "90": 90}
_MOST_ARTICLES = 20
_SOON_DAYS = 60
_AGES = (("Overdue", None, -1), ("Within 30 days", 0, 30), ("31 to 60 days", 31, 60), ("61 to 180 days", 61, 180))
_LATER = "Later, or no date"
VOTE_TITLES = {"yes": "Helped", "partly": "Partly", "no": "Did not help"}


@dataclass(frozen=True)
class Due:
    """An item whose review is over or near."""

    path: str
    title: str
    kind: str
    review_by: str
    is_overdue: bool


@router.get("")
async def show_figures(request: Request, me: Me, services: Services, insight: Insight) -> Response:
    """Show the figures of the last days."""
    days = _SPANS.get(request.query_params.get("days", "30"), 30)
    now = insight.now()
    since = (now - dt.timedelta(days=days - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = await run_in_threadpool(insight.figures.over, since=since, until=now)
    entries = await run_in_threadpool(services.catalogue.entries)
    published = [entry for entry in entries if entry.is_published]
    ages = _ages(published, now.date())
    rated = found.votes[:_MOST_ARTICLES]
    total = _searches(found)
    return desk_page(
        request,
        "editor/figures.html",
        me=me,
        days=days,
        spans=_SPANS,
        searched=sum(total.values()),
        abstained=sum(found.abstained.values()),
        asked_back=sum(found.asked_back.values()),
        closed=sum(found.closed.values()),
        by_day=[
            (_day(day), total[day], found.answered[day], found.asked_back[day], found.abstained[day], found.closed[day])
            for day in total
        ],
        search_picture=columns(total),
        abstained_picture=columns(found.abstained),
        closed_picture=columns(found.closed),
        votes=rated,
        vote_names=list(VOTES),
        vote_titles=VOTE_TITLES,
        votes_picture=_votes_picture(found),
        ages=list(ages.items()),
        ages_picture=bars([Bar(name, count, str(count), "plot__bar") for name, count in ages.items()]),
        due=_due(published, now.date()),
        soon_days=_SOON_DAYS,
    )


def _day(day: dt.date) -> str:
    return day.strftime("%-d %b %Y")


def _searches(found: ContentFigures) -> dict[dt.date, int]:
    return {day: found.answered[day] + found.asked_back[day] + found.abstained[day] for day in found.answered}


def _votes_picture(found: ContentFigures) -> Markup:
    """Return the share of "helped" of the articles with most votes."""
    return bars(
        [
            Bar(_short(one.title), one.counts["yes"] / one.total, f"{one.counts['yes']} of {one.total}", "plot__column")
            for one in found.votes[:_MOST_ARTICLES]
        ]
    )


def _short(title: str) -> str:
    return title if len(title) <= 17 else f"{title[:16]}\N{HORIZONTAL ELLIPSIS}"


def _ages(published: Sequence[Entry], today: dt.date) -> Mapping[str, int]:
    """Return how many published items are how near to their review."""
    counts = {name: 0 for name, _, _ in _AGES} | {_LATER: 0}
    for entry in published:
        left = entry.days_left(today)
        name = next(
            (
                name
                for name, least, most in _AGES
                if left is not None and (least is None or left >= least) and left <= most
            ),
            _LATER,
        )
        counts[name] += 1
    return counts


def _due(published: Sequence[Entry], today: dt.date) -> list[Due]:
    """Return what is overdue or soon due, the oldest date first."""
    found = []
    for entry in sorted(published, key=lambda one: (one.line.review_by or dt.date.max, one.line.path)):
        left = entry.days_left(today)
        if left is not None and left <= _SOON_DAYS and entry.line.kind is not Kind.OTHER:
            title, kind = entry.card.title, words.KINDS[entry.line.kind]
            found.append(Due(entry.line.path, title, kind, words.day(entry.line.review_by), left < 0))
    return found
