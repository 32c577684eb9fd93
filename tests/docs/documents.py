"""Reading the repository's documents: their files, links, tables and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.*)$", re.MULTILINE)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+)`")


def documents() -> list[Path]:
    """Every document for people, with its path from the root."""
    return [path.relative_to(ROOT) for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))]


def text_of(document: Path | str) -> str:
    """The text of a document."""
    return (ROOT / document).read_text(encoding="utf-8")


def links(document: Path) -> Iterator[str]:
    """Targets of links and pictures, those in code left out."""
    yield from _LINK.findall(_FENCE.sub("", text_of(document)))


def anchors(document: Path) -> set[str]:
    """What a link with # may point to."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text_of(document)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def code(document: Path | str) -> Iterator[str]:
    """Lines of shell blocks, comments taken off, and code in running text."""
    text = text_of(document)
    for language, block in _FENCE.findall(text):
        if language == "sh":
            yield from (line.split("#")[0].strip() for line in block.splitlines())
    yield from _SPAN.findall(_FENCE.sub("", text))


def section(document: Path | str, heading: str) -> str:
    """The part of a document below a heading of the second level."""
    parts = re.split(r"^## +", text_of(document), flags=re.MULTILINE)
    return next(part for part in parts if part.startswith(f"{heading}\n"))


def rows(text: str) -> Iterator[list[str]]:
    """Cells of the rows of all tables, without heads and rules."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line.startswith("|") and not line.startswith("|--") and not following.startswith("|--"):
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def spans(cell: str) -> list[str]:
    """What stands in code in a cell."""
    return _SPAN.findall(cell)
