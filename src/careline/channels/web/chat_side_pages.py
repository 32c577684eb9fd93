"""Beside the conversation: its summary to keep, articles to read, feedback, and leaving without a trace."""

from __future__ import annotations

from typing import get_args

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from careline.channels.web.access import Services
from careline.channels.web.chat_files import script_url
from careline.channels.web.chat_form import field
from careline.channels.web.chat_frame import Frame, frame_of, own_frame, page, read_talk
from careline.channels.web.chat_pages import chat_page, find_session, start_page
from careline.channels.web.chat_session import check_own_page
from careline.channels.web.chat_view import shown_messages
from careline.channels.web.guidance_api import article_of
from careline.channels.web.services import WebServices
from careline.consultation.conversations import Feedback, Happened, Helpful
from careline.guidance.page import page_sections

router = APIRouter(include_in_schema=False)

_ADVICE = ("assessment", "emergency", "crisis")


@router.get("/chat/summary")
async def show_summary(request: Request, services: Services, site: str = "") -> Response:
    """Show the summary, to print or to save."""
    return await _summary(request, services, frame_of(services, site))


@router.post("/chat/summary")
async def show_summary_of_form(request: Request, services: Services) -> Response:
    """Show it for a form that carries the conversation."""
    check_own_page(request)
    return await _summary(request, services, frame_of(services, field(await request.form(), "site")))


@router.get("/chat/articles/{article_id}")
async def read_article(services: Services, article_id: str, site: str = "", lang: str = "") -> HTMLResponse:
    """Show an article inside the chat."""
    article = article_of(services, article_id)
    return page(
        frame_of(services, site, lang),
        "article",
        article=article,
        sections=page_sections(article),
        quick_exit=services.releases.newest.is_read_by_watched(article.complaints),
    )


@router.post("/chat/leaving")
async def ask_how_to_leave(request: Request, services: Services) -> Response:
    """Ask what is to be forgotten."""
    check_own_page(request)
    frame = frame_of(services, field(await request.form(), "site"))
    session, over = await find_session(request, services)
    if session is None:
        return start_page(request, frame, over=over or "unknown")
    has_way_out = await run_in_threadpool(services.conversations.shows_way_out, session.conversation_id)
    return page(await run_in_threadpool(own_frame, services, frame, session), "leaving", quick_exit=has_way_out)


@router.post("/chat/end")
async def end(request: Request, services: Services) -> Response:
    """Have the device forget the chat; erase what was written, if that is wished."""
    check_own_page(request)
    form = await request.form()
    frame = frame_of(services, field(form, "site"))
    session, _ = await find_session(request, services)
    if session is not None and field(form, "erase") == "yes":
        await run_in_threadpool(services.conversations.erase, session.conversation_id)
    answer = start_page(request, frame, over="wiped", wiped=True)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.post("/chat/feedback")
async def take_feedback(request: Request, services: Services) -> Response:
    """Keep what the patient says of the chat."""
    check_own_page(request)
    form = await request.form()
    frame = frame_of(services, field(form, "site"))
    session, over = await find_session(request, services)
    if session is None:
        return start_page(request, frame, over=over or "unknown")
    feedback = _feedback_of(form)
    if feedback != Feedback():
        await run_in_threadpool(services.conversations.keep_feedback, session.conversation_id, feedback)
    if session.is_by_cookie:
        return RedirectResponse(f"/chat{frame.query(thanks='yes')}#feedback", 303)
    return await chat_page(frame, session, thanks=True)


def _feedback_of(form: FormData) -> Feedback:
    helpful = next((value for value in get_args(Helpful) if value == field(form, "helpful")), None)
    happened = next((value for value in get_args(Happened) if value == field(form, "happened")), None)
    return Feedback(helpful, happened, field(form, "text"))


async def _summary(request: Request, services: WebServices, frame: Frame) -> Response:
    session, over = await find_session(request, services)
    if session is None:
        return start_page(request, frame, over=over)

    def made() -> HTMLResponse:
        own = own_frame(services, frame, session)
        talk = read_talk(services, session.conversation_id)
        told = services.conversations.summary(session.conversation_id)
        lists = (
            (own.say("widget-summary-present"), told["present"]),
            (own.say("widget-summary-absent"), told["absent"]),
            (own.say("widget-summary-unknown"), told["not_sure"]),
        )
        return page(
            own,
            "summary",
            at=f"{services.house.now():%Y-%m-%d %H:%M}",
            advice=[one for one in shown_messages(talk.messages, own.say) if one.kind in _ADVICE],
            known=[(title, lines) for title, lines in lists if lines],
            has_unread=bool(told["unread_messages"]),
            quick_exit=talk.status["quick_exit"],
            script_url=script_url(),
        )

    return await run_in_threadpool(made)
