"""Waking those who follow a conversation. The database is the truth; a lost wake-up costs a pause, never a message."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict


class Wakeups:
    """Wakes followers by conversation, from any thread of this process."""

    def __init__(self) -> None:
        """Nobody follows anything yet."""
        self._followers: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event, bool]]] = defaultdict(set)
        self._lock = threading.Lock()
        self.stopping = False

    def follow(self, conversation_id: str, *, is_patient: bool = True) -> asyncio.Event:
        """Return an event that is set whenever the conversation may have something new.

        Args:
            conversation_id: Of which; or another topic that units of work announce.
            is_patient: Whether the patient follows; a clinician who looks on does not make the patient present.
        """
        event = asyncio.Event()
        with self._lock:
            self._followers[conversation_id].add((asyncio.get_running_loop(), event, is_patient))
        return event

    def unfollow(self, conversation_id: str, event: asyncio.Event) -> None:
        """Stop following."""
        with self._lock:
            self._followers[conversation_id] = {one for one in self._followers[conversation_id] if one[1] is not event}
            if not self._followers[conversation_id]:
                del self._followers[conversation_id]

    def is_followed(self, conversation_id: str) -> bool:
        """Return whether the patient follows the conversation."""
        with self._lock:
            return any(is_patient for _, _, is_patient in self._followers.get(conversation_id, ()))

    def wake(self, conversation_id: str) -> None:
        """Wake all who follow the conversation."""
        with self._lock:
            followers = list(self._followers.get(conversation_id, ()))
        for loop, event, _ in followers:
            loop.call_soon_threadsafe(event.set)

    def stop(self) -> None:
        """Wake everybody for the last time: the process ends."""
        self.stopping = True
        for conversation_id in list(self._followers):
            self.wake(conversation_id)
