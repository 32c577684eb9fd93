"""Signing in: password, then code, then what is still missing; and signing out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from careline.staff.account import normal_user_name
from careline.staff.audit import AuditTrail
from careline.staff.errors import AccountError, SessionEndedError, SignInRefusedError, WrongStepError
from careline.staff.guesses import Guesses, buckets
from careline.staff.passwords import Passwords, checked_password
from careline.staff.second_factor import new_recovery_codes, new_secret, recovery_hash, step_of_code
from careline.staff.sessions import Sessions, Step, Visitor, new_token, step_of, token_hash
from careline.staff.tables import AccountRow, DeviceRow, RecoveryCodeRow, SessionRow
from careline.storage.database import Database

DEVICE_KNOWN_FOR = dt.timedelta(days=90)


@dataclass(frozen=True)
class Passed:
    """A step of the sign-in that was passed.

    Attributes:
        token: The session's token from now on.
        step: What comes next.
        device: A token by which the browser will be known; None when it has one or is not signed in yet.
    """

    token: str
    step: Step
    device: str | None = None


class SignIn:
    """The way in and out."""

    def __init__(
        self,
        database: Database,
        audit: AuditTrail,
        sessions: Sessions,
        guesses: Guesses,
        passwords: Passwords,
        now: Callable[[], dt.datetime],
    ) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._sessions = sessions
        self._guesses = guesses
        self._passwords = passwords
        self._now = now

    def with_password(self, user_name: str, password: str, visitor: Visitor) -> Passed:
        """Check name and password, and open a session that still has to give its code.

        Raises:
            SignInRefusedError: Something is wrong; neither words nor time tell what.
            TooManyGuessesError: There were too many wrong ones.
        """
        typed, now = normal_user_name(user_name), self._now()
        with self._database.read() as session:
            found = session.scalar(select(AccountRow).where(AccountRow.user_name == typed))
            device = _known_device(session, found, visitor, now)
        taken = self._guesses.take(buckets("password", typed, visitor.address, device=device))
        is_right = self._passwords.matches(found.password_hash if found else None, password)
        if found is None or not is_right or not _may_enter(found, now):
            about = {"from": visitor.address}
            with self._database.write() as session:
                self._audit.record(session, "unknown", "sign_in_refused", found.id if found else "unknown", about)
            raise SignInRefusedError
        is_outdated = self._passwords.is_outdated(found.password_hash)
        renewed = self._passwords.hash(password) if is_outdated else found.password_hash
        with self._database.write() as session:
            account = session.get_one(AccountRow, found.id)
            if account.password_hash != found.password_hash or not _may_enter(account, now):
                raise SignInRefusedError  # it was changed while we looked
            account.password_hash = renewed
            self._guesses.give_back(session, taken)
            token = self._sessions.open(session, account.id, visitor)
            row, account = self._sessions.rows(session, token)
            return Passed(token, step_of(row, account))

    def with_code(self, token: str, code: str, visitor: Visitor) -> Passed:
        """Check the code of the app, or a recovery code.

        Raises:
            SignInRefusedError: It is wrong, or was used before.
            TooManyGuessesError: There were too many wrong ones.
            SessionEndedError, WrongStepError: No code is waited for.
        """
        now = self._now()
        with self._database.read() as session:
            _, account = self._at_step(session, token, Step.CODE)
            device = _known_device(session, account, visitor, now)
        taken = self._guesses.take(buckets("code", account.id, visitor.address, device=device))
        with self._database.write() as session:
            row, account = self._at_step(session, token, Step.CODE)
            way = self._way_of_code(session, account, code, now)
            if way is None:
                self._audit.record(session, account.id, "code_refused", account.id, {"from": visitor.address})
                passed = None
            else:
                self._guesses.give_back(session, taken)
                row.second_factor_at = now
                passed = self._pass_on(session, row, account, visitor, is_known=device is not None)
                if way == "recovery":
                    left = recovery_codes_left(session, account.id)
                    self._audit.record(session, account.id, "recovery_code_used", account.id, {"left": left})
        if passed is None:
            raise SignInRefusedError
        return passed

    def with_new_password(self, token: str, password: str, visitor: Visitor) -> Passed:
        """Take the password that replaces a temporary one.

        Raises:
            AccountError: It may not be used.
            SessionEndedError, WrongStepError: None is waited for.
        """
        with self._database.read() as session:
            _, account = self._at_step(session, token, Step.NEW_PASSWORD)
        checked_password(password, user_name=account.user_name, name=account.name)
        if self._passwords.matches(account.password_hash, password):
            raise AccountError("password", "Use another password than the temporary one.")
        hashed = self._passwords.hash(password)
        with self._database.write() as session:
            row, account = self._at_step(session, token, Step.NEW_PASSWORD)
            account.password_hash = hashed
            account.must_change_password, account.password_expires_at = False, None
            self._sessions.end_all(session, account.id, but=row.id)
            passed = self._pass_on(session, row, account, visitor, is_known=False)
            self._audit.record(session, account.id, "password_changed", account.id)
        return passed

    def secret_to_enrol(self, token: str) -> str:
        """Return the secret that the app has to learn; the same until it is confirmed.

        Raises:
            SessionEndedError, WrongStepError: An app is set up already, or may not be yet.
        """
        with self._database.write() as session:
            row, _ = self._at_step(session, token, Step.ENROLMENT)
            row.new_secret = row.new_secret or new_secret()
            return row.new_secret

    def enrol(self, token: str, code: str, visitor: Visitor) -> tuple[Passed, list[str]]:
        """Take the app into use when its code is right; return also the recovery codes, to be shown once.

        Raises:
            AccountError: The code is not the app's.
            SessionEndedError, WrongStepError: An app is set up already, or may not be yet.
        """
        with self._database.write() as session:
            row, account = self._at_step(session, token, Step.ENROLMENT)
            secret = row.new_secret or ""
            used = step_of_code(secret, code, self._now()) if secret else None
            if used is None:
                raise AccountError("code", "That is not the code that the app shows now. Try the next one.")
            account.totp_secret, account.totp_step = secret, used
            row.new_secret, row.second_factor_at = None, self._now()
            codes = replace_recovery_codes(session, account.id)
            passed = self._pass_on(session, row, account, visitor, is_known=False)
            self._audit.record(session, account.id, "second_factor_enrolled", account.id)
        return passed, codes

    def out(self, token: str) -> None:
        """End the session; nothing happens when it is over already."""
        with self._database.write() as session:
            try:
                row, account = self._sessions.rows(session, token)
            except SessionEndedError:
                return
            session.delete(row)
            self._audit.record(session, account.id, "signed_out", account.id, {"session": row.id})

    def _pass_on(
        self,
        session: Session,
        row: SessionRow,
        account: AccountRow,
        visitor: Visitor,
        *,
        is_known: bool,
    ) -> Passed:
        token, step, now, device = self._sessions.renew(row), step_of(row, account), self._now(), None
        row.seen_at = now
        if step is Step.DONE:
            account.signed_in_at = now
            if not is_known:
                device = new_token()
                session.add(
                    DeviceRow(token_hash=token_hash(device), account_id=account.id, expires_at=now + DEVICE_KNOWN_FOR)
                )
            about = {"session": row.id, "from": visitor.address}
            self._audit.record(session, account.id, "signed_in", account.id, about)
        return Passed(token, step, device)

    def _at_step(self, session: Session, token: str, step: Step) -> tuple[SessionRow, AccountRow]:
        row, account = self._sessions.rows(session, token)
        if step_of(row, account) is not step:
            raise WrongStepError(step)
        return row, account

    def _way_of_code(self, session: Session, account: AccountRow, code: str, now: dt.datetime) -> str | None:
        used = step_of_code(account.totp_secret or "", code, now)
        if used is not None:
            later = update(AccountRow).where(AccountRow.id == account.id, AccountRow.totp_step < used)
            return "app" if session.execute(later.values(totp_step=used)).rowcount else None  # type: ignore[attr-defined]
        spent = delete(RecoveryCodeRow).where(
            RecoveryCodeRow.account_id == account.id, RecoveryCodeRow.code_hash == recovery_hash(code)
        )
        return "recovery" if session.execute(spent).rowcount else None  # type: ignore[attr-defined]


def replace_recovery_codes(session: Session, account_id: str) -> list[str]:
    """Make new recovery codes; older ones no longer count."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    codes = new_recovery_codes()
    session.add_all(RecoveryCodeRow(account_id=account_id, code_hash=recovery_hash(code)) for code in codes)
    return codes


def recovery_codes_left(session: Session, account_id: str) -> int:
    """Return how many recovery codes have not been used."""
    wanted = select(func.count()).select_from(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id)
    return session.scalar(wanted) or 0


def _may_enter(account: AccountRow, now: dt.datetime) -> bool:
    is_over = account.password_expires_at is not None and account.password_expires_at <= now
    return account.disabled_at is None and not is_over


def _known_device(session: Session, account: AccountRow | None, visitor: Visitor, now: dt.datetime) -> str | None:
    if account is None or visitor.device is None:
        return None
    row = session.get(DeviceRow, (token_hash(visitor.device), account.id))
    return row.token_hash.hex() if row is not None and row.expires_at > now else None
