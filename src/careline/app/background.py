"""What runs beside the routes: sweeping up, delivering, looking for releases, review dates and the dialogue engine."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine

from careline.app.services import Careline
from careline.consultation.stored_replies import StoredReplies

log = logging.getLogger(__name__)

_SWEEP_SECONDS = 5.0  # how often left-over turns and expired conversations are looked for
RELEASE_SECONDS = 0.5  # how often for a new release: a file of a few bytes is read, in some 0.05 ms
_CONTENT_SECONDS = 60.0
_PROBE_SECONDS = 2.0


def background_work(careline: Careline, replies: StoredReplies) -> list[Coroutine[None, None, None]]:
    """Return all that has to run while the app runs; each goes on until it is cancelled."""
    work = [
        _sweep(careline, replies),
        _watch_dialogue(careline),
        careline.worker.run(),
        _watch_releases(careline),
        _look_after_content(careline),
    ]
    if careline.telegram is not None:
        work.append(careline.telegram.run())
    return work


async def _sweep(careline: Careline, replies: StoredReplies) -> None:
    """Look after what was left: turns of a crash, claims whose owner has gone, expired conversations."""
    while True:
        try:
            await asyncio.to_thread(careline.turns.recover)
            await asyncio.to_thread(careline.handling.give_back_expired)
            await asyncio.to_thread(careline.abandoned.find)
            await asyncio.to_thread(careline.conversations.erase_expired)
            await asyncio.to_thread(replies.forget_old_openings)
            await asyncio.to_thread(careline.links.forget_old)
            await asyncio.to_thread(careline.staff.forget_what_is_over)
            await asyncio.to_thread(careline.duty.look_again)
        except Exception:
            log.exception("sweep failed")  # tried again in a moment; nothing a patient waits for
        await asyncio.sleep(_SWEEP_SECONDS)


async def _watch_releases(careline: Careline) -> None:
    """Serve a release that another process, or a command, has put in force."""
    while True:
        try:
            await asyncio.to_thread(careline.release_watch.look)
        except Exception:
            log.exception("looking for a new content release failed")
        await asyncio.sleep(RELEASE_SECONDS)


async def _look_after_content(careline: Careline) -> None:
    """Publish what is scheduled, and mind review dates."""
    while True:
        try:
            await asyncio.to_thread(careline.editorial.look_after)
        except Exception:
            log.exception("looking after content failed")  # tried again in a minute
        await asyncio.sleep(_CONTENT_SECONDS)


async def _watch_dialogue(careline: Careline) -> None:
    while True:
        try:
            async with asyncio.timeout(_PROBE_SECONDS):
                ready = await careline.dialogue.is_ready()
        except TimeoutError:
            ready = False
        careline.health.rasa_ok = ready
        careline.health.rasa_seen = careline.health.rasa_seen or ready
        await asyncio.sleep(_PROBE_SECONDS if ready else _PROBE_SECONDS / 4)
