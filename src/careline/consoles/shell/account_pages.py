"""One's own account: password, recovery codes, sessions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.shell.access import signed_in
from careline.consoles.shell.cookies import forget_session, shell_services, visitor_of
from careline.consoles.shell.pages import page
from careline.consoles.shell.sign_in_pages import SIGN_IN
from careline.staff.errors import AccountError, SessionEndedError, TooManyGuessesError
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/account", include_in_schema=False)

Me = Annotated[StaffSession, Depends(signed_in())]
Typed = Annotated[str, Form(max_length=300)]


@router.get("")
async def show_account(request: Request, me: Me) -> Response:
    """Show one's own account."""
    return await _account_page(request, me)


@router.post("/password")
async def change_password(
    request: Request, me: Me, current: Typed = "", password: Typed = "", again: Typed = ""
) -> Response:
    """Change the password; ends all other sessions."""
    change = shell_services(request).staff.own_account.change_password
    try:
        if password != again:
            raise AccountError("again", "The two are not the same. Type your new password twice.")
        await run_in_threadpool(change, me, current, password, address=visitor_of(request).address)
    except AccountError as error:
        return await _account_page(request, me, status=422, error=error)
    except TooManyGuessesError:
        too_many = AccountError("current", "There were too many wrong tries. Try again in a quarter of an hour.")
        return await _account_page(request, me, status=429, error=too_many)
    return await _account_page(request, me, done="Your password is changed. You are signed out everywhere else.")


@router.post("/recovery-codes")
async def new_recovery_codes(request: Request, me: Me) -> Response:
    """Make new recovery codes and show them, once."""
    codes = await run_in_threadpool(shell_services(request).staff.own_account.new_recovery_codes, me)
    return page(request, "shell/recovery_codes.html", me=me, codes=codes)


@router.post("/sessions/{session_id}/end")
async def end_session(request: Request, me: Me, session_id: str) -> Response:
    """End one of one's own sessions."""
    try:
        await run_in_threadpool(shell_services(request).staff.own_account.end_session, me, session_id)
    except SessionEndedError:
        return await _account_page(request, me, done="That one was over already.")
    if session_id == me.id:
        return _out(request)
    return RedirectResponse("/console/account", 303)


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(request: Request, me: Me) -> Response:
    """End all of one's own sessions, this one too."""
    await run_in_threadpool(shell_services(request).staff.own_account.end_all_sessions, me)
    return _out(request)


def _out(request: Request) -> Response:
    response = RedirectResponse(SIGN_IN, 303)
    forget_session(request, response)
    return response


async def _account_page(
    request: Request, me: StaffSession, *, status: int = 200, error: AccountError | None = None, done: str = ""
) -> Response:
    own = shell_services(request).staff.own_account
    sessions = await run_in_threadpool(own.sessions, me)
    codes_left = await run_in_threadpool(own.recovery_codes_left, me)
    return page(
        request,
        "shell/account.html",
        me=me,
        status=status,
        error=error,
        done=done,
        sessions=sessions,
        codes_left=codes_left,
    )
