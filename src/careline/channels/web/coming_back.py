"""Who comes back within days: a cookie of its own, given only to who ticked that their chats may be shown together.

It holds nothing but a random sign; what is stored of it is a hash. Begin without the tick, end the chat or leave, and
it is gone. The tick is never set for anybody: who begins next may be somebody else of the house, and a chat that is
linked to one in which somebody told that they are hurt shows the way out.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from fastapi import Request
from starlette.responses import Response

from careline.channels.web.chat_session import cookie_name, set_cookie
from careline.channels.web.services import WebServices

BACK_FIELD = "back"
_COOKIE = "careline-back"
_SIGN = re.compile(r"[A-Za-z0-9_-]{43}")
_SIGN_BYTES = 32


def sign_of(request: Request, services: WebServices) -> str | None:
    """Return the sign that the browser keeps; None without one."""
    kept = request.cookies.get(cookie_name(services, _COOKIE), "")
    return kept if _SIGN.fullmatch(kept) else None


def new_sign() -> str:
    """Return a sign that nobody has."""
    return secrets.token_urlsafe(_SIGN_BYTES)


def contact_key_of(sign: str) -> str:
    """Return what is stored of a sign, by which conversations of one browser are known for one person's."""
    return hashlib.sha256(f"web {sign}".encode()).hexdigest()


def days_linked(services: WebServices) -> int:
    """Return for how many days who comes back is known, as the content has it."""
    return max(1, services.releases.newest.book.handoff.repeat_within_hours // 24)


def keep_sign(response: Response, services: WebServices, sign: str) -> None:
    """Have the browser keep the sign for as long as it links."""
    hours = services.releases.newest.book.handoff.repeat_within_hours
    set_cookie(response, services, _COOKIE, sign, hours * 3600)


def forget_sign(response: Response, services: WebServices) -> None:
    """Have the browser forget the sign."""
    set_cookie(response, services, _COOKIE, "", 0)
