"""What staff read when something goes wrong: a page, or the way to the sign-in."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from careline.consoles.shell.pages import page
from careline.consoles.shell.sign_in_pages import SIGN_IN, STEP_PATHS
from careline.staff.sessions import Step


def is_console(request: Request) -> bool:
    """Return whether a request is for a console's page."""
    path = request.url.path
    return path == "/console" or path.startswith("/console/")


def error_page(request: Request, status: int, heading: str, text: str) -> Response:
    """Return a page that says what is wrong and what to do."""
    return page(request, "shell/error.html", status=status, heading=heading, text=text)


def to_sign_in(request: Request) -> Response:
    """Lead to the sign-in, and from there back to the page that was asked for."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    is_page = request.method == "GET" and "HX-Request" not in request.headers
    return _lead(request, f"{SIGN_IN}?next={quote(wanted, safe='/')}" if is_page else SIGN_IN)


def to_step(request: Request, step: Step) -> Response:
    """Lead to the step of the sign-in that comes next."""
    return _lead(request, STEP_PATHS[step])


def _lead(request: Request, path: str) -> Response:
    if "HX-Request" in request.headers:  # else htmx would put the sign-in into a part of the page
        return Response(status_code=401, headers={"HX-Redirect": path})
    if "text/event-stream" in request.headers.get("accept", ""):
        return Response(status_code=401)
    return RedirectResponse(path, 303)
