"""The ports of a consultation: what it needs from the dialogue engine, and what the engine's actions may ask of it."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class Intention(enum.StrEnum):
    """What the patient wants with a message, as the dialogue engine understood it; one action each."""

    TAKE_REPORT = "take_report"
    RECORD_ANSWER = "record_answer"
    ANSWER_QUESTION = "answer_question"
    CORRECT_ANSWER = "correct_answer"
    EXPLAIN = "explain"
    REQUEST_HUMAN = "request_human"
    SUMMARISE = "summarise"
    START_OVER = "start_over"
    STOP = "stop"
    ACKNOWLEDGE_THANKS = "acknowledge_thanks"
    GREET = "greet"
    TAKE_FEEDBACK = "take_feedback"
    REDIRECT = "redirect"
    TURN = "turn"


@dataclass(frozen=True)
class DialogueFinding:
    """One finding of the screen, as the dialogue engine may use it: an id and a place in the text, no words."""

    entity: str
    start: int
    end: int
    presence: str


@dataclass(frozen=True)
class DialogueTurn:
    """One message on its way through the dialogue engine.

    Attributes:
        sender: Pseudonym of the conversation, random, never a name or number.
        turn_id: The row of this turn in our database.
        fencing_token: The number that must still be current when an action writes.
        text: The patient's words, or None for a button (its value never leaves the app).
        findings: What the screen found in the text.
    """

    sender: str
    turn_id: int
    fencing_token: int
    text: str | None
    findings: Sequence[DialogueFinding] = field(default=())


class DialogueEngine(Protocol):
    """Decides which action a message calls for, and has it run."""

    async def converse(self, turn: DialogueTurn) -> int:
        """Run one turn; return how many replies its action stored (at least one).

        Raises:
            DialogueUnavailableError: No answer in time, or none that bears this turn's mark.
        """
        ...

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        """Tell the engine that the app has answered this conversation with an emergency card.

        Raises:
            DialogueUnavailableError: It could not be told. Nothing depends on it.
        """
        ...

    async def is_ready(self) -> bool:
        """Return whether the engine has a model loaded and answers now."""
        ...


class TurnActions(Protocol):
    """What an action may do in a running turn."""

    async def act(self, intention: Intention, *, sender: str, turn_id: int, fencing_token: int) -> int:
        """Carry out `intention` for the turn's message, store its replies, and return how many.

        Raises:
            StaleTurnError: The turn was given up, answered or overtaken; nothing was changed.
        """
        ...
