"""Pages, made on the server; they work without script."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from fastapi import Request
from starlette.responses import HTMLResponse

from careline.staff.account import Role
from careline.staff.sessions import StaffSession, Step

if TYPE_CHECKING:
    from careline.consoles.shell.services import ShellServices

STATIC = Path(__file__).parent / "static"


@dataclass(frozen=True)
class NavigationLink:
    """A link that is on every page of those who have one of the roles; without roles, of everybody.

    Attributes:
        also: Where other pages that belong to it begin.
    """

    title: str
    path: str
    roles: frozenset[Role] = frozenset()
    also: tuple[str, ...] = ()

    def leads_to(self, path: str) -> bool:
        """Return whether a page that is not its own belongs to it."""
        return any(path == one or path.startswith(f"{one}/") for one in (self.path, *self.also))

    def is_for(self, me: StaffSession) -> bool:
        """Return whether the person is shown it."""
        return not self.roles or bool(self.roles & me.account.roles)


class Pages:
    """The templates of all consoles: `shell/layout.html` is the file layout.html of the shell."""

    def __init__(self, consoles: Sequence[str]) -> None:
        """Take the templates of these consoles, packages beside this one."""
        self._templates = jinja2.Environment(
            loader=jinja2.PrefixLoader({name: jinja2.PackageLoader(f"careline.consoles.{name}") for name in consoles}),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["when"] = _when

    def render(self, template: str, **values: object) -> str:
        """Return a page or a part of one."""
        return self._templates.get_template(template).render(**values)


def page(
    request: Request, template: str, *, me: StaffSession | None = None, status: int = 200, **values: object
) -> HTMLResponse:
    """Return a page in the consoles' frame.

    Args:
        request: What it answers.
        template: Its name, such as `shell/sign_in.html`; it extends `shell/layout.html`.
        me: Who is signed in, or on the way to it.
        status: Of the answer.
        values: What the template shows.
    """
    shell: ShellServices = request.app.state.shell
    is_in = me is not None and me.step is Step.DONE
    links = [link for link in shell.navigation if me is not None and is_in and link.is_for(me)]
    frame = {
        "operator": shell.operator,
        "me": me if is_in else None,
        "form_token": me.form_token if me is not None else "",
        "navigation": links,
        "path": request.url.path,
    }
    return HTMLResponse(shell.pages.render(template, **frame, **values), status_code=status)


def _when(at: dt.datetime | None) -> str:
    return at.astimezone(dt.UTC).strftime("%-d %B %Y, %H:%M UTC") if at is not None else "never"
