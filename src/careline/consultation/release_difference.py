"""How the content as it stands differs from a release that patients see."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from careline.consultation.errors import ReleaseError
from careline.consultation.release_files import ReleaseFiles

# What a changed line stands in: a section's heading, an id, or a key of the outermost level.
_PLACE = re.compile(r"^(?:## (?P<heading>.+)|\s*- (?:\{)?id: ?(?P<id>[\w-]+).*|(?P<key>[A-Za-z_][\w-]*):.*)$")


@dataclass(frozen=True)
class FileDifference:
    """One file that differs.

    Attributes:
        path: Within `knowledge/`.
        parts: Headings, ids and keys that hold altered lines; empty for a file that was added or removed.
        patch: Unified diff.
    """

    path: str
    state: Literal["added", "changed", "removed"]
    parts: tuple[str, ...]
    patch: str


@dataclass(frozen=True)
class Difference:
    """All files that differ, by path."""

    release: str
    files: tuple[FileDifference, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the content is that of the release."""
        return not self.files


def difference(files: ReleaseFiles, release_id: str | None = None) -> Difference:
    """Return how the content as it is differs from a release; from the newest if none is named.

    Raises:
        ReleaseError: There is no such release on disk.
    """
    wanted = release_id or files.newest_id()
    if wanted is None:
        raise ReleaseError(f"{files.folder}: nothing is published yet. Run: careline content build")
    published = files.folder / wanted / "knowledge"
    if not re.fullmatch(r"[0-9a-f]+", wanted) or not published.is_dir():
        raise ReleaseError(f"content release {wanted}: not on disk. `ls {files.folder}` lists those that are.")
    before = {path.relative_to(published).as_posix(): path for path in published.rglob("*") if path.is_file()}
    after = {path.relative_to(files.knowledge).as_posix(): path for path in files.served_paths()}
    return Difference(wanted, tuple(_differences(before, after)))


def _differences(before: dict[str, Path], after: dict[str, Path]) -> Iterator[FileDifference]:
    for name in sorted(before.keys() | after.keys()):
        old = _lines(before.get(name))
        new = _lines(after.get(name))
        if old == new:
            continue
        state: Literal["added", "changed", "removed"] = "changed"
        if name not in before:
            state = "added"
        elif name not in after:
            state = "removed"
        patch = "\n".join(difflib.unified_diff(old, new, f"published/{name}", f"now/{name}", lineterm="")) + "\n"
        yield FileDifference(name, state, _parts(old, new) if state == "changed" else (), patch)


def _lines(path: Path | None) -> list[str]:
    return [] if path is None else path.read_text(encoding="utf-8", errors="replace").splitlines()


def _parts(old: list[str], new: list[str]) -> tuple[str, ...]:
    places: dict[str, None] = {}
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for operation, old_start, old_end, new_start, new_end in matcher.get_opcodes():
        if operation == "equal":
            continue
        for lines, start, end in ((old, old_start, old_end), (new, new_start, new_end)):
            for number in range(start, end):
                places[_place(lines, number)] = None
    places.pop("", None)
    return tuple(places)


def _place(lines: list[str], number: int) -> str:
    for line in reversed(lines[: number + 1]):
        match = _PLACE.match(line)
        if match is not None:
            return next(part for part in match.groups() if part is not None).strip()
    return ""
