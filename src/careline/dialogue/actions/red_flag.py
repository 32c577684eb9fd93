"""What happens in Rasa when the app has answered with an emergency card: it is noted, and nothing is said."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

NAME = "action_red_flag"


async def note_red_flag(_dispatcher: CollectingDispatcher, _tracker: Tracker, _domain: object) -> list[dict[str, Any]]:
    """Note the stage; the card and the escalation are stored before Rasa hears of them."""
    return [SlotSet("stage", "emergency")]
