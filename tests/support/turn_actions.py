"""Actions of a turn for tests of what lies in front of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from careline.consultation.ports import Intention


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
