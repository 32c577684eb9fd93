"""In which order updates are taken up: Telegram's, though they may arrive otherwise.

Telegram numbers a bot's updates one after another. Over several connections, or sent again, a higher number may come
first; it then waits a moment for what is missing. What never comes holds nobody up.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Iterable

from careline.channels.telegram.inbox import Arrived

WAIT_FOR_MISSING = dt.timedelta(seconds=1.5)
_MOST_REMEMBERED = 10_000


class Arrival:
    """Up to which number updates may be taken up.

    Attributes:
        through: That number; what is below it and comes later is taken up when it comes.
    """

    def __init__(self, through: int | None) -> None:
        """Begin after the highest number handled before; None when there was none."""
        self.through = through
        self._elsewhere: deque[int] = deque(maxlen=_MOST_REMEMBERED)

    def complete(self, through: int) -> None:
        """Note that nothing below a number is still to come: long polling hands out updates in order."""
        self.through = through if self.through is None else max(self.through, through)

    def skip(self, update_id: int) -> None:
        """Note an update that came and is not kept (of a group)."""
        self._elsewhere.append(update_id)

    def look(self, arrived: Iterable[Arrived], now: dt.datetime) -> int:
        """Return up to which number updates may be taken up now."""
        known = {each.update_id: each for each in arrived}
        waited = [number for number, each in known.items() if each.received_at <= now - WAIT_FOR_MISSING]
        if self.through is None and not waited:
            return -1  # the very first: what comes before it may still be on its way
        self.through = max(waited if self.through is None else [self.through, *waited])
        skipped = set(self._elsewhere)
        while self.through + 1 in known or self.through + 1 in skipped:
            self.through += 1
        return self.through
