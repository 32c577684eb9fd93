"""What checks have found before, by the hash of everything that they depend on.

A check is left out only if exactly its files, this program and its libraries were seen to pass it. Whatever is not on
record, or cannot be read, is run.
"""

from __future__ import annotations

import functools
import hashlib
import os
import sys
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

import careline
from careline.clinical.content_files import content_hash

T = TypeVar("T")

_KEPT = 40  # records of each check; the oldest go


class PassedChecks:
    """Records in a folder, each written whole."""

    def __init__(self, folder: Path) -> None:
        """Keep them below this folder, which is made when the first is written."""
        self._folder = folder

    def find(self, check: str, key: str, shape: type[T]) -> T | None:
        """Return what is on record; None if nothing is, or not in this shape."""
        try:
            return msgspec.json.decode((self._folder / check / f"{key}.json").read_bytes(), type=shape)
        except (OSError, msgspec.DecodeError):
            return None

    def keep(self, check: str, key: str, found: object) -> None:
        """Put on record what a check found."""
        folder = self._folder / check
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{uuid.uuid4().hex}.part"
        part.write_bytes(msgspec.json.encode(found))
        part.replace(folder / f"{key}.json")
        _drop_oldest(folder)


def key_of(check: str, knowledge: Path, files: Sequence[Path], *more: str) -> str:
    """Return the hash of all that a check depends on: its files, the program, and `more`."""
    parts = [check, content_hash(list(files), knowledge), program_hash(), *more]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@functools.cache
def program_hash() -> str:
    """Return a SHA-256 (hex) of this program's code, of Python's version, and of its libraries' names and versions.

    Figures of speech and ordinary words are code too, though they stand in text files.
    """
    root = Path(careline.__file__).parent
    libraries = sorted({path.name for folder in sys.path for path in Path(folder or ".").glob("*.dist-info")})
    code = content_hash([path for kind in ("*.py", "*.txt") for path in root.rglob(kind) if path.is_file()], root)
    return hashlib.sha256("\0".join([sys.version, code, *libraries]).encode()).hexdigest()


def _drop_oldest(folder: Path) -> None:
    records = sorted(folder.glob("*.json"), key=os.path.getmtime)
    for path in records[:-_KEPT]:
        path.unlink(missing_ok=True)
