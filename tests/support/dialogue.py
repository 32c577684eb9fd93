"""Dialogue engines for tests: they implement the port and pass its contract suite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.ports import DialogueTurn, Intention, TurnActions


class ScriptedDialogueEngine:
    """Runs the action that a function chooses for the words, as Rasa's rules would.

    Attributes:
        turns: What was asked of it.
        told: Red flags it was told of.
        is_down: While true it fails every turn.
        pause_seconds: How long it thinks about each turn.
        before_acting: Called before the action runs, for tests that let something happen meanwhile.
    """

    def __init__(self, choose: Callable[[str | None], Intention] = lambda _text: Intention.TURN) -> None:
        self.actions: TurnActions | None = None
        self.turns: list[DialogueTurn] = []
        self.told: list[tuple[str, tuple[str, ...]]] = []
        self.is_down = False
        self.pause_seconds = 0.0
        self.before_acting: Callable[[DialogueTurn], None] = lambda _turn: None
        self._choose = choose

    async def converse(self, turn: DialogueTurn) -> int:
        self.turns.append(turn)
        if self.is_down or self.actions is None:
            raise DialogueUnavailableError("scripted to be down")
        self.before_acting(turn)
        if self.pause_seconds:
            await asyncio.sleep(self.pause_seconds)
        intention = Intention.RECORD_ANSWER if turn.text is None else self._choose(turn.text)
        try:
            return await self.actions.act(
                intention, sender=turn.sender, turn_id=turn.turn_id, fencing_token=turn.fencing_token
            )
        except Exception as error:  # the real engine's webhook answers nothing then, and nothing bears the turn's mark
            raise DialogueUnavailableError(type(error).__name__) from error

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        if self.is_down:
            raise DialogueUnavailableError("scripted to be down")
        self.told.append((sender, tuple(red_flag_ids)))

    async def is_ready(self) -> bool:
        return not self.is_down


def plain_intentions(text: str | None) -> Intention:
    """Choose as a reader would from a few plain words; enough for tests that are not about classifying."""
    words = (text or "").lower()
    for phrase, intention in (
        ("start over", Intention.START_OVER),
        ("speak to a", Intention.REQUEST_HUMAN),
        ("why do you ask", Intention.EXPLAIN),
        ("why this", Intention.EXPLAIN),
        ("summary", Intention.SUMMARISE),
        ("i meant", Intention.CORRECT_ANSWER),
        ("stop", Intention.STOP),
        ("thank", Intention.ACKNOWLEDGE_THANKS),
        ("?", Intention.ANSWER_QUESTION),
    ):
        if phrase in words:
            return intention
    return Intention.TURN
