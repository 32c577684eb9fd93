"""Tables of the staff room."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedText, UtcDateTime
from careline.storage.database import Base


class AccountRow(Base):
    """A person who may sign in."""

    __tablename__ = "staff_accounts"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_name: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    role_title: Mapped[str] = mapped_column(String(80))
    roles: Mapped[str] = mapped_column(String(60))  # names with commas, in alphabetical order
    password_hash: Mapped[str] = mapped_column(String(200))  # argon2id in PHC form
    must_change_password: Mapped[bool]
    password_expires_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())  # of a temporary one
    totp_secret: Mapped[str | None] = mapped_column(SealedText("staff_accounts.totp_secret"))  # base32
    totp_step: Mapped[int]  # last time step whose code was used: it and earlier ones are refused
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    disabled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    signed_in_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class SessionRow(Base):
    """A browser that is signed in, or on the way to it."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)  # may be shown; opens nothing
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    with_case_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())  # a page of a claimed case was open then
    second_factor_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    new_secret: Mapped[str | None] = mapped_column(SealedText("staff_sessions.new_secret"))  # being enrolled
    address: Mapped[str] = mapped_column(String(60))
    browser: Mapped[str] = mapped_column(String(200))


class RecoveryCodeRow(Base):
    """A code that stands in for the second factor, once."""

    __tablename__ = "staff_recovery_codes"

    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class DeviceRow(Base):
    """A browser that an account has signed in from: others' wrong guesses do not lock it out."""

    __tablename__ = "staff_devices"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("staff_accounts.id"), primary_key=True)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class GuessRow(Base):
    """A guess at a password or code that has not been found right."""

    __tablename__ = "staff_guesses"
    __table_args__ = (Index("ix_staff_guesses_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    bucket: Mapped[bytes] = mapped_column(LargeBinary(32))  # hashed: people type passwords where names belong
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class AuditRow(Base):
    """One line of the audit trail; the database refuses to change or delete it (migration 0003)."""

    __tablename__ = "audit_trail"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, without gaps
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    actor: Mapped[str] = mapped_column(String(60), index=True)
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(80), index=True)
    detail: Mapped[str] = mapped_column(Text())  # canonical JSON
    key_id: Mapped[str] = mapped_column(String(40))
    mac: Mapped[bytes] = mapped_column(LargeBinary(32))  # over this line and the mac of the line before
