"""The operator's own YAML files in the data folder: strictly read, and none of them has to be there."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from careline.strict_yaml import YamlError, shaped

T = TypeVar("T")


def read_operator_file(path: Path, shape: type[T], error: type[Exception]) -> T | None:
    """Return the file's content in its shape; None without a file.

    Args:
        path: Of the file.
        shape: What it must fit.
        error: What to raise of the room that asks, with file, field and remedy.
    """
    try:
        return shaped(path.read_bytes(), shape)
    except FileNotFoundError:
        return None
    except OSError as cause:
        raise error(f"{path}: cannot be read ({cause.strerror}). Mend the file or its rights.") from cause
    except YamlError as cause:
        raise error(f"{path}: {cause}") from cause
