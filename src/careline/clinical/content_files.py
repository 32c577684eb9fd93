"""Strict reading of the YAML files in `knowledge/`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

from careline.clinical.errors import ContentError
from careline.strict_yaml import YamlError, shaped

T = TypeVar("T")


def read_yaml(path: Path, shape: type[T]) -> T:
    """Return the file's content in its shape.

    Raises:
        ContentError: The file is missing, is not YAML, or does not fit; says where and what to do.
    """
    try:
        return shaped(path.read_bytes(), shape)
    except OSError as error:
        raise ContentError(f"{path}: cannot be read ({error.strerror}). Put the file back.") from error
    except YamlError as error:
        raise ContentError(f"{path}: {error}") from error


def content_hash(paths: list[Path], root: Path) -> str:
    """Return a SHA-256 (hex) of the files' names below `root` and their bytes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
