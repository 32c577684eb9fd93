"""Live events of a conversation (SSE): messages, state, the end; resumable, the database is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from careline.channels.web.access import OwnConversation, Services
from careline.channels.web.services import WebServices

router = APIRouter(prefix="/api/v1", tags=["conversations"])

_RETRY_MILLISECONDS = 1000


@router.get("/conversations/{conversation_id}/events", response_class=EventSourceResponse)
async def follow_events(
    services: Services,
    conversation_id: OwnConversation,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0)] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Follow the conversation from message `after`, or from the last event that was received."""
    last = after if last_event_id is None else last_event_id
    known: dict[str, Any] | None = None
    woken = services.wakeups.follow(conversation_id)
    try:
        while not services.wakeups.stopping:
            woken.clear()  # before reading: what comes now wakes us again
            if not await run_in_threadpool(services.conversations.exists, conversation_id):
                yield _end("erased")
                return
            history = await run_in_threadpool(services.conversations.history, conversation_id, last)
            for message in history.pop("messages"):
                last = message["id"]
                yield ServerSentEvent(data=message, event="message", id=str(last), retry=_RETRY_MILLISECONDS)
            if history != known:
                known = history
                yield ServerSentEvent(data={**history, "clinician": None}, event="state")
            if history["state"] == "closed":
                yield _end("closed")
                return
            await _wait(services, woken)
    finally:
        services.wakeups.unfollow(conversation_id, woken)


async def _wait(services: WebServices, woken: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(services.poll_seconds):
            await woken.wait()
    except TimeoutError:
        pass  # a lost wake-up costs this pause, no message


def _end(reason: str) -> ServerSentEvent:
    return ServerSentEvent(data={"reason": reason}, event="end")
