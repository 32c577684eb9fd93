"""People and rights, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from careline.consoles.shell.access import signed_in
from careline.consoles.shell.cookies import shell_services
from careline.consoles.shell.pages import page
from careline.staff.account import Role
from careline.staff.accounts import Details
from careline.staff.errors import AccountError
from careline.staff.sessions import StaffSession

router = APIRouter(prefix="/console/staff", include_in_schema=False)

ROLE_TITLES = {
    Role.CLINICIAN: "Clinician: sees the queue, answers patients",
    Role.EDITOR: "Editor: writes and checks content",
    Role.ADMIN: "Admin: people, rights and the audit trail",
}
Admin = Annotated[StaffSession, Depends(signed_in(Role.ADMIN))]
Typed = Annotated[str, Form(max_length=300)]
Roles = Annotated[list[str], Form(max_length=len(Role))]


@router.get("")
async def list_staff(request: Request, me: Admin) -> Response:
    """List everybody."""
    people = await run_in_threadpool(shell_services(request).staff.accounts.all)
    return page(request, "shell/staff.html", me=me, people=people)


@router.get("/new")
async def show_new(request: Request, me: Admin) -> Response:
    """Ask about a new person."""
    return _form(request, me, "shell/staff_new.html", Details("", "", ()), user_name="")


@router.post("/new")
async def add(
    request: Request,
    me: Admin,
    user_name: Typed = "",
    name: Typed = "",
    role_title: Typed = "",
    roles: Roles = [],  # noqa: B006 - read by the framework, never changed
) -> Response:
    """Add a person; show the temporary password, once."""
    details = Details(name, role_title, roles)
    accounts = shell_services(request).staff.accounts
    try:
        account, temporary = await run_in_threadpool(accounts.add, me.account.id, user_name, details)
    except AccountError as error:
        return _form(request, me, "shell/staff_new.html", details, error, user_name=user_name)
    return page(request, "shell/temporary_password.html", me=me, account=account, temporary=temporary)


@router.get("/{account_id}")
async def show_person(request: Request, me: Admin, account_id: str) -> Response:
    """Show one person."""
    account = await run_in_threadpool(shell_services(request).staff.accounts.by_id, account_id)
    details = Details(account.name, account.role_title, account.roles)
    return _form(request, me, "shell/staff_person.html", details, account=account)


@router.post("/{account_id}")
async def change(
    request: Request,
    me: Admin,
    account_id: str,
    name: Typed = "",
    role_title: Typed = "",
    roles: Roles = [],  # noqa: B006 - read by the framework, never changed
) -> Response:
    """Change name, role title and roles."""
    accounts = shell_services(request).staff.accounts
    details = Details(name, role_title, roles)
    try:
        await run_in_threadpool(accounts.change, me.account.id, account_id, details)
    except AccountError as error:
        account = await run_in_threadpool(accounts.by_id, account_id)
        return _form(request, me, "shell/staff_person.html", details, error, account=account)
    return RedirectResponse("/console/staff", 303)


@router.post("/{account_id}/reset")
async def reset(request: Request, me: Admin, account_id: str, second_factor: Typed = "") -> Response:
    """Give a temporary password, shown once; also forget the app, if wanted."""
    accounts = shell_services(request).staff.accounts
    forget_app = second_factor == "forget"
    temporary = await run_in_threadpool(accounts.reset, me.account.id, account_id, second_factor=forget_app)
    account = await run_in_threadpool(accounts.by_id, account_id)
    return page(request, "shell/temporary_password.html", me=me, account=account, temporary=temporary)


@router.post("/{account_id}/disable")
async def disable(request: Request, me: Admin, account_id: str) -> Response:
    """Let nobody sign in with the account any more."""
    accounts = shell_services(request).staff.accounts
    try:
        await run_in_threadpool(accounts.disable, me.account.id, account_id)
    except AccountError as error:
        account = await run_in_threadpool(accounts.by_id, account_id)
        details = Details(account.name, account.role_title, account.roles)
        return _form(request, me, "shell/staff_person.html", details, error, account=account)
    return RedirectResponse("/console/staff", 303)


@router.post("/{account_id}/enable")
async def enable(request: Request, me: Admin, account_id: str) -> Response:
    """Let somebody sign in again."""
    await run_in_threadpool(shell_services(request).staff.accounts.enable, me.account.id, account_id)
    return RedirectResponse("/console/staff", 303)


def _form(
    request: Request,
    me: StaffSession,
    template: str,
    details: Details,
    error: AccountError | None = None,
    **values: object,
) -> Response:
    return page(
        request,
        template,
        me=me,
        status=422 if error else 200,
        error=error,
        details=details,
        chosen={str(role) for role in details.roles},
        role_titles=ROLE_TITLES,
        **values,
    )
