"""Who calls the escalations API: a clinicians' system with the service key, or a clinician who is signed in.

Whoever sends an `Authorization` header is judged by it alone. Everybody else needs the cookie of a console's session,
and for what changes something the form token too (`consoles/shell/access.py`), so that no other site can use it.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from careline.consoles.clinician.doors import clinician_of
from careline.consoles.clinician.errors import ActsForAnotherError, ServiceKeyError
from careline.consoles.clinician.schemas import ActingClinician
from careline.consoles.clinician.services import ClinicianServices
from careline.consoles.clinician.viewing import Viewer, viewer_of
from careline.consoles.shell.access import is_safe, signed_in
from careline.consoles.shell.cookies import session_token
from careline.escalation.errors import UnknownClinicianError
from careline.escalation.escalation import Clinician
from careline.staff.account import Role
from careline.staff.sessions import StaffSession

_SERVICE = "service"  # as the audit trail calls whoever has the service key
_SYSTEM = Clinician(_SERVICE, "A connected system", "system", through=_SERVICE)
_bearer = HTTPBearer(
    auto_error=False,
    description="The service key; a clinician who is signed in to the console needs none, but the form token.",
)
_acting = signed_in(Role.CLINICIAN)
_reading = signed_in(Role.CLINICIAN, is_background=True)  # a program that looks again and again keeps nobody signed in


@dataclass(frozen=True)
class ApiCaller:
    """Who calls, and what the routes work with.

    Attributes:
        me: The session; None of a system that has the service key.
    """

    services: ClinicianServices
    me: StaffSession | None

    @property
    def viewer(self) -> Viewer:
        """As the audit trail names the caller."""
        return viewer_of(self.me) if self.me is not None else Viewer(_SERVICE, _SERVICE)

    def acting(self, named: ActingClinician | None) -> Clinician:
        """Return in whose name the caller acts: a person in their own; a system in the name that it gives, or its own.

        Raises:
            ActsForAnotherError: A person names somebody else.
        """
        if self.me is None:
            return _SYSTEM if named is None else Clinician(named.id, named.name, named.role, through=_SERVICE)
        if named is not None and named.id != self.me.account.id:
            raise ActsForAnotherError
        return clinician_of(self.me.account)

    def colleague(self, to: ActingClinician | str) -> Clinician:
        """Return to whom an escalation is handed; a system may name somebody who has no account here.

        Raises:
            UnknownClinicianError: There is nobody of that id.
        """
        if self.me is None and isinstance(to, ActingClinician):
            return to.plain
        known = self.services.clinician_of(to if isinstance(to, str) else to.id)
        if known is None:
            raise UnknownClinicianError
        return known

    def own_key(self, key: str | None) -> str | None:
        """Return an Idempotency-Key that is this caller's alone: nobody is given the reply to another."""
        return key if key is None or self.me is None else f"{self.me.account.id}:{key}"


async def api_caller(
    request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> ApiCaller:
    """Return who calls.

    Raises:
        ServiceKeyError: The key is missing or wrong.
        NotSignedInError, WrongStepError, WrongRoleError, ForeignFormError: There is no key, and the session may not.
    """
    services: ClinicianServices = request.app.state.clinician
    if "authorization" in request.headers or not session_token(request):
        given = credentials.credentials if credentials is not None else ""
        if not hmac.compare_digest(given.encode(), services.service_key.encode()):
            raise ServiceKeyError
        return ApiCaller(services, None)
    return ApiCaller(services, await (_reading if is_safe(request) else _acting)(request))


Caller = Annotated[ApiCaller, Depends(api_caller)]
