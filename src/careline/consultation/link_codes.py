"""One-time codes by which a conversation is continued in another channel."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from careline.consultation.conversation_store import locked_row, new_token, token_hash
from careline.consultation.errors import RefusedError
from careline.consultation.tables import ConversationRow, LinkCodeRow
from careline.storage.database import Database

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are taken for one another
_LENGTH = 12  # 60 bits: not to be guessed in the minutes that it is good
LIFETIME = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class LinkCode:
    """A code, shown once; good until `expires_at` or until it is used."""

    code: str
    expires_at: dt.datetime


@dataclass(frozen=True)
class Resumed:
    """A conversation that goes on here, with a new token; the token before opens it no longer."""

    conversation_id: str
    token: str
    expires_at: dt.datetime


class LinkCodes:
    """Makes codes and takes them back."""

    def __init__(self, database: Database, now: Callable[[], dt.datetime]) -> None:
        """Take the parts."""
        self._database = database
        self._now = now

    def make(self, conversation_id: str) -> LinkCode:
        """Make a code for a conversation; one made before is no longer good."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        expires_at = self._now() + LIFETIME
        with self._database.write() as session:
            session.execute(delete(LinkCodeRow).where(LinkCodeRow.conversation_id == conversation_id))
            session.add(LinkCodeRow(code_hash=_hash(code), conversation_id=conversation_id, expires_at=expires_at))
        return LinkCode(code, expires_at)

    def resume(self, code: str) -> Resumed:
        """Use a code to go on with its conversation under a new token.

        Raises:
            RefusedError: It is not good, or no longer (`unknown_code`).
        """
        token = new_token()
        with self._database.write() as session:
            row = redeem(session, code, self._now())
            row.token_hash = token_hash(token)
            return Resumed(row.id, token, row.expires_at)

    def forget_old(self) -> None:
        """Drop codes whose time is over."""
        with self._database.write() as session:
            session.execute(delete(LinkCodeRow).where(LinkCodeRow.expires_at <= self._now()))


def redeem(session: Session, code: str, now: dt.datetime) -> ConversationRow:
    """Use a code in the caller's unit of work; return its conversation.

    Raises:
        RefusedError: It is not good, or no longer (`unknown_code`): the reasons are not told apart.
    """
    found = session.get(LinkCodeRow, _hash(code), with_for_update=True)
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise _unknown()
    row = locked_row(session, found.conversation_id)
    if row.erased_at is not None or row.expires_at <= now:
        raise _unknown()
    found.used_at = now
    return row


def _unknown() -> RefusedError:
    return RefusedError("unknown_code", "Ask for a new code where the conversation began.", field="code")


def _hash(code: str) -> str:
    return hashlib.sha256(code.strip().upper().replace("-", "").replace(" ", "").encode()).hexdigest()
