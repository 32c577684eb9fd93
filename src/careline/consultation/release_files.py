"""Content releases on disk: `releases/<id>/` with a copy of the content and its index; a pointer names the newest.

A release is written beside the others and becomes the newest by one atomic rename; running processes look at the
pointer and load it whole.
"""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path

from careline.clinical.content_files import content_hash, hash_of_texts
from careline.clinical.errors import RecogniserError
from careline.clinical.phrases import corpus_hash
from careline.clinical.recognition.model import Manifest, load_model
from careline.clinical.recognition.reader import SentenceReader
from careline.clinical.recognition.recogniser import Recogniser
from careline.clinical.rulebook import RuleBook, load_rule_book, rules_version, signed_protocols_only
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.metrics import ALERTS
from careline.consultation.release import ContentRelease
from careline.consultation.sentence_reader import load_reader
from careline.guidance.encoder import Encoder
from careline.guidance.errors import GuidanceError
from careline.guidance.index import FaissPassageIndex
from careline.guidance.search import GuidanceSearch

log = logging.getLogger(__name__)

_NOT_SERVED = ("vignettes",)  # tests' own; they change nothing for a patient
_POINTER = "current"
_NEXT = "next"  # what may be put in force soon: processes load it ahead
_ID_LENGTH = 20


class ReleaseFiles:
    """The releases of one data folder."""

    def __init__(
        self,
        folder: Path,
        knowledge: Path,
        *,
        recogniser: Path | None = None,
        reader: Path | None = None,
        signed_only: bool = False,
    ) -> None:
        """Take the folder of the releases, and the content that a new one is made from.

        Args:
            folder: Made when the first release is published.
            knowledge: The content as it stands.
            recogniser: Folder of the trained recogniser; None serves without one.
            reader: Folder of the trained sentence reader, which goes with the recogniser; None serves without one.
            signed_only: Whether releases are loaded without protocols that no clinician has signed.
        """
        self.folder = folder
        self.knowledge = knowledge
        self._recogniser = recogniser
        self._reader = reader
        self._last_reader: tuple[Manifest, SentenceReader] | None = None
        self._signed_only = signed_only
        self._last_rules: tuple[RuleBook, Lexicon] | None = None

    def id_of_content(self) -> str:
        """Return the id that the content as it is now would have."""
        return content_hash(self.served_paths(), self.knowledge)[:_ID_LENGTH]

    def id_of_texts(self, texts: Mapping[str, str]) -> str:
        """Return the id that content with these files would have."""
        served = {name: text for name, text in texts.items() if name.split("/")[0] not in _NOT_SERVED}
        return hash_of_texts(served)[:_ID_LENGTH]

    def served_paths(self) -> list[Path]:
        """Return the files of the content as it is that a release holds."""
        return [
            path
            for path in self.knowledge.rglob("*")
            if path.is_file() and path.relative_to(self.knowledge).parts[0] not in _NOT_SERVED
        ]

    def newest_id(self) -> str | None:
        """Return the id that the pointer names; None when nothing has been published."""
        return self._named_by(_POINTER)

    def next_id(self) -> str | None:
        """Return the id of the release that was announced last; None when none was."""
        return self._named_by(_NEXT)

    def knowledge_of(self, release_id: str) -> Path | None:
        """Return the content of a release; None unless it is on disk, with the bytes that it was named after."""
        knowledge = self.folder / release_id / "knowledge"
        if not release_id.isalnum() or not knowledge.is_dir():
            return None
        paths = [path for path in knowledge.rglob("*") if path.is_file()]
        return knowledge if content_hash(paths, knowledge)[:_ID_LENGTH] == release_id else None

    def publish(self, build_index: Callable[[Path, Path], object]) -> str:
        """Write a release of the content as it is now, and point to it.

        Args:
            build_index: Given the copied content and the release's folder, writes the index there.

        Returns:
            Its id.

        Raises:
            ContentError: The rules cannot be used; the releases stay as they were.
        """
        release_id = self.build(build_index)
        self.point_to(release_id)
        return release_id

    def build(
        self, build_index: Callable[[Path, Path], object], *, check: Callable[[Path], object] = load_rule_book
    ) -> str:
        """Write a release of the content as it is now beside the others, and return its id; as `publish`.

        Args:
            build_index: As there.
            check: Raises what the rules are refused for; whoever has just checked them need not again.
        """
        check(self.knowledge)
        release_id = self.id_of_content()
        part = self.folder / f"{release_id}.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        shutil.copytree(self.knowledge, part / "knowledge", ignore=shutil.ignore_patterns(*_NOT_SERVED))
        build_index(part / "knowledge", part)
        target = self.folder / release_id
        shutil.rmtree(target, ignore_errors=True)
        part.rename(target)
        return release_id

    def point_to(self, release_id: str) -> None:
        """Make a release the newest, in one step."""
        self._name(_POINTER, release_id)

    def announce(self, release_id: str) -> None:
        """Say that a release may be the newest soon."""
        self._name(_NEXT, release_id)

    def _named_by(self, pointer: str) -> str | None:
        try:
            return (self.folder / pointer).read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def _name(self, name: str, release_id: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        pointer = self.folder / f"{name}.{uuid.uuid4().hex}.part"  # several processes may point at once
        with pointer.open("w", encoding="utf-8") as file:
            file.write(release_id)
            file.flush()
            os.fsync(file.fileno())
        pointer.replace(self.folder / name)

    def load(self, release_id: str, encoder: Encoder | None) -> ContentRelease | None:
        """Return a release by id; None when it is not on disk.

        Raises:
            ContentError: Its rules cannot be used.
        """
        folder = self.folder / release_id
        if not (folder / "knowledge").is_dir():
            return None
        return self._release(release_id, folder / "knowledge", _guidance(folder, encoder))

    def load_newest(self, encoder: Encoder | None) -> ContentRelease:
        """Return the newest release; where none is published or usable, the rules as they stand, without guidance.

        Raises:
            ContentError: There are no rules to start with.
        """
        newest = self.newest_id()
        if newest is not None:
            release = self.load(newest, encoder)
            if release is not None:
                return release
            log.error("content release missing", extra={"release": newest})
        return self._release(self.id_of_content(), self.knowledge, None)

    def _release(self, release_id: str, knowledge: Path, guidance: GuidanceSearch | None) -> ContentRelease:
        whole, lexicon = self._rules(knowledge)
        served = signed_protocols_only(whole) if self._signed_only else whole
        return ContentRelease(release_id, served, lexicon, guidance, self._trained(release_id, knowledge))

    def _rules(self, knowledge: Path) -> tuple[RuleBook, Lexicon]:
        """Return the rules and their phrases: those that were loaded last, if no byte of their files is different.

        So what an editor changes in an article is in force without reading all rules anew.

        Raises:
            ContentError: The rules cannot be used.
        """
        version = rules_version(knowledge)
        if self._last_rules is not None and self._last_rules[0].version == version:
            return self._last_rules
        book = load_rule_book(knowledge)
        rules = (book, Lexicon.of(book))
        if book.version == version:  # else somebody wrote while we read: not to be taken for either version again
            self._last_rules = rules
        return rules

    def _trained(self, release_id: str, knowledge: Path) -> Recogniser | None:
        """Return the recogniser, if it was trained on this release's phrases."""
        if self._recogniser is None:
            return None
        try:
            model = load_model(self._recogniser, corpus_hash(knowledge))
        except RecogniserError:
            # Lexicon and rules screen on their own; operators are told, and /readyz shows it.
            log.exception("recogniser unusable", extra={"release": release_id})
            ALERTS.labels("recogniser_unusable").inc()
            return None
        return Recogniser(model, self._reader_with(release_id, model.manifest))

    def _reader_with(self, release_id: str, words: Manifest) -> SentenceReader | None:
        """Return the sentence reader that goes with a word recogniser; all releases with the same one share it."""
        if self._reader is None:
            return None
        last = self._last_reader
        if last is not None and last[0] == words:
            return last[1]
        try:
            reader = load_reader(self._reader, words)
        except RecogniserError:
            # The words are heard on their own; operators are told, and /readyz shows it.
            log.exception("reader unusable", extra={"release": release_id})
            ALERTS.labels("reader_unusable").inc()
            return None
        self._last_reader = (words, reader)
        return reader


def _guidance(folder: Path, encoder: Encoder | None) -> GuidanceSearch | None:
    if encoder is None:
        return None
    try:
        return GuidanceSearch(FaissPassageIndex.load(folder, encoder), encoder, release=folder.name)
    except GuidanceError:
        # Triage does not depend on guidance: it starts without, says so, and /readyz shows it.
        log.exception("index unusable", extra={"release": folder.name})
        return None
