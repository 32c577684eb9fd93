"""Who may do what in the consoles: a route asks for `signed_in(...)`, and for forms that is the guard as well."""

from __future__ import annotations

import hmac

from fastapi import Request
from fastapi.concurrency import run_in_threadpool

from careline.consoles.shell.cookies import session_token, shell_services
from careline.consoles.shell.errors import ForeignFormError, NotSignedInError, WrongRoleError
from careline.staff.account import Role
from careline.staff.errors import SessionEndedError, WrongStepError
from careline.staff.sessions import StaffSession, Step

FORM_TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a field
FORM_TOKEN_HEADER = "X-Form-Token"  # noqa: S105 - the name of a header
_SAFE = {"GET", "HEAD", "OPTIONS"}


class SignedIn:
    """A dependency: returns who is signed in, if they have one of the roles (any, if none is named).

    A request that changes something must come from a page of ours (`Sec-Fetch-Site`) and carry the session's form
    token, in the field `form_token` or the header `X-Form-Token`.
    """

    def __init__(self, *roles: Role, is_background: bool = False) -> None:
        """Ask for one of the roles.

        Args:
            roles: One of them is enough.
            is_background: Pages call it by themselves: that does not keep an idle session open.
        """
        self.roles = frozenset(roles)
        self.is_background = is_background

    async def __call__(self, request: Request) -> StaffSession:
        """Return who is signed in.

        Raises:
            NotSignedInError, WrongRoleError, ForeignFormError: It may not go on.
            WrongStepError: The sign-in is not finished.
        """
        me = await session_of(request, is_background=self.is_background)
        if me.step is not Step.DONE:
            raise WrongStepError(me.step)
        if self.roles and not self.roles & me.account.roles:
            raise WrongRoleError  # before the form is read: it may hold a large file
        await check_form(request, me)
        return me


def signed_in(*roles: Role, is_background: bool = False) -> SignedIn:
    """Return the dependency that asks for one of the roles."""
    return SignedIn(*roles, is_background=is_background)


class OnTheWay:
    """A dependency: returns the session of somebody whose sign-in has come to this step."""

    def __init__(self, step: Step) -> None:
        """Ask for the step."""
        self.step = step

    async def __call__(self, request: Request) -> StaffSession:
        """Return the session.

        Raises:
            NotSignedInError, ForeignFormError: It may not go on.
            WrongStepError: It has come to another step.
        """
        me = await session_of(request)
        if me.step is not self.step:
            raise WrongStepError(me.step)
        await check_form(request, me)
        return me


def is_safe(request: Request) -> bool:
    """Return whether a request by its method changes nothing."""
    return request.method in _SAFE


async def session_of(request: Request, *, is_background: bool = False) -> StaffSession:
    """Return the session that the request's cookie opens.

    Raises:
        NotSignedInError: There is none.
    """
    token = session_token(request)
    if not token:
        raise NotSignedInError
    find = shell_services(request).staff.sessions.find
    try:
        return await run_in_threadpool(find, token, is_background=is_background)
    except SessionEndedError:
        raise NotSignedInError from None


def check_site(request: Request) -> None:
    """Check that a request that changes something comes from a page of ours.

    Raises:
        ForeignFormError: It does not, or the browser does not say.
    """
    if not is_safe(request) and request.headers.get("sec-fetch-site") != "same-origin":
        raise ForeignFormError


async def check_form(request: Request, me: StaffSession) -> None:
    """Check that a request that changes something comes from a form of this session.

    Raises:
        ForeignFormError: It does not.
    """
    if is_safe(request):
        return
    check_site(request)
    given = request.headers.get(FORM_TOKEN_HEADER)
    if given is None:
        field = (await request.form()).get(FORM_TOKEN_FIELD)
        given = field if isinstance(field, str) else ""
    if not hmac.compare_digest(given.encode(), me.form_token.encode()):
        await request.close()
        raise ForeignFormError
