"""The handoff note as the case page shows it: each line with links to the messages that it comes from."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from careline.escalation.escalation import Sbar

_PARTS = ("situation", "background", "assessment", "recommendation")
_NAMED = re.compile(r" ?\(message (\d+)\)")  # in the words of a note that was stored without numbers


@dataclass(frozen=True)
class NoteLine:
    """One line.

    Attributes:
        kind: `fact`, `danger`, `unknown` or `mark`, for the look.
        messages: Numbers of the messages that it comes from, as far as they are shown.
    """

    text: str
    kind: str
    messages: Sequence[int]


def note_parts(sbar: Sbar, shown: Collection[int]) -> list[tuple[str, list[NoteLine]]]:
    """Return the four parts by title, empty ones too: that nothing is known is said.

    Args:
        sbar: The note.
        shown: Numbers of the messages on the page.
    """
    return [(part.capitalize(), [_line(line, shown) for line in getattr(sbar, part)]) for part in _PARTS]


def _line(line: object, shown: Collection[int]) -> NoteLine:
    text = str(getattr(line, "text", line))
    numbers = tuple(getattr(line, "message_ids", ())) or tuple(map(int, _NAMED.findall(text)))
    # Where the words name a message that is linked, the link takes their place.
    text = _NAMED.sub(lambda named: "" if int(named[1]) in shown and int(named[1]) in numbers else named[0], text)
    kind = str(getattr(line, "kind", "fact"))
    return NoteLine(text.rstrip(), kind, tuple(number for number in dict.fromkeys(numbers) if number in shown))
