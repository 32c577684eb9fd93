"""What the page of a translation works with: the sentences of a file, each beside what is said in another language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

MOST_CHARACTERS = 900  # of a sentence, as the shape of its file has it


@dataclass(frozen=True)
class Pair:
    """A sentence that patients read, and what is said for it in the other language.

    Attributes:
        key: Names it in its file.
        mark: Of the sentence as it stands now: a translation keeps it, and is stale once it is another.
        said: Empty where nothing is.
        said_of: The mark of the sentence that was translated; empty where none was.
    """

    key: str
    text: str
    mark: str
    said: str = ""
    said_of: str = ""

    @property
    def state(self) -> Literal["current", "stale", "missing"]:
        """Whether the sentence as it stands now is translated."""
        if not self.said:
            return "missing"
        return "current" if self.said_of == self.mark else "stale"


@dataclass(frozen=True)
class Said:
    """What is to be said for a sentence.

    Attributes:
        of: The mark of the sentence that it translates.
    """

    of: str
    text: str


class Translating(Protocol):
    """Reads and writes the files of `translations/`."""

    def languages(self) -> Mapping[str, str]:
        """Return the languages into which the content can be translated: code and name."""
        ...

    def is_translatable(self, path: str) -> bool:
        """Return whether a file can hold sentences that are translated by themselves."""
        ...

    def target(self, language: str, path: str) -> str:
        """Return where the translation of a file stands."""
        ...

    def source(self, path: str) -> tuple[str, str] | None:
        """Return the language and the file that a translation is of; None for what is no translation."""
        ...

    def pairs(self, path: str, text: str, translation: str | None) -> Sequence[Pair]:
        """Return the sentences of a file in its order; none where a text of the two cannot be read."""
        ...

    def text(self, language: str, path: str, said: Mapping[str, Said], before: str | None) -> str:
        """Return the text of the translation's file; what stood in it besides the sentences stays."""
        ...


@dataclass(frozen=True)
class TranslationLine:
    """How a file stands in a language.

    Attributes:
        exists: Whether a translation was begun.
        current, stale, total: Numbers of sentences: translated, translated before they were changed, all.
    """

    language: str
    name: str
    path: str
    exists: bool
    current: int
    stale: int
    total: int

    @property
    def is_whole(self) -> bool:
        """Whether every sentence as it stands now is translated."""
        return self.current == self.total
