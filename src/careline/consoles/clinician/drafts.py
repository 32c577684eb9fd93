"""What a clinician has begun to write and not yet sent.

Kept in this process alone: a browser's own storage would leave a patient's data on a machine that several people use,
and a draft in the database would be one more place to erase. A draft is lost when the server starts anew, but then the
page that is still open has it. It goes when it is sent, when the case is closed or handed on, and after a shift.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

KEPT_FOR = dt.timedelta(hours=12)
_MOST_KEPT = 2_000


@dataclass(frozen=True)
class Draft:
    """Words that are not sent yet; `kind` is `note` or `reply`."""

    kind: str
    text: str
    at: dt.datetime


class Drafts:
    """Drafts by case and clinician."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        """Keep none yet."""
        self._now = now
        self._kept: dict[tuple[str, str], Draft] = {}
        self._lock = threading.Lock()

    def keep(self, escalation_id: str, staff_id: str, kind: str, text: str) -> None:
        """Keep what is written so far; nothing written forgets it."""
        key = (escalation_id, staff_id)
        with self._lock:
            self._kept.pop(key, None)
            if text.strip():
                self._kept[key] = Draft(kind, text, self._now())
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def of(self, escalation_id: str, staff_id: str) -> Draft | None:
        """Return the draft, if there is one."""
        with self._lock:
            draft = self._kept.get((escalation_id, staff_id))
            if draft is not None and self._now() - draft.at > KEPT_FOR:
                del self._kept[(escalation_id, staff_id)]
                return None
            return draft

    def forget(self, escalation_id: str, staff_id: str) -> None:
        """Forget a draft."""
        with self._lock:
            self._kept.pop((escalation_id, staff_id), None)

    def forget_case(self, escalation_id: str) -> None:
        """Forget all drafts of a case."""
        with self._lock:
            for key in [key for key in self._kept if key[0] == escalation_id]:
                del self._kept[key]
