"""Strict reading of the files of guidance: articles, thresholds, questions that are not covered."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from careline.guidance.errors import ArticleError
from careline.strict_yaml import YamlError, shaped

T = TypeVar("T")


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
        return shaped(text.encode(), shape)
    except YamlError as error:
        raise ArticleError(f"{path}: {error}") from error
