"""Long texts in parts that Telegram takes, cut between sentences where that can be."""

from __future__ import annotations

import re

# Telegram takes 4096 UTF-16 units of shown text; below it is room for a line of ours.
MOST_UNITS = 3800
_SENTENCE_END = re.compile("(?<=[.!?\\u2026\\u3002\\uff01\\uff1f])[\"'\\u201d\\u2019)]*\\s+")
_ENDS = (re.compile(r"\n\n+"), re.compile(r"\n"), _SENTENCE_END, re.compile(r"\s+"))


def units(text: str) -> int:
    """Return the length as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, most: int = MOST_UNITS) -> list[str]:
    """Return the text in parts of at most `most` units, none of them empty.

    It is cut at the last end of a paragraph, line or sentence that leaves a part at least half full; else between
    words; a single word that is longer is cut where it must be.
    """
    parts: list[str] = []
    rest = text.strip()
    while units(rest) > most:
        cut, resume = _cut(rest, most)
        parts.append(rest[:cut].rstrip())
        rest = rest[resume:].lstrip()
    return [part for part in (*parts, rest) if part]


def _cut(text: str, most: int) -> tuple[int, int]:
    """Return where the part ends, and where the next begins."""
    limit = _characters_within(text, most)
    for ends in _ENDS:
        found = [match for match in ends.finditer(text, 0, limit + 1) if limit // 2 <= match.start() <= limit]
        if found:
            return found[-1].start(), found[-1].end()
    return limit, limit


def _characters_within(text: str, most: int) -> int:
    """Return how many characters have at most so many units; at least one."""
    room = most
    for index, character in enumerate(text):
        room -= 2 if ord(character) > 0xFFFF else 1
        if room < 0:
            return max(index, 1)
    return len(text)
