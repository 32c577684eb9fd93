"""Fakes of the dialogue ports: an engine that follows a script, and actions that note what they are asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from careline.consultation.errors import DialogueUnavailableError
from careline.consultation.ports import DialogueTurn, Intention, TurnActions


@dataclass
class ScriptedTurnActions:
    """Plays the interview engine: notes what it is asked to do, and stores `replies` messages each time."""

    replies: int = 2
    fails_with: Exception | None = None
    asked: list[tuple[Intention, str, int, int]] = field(default_factory=list)

    async def act(self, intention: Intention, *, sender: str, turn_id: int, fencing_token: int) -> int:
        self.asked.append((intention, sender, turn_id, fencing_token))
        if self.fails_with is not None:
            raise self.fails_with
        return self.replies

    @property
    def intentions(self) -> list[Intention]:
        return [intention for intention, *_ in self.asked]


@dataclass
class ScriptedDialogueEngine:
    """Plays Rasa: understands what `understands` says, and has `actions` carry it out; fails as Rasa does."""

    actions: TurnActions
    understands: Callable[[str], Intention] = lambda _text: Intention.TURN
    is_down: bool = False
    notified: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    async def converse(self, turn: DialogueTurn) -> int:
        self._answer_or_fail()
        intention = Intention.RECORD_ANSWER if turn.text is None else self.understands(turn.text)
        try:
            return await self.actions.act(
                intention, sender=turn.sender, turn_id=turn.turn_id, fencing_token=turn.fencing_token
            )
        except Exception as error:
            raise DialogueUnavailableError("the action failed, and Rasa answers nothing then") from error

    async def notify_red_flag(self, sender: str, red_flag_ids: Sequence[str]) -> None:
        self._answer_or_fail()
        self.notified.append((sender, tuple(red_flag_ids)))

    async def is_ready(self) -> bool:
        return not self.is_down

    def _answer_or_fail(self) -> None:
        if self.is_down:
            raise DialogueUnavailableError("the engine is down, as scripted")
