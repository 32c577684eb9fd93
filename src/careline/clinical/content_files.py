"""Strict reading of the YAML files in `knowledge/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
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
    return _hash((path.relative_to(root).as_posix(), path.read_bytes()) for path in sorted(paths))


def hash_of_texts(texts: Mapping[str, str]) -> str:
    """Return what `content_hash` would return of files with these names and texts."""
    return _hash((name, texts[name].encode()) for name in sorted(texts, key=lambda name: name.split("/")))


def _hash(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.sha256()
    for name, data in files:
        digest.update(f"{name}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
