"""Sessions of browsers that are signed in, or on the way to it. Tokens are opaque and kept hashed."""

from __future__ import annotations

import datetime as dt
import enum
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.orm import Session

from careline.staff.account import Account, account_of
from careline.staff.errors import SessionEndedError
from careline.staff.tables import AccountRow, SessionRow
from careline.storage.database import Database

IDLE = dt.timedelta(minutes=15)
IDLE_WITH_CASE = dt.timedelta(minutes=60)  # while a page of their claimed case is open: they may be on the phone
_CASE_PAGE_COUNTS = dt.timedelta(minutes=5)  # it says once a minute that it is open; browsers slow hidden pages down
LONGEST = dt.timedelta(hours=12)
UNTIL_SIGNED_IN = dt.timedelta(minutes=15)  # from the right password on
_TOUCHED_EVERY = dt.timedelta(seconds=30)  # a page writes "seen" no oftener: it costs a wait for the disk
_TOKEN_BYTES = 32


class Step(enum.StrEnum):
    """What a session still has to do; `done` when it is signed in."""

    CODE = "code"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the name of a step
    ENROLMENT = "enrolment"
    DONE = "done"


@dataclass(frozen=True)
class Visitor:
    """Where a request comes from.

    Attributes:
        address: Of the network.
        browser: As it calls itself.
        device: The token by which it may be known from an earlier sign-in.
    """

    address: str
    browser: str = ""
    device: str | None = None


@dataclass(frozen=True)
class StaffSession:
    """A session as routes see it.

    Attributes:
        id: May be shown; opens nothing.
        form_token: What this session's forms carry, so that no other page can send them.
    """

    id: str
    account: Account
    step: Step
    form_token: str


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner sees it in a list."""

    id: str
    created_at: dt.datetime
    seen_at: dt.datetime
    address: str
    browser: str


class Sessions:
    """Finds, opens and ends sessions."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Keep them in this database."""
        self._database = database
        self._now = now

    def open(self, session: Session, account_id: str, visitor: Visitor) -> str:
        """Open a session; return its token, which is kept nowhere."""
        token, now = new_token(), self._now()
        session.add(
            SessionRow(
                id="ses_" + secrets.token_hex(8),
                token_hash=token_hash(token),
                account_id=account_id,
                created_at=now,
                seen_at=now,
                address=visitor.address[:60],
                browser=visitor.browser[:200],
            )
        )
        return token

    def find(self, token: str, *, is_background: bool = False) -> StaffSession:
        """Return the session that a token opens.

        Args:
            token: As the browser sent it.
            is_background: The page asked by itself: that does not keep an idle session open.

        Raises:
            SessionEndedError: There is none, or its time is over.
        """
        with self._database.read() as session:
            row, account = self.rows(session, token)
            found = StaffSession(row.id, account_of(account), step_of(row, account), form_token(token))
        now = self._now()
        if not is_background and now - row.seen_at >= _TOUCHED_EVERY:
            with self._database.write() as session:
                live = session.get(SessionRow, row.id)
                if live is not None:
                    live.seen_at = now
        return found

    def has_case_open(self, session_id: str) -> None:
        """Note that a page of a case that the person has claimed is open: for a while the session is not idle."""
        with self._database.write() as session:
            row = session.get(SessionRow, session_id)
            if row is not None:
                row.with_case_at = self._now()

    def rows(self, session: Session, token: str) -> tuple[SessionRow, AccountRow]:
        """Return the rows of a session and its account.

        Raises:
            SessionEndedError: There is none, or its time is over.
        """
        wanted = select(SessionRow, AccountRow).join(AccountRow, AccountRow.id == SessionRow.account_id)
        found = session.execute(wanted.where(SessionRow.token_hash == token_hash(token))).one_or_none()
        if found is None or self._is_over(*found):
            raise SessionEndedError
        row, account = found
        return row, account

    def renew(self, row: SessionRow) -> str:
        """Give a session another token, as it now may do more; return it."""
        token = new_token()
        row.token_hash = token_hash(token)
        return token

    def end_all(self, session: Session, account_id: str, *, but: str | None = None) -> None:
        """End all sessions of an account, except one."""
        session.execute(delete(SessionRow).where(SessionRow.account_id == account_id, SessionRow.id != (but or "")))

    def end(self, session: Session, account_id: str, session_id: str) -> bool:
        """End one session of an account; return whether there was one."""
        row = session.get(SessionRow, session_id)
        if row is None or row.account_id != account_id:
            return False
        session.delete(row)
        return True

    def of(self, account_id: str) -> list[OpenSession]:
        """Return the open sessions of an account, the newest first."""
        now = self._now()
        wanted = select(SessionRow).where(
            SessionRow.account_id == account_id,
            SessionRow.second_factor_at.is_not(None),
            _is_in_use(now),
            SessionRow.created_at > now - LONGEST,
        )
        with self._database.read() as session:
            rows = session.scalars(wanted.order_by(SessionRow.created_at.desc())).all()
            return [OpenSession(row.id, row.created_at, row.seen_at, row.address, row.browser) for row in rows]

    def forget_ended(self, session: Session) -> None:
        """Delete what is over."""
        now = self._now()
        session.execute(delete(SessionRow).where(or_(~_is_in_use(now), SessionRow.created_at <= now - LONGEST)))

    def _is_over(self, row: SessionRow, account: AccountRow) -> bool:
        now = self._now()
        longest = LONGEST if row.second_factor_at is not None else UNTIL_SIGNED_IN
        has_case_open = row.with_case_at is not None and now < row.with_case_at + _CASE_PAGE_COUNTS
        idle = IDLE_WITH_CASE if has_case_open else IDLE
        return account.disabled_at is not None or now >= row.created_at + longest or now >= row.seen_at + idle


def _is_in_use(now: dt.datetime) -> ColumnElement[bool]:
    """Return the same for the database: not idle for too long."""
    has_case_open = and_(
        SessionRow.with_case_at.is_not(None),
        SessionRow.with_case_at > now - _CASE_PAGE_COUNTS,
        SessionRow.seen_at > now - IDLE_WITH_CASE,
    )
    return or_(SessionRow.seen_at > now - IDLE, has_case_open)


def step_of(row: SessionRow, account: AccountRow) -> Step:
    """Return what a session still has to do.

    Whoever has an app set up gives its code before anything else, so that a password alone changes nothing.
    """
    if account.totp_secret is not None and row.second_factor_at is None:
        return Step.CODE
    if account.must_change_password:
        return Step.NEW_PASSWORD
    return Step.ENROLMENT if account.totp_secret is None else Step.DONE


def new_token() -> str:
    """Return a new opaque token of 256 bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def form_token(token: str) -> str:
    """Return what the forms of a session carry: it cannot be known without the session's token."""
    return hmac.new(token.encode(errors="replace"), b"form", hashlib.sha256).hexdigest()
