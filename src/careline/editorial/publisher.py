"""The port to content releases: how they are checked, built and put in force is the app's to wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol


@dataclass(frozen=True)
class Change:
    """One file that differs from what patients see.

    Attributes:
        parts: Headings, ids and keys that hold altered lines; empty for a file that was added or removed.
        patch: Unified diff.
    """

    path: str
    state: Literal["added", "changed", "removed"]
    parts: tuple[str, ...]
    patch: str


class Publisher(Protocol):
    """Content releases, as this room needs them."""

    def id_of(self, texts: Mapping[str, str]) -> str:
        """Return the id of the release that would hold these texts."""
        ...

    def id_in_force(self) -> str | None:
        """Return the id of the release that patients see; None before the first."""
        ...

    def knowledge_of(self, release_id: str) -> Path | None:
        """Return the content of a release; None unless it is on disk and no byte of it has changed."""
        ...

    def problems(self, knowledge: Path) -> Sequence[str]:
        """Run all checks over content, in a process of their own; return a line for each problem."""
        ...

    def changes(self, knowledge: Path) -> Sequence[Change]:
        """Return what would change for patients, against the release in force."""
        ...

    def build(self, knowledge: Path) -> str:
        """Write the release of this content beside the others, not yet in force, and return its id.

        Raises:
            ContentRefusedError: It cannot be built; says why.
        """
        ...

    def put_in_force(self, release_id: str) -> None:
        """Have patients see a release: in one step, in all processes within seconds."""
        ...
