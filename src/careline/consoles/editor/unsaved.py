"""What somebody has written into a form and not saved yet: it is there again after a sign-in or a closed window.

Kept in this process alone, as it changes with every word. It is lost when the server starts anew; a page that is still
open has it then.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

KEPT_FOR = dt.timedelta(hours=24)
_MOST_KEPT = 200


@dataclass(frozen=True)
class Unsaved:
    """The fields of a form as they were typed last."""

    fields: Mapping[str, str]
    at: dt.datetime


class UnsavedForms:
    """Forms by who writes them and the item; an empty path is a new article."""

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        """Keep none yet."""
        self._now = now
        self._kept: dict[tuple[str, str], Unsaved] = {}
        self._lock = threading.Lock()

    def keep(self, staff_id: str, path: str, fields: Mapping[str, str]) -> None:
        """Keep what is written so far."""
        with self._lock:
            self._kept.pop((staff_id, path), None)
            self._kept[staff_id, path] = Unsaved(dict(fields), self._now())
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]

    def of(self, staff_id: str, path: str) -> Unsaved | None:
        """Return what was written, if it is there."""
        with self._lock:
            one = self._kept.get((staff_id, path))
        return one if one is not None and self._now() - one.at <= KEPT_FOR else None

    def forget(self, staff_id: str, path: str) -> None:
        """Forget what was written: it is saved, or given up."""
        with self._lock:
            self._kept.pop((staff_id, path), None)
