"""Following a conversation: what is new, as it comes; resumable, the database is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Literal

from fastapi.concurrency import run_in_threadpool

from careline.channels.web.services import WebServices

_TYPING_SECONDS = 2.0  # how soon is seen that a clinician has stopped typing without saying so


@dataclass(frozen=True)
class Change:
    """Something new: a message, the state, who types, or the end; `data` as docs/api.md has it."""

    event: Literal["message", "state", "typing", "end"]
    data: dict[str, Any]


async def changes(services: WebServices, conversation_id: str, last: int) -> AsyncGenerator[Change]:
    """Yield what is new after message `last`, until the conversation ends or the app stops."""
    known: dict[str, Any] | None = None
    was_typing = False
    services.presence.see(conversation_id)
    woken = services.wakeups.follow(conversation_id)
    try:
        while not services.wakeups.stopping:
            woken.clear()  # before reading: what comes now wakes us again
            if not await run_in_threadpool(services.conversations.exists, conversation_id):
                yield Change("end", {"reason": "erased"})
                return
            history = await run_in_threadpool(services.conversations.history, conversation_id, last)
            for message in history.pop("messages"):
                last = message["id"]
                yield Change("message", message)
            clinician = await run_in_threadpool(services.conversations.clinician_in, conversation_id)
            if {**history, "clinician": clinician} != known:
                known = {**history, "clinician": clinician}
                yield Change("state", known)
            if services.presence.types(conversation_id, "clinician") != was_typing:
                was_typing = not was_typing
                yield Change("typing", {"from": "clinician", "on": was_typing})
            if history["state"] == "closed":
                yield Change("end", {"reason": "closed"})
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
