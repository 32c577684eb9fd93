"""The pages of the way in: password, code, a password of one's own, setting up the app; and the way out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.concurrency import run_in_threadpool
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from careline.consoles.shell.access import OnTheWay, SignedIn, check_site, session_of
from careline.consoles.shell.cookies import forget_session, keep_session, session_token, shell_services, visitor_of
from careline.consoles.shell.errors import NotSignedInError
from careline.consoles.shell.pages import page
from careline.staff.errors import AccountError, SignInRefusedError, TooManyGuessesError
from careline.staff.second_factor import enrolment_address, picture_of
from careline.staff.sessions import StaffSession, Step
from careline.staff.sign_in import Passed

router = APIRouter(prefix="/console", include_in_schema=False)

SIGN_IN = "/console/sign-in"
STEP_PATHS = {
    Step.CODE: f"{SIGN_IN}/code",
    Step.NEW_PASSWORD: f"{SIGN_IN}/new-password",
    Step.ENROLMENT: f"{SIGN_IN}/app",
    Step.DONE: "/console",
}
_REFUSED = "That is not right. Check what you typed, and try again."

Typed = Annotated[str, Form(max_length=300)]
Next = Annotated[str, Query(max_length=300)]


@router.get("")
async def start(request: Request, me: Annotated[StaffSession, Depends(SignedIn())]) -> Response:
    """Lead to the first page that the person's roles open."""
    links = [link for link in shell_services(request).navigation if link.is_for(me)]
    return RedirectResponse(links[0].path if links else "/console/account", 303)


@router.get("/sign-in")
async def show_sign_in(request: Request, next: Next = "") -> Response:
    """Ask for name and password; who is signed in is led on."""
    try:
        me = await session_of(request)
    except NotSignedInError:
        return page(request, "shell/sign_in.html", next=safe_path(next), error=None, user_name="")
    return RedirectResponse(STEP_PATHS[me.step], 303)


@router.post("/sign-in")
async def sign_in(request: Request, user_name: Typed = "", password: Typed = "", next: Typed = "") -> Response:
    """Take name and password."""
    check_site(request)
    shell, visitor = shell_services(request), visitor_of(request)
    try:
        passed = await run_in_threadpool(shell.staff.sign_in.with_password, user_name, password, visitor)
    except SignInRefusedError:
        return page(
            request, "shell/sign_in.html", status=403, next=safe_path(next), error=_REFUSED, user_name=user_name
        )
    except TooManyGuessesError as error:
        wait = _wait(error)
        return _with_wait(
            page(request, "shell/sign_in.html", status=429, next=safe_path(next), error=wait, user_name=""), error
        )
    return _led_on(request, passed, safe_path(next))


@router.get("/sign-in/code")
async def show_code(
    request: Request, me: Annotated[StaffSession, Depends(OnTheWay(Step.CODE))], next: Next = ""
) -> Response:
    """Ask for the code of the app."""
    return page(request, "shell/code.html", me=me, next=safe_path(next), error=None)


@router.post("/sign-in/code")
async def give_code(
    request: Request, me: Annotated[StaffSession, Depends(OnTheWay(Step.CODE))], code: Typed = "", next: Typed = ""
) -> Response:
    """Take the code of the app, or a recovery code."""
    with_code = shell_services(request).staff.sign_in.with_code
    try:
        passed = await run_in_threadpool(with_code, session_token(request), code, visitor_of(request))
    except SignInRefusedError:
        return page(request, "shell/code.html", me=me, status=403, next=safe_path(next), error=_REFUSED)
    except TooManyGuessesError as error:
        answer = page(request, "shell/code.html", me=me, status=429, next=safe_path(next), error=_wait(error))
        return _with_wait(answer, error)
    return _led_on(request, passed, safe_path(next))


@router.get("/sign-in/new-password")
async def show_new_password(
    request: Request, me: Annotated[StaffSession, Depends(OnTheWay(Step.NEW_PASSWORD))]
) -> Response:
    """Ask for a password of one's own."""
    return page(request, "shell/new_password.html", me=me, error=None, user_name=me.account.user_name)


@router.post("/sign-in/new-password")
async def give_new_password(
    request: Request,
    me: Annotated[StaffSession, Depends(OnTheWay(Step.NEW_PASSWORD))],
    password: Typed = "",
    again: Typed = "",
) -> Response:
    """Take a password of one's own."""
    with_new_password = shell_services(request).staff.sign_in.with_new_password
    try:
        if password != again:
            raise AccountError("again", "The two are not the same. Type your new password twice.")
        passed = await run_in_threadpool(with_new_password, session_token(request), password, visitor_of(request))
    except AccountError as error:
        return page(request, "shell/new_password.html", me=me, status=422, error=error, user_name=me.account.user_name)
    return _led_on(request, passed, "")


@router.get("/sign-in/app")
async def show_app(request: Request, me: Annotated[StaffSession, Depends(OnTheWay(Step.ENROLMENT))]) -> Response:
    """Show the picture that the app reads, and ask for its first code."""
    return await _app_page(request, me, None)


@router.post("/sign-in/app")
async def give_app(
    request: Request, me: Annotated[StaffSession, Depends(OnTheWay(Step.ENROLMENT))], code: Typed = ""
) -> Response:
    """Take the app's first code; show the recovery codes, once."""
    enrol = shell_services(request).staff.sign_in.enrol
    try:
        passed, codes = await run_in_threadpool(enrol, session_token(request), code, visitor_of(request))
    except AccountError as error:
        return await _app_page(request, me, error)
    response = page(request, "shell/recovery_codes.html", me=None, codes=codes)
    keep_session(request, response, passed.token, passed.device)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, _me: Annotated[StaffSession, Depends(SignedIn())]) -> Response:
    """End the session."""
    await run_in_threadpool(shell_services(request).staff.sign_in.out, session_token(request))
    response = RedirectResponse(SIGN_IN, 303)
    forget_session(request, response)
    return response


def safe_path(wanted: str) -> str:
    """Return a path of the consoles to lead to after the sign-in; empty for anything else."""
    is_ours = wanted == "/console" or wanted.startswith("/console/")
    return wanted if is_ours and wanted.isprintable() and not set(wanted) & {"\\", " "} else ""


async def _app_page(request: Request, me: StaffSession, error: AccountError | None) -> Response:
    shell = shell_services(request)
    secret = await run_in_threadpool(shell.staff.sign_in.secret_to_enrol, session_token(request))
    address = enrolment_address(secret, user_name=me.account.user_name, operator=shell.operator)
    return page(
        request,
        "shell/app.html",
        me=me,
        status=422 if error else 200,
        error=error,
        picture=Markup(picture_of(address)),  # noqa: S704 - made by segno, out of nothing but squares
        secret=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )


def _led_on(request: Request, passed: Passed, wanted: str) -> Response:
    path = wanted if passed.step is Step.DONE and wanted else STEP_PATHS[passed.step]
    if passed.step is Step.CODE and wanted:
        path += f"?next={wanted}"
    response = RedirectResponse(path, 303)
    keep_session(request, response, passed.token, passed.device)
    return response


def _wait(error: TooManyGuessesError) -> str:
    minutes = -(-error.retry_after_seconds // 60)
    return (
        f"There were too many wrong tries. Try again in {minutes} minute{'s' if minutes > 1 else ''}, or ask an admin."
    )


def _with_wait(response: Response, error: TooManyGuessesError) -> Response:
    response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response
