"""The handoff note: Situation, Background, Assessment, Recommendation, line by line with where each line is from."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

PARTS = ("situation", "background", "assessment", "recommendation")
SAID_NO = "said no to: "  # before what the patient does not have, here and in the two that follow
ALL_SAID_NO = f"The patient {SAID_NO}"
ASKED_AND_SAID_NO = "Asked about, the patient said no: "

_DENIED = re.compile(rf"(?:{re.escape(ALL_SAID_NO)}|[^:\"]+: {re.escape(SAID_NO)})")


class LineKind(enum.StrEnum):
    """What a line is to its reader."""

    FACT = "fact"
    DANGER = "danger"  # a red flag, an emergency level
    UNKNOWN = "unknown"  # what was not asked or not answered: never to be read as no
    MARK = "mark"  # about the note itself: who made it, with what, and what it is not


class CitedSource(msgspec.Struct, frozen=True, kw_only=True):
    """A reference of a rule."""

    title: str
    organisation: str
    url: str | None = None


class SbarLine(msgspec.Struct, frozen=True):
    """One line of the note.

    Attributes:
        message_ids: Messages of the conversation that it comes from, for links to them.
        rule_id: The rule or red flag that it states.
        sources: The references of that rule.
    """

    text: str
    message_ids: tuple[int, ...] = ()
    kind: LineKind = LineKind.FACT
    rule_id: str | None = None
    sources: tuple[CitedSource, ...] = ()


@dataclass(frozen=True)
class Sbar:
    """The handoff note; generated, to be checked by the reader."""

    situation: tuple[SbarLine, ...] = ()
    background: tuple[SbarLine, ...] = ()
    assessment: tuple[SbarLine, ...] = ()
    recommendation: tuple[SbarLine, ...] = ()

    def texts(self) -> dict[str, list[str]]:
        """Return the four lists of strings of the HTTP contract."""
        return {part: [line.text for line in getattr(self, part)] for part in PARTS}

    def known(self) -> Iterator[str]:
        """Yield what the note knows of the patient: not what was denied or not asked, and not what they were advised.

        By these every case would be about chest pain: most patients are asked about it, or told what to do if it comes.
        """
        for line in self.situation:
            if not line.text.startswith(ASKED_AND_SAID_NO):
                yield line.text
        for line in (*self.background, *self.assessment):
            if line.kind is not LineKind.UNKNOWN and not _DENIED.match(line.text):
                yield line.text
        for line in self.recommendation:
            if line.kind is LineKind.DANGER:
                yield line.text


def one_line(text: str) -> str:
    """Return a text with its line breaks shown as strokes."""
    return " / ".join(line.strip() for line in text.splitlines() if line.strip())


def plain_lines(*texts: str) -> tuple[SbarLine, ...]:
    """Return lines of which only the words are known."""
    return tuple(SbarLine(text) for text in texts)


def stored_sbar(sbar: Sbar) -> dict[str, Any]:
    """Return the note as it is stored."""
    return {part: msgspec.to_builtins(getattr(sbar, part)) for part in PARTS}


def sbar_from(stored: Mapping[str, Iterable[Any]] | None) -> Sbar:
    """Return the note as it was stored; lines of earlier versions are plain strings."""
    return Sbar(**{part: tuple(_line(line) for line in lines) for part, lines in (stored or {}).items()})


def _line(stored: Any) -> SbarLine:  # noqa: ANN401 - a string, or a stored line
    return SbarLine(stored) if isinstance(stored, str) else msgspec.convert(stored, SbarLine)
