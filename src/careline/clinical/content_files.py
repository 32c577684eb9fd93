"""Strict reading of the YAML files in `knowledge/`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TypeVar

import msgspec
import yaml

from careline.clinical.errors import ContentError
from careline.clinical.strict_yaml import content_of_yaml

T = TypeVar("T")


def read_yaml(path: Path, shape: type[T]) -> T:
    """Return the file's content in its shape.

    Raises:
        ContentError: The file is missing, is not YAML, or does not fit; says where and what to do.
    """
    try:
        raw = content_of_yaml(path.read_bytes())
    except OSError as error:
        raise ContentError(f"{path}: cannot be read ({error.strerror}). Put the file back.") from error
    except yaml.YAMLError as error:
        raise ContentError(f"{path}: is not valid YAML: {_one_line(error)}. Mend that line.") from error
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise ContentError(f"{path}: {error}. {_remedy(str(error))}") from error


def _one_line(error: yaml.YAMLError) -> str:
    return " ".join(str(error).split())


def _remedy(message: str) -> str:
    if "unknown field" in message:
        return "Remove it or mend its spelling."
    if "missing required field" in message:
        return "Add it."
    if "got `bool`" in message:
        return "Put yes, no, on and off in quotes."
    return "Mend the value."


def content_hash(paths: list[Path], root: Path) -> str:
    """Return a SHA-256 (hex) of the files' names below `root` and their bytes."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()
