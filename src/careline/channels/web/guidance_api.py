"""Guidance for everybody: search, one article, and its page. No credentials; limited per caller."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined

from careline.channels.web.access import Services, caller_of
from careline.channels.web.chat_session import forget_session
from careline.channels.web.coming_back import forget_sign
from careline.channels.web.errors import UnknownArticleError
from careline.channels.web.explained_words import ExplainedWords
from careline.channels.web.services import WebServices
from careline.consultation.advising import contract_hit
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.guidance.article import Article
from careline.guidance.page import page_sections
from careline.guidance.search import SearchFilter

router = APIRouter(tags=["guidance"])

_pages = Environment(
    loader=PackageLoader("careline.channels.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
_STYLE = Path(__file__).parent / "static" / "page.css"

AcuityName = Literal["emergency_now", "ed_now", "same_day", "gp_soon", "routine", "self_care"]


@router.get("/api/v1/guidance/search")
async def search_guidance(
    request: Request,
    services: Services,
    q: Annotated[str, Query(min_length=1, max_length=1000)],
    limit: Annotated[int, Query(ge=1, le=10)] = 3,
    language: Annotated[str, Query(pattern=r"^[a-z]{2,3}$")] = "en",
    age_years: Annotated[float | None, Query(ge=0, le=130)] = None,
    pregnant: bool | None = None,
    acuity: AcuityName | None = None,
    complaint: Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]*$", max_length=80)] = None,
) -> dict[str, Any]:
    """Search the reviewed guidance; items are empty unless the verdict is `answer`."""
    services.limits.check(services.search_limit, caller_of(request))
    release = services.releases.newest
    if release.guidance is None:
        return {"items": [], "verdict": "none", "release": release.id}
    filters = SearchFilter(
        today=services.house.now().date(),
        language=language,
        age_years=age_years,
        pregnant=pregnant,
        acuity=acuity,
        complaint=complaint,
        signed_only=services.house.signed_only,
    )
    result = await run_in_threadpool(release.guidance.search, q, filters, limit=limit)
    answer: dict[str, Any] = {
        "items": [contract_hit(hit) for hit in result.hits],
        "verdict": result.verdict,
        "release": result.release,
    }
    if result.suggest is not None:
        answer["suggest"] = msgspec.to_builtins(result.suggest)
    return answer


@router.get("/api/v1/guidance/articles/{article_id}")
async def readarticle_of(services: Services, article_id: str) -> dict[str, Any]:
    """Read one article."""
    shown: dict[str, Any] = msgspec.to_builtins(article_of(services, article_id))
    return {**shown, "url": f"/guidance/{article_id}"}


@router.get("/guidance/{article_id}", response_class=HTMLResponse)
async def article_page(services: Services, article_id: str) -> HTMLResponse:
    """Show one article as a page to read and print."""
    article = article_of(services, article_id)
    template = _pages.get_template("article.html")
    return HTMLResponse(
        template.render(
            article=article,
            sections=page_sections(article),
            terms=ExplainedWords(services.house.wording.explained.get(article.language, {}), "word"),
            operator=services.house.operator_in(article.language),
            quick_exit=services.releases.newest.is_read_by_watched(article.complaints),
        )
    )


@router.get("/leave")
async def leave(services: Services) -> Response:
    """Take somebody who must leave at once to a neutral page; what the browser keeps of ours is cleared.

    The pages seen before stay in the browser's history: no server can take them out, and the pages say so.
    """
    headers = {"Location": services.quick_exit_url, "Clear-Site-Data": '"cache", "cookies", "storage"'}
    answer = Response(status_code=303, headers=headers)
    forget_session(answer, services)  # in a frame of another site the header above does not reach the cookies
    forget_sign(answer, services)
    return answer


@router.get("/static/page.css", include_in_schema=False)
async def page_style() -> Response:
    """Serve the pages' style."""
    return Response(_STYLE.read_text(encoding="utf-8"), media_type="text/css")


@router.get("/", response_class=HTMLResponse, include_in_schema=False)
async def start_page(services: Services) -> HTMLResponse:
    """Say what runs here and where to go on."""
    return HTMLResponse(_pages.get_template("start.html").render(operator=services.house.operator_in(DEFAULT_LANGUAGE)))


def article_of(services: WebServices, article_id: str) -> Article:
    """Return an article that may be shown.

    Raises:
        UnknownArticleError: There is none.
    """
    guidance = services.releases.newest.guidance
    found = (
        guidance.article(article_id, today=services.house.now().date(), signed_only=services.house.signed_only)
        if guidance is not None
        else None
    )
    if found is None:
        raise UnknownArticleError
    return found
