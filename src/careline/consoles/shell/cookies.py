"""The consoles' cookies: the session, and the browser's own by which it is known at the next sign-in."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from careline.consoles.shell.services import ShellServices
from careline.staff.sessions import Visitor
from careline.staff.sign_in import DEVICE_KNOWN_FOR

SESSION = "careline-staff"
DEVICE = "careline-browser"


def shell_services(request: Request) -> ShellServices:
    """Return what the routes work with."""
    services: ShellServices = request.app.state.shell
    return services


def session_token(request: Request) -> str:
    """Return the session's token as the browser sent it; empty when it sent none."""
    return request.cookies.get(_name(request, SESSION), "")


def visitor_of(request: Request) -> Visitor:
    """Return where a request comes from."""
    return Visitor(
        address=request.client.host if request.client else "unknown",
        browser=request.headers.get("user-agent", ""),
        device=request.cookies.get(_name(request, DEVICE)),
    )


def keep_session(request: Request, response: Response, token: str, device: str | None = None) -> None:
    """Have the browser keep the session's token until it is closed, and its own for the next sign-in."""
    _keep(request, response, SESSION, token, None)
    if device is not None:
        _keep(request, response, DEVICE, device, int(DEVICE_KNOWN_FOR.total_seconds()))


def forget_session(request: Request, response: Response) -> None:
    """Have the browser forget the session's token."""
    _keep(request, response, SESSION, "", 0)


def _keep(request: Request, response: Response, name: str, value: str, seconds: int | None) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",  # a link in an alert opens the case; forms are guarded by their own token
        secure=shell_services(request).has_secure_cookies,
    )


def _name(request: Request, name: str) -> str:
    # With the prefix a browser takes the cookie only over TLS, for this host and all its paths.
    return f"__Host-{name}" if shell_services(request).has_secure_cookies else name
