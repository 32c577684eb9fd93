"""Strict reading of the YAML files in `knowledge/`."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from careline.clinical.errors import ContentError

T = TypeVar("T")


# The parser in C reads the same YAML, eight times as fast; start-up and every test run wait for it.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]  # either of two classes
    """YAML without silent traps: a key that stands twice is refused."""


def _mapping_without_duplicates(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in keys:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark)
        keys.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates)


def read_yaml(path: Path, shape: type[T]) -> T:
    """Return the file's content in its shape.

    Raises:
        ContentError: The file is missing, is not YAML, or does not fit; says where and what to do.
    """
    try:
        raw = yaml.load(path.read_bytes(), Loader=_StrictLoader)  # noqa: S506 - a subclass of SafeLoader
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
