"""The audit trail's anchor: a file that says how far the trail had come, so that a line cut off is missed."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from pathlib import Path

import msgspec


class Anchor(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The newest line that is known to have been written: its number and, in hexadecimal, its mac."""

    number: int
    mac: str


@dataclass(frozen=True)
class AnchorFile:
    """The file that holds the anchor. It only moves forward."""

    path: Path

    def read(self) -> Anchor | None:
        """Return the anchor; None when there is no file.

        Raises:
            msgspec.DecodeError: The file is not an anchor.
        """
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=Anchor)
        except FileNotFoundError:
            return None

    def move_to(self, anchor: Anchor) -> None:
        """Write the anchor, unless the file is further on already; whole or not at all."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            current = self.read()
            if current is not None and current.number >= anchor.number:
                return
            part = self.path.with_suffix(".part")
            with part.open("wb") as file:
                file.write(msgspec.json.encode(anchor) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.path)
        finally:
            os.close(lock)
