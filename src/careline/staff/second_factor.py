"""The second factor: codes of an app (TOTP, RFC 6238), and recovery codes for when the app is lost."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets

import pyotp
import segno

_STEP_SECONDS = 30  # RFC 6238
_STEPS_EITHER_WAY = 1  # a clock may be half a minute off
_RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 80 bits: beyond guessing, so a plain hash keeps them


def new_secret() -> str:
    """Return a secret for a new app; base32, 160 bits."""
    return pyotp.random_base32()


def step_of_code(secret: str, code: str, now: dt.datetime) -> int | None:
    """Return the time step whose code this is, near now; None when it is none.

    Each step's code counts once: the caller refuses a step that is not later than the last one used.
    """
    typed = "".join(code.split())
    current = int(now.timestamp()) // _STEP_SECONDS
    codes = pyotp.TOTP(secret)
    found = None
    for step in range(current - _STEPS_EITHER_WAY, current + _STEPS_EITHER_WAY + 1):
        if hmac.compare_digest(codes.generate_otp(step).encode(), typed.encode()):
            found = step
    return found


def enrolment_address(secret: str, *, user_name: str, operator: str | None) -> str:
    """Return the `otpauth:` address that an app reads; it shows the operator's name where there is one."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=user_name, issuer_name=" ".join(filter(None, ("Careline", operator)))
    )


def picture_of(address: str) -> str:
    """Return the address as a QR code: an SVG element without style, script or reference to anything."""
    picture: str = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return picture


def letters_of(address: str) -> str:
    """Return the address as a QR code of block letters, for a terminal."""
    matrix = [list(row) for row in segno.make(address, error="l").matrix_iter(border=2)]
    if len(matrix) % 2:
        matrix.append([0] * len(matrix[0]))
    blocks = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}  # light on dark, as terminals mostly are
    pairs = zip(matrix[::2], matrix[1::2], strict=True)
    return "\n".join("".join(blocks[bool(a), bool(b)] for a, b in zip(top, low, strict=True)) for top, low in pairs)


def new_recovery_codes() -> list[str]:
    """Return codes to be shown once and kept only as hashes."""
    return [_in_groups(base64.b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode()) for _ in range(_RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """Return what is kept of a recovery code; blanks, hyphens and capitals do not count."""
    return hashlib.sha256("".join(sign for sign in code.upper() if sign.isalnum()).encode()).digest()


def _in_groups(letters: str) -> str:
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4)).lower()
