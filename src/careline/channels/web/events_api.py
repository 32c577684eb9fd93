"""Live events of a conversation (SSE): messages, state, the end; resumable, the database is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.sse import EventSourceResponse, ServerSentEvent

from careline.channels.web.access import OwnConversation, Services

router = APIRouter(prefix="/api/v1", tags=["conversations"])

_RETRY_MILLISECONDS = 1000
_TYPING_SECONDS = 2.0  # how soon is seen that a clinician has stopped typing without saying so


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
    was_typing = False
    services.presence.see(conversation_id)
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
            clinician = await run_in_threadpool(services.conversations.clinician_in, conversation_id)
            if {**history, "clinician": clinician} != known:
                known = {**history, "clinician": clinician}
                yield ServerSentEvent(data=known, event="state")
            if services.presence.types(conversation_id, "clinician") != was_typing:
                was_typing = not was_typing
                yield ServerSentEvent(data={"from": "clinician", "on": was_typing}, event="typing")
            if history["state"] == "closed":
                yield _end("closed")
                return
            await _wait(woken, _TYPING_SECONDS if was_typing else services.poll_seconds)
    finally:
        services.presence.see(conversation_id)
        services.wakeups.unfollow(conversation_id, woken)


async def _wait(woken: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        pass  # a lost wake-up costs this pause, no message


def _end(reason: str) -> ServerSentEvent:
    return ServerSentEvent(data={"reason": reason}, event="end")
