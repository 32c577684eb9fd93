"""Passwords: how they are hashed, and which are taken."""

from __future__ import annotations

import base64
import secrets
import threading
import unicodedata

import argon2

from careline.staff.errors import AccountError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 200
_HASHED_AT_ONCE = threading.BoundedSemaphore(2)  # each takes 19 MiB and a core: a flood of guesses must not take all
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another


class Passwords:
    """Hashes and checks passwords with argon2id."""

    def __init__(self, *, memory_kib: int = 19 * 1024, passes: int = 2) -> None:
        """Use these costs for new hashes; the defaults are those of the OWASP cheat sheet on password storage."""
        self._hasher = argon2.PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        nothing = base64.b64encode(bytes(32)).decode().rstrip("=")
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={passes},p=1${nothing[:22]}${nothing}"

    def hash(self, password: str) -> str:
        """Return a new hash, salted, in PHC form."""
        with _HASHED_AT_ONCE:
            return self._hasher.hash(_normal(password))

    def matches(self, hashed: str | None, password: str) -> bool:
        """Return whether the password is right; None takes as long as a wrong one, so that time tells nothing."""
        typed = _normal(password[:MOST_CHARACTERS])
        with _HASHED_AT_ONCE:
            try:
                return self._hasher.verify(hashed or self._nobodys, typed) and hashed is not None
            except argon2.exceptions.VerificationError:
                return False

    def is_outdated(self, hashed: str) -> bool:
        """Return whether it was hashed at other costs than those in force."""
        return self._hasher.check_needs_rehash(hashed)


def checked_password(password: str, *, user_name: str, name: str) -> str:
    """Return the password if it may be used: long enough, and not the person's own name. Any characters will do.

    Raises:
        AccountError: It may not.
    """
    if len(password) < LEAST_CHARACTERS:
        raise AccountError("password", f"Use at least {LEAST_CHARACTERS} characters. Several words are good.")
    if len(password) > MOST_CHARACTERS:
        raise AccountError("password", f"Use at most {MOST_CHARACTERS} characters.")
    left = _letters_of(password)
    for own in sorted({_letters_of(user_name), *map(_letters_of, (name, *name.split()))}, key=len, reverse=True):
        left = left.replace(own, "") if len(own) > 2 else left
    if len(left) < LEAST_CHARACTERS // 2 or len(set(password)) < 4:
        raise AccountError("password", "Use a password that is not your own name or one thing over and over.")
    return password


def temporary_password() -> str:
    """Return a password to be read out and changed at once; about 99 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(4))


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _letters_of(words: str) -> str:
    return "".join(sign for sign in _normal(words).casefold() if sign.isalnum())
