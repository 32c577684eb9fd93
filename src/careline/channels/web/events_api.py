"""Live events of a conversation (SSE) for programs: messages, state, the end."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterable
from typing import Annotated

from fastapi import APIRouter, Header, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from careline.channels.web.access import OwnConversation, Services
from careline.channels.web.following import changes

router = APIRouter(prefix="/api/v1", tags=["conversations"])

RETRY_MILLISECONDS = 1000


@router.get("/conversations/{conversation_id}/events", response_class=EventSourceResponse)
async def follow_events(
    services: Services,
    conversation_id: OwnConversation,
    after: Annotated[int, Query(ge=0)] = 0,
    last_event_id: Annotated[int | None, Header(alias="Last-Event-ID", ge=0)] = None,
) -> AsyncIterable[ServerSentEvent]:
    """Follow the conversation from message `after`, or from the last event that was received."""
    last = after if last_event_id is None else last_event_id
    async with contextlib.aclosing(changes(services, conversation_id, last)) as found:
        async for change in found:
            if change.event == "message":
                number = str(change.data["id"])
                yield ServerSentEvent(data=change.data, event="message", id=number, retry=RETRY_MILLISECONDS)
            else:
                yield ServerSentEvent(data=change.data, event=change.event)
