"""The keys file: encryption keys and the service key, made at first start beside the data folder.

A backup of the data folder without this file reveals no patient's words.
"""

from __future__ import annotations

import base64
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from careline.storage.errors import KeysError, SealError

_NONCE_BYTES = 12  # NIST SP 800-38D: the size for which AES-GCM is made
_VERSION = b"\x01"


class KeysFile(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The file's content: base64 keys by id, which one seals new values, and the bearer key for service calls.

    Attributes:
        delivery: Secrets of delivery channels by name, the newest first.
    """

    current: str
    keys: dict[str, str]
    service_key: str
    delivery: dict[str, list[str]] = {}


@dataclass(frozen=True)
class KeyRing:
    """Keys that open sealed values, one of which seals new ones.

    Attributes:
        current: Id of the key that seals.
        keys: AES-256 keys by id; an id has at most 255 bytes.
    """

    current: str
    keys: Mapping[str, bytes]

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Return `plain` encrypted and bound to `place` (table and column)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        key_id = self.current.encode()
        header = _VERSION + bytes([len(key_id)]) + key_id + nonce
        return header + AESGCM(self.keys[self.current]).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Return what was sealed.

        Raises:
            KeysError: The key it was sealed with is not in the ring.
            SealError: It was altered, or was sealed for another place.
        """
        key_id, body = key_id_of(sealed), sealed[2 + sealed[1] :]
        key = self.keys.get(key_id)
        if key is None:
            raise KeysError(f"A row was sealed with the key {key_id!r}, which the keys file lacks. Put the key back.")
        try:
            return AESGCM(key).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], place.encode())
        except (InvalidTag, ValueError):  # the latter of a value cut short
            raise SealError(f"A sealed value of {place} was altered or moved. Restore it from a backup.") from None

    def key_for(self, purpose: str, *, key_id: str) -> bytes:
        """Return a key of 32 bytes for one purpose only, derived (HKDF-SHA-256) from the key with that id.

        Raises:
            KeysError: The ring has no such key.
        """
        key = self.keys.get(key_id)
        if key is None:
            raise KeysError(f"The keys file lacks the key {key_id!r}, which is needed for the {purpose}. Put it back.")
        return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key)


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key that a sealed value needs.

    Raises:
        SealError: It is not a sealed value.
    """
    if len(sealed) < 2 + _NONCE_BYTES or sealed[:1] != _VERSION:
        raise SealError("A value in a sealed column is not sealed. Restore it from a backup.")
    return sealed[2 : 2 + sealed[1]].decode(errors="replace")


def load_or_make_keys(path: Path) -> tuple[KeyRing, str]:
    """Return the key ring and the service key; make the file at first start, readable by its owner alone.

    Raises:
        KeysError: The file is malformed, or others can read it.
    """
    if not path.exists():
        key_id = secrets.token_hex(4)
        write_keys(
            path,
            KeysFile(
                current=key_id,
                keys={key_id: base64.b64encode(AESGCM.generate_key(256)).decode()},
                service_key=secrets.token_urlsafe(32),
            ),
        )
    content = read_keys(path)
    ring = KeyRing(content.current, {key_id: base64.b64decode(key) for key_id, key in content.keys.items()})
    return ring, content.service_key


def read_keys(path: Path) -> KeysFile:
    """Return the file's content.

    Raises:
        KeysError: It is malformed, lacks its current key, or others can read it.
    """
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeysError(f"{path}: others can read it. Run: chmod 600 {path}")
    try:
        content = msgspec.json.decode(path.read_bytes(), type=KeysFile)
        lengths = {len(base64.b64decode(key, validate=True)) for key in content.keys.values()}
    except (msgspec.DecodeError, ValueError) as error:
        raise KeysError(f"{path}: is not a keys file. Restore it; without it the database cannot be read.") from error
    if content.current not in content.keys or lengths != {32}:
        raise KeysError(f"{path}: 'current' names no key, or a key is not 32 bytes long. Restore the file.")
    return content


def write_keys(path: Path, content: KeysFile) -> None:
    """Write the file so that it is whole or not there, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content)))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def rotate_keys(path: Path) -> str:
    """Add a new key that seals from now on; return its id. Old keys stay until their rows are sealed anew."""
    content = read_keys(path)
    key_id = secrets.token_hex(4)
    content.keys[key_id] = base64.b64encode(AESGCM.generate_key(256)).decode()
    content.current = key_id
    write_keys(path, content)
    return key_id


def keep_delivery_secret(path: Path, name: str, secret: str, *, keep_old: int = 0) -> None:
    """Keep a delivery channel's new secret, and of the ones before it the `keep_old` newest."""
    content = read_keys(path)
    content.delivery[name] = [secret, *content.delivery.get(name, [])[:keep_old]]
    write_keys(path, content)


def drop_old_delivery_secrets(path: Path, name: str) -> int:
    """Forget all but the newest secret of a delivery channel; return how many were forgotten."""
    content = read_keys(path)
    known = content.delivery.get(name, [])
    content.delivery[name] = known[:1]
    write_keys(path, content)
    return len(known[1:])
