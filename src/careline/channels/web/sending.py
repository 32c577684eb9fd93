"""Taking a patient's message, from a program or a page: a flood is held up, an emergency never."""

from __future__ import annotations

from careline.channels.web.services import WebServices
from careline.consultation.errors import RefusedError
from careline.consultation.patient_message import PatientMessage
from careline.consultation.turn_transactions import TurnResult


async def take_message(services: WebServices, conversation_id: str, message: PatientMessage) -> TurnResult:
    """Take the message and return the answer: one turn.

    Raises:
        RateLimitedError: It is one of a flood, and raises no red flag.
        RefusedError, ErasedError: It cannot be taken.
    """
    services.presence.see(conversation_id)
    return await services.turns.take(conversation_id, message)


async def check_rate(services: WebServices, conversation_id: str, message: PatientMessage) -> None:
    """Hold up a flood, but never a message that raises a red flag.

    Raises:
        RateLimitedError: It is one of a flood.
    """
    if services.limits.allows(services.message_limit, conversation_id):
        return
    try:
        if await services.turns.is_emergency(conversation_id, message):
            return
    except RefusedError:
        pass  # a button that does not fit raises no flag
    services.limits.check(services.message_limit, conversation_id)
