"""The chat page while it is open: what is new as it comes, the place for an answer, and that the patient types."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from careline.channels.web.access import Services
from careline.channels.web.chat_frame import Frame, frame_of, news_after, own_frame, read_talk, reply_html
from careline.channels.web.chat_session import ChatSession, check_own_page, session_of
from careline.channels.web.following import changes

router = APIRouter(include_in_schema=False)


async def _own_chat(request: Request, services: Services) -> ChatSession:
    return await session_of(request, services)


OwnChat = Annotated[ChatSession, Depends(_own_chat)]


@router.get("/chat/reply")
async def show_reply(
    services: Services, session: OwnChat, site: str = "", change: Annotated[int | None, Query(ge=1)] = None
) -> HTMLResponse:
    """Give the page's script the place for the answer: to what is awaited, or to an older question."""

    def made() -> str:
        frame = own_frame(services, frame_of(services, site), session)
        return reply_html(frame, read_talk(services, session.conversation_id), change)

    return HTMLResponse(await run_in_threadpool(made))


@router.get("/chat/events", response_class=EventSourceResponse)
async def follow_chat(
    services: Services, session: OwnChat, site: str = "", after: Annotated[int, Query(ge=0)] = 0
) -> AsyncIterable[ServerSentEvent]:
    """Give the page's script what is new, as it comes: pieces of the page, numbered by the last message."""
    frame = frame_of(services, site)
    last = after
    async with contextlib.aclosing(changes(services, session.conversation_id, after)) as found:
        async for change in found:
            if change.event == "message" and change.data["id"] <= last:
                continue  # it went with the one before
            if change.event in ("message", "state"):
                data = await run_in_threadpool(news_after, frame, session, last)
                last = data["messages"][-1]["id"] if data["messages"] else last
                yield ServerSentEvent(data=data, event="news", id=str(last))
            else:
                yield ServerSentEvent(data=_with_words(frame, change.event, change.data, session), event=change.event)


@router.post("/chat/typing", status_code=204)
async def type_on(request: Request, services: Services) -> Response:
    """Note that the patient types; a clinician in the conversation sees it."""
    check_own_page(request)
    session = await session_of(request, services)
    services.presence.see(session.conversation_id)
    services.presence.type(session.conversation_id, "patient", on=True)
    return Response(status_code=204)


def _with_words(frame: Frame, event: str, data: dict[str, Any], session: ChatSession) -> dict[str, Any]:
    if event != "typing":
        return data
    clinician = frame.services.conversations.clinician_in(session.conversation_id)
    own = own_frame(frame.services, frame, session)
    name = clinician["name"] if clinician else ""
    return {**data, "text": own.say("widget-clinician-writing", name=name) if data["on"] and name else ""}
