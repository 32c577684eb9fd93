"""What a channel is: a way to tell somebody of an escalation, and what became of one attempt."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from careline.escalation.delivery.occasion import Occasion


@dataclass(frozen=True)
class Letter:
    """What is told in one delivery; the same at every attempt.

    Attributes:
        id: Stable: a receiver that has seen it knows it again.
        at: When it happened.
        facts: Ids, levels and times. Never a word of the patient.
        link: The escalation in the clinicians' console.
    """

    id: str
    occasion: Occasion
    at: dt.datetime
    facts: dict[str, Any]
    link: str


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt.

    Attributes:
        error: None: it was taken. Else a short class, such as `http_500` or `timeout`: no text, no address.
        is_gone: Whether the receiver said that it is not there any more and wants no further attempt.
        not_before_seconds: How long the receiver asked to be left alone.
    """

    error: str | None = None
    is_gone: bool = False
    not_before_seconds: float = 0.0


SENT = Outcome()


class Channel(Protocol):
    """A way to tell somebody; it raises nothing that a receiver can bring about."""

    name: str
    target: str  # fingerprint of where it leads
    concurrency: int  # attempts under way at a time
    timeout_seconds: int  # of one attempt
    is_person: bool  # read by a person, who need not be told what somebody else has acknowledged meanwhile

    async def send(self, letter: Letter, *, now: dt.datetime) -> Outcome:
        """Make one attempt."""
        ...

    async def aclose(self) -> None:
        """Give connections and threads back."""
        ...


@dataclass(frozen=True)
class Channels:
    """The channels of an installation by name."""

    by_name: dict[str, Channel] = field(default_factory=dict)

    async def aclose(self) -> None:
        """Close all."""
        for channel in self.by_name.values():
            await channel.aclose()


def fingerprint(*settings: object) -> str:
    """Return 16 characters that change when the settings do, and say nothing of them."""
    return hashlib.sha256(msgspec.json.encode([str(setting) for setting in settings])).hexdigest()[:16]
