"""A patient's message as the engine takes it: with what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

from sqlalchemy.orm import Session

from careline.clinical.content import Unit
from careline.clinical.understanding.message import MessageReading
from careline.consultation.consultation import Incoming
from careline.consultation.conversation_store import asked_by
from careline.consultation.patient_message import MOST_STORED_CHARACTERS, PatientMessage
from careline.consultation.quantity_words import quantity_words
from careline.consultation.tables import ConversationRow, MessageRow

_MOST = 1e9  # what is beyond it measures nothing


def incoming_of(
    session: Session, row: ConversationRow, message: PatientMessage, number: int, reading: MessageReading | None
) -> Incoming:
    """Return a message that is about to be stored under `number`."""
    if message.text is not None:
        asked = asked_by(session, row, message.answers or row.expects)
        return Incoming(number, asked, text=message.text, reading=reading)
    return Incoming(number, asked_by(session, row, message.reply_to), value=message.value)


def stored_incoming(session: Session, row: ConversationRow, message: MessageRow) -> Incoming:
    """Return a message as it was stored."""
    if "reply_to" in message.body:
        asked = asked_by(session, row, message.body["reply_to"])
        return Incoming(message.number, asked, value=message.body["value"])
    asked = asked_by(session, row, message.body.get("answers") or row.expects)
    return Incoming(message.number, asked, text=message.text)


def button_words(session: Session, row: ConversationRow, message: PatientMessage, say: Callable[..., str]) -> str:
    """Return a button's title, or a number with its unit, so that the transcript reads like a conversation."""
    asked = session.get(MessageRow, (row.id, message.reply_to)) if message.reply_to is not None else None
    titles = {option["value"]: option["title"] for option in (asked.body.get("options") or ())} if asked else {}
    if isinstance(message.value, str):
        return str(titles.get(message.value, message.value))[:MOST_STORED_CHARACTERS]
    if isinstance(message.value, list):
        return ", ".join(titles.get(str(value), str(value)) for value in message.value)
    if isinstance(message.value, dict):
        number, unit = message.value.get("number"), message.value.get("unit")
        if isinstance(number, int | float) and abs(number) < _MOST and (unit is None or unit in get_args(Unit)):
            return quantity_words(say, number, unit)
        return f"{number} {unit}"  # no answer: whoever reads it against the question refuses it
    return ""
