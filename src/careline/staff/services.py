"""The staff room's services, wired."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete

from careline.staff.accounts import Accounts
from careline.staff.audit import AuditTrail
from careline.staff.audit_anchor import AnchorFile
from careline.staff.guesses import WINDOW, Guesses
from careline.staff.own_account import OwnAccount
from careline.staff.passwords import Passwords
from careline.staff.sessions import Sessions
from careline.staff.sign_in import SignIn
from careline.staff.tables import DeviceRow, GuessRow
from careline.storage.database import Database
from careline.storage.locks import hold_lock


@dataclass(frozen=True)
class Staff:
    """The services of the staff room."""

    database: Database
    now: Callable[[], dt.datetime]
    anchor: AnchorFile
    audit: AuditTrail
    sessions: Sessions
    sign_in: SignIn
    accounts: Accounts
    own_account: OwnAccount

    def forget_what_is_over(self) -> None:
        """Delete sessions, guesses and known browsers whose time is over."""
        now = self.now()
        with self.database.write() as session:
            hold_lock(session, "staff guesses")
            session.execute(delete(GuessRow).where(GuessRow.at <= now - WINDOW))
            session.execute(delete(DeviceRow).where(DeviceRow.expires_at <= now))
            self.sessions.forget_ended(session)


def anchor_path(data_dir: Path) -> Path:
    """Return where the audit trail's anchor lies."""
    return data_dir / "audit-anchor.json"


def build_staff(
    database: Database, data_dir: Path, now: Callable[[], dt.datetime], *, passwords: Passwords | None = None
) -> Staff:
    """Return the staff room's services; the audit trail's anchor lies in the data folder."""
    passwords = passwords or Passwords()
    anchor = AnchorFile(anchor_path(data_dir))
    audit = AuditTrail(anchor, now)
    sessions = Sessions(database, now)
    guesses = Guesses(database, now)
    return Staff(
        database=database,
        now=now,
        anchor=anchor,
        audit=audit,
        sessions=sessions,
        sign_in=SignIn(database, audit, sessions, guesses, passwords, now),
        accounts=Accounts(database, audit, sessions, passwords, now),
        own_account=OwnAccount(database, audit, sessions, guesses, passwords),
    )
