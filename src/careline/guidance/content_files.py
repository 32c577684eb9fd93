"""Strict reading of the files of guidance: articles, thresholds, questions that are not covered."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from careline.guidance.errors import ArticleError

T = TypeVar("T")

# libyaml, where the wheel brings it
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_SafeLoader):  # type: ignore[misc]  # either of two classes
    """YAML without silent traps: a key that stands twice is refused."""


def _mapping_without_duplicates(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.MarkedYAMLError(problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark)
        seen.add(key)
    mapping: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return mapping


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates)


def read_text(path: Path) -> str:
    """Return the file's text.

    Raises:
        ArticleError: It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ArticleError(f"{path}: cannot be read ({error.strerror}). Put the file back.") from error
    except UnicodeDecodeError as error:
        raise ArticleError(f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8.") from error


def parse_yaml(text: str, shape: type[T], *, path: Path) -> T:
    """Return YAML text in its shape.

    Raises:
        ArticleError: The text is not YAML, or does not fit; says where and what to do.
    """
    try:
        raw = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.YAMLError as error:
        line = " ".join(str(error).split())
        raise ArticleError(f"{path}: is not valid YAML: {line}. Mend that line.") from error
    try:
        return msgspec.convert(raw, shape)
    except msgspec.ValidationError as error:
        raise ArticleError(f"{path}: {error}. {_remedy(str(error))}") from error


def _remedy(message: str) -> str:
    if "unknown field" in message:
        return "Remove it or mend its spelling."
    if "missing required field" in message:
        return "Add it."
    if "got `bool`" in message:
        return "Put yes, no, on and off in quotes."
    return "Mend the value."
