"""Points at which the app ends its own process (SIGKILL) while it puts an escalation on record."""

from __future__ import annotations

import os
import signal
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.escalation.tables import EscalationRow

# Written and not committed; committed, and nobody told; the answer is made, and no byte of it is out.
POINTS = ("written", "committed", "answering")


def dying_at(point: str, app: ASGIApp) -> ASGIApp:
    """Have this process die at the point; return the app to serve."""
    seen = {"escalation": False}

    def wrote(session: Session, _context: Any) -> None:
        seen["escalation"] |= any(isinstance(row, EscalationRow) for row in session.new)
        die_if("written")

    def committed(_session: Session) -> None:
        die_if("committed")

    def die_if(here: str) -> None:
        if here == point and seen["escalation"]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Session, "after_flush", wrote)
    event.listen(Session, "after_commit", committed)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                die_if("answering")
            await send(message)

        await app(scope, receive, sent)

    return served
