"""The frame of the editors' pages: the consoles' own, with a second row of links."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import HTMLResponse

from careline.consoles.editor.sections import SECTIONS
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.staff.sessions import StaffSession


def desk_page(
    request: Request, template: str, *, me: StaffSession, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page of the editors' console; its template extends `editor/frame.html`."""
    links = [section for section in SECTIONS if section.is_for(me)]
    return page(request, template, me=me, status=status, desk_links=links, **values)


def part(request: Request, template: str, *, me: StaffSession, values: Mapping[str, object]) -> HTMLResponse:
    """Return a part of a page, for a script that puts it in its place."""
    return HTMLResponse(shell_services(request).pages.render(template, form_token=me.form_token, **values))
