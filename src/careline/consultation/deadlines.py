"""How long each step of a turn may take: a patient is answered within 10 s, whatever happens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Deadlines:
    """The deadlines of a turn; they nest inside the 10 s of docs/safety-case.md.

    Attributes:
        wait_seconds: For the turn before this one.
        lock_seconds: A turn that holds the conversation longer has died.
        least_dialogue_seconds: With less than this left, the dialogue engine is not asked at all.
        pause_seconds: After a failure the dialogue engine is not asked for this long: nobody waits for it again.
    """

    turn_seconds: float = 9.5
    wait_seconds: float = 5.0
    lock_seconds: float = 12.0
    poll_seconds: float = 0.04
    dialogue_seconds: float = 8.0
    least_dialogue_seconds: float = 0.5
    pause_seconds: float = 5.0
