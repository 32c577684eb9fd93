"""What a person does with their own account once signed in."""

from __future__ import annotations

from careline.staff.audit import AuditTrail
from careline.staff.errors import AccountError, SessionEndedError
from careline.staff.guesses import Guesses, buckets
from careline.staff.passwords import Passwords, checked_password
from careline.staff.sessions import OpenSession, Sessions, StaffSession
from careline.staff.sign_in import recovery_codes_left, replace_recovery_codes
from careline.staff.tables import AccountRow
from careline.storage.database import Database


class OwnAccount:
    """Password, recovery codes and sessions of whoever is signed in."""

    def __init__(
        self, database: Database, audit: AuditTrail, sessions: Sessions, guesses: Guesses, passwords: Passwords
    ) -> None:
        """Work on these."""
        self._database = database
        self._audit = audit
        self._sessions = sessions
        self._guesses = guesses
        self._passwords = passwords

    def change_password(self, me: StaffSession, current: str, new: str, *, address: str) -> None:
        """Change the password; ends all other sessions.

        Raises:
            AccountError: The current one is wrong (field `current`), or the new one may not be used.
            TooManyGuessesError: There were too many wrong ones.
        """
        checked_password(new, user_name=me.account.user_name, name=me.account.name)
        taken = self._guesses.take(buckets("change", me.account.id, address, device=None))
        with self._database.read() as session:
            hashed_before = session.get_one(AccountRow, me.account.id).password_hash
        if not self._passwords.matches(hashed_before, current):
            raise AccountError("current", "That is not your password.")
        hashed = self._passwords.hash(new)
        with self._database.write() as session:
            row = session.get_one(AccountRow, me.account.id)
            row.password_hash = hashed
            self._guesses.give_back(session, taken)
            self._sessions.end_all(session, row.id, but=me.id)
            self._audit.record(session, row.id, "password_changed", row.id)

    def recovery_codes_left(self, me: StaffSession) -> int:
        """Return how many recovery codes have not been used."""
        with self._database.read() as session:
            return recovery_codes_left(session, me.account.id)

    def new_recovery_codes(self, me: StaffSession) -> list[str]:
        """Make new recovery codes, to be shown once; older ones no longer count."""
        with self._database.write() as session:
            codes = replace_recovery_codes(session, me.account.id)
            self._audit.record(session, me.account.id, "recovery_codes_made", me.account.id)
        return codes

    def sessions(self, me: StaffSession) -> list[OpenSession]:
        """Return one's own open sessions."""
        return self._sessions.of(me.account.id)

    def end_session(self, me: StaffSession, session_id: str) -> None:
        """End one of one's own sessions.

        Raises:
            SessionEndedError: There is none with that id.
        """
        with self._database.write() as session:
            if not self._sessions.end(session, me.account.id, session_id):
                raise SessionEndedError
            self._audit.record(session, me.account.id, "session_ended", me.account.id, {"session": session_id})

    def end_all_sessions(self, me: StaffSession) -> None:
        """End all of one's own sessions, this one too."""
        with self._database.write() as session:
            self._sessions.end_all(session, me.account.id)
            self._audit.record(session, me.account.id, "signed_out_everywhere", me.account.id)
