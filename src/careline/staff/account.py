"""An account, and what its parts must look like."""

from __future__ import annotations

import datetime as dt
import enum
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from careline.staff.errors import AccountError
from careline.staff.tables import AccountRow

_USER_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{2,59}")
_MOST_CHARACTERS = 80


class Role(enum.StrEnum):
    """What a person may do; one person may have several."""

    CLINICIAN = "clinician"
    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True)
class Account:
    """A person who may sign in.

    Attributes:
        user_name: What they sign in with; small letters.
        name: As patients read it when the person answers them ("Dr Example"); typed by an admin.
        role_title: What patients read beside it ("GP on duty"); may be empty.
        has_second_factor: Whether codes are set up.
    """

    id: str
    user_name: str
    name: str
    role_title: str
    roles: frozenset[Role]
    is_disabled: bool
    must_change_password: bool
    has_second_factor: bool
    created_at: dt.datetime
    signed_in_at: dt.datetime | None


def account_of(row: AccountRow) -> Account:
    """Return the account that a row holds."""
    return Account(
        id=row.id,
        user_name=row.user_name,
        name=row.name,
        role_title=row.role_title,
        roles=roles_from(row.roles),
        is_disabled=row.disabled_at is not None,
        must_change_password=row.must_change_password,
        has_second_factor=row.totp_secret is not None,
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
    )


def normal_user_name(typed: str) -> str:
    """Return a user name as it is kept, whatever was typed."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def checked_user_name(typed: str) -> str:
    """Return a new account's user name.

    Raises:
        AccountError: It has other signs or another length.
    """
    user_name = normal_user_name(typed)
    if not _USER_NAME.fullmatch(user_name):
        raise AccountError("user_name", "Use 3 to 60 small letters, digits, dots, hyphens or underscores.")
    return user_name


def checked_words(field: str, typed: str, *, needed: bool) -> str:
    """Return a name or title, on one line.

    Raises:
        AccountError: It is missing or too long.
    """
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in typed).split())
    if needed and not words:
        raise AccountError(field, "This is needed.")
    if len(words) > _MOST_CHARACTERS:
        raise AccountError(field, f"Use at most {_MOST_CHARACTERS} characters.")
    return words


def checked_roles(names: Iterable[str]) -> frozenset[Role]:
    """Return the roles of these names.

    Raises:
        AccountError: There is none, or one that does not exist.
    """
    try:
        roles = frozenset(Role(name) for name in names)
    except ValueError:
        raise AccountError("roles", f"The roles are {', '.join(Role)}.") from None
    if not roles:
        raise AccountError("roles", "Choose at least one role.")
    return roles


def roles_as_text(roles: Iterable[Role]) -> str:
    """Return roles as they are kept."""
    return ",".join(sorted(roles))


def roles_from(text: str) -> frozenset[Role]:
    """Return roles from how they are kept."""
    return frozenset(Role(name) for name in text.split(",") if name)
