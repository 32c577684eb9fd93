"""Who is there now, and who is typing: kept in this process alone, never stored, lost without harm."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Literal

from careline.consultation.live import Wakeups

Side = Literal["patient", "clinician"]

_ONLINE = dt.timedelta(minutes=1)  # after the last request, for those who follow no live events
_AWAY = dt.timedelta(minutes=15)
_TYPING = dt.timedelta(seconds=10)  # after the last key; who goes on typing says so again
_MOST_KEPT = 20_000  # conversations; the oldest are forgotten first


class Presence:
    """Who is there in each conversation."""

    def __init__(self, wakeups: Wakeups, now: Callable[[], dt.datetime]) -> None:
        """Nobody has been seen yet."""
        self._wakeups = wakeups
        self._now = now
        self._seen: dict[str, dt.datetime] = {}
        self._typing: dict[tuple[str, Side], dt.datetime] = {}
        self._lock = threading.Lock()

    def see(self, conversation_id: str) -> None:
        """Note that the patient is there now."""
        with self._lock:
            self._seen.pop(conversation_id, None)
            self._seen[conversation_id] = self._now()  # at the end: the dictionary is in order of last sight
            if len(self._seen) > _MOST_KEPT:
                del self._seen[next(iter(self._seen))]

    def of(self, conversation_id: str) -> str:
        """Return `online`, `away`, `left`; `unknown` when this process has not seen the patient."""
        if self._wakeups.is_followed(conversation_id):
            return "online"
        seen = self._seen.get(conversation_id)
        if seen is None:
            return "unknown"
        gone = self._now() - seen
        return "online" if gone <= _ONLINE else "away" if gone <= _AWAY else "left"

    def type(self, conversation_id: str, side: Side, *, on: bool) -> None:
        """Note that a side types, or has stopped; those who follow are told."""
        with self._lock:
            if on:
                self._typing[(conversation_id, side)] = self._now() + _TYPING
            elif self._typing.pop((conversation_id, side), None) is None:
                return
        self._wakeups.wake(conversation_id)

    def types(self, conversation_id: str, side: Side) -> bool:
        """Return whether a side is typing now."""
        with self._lock:
            until = self._typing.get((conversation_id, side))
            if until is not None and until <= self._now():
                del self._typing[(conversation_id, side)]
                return False
            return until is not None
