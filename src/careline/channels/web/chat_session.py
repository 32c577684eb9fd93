"""Whose chat a browser has: by its cookie, or, where the browser keeps none for us, by what the page itself carries.

The same thing stands in the cookie, the form field and the header: conversation and token. It is never in an address.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response

from careline.channels.web.errors import ForeignRequestError, TokenMissingError
from careline.channels.web.services import WebServices

SESSION_FIELD = "session"
SESSION_HEADER = "X-Careline-Session"
_COOKIE = "careline-chat"
_PROBE = "careline-chat-try"  # shows that the browser keeps cookies for us here, before a conversation depends on it
_KEPT_SECONDS = 24 * 3600  # from the opening; who comes back later begins anew


@dataclass(frozen=True)
class ChatSession:
    """A conversation and the token that opens it.

    Attributes:
        is_by_cookie: Whether the browser keeps it; else each page and form carries it.
    """

    conversation_id: str
    token: str
    is_by_cookie: bool = True

    @property
    def key(self) -> str:
        """Both in one."""
        return f"{self.conversation_id}.{self.token}"


def check_own_page(request: Request) -> None:
    """Check that a request comes from a page of ours: a cookie alone would also come with a foreign page's form.

    Raises:
        ForeignRequestError: It does not, or the browser does not say.
    """
    if request.headers.get("sec-fetch-site") != "same-origin":
        raise ForeignRequestError


async def session_of(request: Request, services: WebServices) -> ChatSession:
    """Return the chat that the request opens.

    Raises:
        TokenMissingError: It carries nothing that would.
        NotYoursError, TokenExpiredError, ErasedError: What it carries does not, or no longer.
    """
    given = request.headers.get(SESSION_HEADER, "")
    if not given and request.method == "POST":
        field = (await request.form()).get(SESSION_FIELD, "")
        given = field if isinstance(field, str) else ""
    kept = "" if given else request.cookies.get(cookie_name(services, _COOKIE), "")
    conversation_id, dot, token = (given or kept).partition(".")
    if not dot:
        raise TokenMissingError
    await run_in_threadpool(services.conversations.check, conversation_id, token)
    return ChatSession(conversation_id, token, is_by_cookie=not given)


def cookie_session(request: Request, services: WebServices) -> ChatSession | None:
    """Return what the cookie carries, unchecked; None without one."""
    conversation_id, dot, token = request.cookies.get(cookie_name(services, _COOKIE), "").partition(".")
    return ChatSession(conversation_id, token) if dot else None


def keeps_cookies(request: Request, services: WebServices) -> bool:
    """Return whether the browser keeps cookies for us where the page is shown."""
    return any(cookie_name(services, name) in request.cookies for name in (_COOKIE, _PROBE))


def try_cookie(response: Response, services: WebServices) -> None:
    """Give a cookie that says nothing, to see at the next request whether the browser keeps any."""
    set_cookie(response, services, _PROBE, "1", None)


def keep_session(response: Response, services: WebServices, session: ChatSession, *, is_shared: bool) -> None:
    """Have the browser keep the chat; on a device that others use, until it is closed."""
    set_cookie(response, services, _COOKIE, session.key, None if is_shared else _KEPT_SECONDS)


def forget_session(response: Response, services: WebServices) -> None:
    """Have the browser forget the chat."""
    set_cookie(response, services, _COOKIE, "", 0)


def cookie_name(services: WebServices, name: str) -> str:
    """Return how a cookie of ours is called."""
    # With the prefix a browser takes the cookie only over TLS, for this host and all its paths.
    return f"__Host-{name}" if services.has_secure_cookies else name


def set_cookie(response: Response, services: WebServices, name: str, value: str, seconds: int | None) -> None:
    """Have the browser keep a cookie that no script reads; None: until it is closed."""
    # By hand: the framework refuses `Partitioned`, without which no frame in another site keeps the cookie.
    kind = "Secure; SameSite=None; Partitioned" if services.has_secure_cookies else "SameSite=Lax"
    age = "" if seconds is None else f"; Max-Age={seconds}"
    response.headers.append("Set-Cookie", f"{cookie_name(services, name)}={value}; Path=/; HttpOnly; {kind}{age}")
