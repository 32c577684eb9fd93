"""What admins do with accounts; each change is in the audit trail, in the same transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from careline.staff.account import (
    Account,
    Role,
    account_of,
    checked_roles,
    checked_user_name,
    checked_words,
    normal_user_name,
    roles_as_text,
    roles_from,
)
from careline.staff.audit import AuditTrail
from careline.staff.errors import AccountError, UnknownAccountError
from careline.staff.passwords import Passwords, checked_password, temporary_password
from careline.staff.second_factor import new_secret
from careline.staff.sessions import Sessions
from careline.staff.tables import AccountRow, DeviceRow, RecoveryCodeRow
from careline.storage.database import Database
from careline.storage.locks import hold_lock

TEMPORARY_FOR = dt.timedelta(days=3)


@dataclass(frozen=True)
class Details:
    """What an admin types about a person: `name` and `role_title` are shown to patients."""

    name: str
    role_title: str
    roles: Iterable[str]


class Accounts:
    """Adds, changes, resets and disables accounts."""

    def __init__(
        self,
        database: Database,
        audit: AuditTrail,
        sessions: Sessions,
        passwords: Passwords,
        now: Callable[[], dt.datetime],
    ) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._sessions = sessions
        self._passwords = passwords
        self._now = now

    def all(self) -> list[Account]:
        """Return all accounts, by name."""
        with self._database.read() as session:
            rows = session.scalars(select(AccountRow).order_by(AccountRow.name, AccountRow.user_name)).all()
            return [account_of(row) for row in rows]

    def by_id(self, account_id: str) -> Account:
        """Return one account.

        Raises:
            UnknownAccountError: There is none.
        """
        with self._database.read() as session:
            return account_of(_row(session, account_id))

    def by_user_name(self, user_name: str) -> Account:
        """Return the account of that user name.

        Raises:
            UnknownAccountError: There is none.
        """
        with self._database.read() as session:
            row = session.scalar(select(AccountRow).where(AccountRow.user_name == normal_user_name(user_name)))
            if row is None:
                raise UnknownAccountError(f"There is no account {user_name!r}. `careline staff list` shows all.")
            return account_of(row)

    def add(self, actor: str, user_name: str, details: Details, *, password: str | None = None) -> tuple[Account, str]:
        """Add an account.

        Args:
            actor: Who does it.
            user_name: To sign in with.
            details: Name, role title, roles.
            password: Theirs, if they chose it themselves; None makes a temporary one.

        Returns:
            The account, and the temporary password, to be told once ("" when one was given).

        Raises:
            AccountError: Something cannot be so; or the user name is taken.
        """
        checked = checked_user_name(user_name)
        name, role_title, roles = _checked(details)
        temporary = temporary_password() if password is None else ""
        if password is not None:
            checked_password(password, user_name=checked, name=name)
        now = self._now()
        row = AccountRow(
            id="sta_" + secrets.token_hex(8),
            user_name=checked,
            name=name,
            role_title=role_title,
            roles=roles_as_text(roles),
            password_hash=self._passwords.hash(password or temporary),
            must_change_password=password is None,
            password_expires_at=now + TEMPORARY_FOR if password is None else None,
            totp_step=0,
            created_at=now,
        )
        try:
            with self._database.write() as session:
                session.add(row)
                session.flush()
                about = {"user_name": checked, "name": name, "role_title": role_title, "roles": sorted(roles)}
                self._audit.record(session, actor, "staff_added", row.id, about)
        except IntegrityError:
            raise AccountError("user_name", "There is an account with this user name already.") from None
        return account_of(row), temporary

    def change(self, actor: str, account_id: str, details: Details) -> None:
        """Change name, role title and roles; they hold from the next request on.

        Raises:
            AccountError: Something cannot be so, or nobody would be left to administer.
            UnknownAccountError: There is no such account.
        """
        name, role_title, roles = _checked(details)
        with self._database.write() as session:
            row = _locked_row(session, account_id)
            if Role.ADMIN not in roles:
                _require_another_admin(session, row)
            before = {"name_before": row.name, "role_title_before": row.role_title}
            before_roles = sorted(roles_from(row.roles))
            row.name, row.role_title, row.roles = name, role_title, roles_as_text(roles)
            about = {"name": name, "role_title": role_title, "roles": sorted(roles), "roles_before": before_roles}
            self._audit.record(session, actor, "staff_changed", account_id, {**about, **before})

    def reset(self, actor: str, account_id: str, *, second_factor: bool = False) -> str:
        """Give the account a temporary password and end its sessions; return it, to be told once.

        Args:
            actor: Who does it.
            account_id: Whose.
            second_factor: Also forget the app and the recovery codes, for somebody who has lost both.

        Raises:
            UnknownAccountError: There is no such account.
        """
        temporary = temporary_password()
        hashed = self._passwords.hash(temporary)
        with self._database.write() as session:
            row = _locked_row(session, account_id)
            row.password_hash, row.must_change_password = hashed, True
            row.password_expires_at = self._now() + TEMPORARY_FOR
            if second_factor:
                row.totp_secret = None
                session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
            session.execute(delete(DeviceRow).where(DeviceRow.account_id == account_id))
            self._sessions.end_all(session, account_id)
            self._audit.record(session, actor, "staff_reset", account_id, {"second_factor": second_factor})
        return temporary

    def give_second_factor(self, actor: str, account_id: str) -> str:
        """Set up a new app for an account, and return its secret, to be shown once.

        Raises:
            UnknownAccountError: There is no such account.
        """
        secret = new_secret()
        with self._database.write() as session:
            row = _locked_row(session, account_id)
            row.totp_secret, row.totp_step = secret, 0
            session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
            self._sessions.end_all(session, account_id)
            self._audit.record(session, actor, "second_factor_given", account_id)
        return secret

    def disable(self, actor: str, account_id: str) -> None:
        """Let nobody sign in with the account any more, and end its sessions.

        Raises:
            AccountError: It is the actor's own, or nobody would be left to administer.
            UnknownAccountError: There is no such account.
        """
        if actor == account_id:
            raise AccountError("account", "You cannot disable your own account. Another admin can.")
        with self._database.write() as session:
            row = _locked_row(session, account_id)
            _require_another_admin(session, row)
            row.disabled_at = row.disabled_at or self._now()
            self._sessions.end_all(session, account_id)
            self._audit.record(session, actor, "staff_disabled", account_id)

    def enable(self, actor: str, account_id: str) -> None:
        """Let somebody sign in again with a disabled account.

        Raises:
            UnknownAccountError: There is no such account.
        """
        with self._database.write() as session:
            row = _locked_row(session, account_id)
            row.disabled_at = None
            self._audit.record(session, actor, "staff_enabled", account_id)


def _checked(details: Details) -> tuple[str, str, frozenset[Role]]:
    name = checked_words("name", details.name, needed=True)
    return name, checked_words("role_title", details.role_title, needed=False), checked_roles(details.roles)


def _row(session: Session, account_id: str) -> AccountRow:
    row = session.get(AccountRow, account_id)
    if row is None:
        raise UnknownAccountError("There is no such account.")
    return row


def _locked_row(session: Session, account_id: str) -> AccountRow:
    hold_lock(session, "staff accounts")  # else two admins could take the role from each other at once
    return _row(session, account_id)


def _require_another_admin(session: Session, row: AccountRow) -> None:
    if Role.ADMIN not in roles_from(row.roles) or row.disabled_at is not None:
        return
    others = session.scalars(select(AccountRow).where(AccountRow.id != row.id, AccountRow.disabled_at.is_(None)))
    if not any(Role.ADMIN in roles_from(other.roles) for other in others):
        raise AccountError("account", "This is the last admin who can sign in. Give somebody else the role first.")
