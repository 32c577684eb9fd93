"""Who comes in here, and as whom they act."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from careline.consoles.editor.services import EditorServices
from careline.consoles.shell.access import signed_in
from careline.editorial.life_cycle import Actor
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

Me = Annotated[StaffSession, Depends(signed_in(Role.EDITOR, Role.CLINICIAN, Role.ADMIN))]
Editor = Annotated[StaffSession, Depends(signed_in(Role.EDITOR))]


def editor_services(request: Request) -> EditorServices:
    """Return what the pages work with."""
    services: EditorServices = request.app.state.editor
    return services


Services = Annotated[EditorServices, Depends(editor_services)]


def actor_of(me: StaffSession) -> Actor:
    """Return who is signed in as one who takes steps with content."""
    return Actor.of(me.account)
