"""A patient's message as the engine takes it: with what it answers."""

from __future__ import annotations

from sqlalchemy.orm import Session

from careline.clinical.understanding.message import MessageReading
from careline.consultation.consultation import Incoming
from careline.consultation.conversation_store import asked_by
from careline.consultation.patient_message import MOST_STORED_CHARACTERS, PatientMessage
from careline.consultation.tables import ConversationRow, MessageRow


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


def button_words(session: Session, row: ConversationRow, message: PatientMessage) -> str:
    """Return a button's title, so that the transcript reads like a conversation."""
    asked = session.get(MessageRow, (row.id, message.reply_to)) if message.reply_to is not None else None
    titles = {option["value"]: option["title"] for option in (asked.body.get("options") or ())} if asked else {}
    if isinstance(message.value, str):
        return str(titles.get(message.value, message.value))[:MOST_STORED_CHARACTERS]
    if isinstance(message.value, list):
        return ", ".join(titles.get(str(value), str(value)) for value in message.value)
    if isinstance(message.value, dict):
        number = message.value.get("number")
        written = f"{number:g}" if isinstance(number, float) else number  # 34, not 34.0: the patient reads it again
        return f"{written} {message.value.get('unit', '')}".strip()
    return ""
