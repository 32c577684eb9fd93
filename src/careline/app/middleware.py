"""Around every request: a limit to the body, and headers that keep browsers safe."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careline.channels.web.policy import content_security_policy

MOST_BODY_BYTES = 256 * 1024  # the screen reads all of it (HTTP contract)

SECURITY_HEADERS = {
    "Content-Security-Policy": content_security_policy(),  # a page that may be embedded says so itself
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
    "Cache-Control": "no-store",  # unless a route says otherwise
}


class _BodyTooLargeError(HTTPException):
    """Too large; of a kind that FastAPI lets through where it reads the body."""

    def __init__(self) -> None:
        super().__init__(413)


class BodyLimit:
    """Refuses a body that is larger than the screen reads, before it is all in memory."""

    def __init__(self, app: ASGIApp, refuse: Callable[[Request], Response], larger: Mapping[str, int]) -> None:
        """Wrap the application.

        Args:
            app: It.
            refuse: Makes the answer.
            larger: Bytes that some paths may take: those whose routes read no body before they know who sends it.
        """
        self._app = app
        self._refuse = refuse
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], MOST_BODY_BYTES)
        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > most:
            await self._refuse(Request(scope))(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                raise _BodyTooLargeError
            return message

        try:
            await self._app(scope, counted, send)
        except _BodyTooLargeError:
            await self._refuse(Request(scope))(scope, receive, send)


class SecurityHeaders:
    """Adds the headers of docs/architecture.md to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers when the answer begins."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
