"""Content releases of a running installation: preparing them, and having this process serve the newest."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

import msgspec

from careline.app.content_preparation import Line
from careline.app.passed_checks import program_hash
from careline.clinical.content_files import hash_of_texts
from careline.clinical.errors import ContentError
from careline.consultation.errors import WordingError
from careline.consultation.release import ContentRelease, ContentReleases
from careline.consultation.release_difference import difference
from careline.consultation.release_files import ReleaseFiles
from careline.consultation.wording import Wording
from careline.editorial.publisher import Change, Made, Progress
from careline.guidance.encoder import Encoder
from careline.settings import Settings

log = logging.getLogger(__name__)

_AT_MOST_SECONDS = 1800.0  # for a preparation; when rules have changed it takes minutes on a loaded machine
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
        self._ahead: str | None = None
        self._ready: ContentRelease | None = None
        self._lock = threading.Lock()

    def look(self) -> None:
        """Serve the newest release, if that is another one; one that cannot be used leaves the old in force.

        One that was announced is loaded ahead.
        """
        self._serve_newest()
        announced = self._content.files.next_id()
        if announced is not None and announced not in (self._ahead, self._content.releases.newest.id):
            self.make_ready(announced)

    def _serve_newest(self) -> None:
        with self._lock:
            newest = self._content.files.newest_id()
            if newest is None or newest == self._seen or self._has_just_failed(newest):
                return
            try:
                self._serve(newest)
            except (ContentError, WordingError, OSError):
                self._failed = newest, time.monotonic()
                log.exception("content release unusable, the one before it stays", extra={"release": newest})

    def make_ready(self, release_id: str) -> None:
        """Load a release that may be put in force soon, so that nobody waits for it then."""
        self._ahead = release_id
        try:
            release = self._content.files.load(release_id, self._content.encoder)
        except (ContentError, OSError):
            log.exception("content release cannot be loaded ahead", extra={"release": release_id})
            return
        with self._lock:
            self._ready = release

    def _has_just_failed(self, release_id: str) -> bool:
        failed = self._failed
        return failed is not None and failed[0] == release_id and time.monotonic() - failed[1] < _TRY_AGAIN_SECONDS

    def _serve(self, release_id: str) -> None:
        content = self._content
        if release_id != content.releases.newest.id:
            ready, self._ready = self._ready, None
            # One without search is read again: its index may have been mended since.
            if ready is not None and ready.id == release_id and ready.guidance is not None:
                release: ContentRelease | None = ready
            else:
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
        made: Checks content and writes its release.
        in_force: Has this process look at once.
        loaded: Has this process load a release ahead.
    """

    files: ReleaseFiles
    wording: Wording
    made: Callable[[Path, Progress], Made]
    in_force: Callable[[], None] = field(default=lambda: None)
    loaded: Callable[[str], None] = field(default=lambda _release_id: None)

    def id_of(self, texts: Mapping[str, str]) -> str:
        """Return the id of the release that would hold these texts."""
        return self.files.id_of_texts(texts)

    def id_in_force(self) -> str | None:
        """Return the id that the pointer names."""
        return self.files.newest_id()

    def knowledge_of(self, release_id: str) -> Path | None:
        """Return the content of a release that is whole."""
        return self.files.knowledge_of(release_id)

    def checksum(self, texts: Mapping[str, str]) -> str:
        """Return the hash of the texts, the program, and the day: review dates are judged by it."""
        day = dt.datetime.now(dt.UTC).date().isoformat()
        return hashlib.sha256(f"{hash_of_texts(texts)} {program_hash()} {day}".encode()).hexdigest()

    def prepare(self, knowledge: Path, progress: Progress) -> Made:
        """Check content and write its release; problems name files as in `knowledge/`."""
        said = self.wording.problems_of(knowledge / "wording") if (knowledge / "wording").is_dir() else []
        made = self.made(knowledge, progress)
        problems = [problem.replace(f"{knowledge}/", "") for problem in (*made.problems, *said)]
        return replace(made, problems=tuple(dict.fromkeys(problems)), release_id=None if problems else made.release_id)

    def changes(self, knowledge: Path) -> Sequence[Change]:
        """Return what would change for patients; nothing to compare with before the first release."""
        if self.files.newest_id() is None:
            return ()
        found = difference(ReleaseFiles(self.files.folder, knowledge))
        return [Change(one.path, one.state, one.parts, one.patch) for one in found.files]

    def make_ready(self, release_id: str) -> None:
        """Load it ahead, and have other processes do so."""
        self.files.announce(release_id)
        self.loaded(release_id)

    def put_in_force(self, release_id: str) -> None:
        """Point to it, and have this process serve it now; others look within half a second."""
        self.files.point_to(release_id)
        self.in_force()


def prepared_apart(settings: Settings) -> Callable[[Path, Progress], Made]:
    """Return what prepares a release in a process of its own, so that no patient waits for it."""

    def prepare(knowledge: Path, progress: Progress) -> Made:
        with tempfile.TemporaryFile() as errors, _preparing(settings, knowledge, errors) as process:
            last: Made | None = None
            for line in process.stdout or ():
                try:
                    said = msgspec.json.decode(line, type=Line)
                except msgspec.DecodeError:
                    continue  # a library's own words
                last = said.made
                if last is None:
                    progress(said.step, said.done, said.total)
            if process.wait() == 0 and last is not None:
                return last
            errors.seek(0)
            why = " ".join(errors.read().decode(errors="replace").split())[-_MOST_OUTPUT:]
            return Made(problems=(f"The checks did not come to an end: {why or f'exit code {process.returncode}'}",))

    return prepare


@contextmanager
def _preparing(settings: Settings, knowledge: Path, errors: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    own = {"CARELINE_KNOWLEDGE_DIR": str(knowledge), "CARELINE_DATA_DIR": str(settings.data_dir.absolute())}
    command = [sys.executable, "-m", "careline.app.content_preparation", str(knowledge)]
    process = subprocess.Popen(  # noqa: S603 - a program of ours; no shell
        command, env=os.environ | own, stdout=subprocess.PIPE, stderr=errors
    )
    watchdog = threading.Timer(_AT_MOST_SECONDS, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()
