"""The chat page: it works as plain forms; its script asks the same routes for the pieces that are new."""

from __future__ import annotations

import contextlib
from typing import Any, get_args

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from careline.channels.web.access import Services, caller_of
from careline.channels.web.chat_files import languages_of, script_url
from careline.channels.web.chat_form import field, message_of
from careline.channels.web.chat_frame import (
    Frame,
    chat_values,
    frame_of,
    news_after,
    own_frame,
    page,
    place_to_read,
    read_talk,
)
from careline.channels.web.chat_session import (
    ChatSession,
    check_own_page,
    forget_session,
    keep_session,
    keeps_cookies,
    session_of,
    try_cookie,
)
from careline.channels.web.coming_back import (
    BACK_FIELD,
    contact_key_of,
    days_linked,
    forget_sign,
    keep_sign,
    new_sign,
    sign_of,
)
from careline.channels.web.errors import RateLimitedError, TokenMissingError
from careline.channels.web.sending import check_rate, take_message
from careline.channels.web.services import WebServices
from careline.consultation.conversations import Happened, Helpful, NotYoursError, TokenExpiredError
from careline.consultation.errors import ErasedError, RefusedError
from careline.consultation.patient_message import PatientMessage, patient_words

router = APIRouter(include_in_schema=False)

_PART = "X-Careline-Part"  # the page's script asks for the new pieces, not for a page
_OVER: dict[type[Exception], str] = {TokenExpiredError: "expired", ErasedError: "erased", NotYoursError: "unknown"}
_ERRORS = {
    code: f"widget-error-{code.replace('_', '-')}"
    for code in ("empty_text", "number", "date", "several", "unknown_option", "unknown_reply_to", "malformed")
}
_MOST_DIGITS = 9
_REFUSED, _TOO_MANY, _OVER_STATUS = 422, 429, 401


@router.get("/chat")
async def show_chat(
    request: Request,
    services: Services,
    site: str = "",
    lang: str = "",
    country: str = "",
    shared: str = "",
    change: str = "",
    thanks: str = "",
) -> Response:
    """Show the conversation that the browser has, or the way to begin one."""
    frame = frame_of(services, site, lang, country)
    session, over = await find_session(request, services)
    if session is None:
        return start_page(request, frame, over=over, shared=shared == "yes")
    return await chat_page(frame, session, change=_number_in(change), thanks=thanks == "yes")


@router.post("/chat/again")
async def show_again(request: Request, services: Services) -> Response:
    """Show the conversation that the form carries, where the browser keeps no cookie."""
    form, frame, session = await _opened_form(request, services)
    if session is None:
        return start_page(request, frame, over="unknown")
    return await chat_page(frame, session, change=_number_in(field(form, "change")))


@router.post("/chat/open")
async def open_chat(request: Request, services: Services) -> Response:
    """Open a conversation; what was typed before one was there is its first message."""
    check_own_page(request)
    form = await request.form()
    services.limits.check(services.opening_limit, caller_of(request))
    frame = frame_of(services, field(form, "site"), field(form, "lang"), field(form, "country"))
    is_shared, has_cookies = field(form, "shared") == "yes", keeps_cookies(request, services)
    sign = None
    if field(form, BACK_FIELD) == "yes" and has_cookies and not is_shared:
        sign = sign_of(request, services) or new_sign()
    opened = await run_in_threadpool(
        services.conversations.open,
        channel="web",
        locale=frame.locale,
        country=frame.country,
        contact_key=contact_key_of(sign) if sign is not None else None,
    )
    session = ChatSession(opened.conversation_id, opened.token, is_by_cookie=has_cookies)
    with contextlib.suppress(RefusedError):  # nothing was typed
        words = PatientMessage(text=patient_words(field(form, "text")))
        await take_message(services, session.conversation_id, words)
    if not session.is_by_cookie:
        return await chat_page(frame, session)
    answer = RedirectResponse(f"/chat{frame.query()}", 303)
    keep_session(answer, services, session, is_shared=is_shared)
    if sign is not None:
        keep_sign(answer, services, sign)
    elif sign_of(request, services) is not None:
        forget_sign(answer, services)
    return answer


@router.post("/chat/continue")
async def continue_in_a_tab(request: Request, services: Services) -> Response:
    """Go on in a tab of its own, where the browser keeps our cookie."""
    _, frame, session = await _opened_form(request, services)
    if session is None:
        return start_page(request, frame, over="unknown")
    answer = RedirectResponse(f"/chat{frame.query()}", 303)
    keep_session(answer, services, session, is_shared=False)
    return answer


@router.post("/chat/new")
async def begin_anew(request: Request, services: Services) -> Response:
    """Leave a closed conversation for a new one."""
    check_own_page(request)
    form = await request.form()
    answer = RedirectResponse(f"/chat{frame_of(services, field(form, 'site')).query()}", 303)
    forget_session(answer, services)
    return answer


@router.post("/chat/send")
async def send(request: Request, services: Services) -> Response:
    """Take a message; the answer is the page, or for its script what is new."""
    check_own_page(request)
    form = await request.form()
    is_part = _PART in request.headers
    frame = frame_of(services, field(form, "site"))
    session, over = await find_session(request, services, is_part=is_part)
    if session is None:
        return start_page(request, frame, over=over or "unknown", typed=field(form, "text"), status=_OVER_STATUS)
    frame = await run_in_threadpool(own_frame, services, frame, session)
    try:
        message = message_of(form, services.house.now().date())
        await check_rate(services, session.conversation_id, message)
        await take_message(services, session.conversation_id, message)
    except RefusedError as error:
        said = frame.say(_ERRORS.get(error.code, "widget-error-malformed"))
        return await _not_taken(frame, session, said, _REFUSED, field(form, "text"), is_part=is_part)
    except RateLimitedError:
        said = frame.say("widget-error-too-many-requests")
        return await _not_taken(frame, session, said, _TOO_MANY, field(form, "text"), is_part=is_part)
    if is_part:
        return await _news(frame, session, _number_in(field(form, "after")) or 0)
    if not session.is_by_cookie:
        return await chat_page(frame, session)
    place = await run_in_threadpool(place_to_read, services, session.conversation_id)
    return RedirectResponse(f"/chat{frame.query()}#{place}", 303)


async def find_session(
    request: Request, services: WebServices, *, is_part: bool = False
) -> tuple[ChatSession | None, str]:
    """Return the chat that the request opens; None, and why, when it opens none. A script gets the error itself."""
    try:
        return await session_of(request, services), ""
    except TokenMissingError:
        if is_part:
            raise
        return None, ""
    except tuple(_OVER) as error:
        if is_part:
            raise
        return None, _OVER[type(error)]


async def chat_page(
    frame: Frame,
    session: ChatSession,
    *,
    change: int | None = None,
    error: str = "",
    typed: str = "",
    status: int = 200,
    thanks: bool = False,
) -> HTMLResponse:
    """Return the page of a conversation."""

    def made() -> HTMLResponse:
        services = frame.services
        own = own_frame(services, frame, session)
        talk = read_talk(services, session.conversation_id)
        services.presence.see(session.conversation_id)
        return page(
            own,
            "chat",
            status,
            **chat_values(own, talk, change),
            script_url=script_url(),
            error=error,
            typed=typed,
            thanks=thanks,
            is_over=talk.status["final"],
            helpful=[(value, f"widget-feedback-{value}") for value in get_args(Helpful)],
            happened=[(value, f"widget-feedback-next-{value}") for value in get_args(Happened)],
        )

    return await run_in_threadpool(made)


def start_page(
    request: Request,
    frame: Frame,
    *,
    over: str = "",
    typed: str = "",
    shared: bool = False,
    status: int = 200,
    wiped: bool = False,
) -> HTMLResponse:
    """Return the page that says what this is, and begins a chat.

    Args:
        request: What it answers.
        frame: Where it is shown.
        over: Why the last chat cannot go on: `expired`, `erased`, `unknown` or `wiped`.
        typed: What the patient had typed into it, kept.
        shared: Whether others use the device.
        status: Of the answer.
        wiped: Whether the page's script is to forget what it keeps.
    """
    kept = [frame.say("widget-over-text-kept")] if over and typed.strip() else []
    notice = " ".join([frame.say(f"widget-over-{over}"), *kept]) if over else ""
    answer = page(
        frame,
        "start",
        status,
        notice=notice,
        typed=typed,
        shared=shared,
        wiped=wiped,
        days_linked=days_linked(frame.services),
        languages=languages_of(frame.services),
        script_url=script_url(),
    )
    if over:
        forget_session(answer, frame.services)
    if wiped:
        forget_sign(answer, frame.services)
    if not keeps_cookies(request, frame.services):
        try_cookie(answer, frame.services)
    return answer


def _number_in(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else None


async def _opened_form(request: Request, services: WebServices) -> tuple[Any, Frame, ChatSession | None]:
    check_own_page(request)
    form = await request.form()
    session, _ = await find_session(request, services)
    return form, frame_of(services, field(form, "site")), session


async def _not_taken(
    frame: Frame, session: ChatSession, said: str, status: int, typed: str, *, is_part: bool
) -> Response:
    if is_part:
        return JSONResponse({"error": said}, status)
    return await chat_page(frame, session, error=said, typed=typed, status=status)


async def _news(frame: Frame, session: ChatSession, after: int) -> JSONResponse:
    return JSONResponse(await run_in_threadpool(news_after, frame, session, after))
