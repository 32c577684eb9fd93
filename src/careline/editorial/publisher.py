"""The port to content releases: how they are checked, built and put in force is the app's to wire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class AnswerEffect:
    """A question of those that the search is measured with, which would get another answer."""

    question: str
    before: str
    after: str


@dataclass(frozen=True)
class VignetteEffect:
    """An invented patient who would end at another level.

    Attributes:
        opening: The first message.
        before, after: Names of levels.
    """

    id: str
    opening: str
    before: str
    after: str


@dataclass(frozen=True)
class Made:
    """What came of preparing content: a release beside the others, or why there is none.

    Attributes:
        problems: A line for each; empty if it may come before patients.
        known: What was not checked again, and why that is safe: a sentence each.
        counts: What was looked at.
        release_id: Of the release that lies ready; None where there are problems.
        answers, vignettes: What would change for patients.
        questions: How many were asked.
    """

    problems: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    release_id: str | None = None
    answers: tuple[AnswerEffect, ...] = ()
    questions: int = 0
    vignettes: tuple[VignetteEffect, ...] = ()


class Progress(Protocol):
    """Called when a step of the preparation begins and as it goes on."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of a step are finished."""
        ...


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

    def checksum(self, texts: Mapping[str, str]) -> str:
        """Return the hash that a passed preparation is bound to: of all texts, the program, and the day."""
        ...

    def prepare(self, knowledge: Path, progress: Progress) -> Made:
        """Check content and write its release beside the others, not yet in force, in a process of its own."""
        ...

    def changes(self, knowledge: Path) -> Sequence[Change]:
        """Return what would change for patients, against the release in force."""
        ...

    def make_ready(self, release_id: str) -> None:
        """Have this process load a release, so that it can be put in force in no time."""
        ...

    def put_in_force(self, release_id: str) -> None:
        """Have patients see a release: in one step, in all processes within seconds."""
        ...
