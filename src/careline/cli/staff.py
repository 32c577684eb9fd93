"""`careline staff`: accounts from the terminal, above all the first admin's.

Passwords are asked for, or read from standard input; never taken from the command line, where others can see them.
"""

from __future__ import annotations

import contextlib
import getpass
import sys
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.table import Table

from careline.app.migrations import require_newest
from careline.app.services import open_database, utc_now
from careline.cli.output import AsJson, print_json, tables
from careline.settings import Settings
from careline.staff.account import Account, Role
from careline.staff.accounts import Details
from careline.staff.errors import AccountError
from careline.staff.second_factor import enrolment_address, letters_of
from careline.staff.services import Staff, build_staff

staff = typer.Typer(no_args_is_help=True, help="People who work with Careline: clinicians, editors, admins.")

TERMINAL = "terminal"  # who did it, in the audit trail

UserName = Annotated[str, typer.Argument(help="What the person signs in with.")]


@staff.command()
def add(
    user_name: UserName,
    name: Annotated[str, typer.Option(help="As patients read it, such as 'Dr Example'.")],
    role: Annotated[list[Role], typer.Option(help="May be given several times.")],
    role_title: Annotated[str, typer.Option("--title", help="As patients read it beside the name.")] = "",
    temporary: Annotated[bool, typer.Option("--temporary", help="Make a password to be changed at once.")] = False,
) -> None:
    """Add somebody, asking for their password; print the key of their app once."""
    with _opened() as (services, settings):
        password = None if temporary else _asked_password()
        details = Details(name, role_title, role)
        account, made = services.accounts.add(TERMINAL, user_name, details, password=password)
        print(f"{account.user_name}: added, as {', '.join(sorted(account.roles))}")
        if temporary:
            _print_temporary(made)
        else:
            _print_app(services, settings, account)


@staff.command(name="list")
def list_staff(as_json: AsJson = False) -> None:
    """List everybody who has an account."""
    with _opened(writes=False) as (services, _):
        people = services.accounts.all()
    if as_json:
        print_json([{**_plain(person)} for person in people])
        return
    table = Table("user name", "name", "title", "roles", "state", "last signed in")
    for person in people:
        plain = _plain(person)
        roles = ", ".join(sorted(person.roles))
        signed_in = plain["signed_in_at"] or "never"
        table.add_row(person.user_name, person.name, person.role_title, roles, str(plain["state"]), str(signed_in))
    tables.print(table)


@staff.command()
def reset(
    user_name: UserName,
    lost_app: Annotated[bool, typer.Option("--lost-app", help="They have lost their app too.")] = False,
) -> None:
    """Give somebody a temporary password, and end their sessions."""
    with _opened() as (services, _):
        account = services.accounts.by_user_name(user_name)
        temporary = services.accounts.reset(TERMINAL, account.id, second_factor=lost_app)
        print(f"{account.user_name}: reset, and signed out everywhere")
        _print_temporary(temporary)


@staff.command()
def disable(user_name: UserName) -> None:
    """Let somebody sign in no more, and end their sessions."""
    with _opened() as (services, _):
        services.accounts.disable(TERMINAL, services.accounts.by_user_name(user_name).id)
        print(f"{user_name}: disabled, and signed out everywhere")


@staff.command()
def enable(user_name: UserName) -> None:
    """Let somebody sign in again."""
    with _opened() as (services, _):
        services.accounts.enable(TERMINAL, services.accounts.by_user_name(user_name).id)
        print(f"{user_name}: enabled")


@contextlib.contextmanager
def _opened(*, writes: bool = True) -> Iterator[tuple[Staff, Settings]]:
    """Open the staff room; on SQLite nobody else may write meanwhile, so stop the app first, or use the console."""
    settings = Settings()
    database, _ = open_database(settings)
    try:
        if writes:
            database.claim_writer()
        require_newest(database)
        yield build_staff(database, settings.data_dir, utc_now), settings
    finally:
        database.close()


def _asked_password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password (at least 12 characters): ")
    if getpass.getpass("Again: ") != password:
        raise AccountError("password", "The two are not the same.")
    return password


def _print_temporary(password: str) -> None:
    print(f"temporary password, shown only now, good for three days: {password}")


def _print_app(services: Staff, settings: Settings, account: Account) -> None:
    secret = services.accounts.give_second_factor(TERMINAL, account.id)
    address = enrolment_address(secret, user_name=account.user_name, operator=settings.operator)
    print("Let the authenticator app read this, now; it is not shown again:")
    if sys.stdout.isatty():
        print(letters_of(address))
    print(address)


def _plain(person: Account) -> dict[str, object]:
    state = "active" if person.has_second_factor and not person.must_change_password else "not set up yet"
    return {
        "id": person.id,
        "user_name": person.user_name,
        "name": person.name,
        "role_title": person.role_title,
        "roles": sorted(person.roles),
        "state": "disabled" if person.is_disabled else state,
        "signed_in_at": person.signed_in_at.isoformat() if person.signed_in_at else None,
    }
