"""Live pages: an event says only that something has changed; the browser then fetches what its own rights allow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from fastapi import Request
from fastapi.sse import ServerSentEvent

from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.shell.access import session_of
from careline.consoles.shell.errors import NotSignedInError
from careline.staff.account import Role

_TYPING_SECONDS = 2.0  # how soon is seen that somebody has stopped typing without saying so


async def changes(
    request: Request,
    services: ConsoleServices,
    topics: tuple[str, ...],
    event: str,
    is_typing: Callable[[], bool] = lambda: False,
) -> AsyncIterator[ServerSentEvent]:
    """Yield an event at once, whenever a topic is announced, and from time to time, while the session lasts.

    Args:
        request: Of the stream; its session is looked at again before each event.
        services: Of the console.
        topics: What is followed.
        event: The event's name.
        is_typing: Whether somebody is seen typing: that ends without being announced.
    """
    flags = [(topic, services.wakeups.follow(topic, is_patient=False)) for topic in topics]
    try:
        while not services.wakeups.stopping:
            for _, flag in flags:
                flag.clear()  # before telling: what comes now wakes us again
            if not await _may_read(request):
                return
            yield ServerSentEvent(data="changed", event=event)
            await _wait([flag for _, flag in flags], _TYPING_SECONDS if is_typing() else services.poll_seconds)
    finally:
        for topic, flag in flags:
            services.wakeups.unfollow(topic, flag)


async def _may_read(request: Request) -> bool:
    try:
        me = await session_of(request, is_background=True)
    except NotSignedInError:
        return False
    return Role.CLINICIAN in me.account.roles


async def _wait(flags: list[asyncio.Event], seconds: float) -> None:
    waits = [asyncio.ensure_future(flag.wait()) for flag in flags]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
