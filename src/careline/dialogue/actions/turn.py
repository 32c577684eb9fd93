"""The actions of a turn: one per intention, all alike. What they do is decided in `consultation`."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from careline.consultation.ports import Intention, TurnActions
from careline.dialogue.marks import ReplyMark, message_with, turn_mark_of


class TurnAction:
    """Carries out one intention for the message that Rasa has just classified."""

    def __init__(self, intention: Intention, actions: TurnActions) -> None:
        """Take the intention and what carries it out."""
        self._intention = intention
        self._actions = actions

    @property
    def name(self) -> str:
        """The action's name in Rasa's domain."""
        return f"action_{self._intention.value}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: object) -> list[dict[str, Any]]:
        """Act, and answer with the one message that proves it.

        Raises:
            UnmarkedCallError: The message did not come from a turn of ours.
            StaleTurnError: The turn was given up, answered or overtaken.
        """
        mark = turn_mark_of(tracker.latest_message)
        stored = await self._actions.act(
            self._intention, sender=tracker.sender_id, turn_id=mark.turn, fencing_token=mark.fence
        )
        dispatcher.utter_message(json_message=message_with(ReplyMark(mark.turn, stored)))
        return []
