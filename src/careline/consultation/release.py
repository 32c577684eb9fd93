"""Content releases: rules, articles and index of one version, loaded whole, several at once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from careline.clinical.recognition.recogniser import Recogniser
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.lexicon import Lexicon
from careline.consultation.wording import DEFAULT_LANGUAGE
from careline.guidance.search import Guidance

log = logging.getLogger(__name__)

_MOST_IN_MEMORY = 5  # the newest, and those that consultations under way most likely began with


@dataclass(frozen=True)
class ContentRelease:
    """One version of all content.

    Attributes:
        id: Hash of its files.
        recogniser: None when it cannot be used: the lexicon and the rules then screen alone.
        guidance: None when its index cannot be used: patients are then told that there is no guidance now.
        language: Of the sentences in `book`.
        original: The release as its rules were written, where `book` is a translation.
    """

    id: str
    book: RuleBook
    lexicon: Lexicon = field(repr=False)
    guidance: Guidance | None = None
    recogniser: Recogniser | None = field(default=None, repr=False)
    language: str = DEFAULT_LANGUAGE
    original: ContentRelease | None = field(default=None, repr=False)

    @property
    def has_reader(self) -> bool:
        """Whether the sentence reader stands beside the words of the recogniser."""
        return self.recogniser is not None and self.recogniser.reader is not None

    def in_language(self, language: str) -> ContentRelease:
        """Return the release with its sentences in the language, if a consultation can be held in it; else as it is."""
        book = self.book.in_languages.get(language)
        return self if book is None else replace(self, book=book, language=language, original=self)

    def is_read_by_watched(self, complaints: Iterable[str]) -> bool:
        """Return whether a page about one of these complaints is for somebody who may be watched."""
        served = (
            self.book.protocols[complaint].protocol for complaint in complaints if complaint in self.book.protocols
        )
        return any(self.book.findings[protocol.finding].may_be_watched for protocol in served)


class ContentReleases:
    """The releases in memory: the newest, which screens, and those that consultations under way began with."""

    def __init__(self, newest: ContentRelease, load: Callable[[str], ContentRelease | None]) -> None:
        """Begin with the newest.

        Args:
            newest: The release in force.
            load: Returns an older release by id, or None when it is no longer on disk.
        """
        self._newest = newest
        self._load = load
        self._loaded = {newest.id: newest}  # in the order in which they were last asked for
        self._lock = threading.Lock()

    @property
    def newest(self) -> ContentRelease:
        """The release in force: it screens every message and begins every consultation."""
        return self._newest

    def of(self, release_id: str) -> ContentRelease:
        """Return the release a consultation began with; the newest when it is gone."""
        newest = self._newest
        if release_id == newest.id:
            return newest
        with self._lock:
            known = self._loaded.pop(release_id, None)
            if known is not None:
                self._loaded[release_id] = known
                return known
        # Not under the lock: reading it takes a second, in which others are served from what is in memory.
        loaded = self._load(release_id)
        if loaded is None:
            log.warning("content release gone, newest used", extra={"release": release_id})
            loaded = self._newest
        with self._lock:
            self._keep(release_id, loaded)
        return loaded

    def publish(self, release: ContentRelease) -> None:
        """Put a release in force; consultations under way keep theirs."""
        with self._lock:
            self._keep(release.id, release)
            self._newest = release

    def _keep(self, release_id: str, release: ContentRelease) -> None:
        """Hold a release in memory, and let go of what was not asked for longest: it can be read from disk again."""
        self._loaded.pop(release_id, None)
        self._loaded[release_id] = release
        for old in list(self._loaded)[:-_MOST_IN_MEMORY]:
            del self._loaded[old]
