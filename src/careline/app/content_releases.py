"""Content releases of a running installation: building and checking them, and having this process serve the newest."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from careline.clinical.errors import ContentError
from careline.consultation.errors import WordingError
from careline.consultation.release import ContentReleases
from careline.consultation.release_difference import difference
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.wording import Wording
from careline.editorial.errors import ContentRefusedError
from careline.editorial.publisher import Change
from careline.guidance.encoder import Encoder
from careline.settings import Settings

log = logging.getLogger(__name__)

_AT_MOST_SECONDS = 900.0  # for a check or a build; both take seconds, on a loaded machine minutes
_TRY_AGAIN_SECONDS = 60.0
_MOST_OUTPUT = 400  # characters of what a process said that failed


@dataclass(frozen=True)
class Content:
    """The content of one process: releases in memory, where they lie on disk, and the encoder that searches them."""

    releases: ContentReleases
    files: ReleaseFiles
    encoder: Encoder | None


class ReleaseWatch:
    """Has this process serve the release that the pointer names."""

    def __init__(self, content: Content, wording: Wording, is_edited: Callable[[], bool]) -> None:
        """Begin with what was loaded at the start.

        Args:
            content: Where releases are.
            wording: Told of a new release's sentences.
            is_edited: Whether sentences are edited in this installation; if not, the program's own are said.
        """
        self._content = content
        self._wording = wording
        self._is_edited = is_edited
        self._seen: str | None = None
        self._failed: tuple[str, float] | None = None
        self._lock = threading.Lock()

    def look(self) -> None:
        """Serve the newest release, if that is another one; one that cannot be used leaves the old in force."""
        with self._lock:
            newest = self._content.files.newest_id()
            if newest is None or newest == self._seen or self._has_just_failed(newest):
                return
            try:
                self._serve(newest)
            except (ContentError, WordingError, OSError):
                self._failed = newest, time.monotonic()
                log.exception("content release unusable, the one before it stays", extra={"release": newest})

    def _has_just_failed(self, release_id: str) -> bool:
        failed = self._failed
        return failed is not None and failed[0] == release_id and time.monotonic() - failed[1] < _TRY_AGAIN_SECONDS

    def _serve(self, release_id: str) -> None:
        content = self._content
        if release_id != content.releases.newest.id:
            release = content.files.load(release_id, content.encoder)
            if release is None:
                return
            content.releases.publish(release)
            log.info("content release in force", extra={"release": release_id})
        knowledge = content.files.knowledge_of(release_id)
        if knowledge is not None and (knowledge / "wording").is_dir() and self._is_edited():
            self._wording.take(knowledge / "wording")
        self._seen = release_id


@dataclass(frozen=True)
class ReleasePublisher:
    """Implements the port of the editorial room on the releases of the data folder.

    Attributes:
        files: The releases; the content they were made from is not used.
        wording: The program's own sentences: what is edited has to fit where they are said.
        checked: Runs all checks over content; a line for each problem.
        built: Writes the release of content, and returns its id.
        in_force: Has this process look at once.
    """

    files: ReleaseFiles
    wording: Wording
    checked: Callable[[Path], Sequence[str]]
    built: Callable[[Path], str]
    in_force: Callable[[], None] = field(default=lambda: None)

    def id_of(self, texts: Mapping[str, str]) -> str:
        """Return the id of the release that would hold these texts."""
        return self.files.id_of_texts(texts)

    def id_in_force(self) -> str | None:
        """Return the id that the pointer names."""
        return self.files.newest_id()

    def knowledge_of(self, release_id: str) -> Path | None:
        """Return the content of a release that is whole."""
        return self.files.knowledge_of(release_id)

    def problems(self, knowledge: Path) -> Sequence[str]:
        """Run all checks; problems name files as in `knowledge/`."""
        found = [*self.checked(knowledge)]
        if (knowledge / "wording").is_dir():
            found += self.wording.problems_of(knowledge / "wording")
        return list(dict.fromkeys(problem.replace(f"{knowledge}/", "") for problem in found))

    def changes(self, knowledge: Path) -> Sequence[Change]:
        """Return what would change for patients; nothing to compare with before the first release."""
        if self.files.newest_id() is None:
            return ()
        found = difference(ReleaseFiles(self.files.folder, knowledge))
        return [Change(one.path, one.state, one.parts, one.patch) for one in found.files]

    def build(self, knowledge: Path) -> str:
        """Write the release beside the others."""
        return self.built(knowledge)

    def put_in_force(self, release_id: str) -> None:
        """Point to it, and have this process serve it now; others look within two seconds."""
        self.files.point_to(release_id)
        self.in_force()


def checked_apart(settings: Settings) -> Callable[[Path], Sequence[str]]:
    """Return the checks of `careline content check`, run in a process of their own."""

    def check(knowledge: Path) -> Sequence[str]:
        done = _careline(settings, knowledge, "check", "--json")
        try:
            found: dict[str, list[str]] = json.loads(done.stdout)
            return found["problems"]
        except (ValueError, KeyError):
            return [f"The checks did not come to an end: {_said(done)}"]

    return check


def built_apart(settings: Settings) -> Callable[[Path], str]:
    """Return what `careline content build` does without putting it in force, run in a process of its own."""

    def build(knowledge: Path) -> str:
        done = _careline(settings, knowledge, "build", "--not-in-force", "--json")
        try:
            found: dict[str, str] = json.loads(done.stdout)
            return found["release"]
        except (ValueError, KeyError):
            raise ContentRefusedError([f"The release could not be built: {_said(done)}"]) from None

    return build


def _careline(settings: Settings, knowledge: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = {"CARELINE_KNOWLEDGE_DIR": str(knowledge), "CARELINE_DATA_DIR": str(settings.data_dir.absolute())}
    command = [sys.executable, "-m", "careline.cli", "content", *words]
    try:
        return subprocess.run(  # noqa: S603 - a program of ours; no shell
            command, env=os.environ | own, capture_output=True, text=True, timeout=_AT_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"took longer than {_AT_MOST_SECONDS:.0f} seconds")


def _said(done: subprocess.CompletedProcess[str]) -> str:
    return " ".join(done.stderr.split())[-_MOST_OUTPUT:] or f"exit code {done.returncode}"
