"""Who comes in here, and as whom they act."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from careline.consoles.clinician.services import ConsoleServices
from careline.consoles.shell.access import signed_in
from careline.escalation.escalation import Clinician
from careline.staff.account import Account, Role
from careline.staff.sessions import StaffSession

Me = Annotated[StaffSession, Depends(signed_in(Role.CLINICIAN))]
MeInBackground = Annotated[StaffSession, Depends(signed_in(Role.CLINICIAN, is_background=True))]


def console_services(request: Request) -> ConsoleServices:
    """Return what the pages work with."""
    services: ConsoleServices = request.app.state.console
    return services


Services = Annotated[ConsoleServices, Depends(console_services)]


def clinician_of(account: Account) -> Clinician:
    """Return a member of staff as patients and colleagues read them."""
    return Clinician(account.id, account.name, account.role_title or "clinician")
