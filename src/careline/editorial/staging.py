"""A folder for content that is being checked and built; nobody serves from it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from careline.editorial.served import write_texts

_LEFT_OVER_SECONDS = 3600.0  # after which a folder is one that a crash left behind


@contextlib.contextmanager
def staged(texts: Mapping[str, str], folder: Path) -> Iterator[Path]:
    """Write content into a new folder below this one, as `knowledge/`, until the end of the block."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as own:
        knowledge = Path(own) / "knowledge"
        write_texts(texts, knowledge)
        yield knowledge


def clear_left_overs(folder: Path) -> None:
    """Delete what a crash left behind."""
    for one in folder.glob("*"):
        with contextlib.suppress(FileNotFoundError):  # whoever made it has done so meanwhile
            if time.time() - one.stat().st_mtime > _LEFT_OVER_SECONDS:
                shutil.rmtree(one)
