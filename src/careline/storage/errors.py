"""What can go wrong in storage.

StorageError
├── KeysError          the keys file is missing, unreadable by its mode, or lacks a key that a row needs
├── SealError          a sealed value was altered, or belongs to another column
├── SingleWriterError  another process already writes to this SQLite file
└── WriterBusyError    no turn to write came in time (SQLite)
"""

from __future__ import annotations


class StorageError(Exception):
    """Base of this room's errors."""


class KeysError(StorageError):
    """The keys file cannot be used; says what to do."""


class SealError(StorageError):
    """A sealed value cannot be opened: altered, or moved from another column."""


class SingleWriterError(StorageError):
    """Another process already writes to this SQLite file."""


class WriterBusyError(StorageError):
    """So much was to be written that no turn came in time; nothing was stored."""
