"""What of an escalation is told to others, and how loudly."""

from __future__ import annotations

import enum

from careline.escalation.escalation import Event


class Occasion(enum.StrEnum):
    """What happened to an escalation, as receivers read it (`escalation.<occasion>`)."""

    OPENED = "opened"
    RAISED = "raised"
    NEW_RED_FLAG = "new_red_flag"
    RELEASED = "released"  # given back: nobody has it now
    LEASE_EXPIRED = "lease_expired"  # whoever had it was not seen for too long
    REOPENED = "reopened"
    ACKNOWLEDGED = "acknowledged"
    CLAIMED = "claimed"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    TEST = "test"  # nothing happened: an operator tries out a channel

    @property
    def calls_somebody(self) -> bool:
        """Whether a person is wanted: it climbs the ladder. Else only webhooks are told, once."""
        return self in _CALLS


_CALLS = frozenset(
    {
        Occasion.OPENED, Occasion.RAISED, Occasion.NEW_RED_FLAG, Occasion.RELEASED, Occasion.LEASE_EXPIRED,
        Occasion.REOPENED,
    }
)  # fmt: skip

_OF_EVENTS = {
    event: Occasion(event.value)
    for event in (
        Event.OPENED, Event.RAISED, Event.RELEASED, Event.LEASE_EXPIRED, Event.REOPENED, Event.ACKNOWLEDGED,
        Event.CLAIMED, Event.TRANSFERRED, Event.CLOSED,
    )
}  # fmt: skip


def occasion_of(event: Event) -> Occasion | None:
    """Return as what a line of the log is told to others; None when it is not told."""
    return _OF_EVENTS.get(event)
