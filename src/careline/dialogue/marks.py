"""The marks that tie what Rasa does to one turn of ours, on the way in and on the way out.

A message goes to Rasa with its turn and fencing token; the action that runs reads them back and answers with the turn
and the number of replies it stored. An answer without this turn's mark is no answer: Rasa says 200 to every failure.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from careline.dialogue.errors import UnmarkedCallError

Count = Annotated[int, msgspec.Meta(ge=1)]


class TurnMark(msgspec.Struct, frozen=True):
    """What a message carries into Rasa: its turn, and the token that lets an action write."""

    turn: int
    fence: int


class ReplyMark(msgspec.Struct, frozen=True):
    """What an action answers: the turn it served, and how many replies it stored."""

    turn: int
    replies: Count


class _MarkedMetadata(msgspec.Struct):
    careline: TurnMark


class _MarkedReply(msgspec.Struct):
    careline: ReplyMark


class _BotMessage(msgspec.Struct):
    custom: _MarkedReply


def metadata_with(mark: TurnMark, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the metadata of a message: its mark, and the findings for Rasa's entities."""
    return {"careline": msgspec.to_builtins(mark), "findings": findings}


def turn_mark_of(latest_message: object) -> TurnMark:
    """Return the mark of the message that an action was called for.

    Raises:
        UnmarkedCallError: There is none; the message did not come from a turn of ours.
    """
    metadata = latest_message.get("metadata") if isinstance(latest_message, dict) else None
    try:
        return msgspec.convert(metadata, type=_MarkedMetadata).careline
    except msgspec.ValidationError as error:
        raise UnmarkedCallError("the call bears no mark of a turn; only the app may talk to Rasa") from error


def message_with(mark: ReplyMark) -> dict[str, Any]:
    """Return the one message of an action; what the patient reads is in our database already."""
    return {"careline": msgspec.to_builtins(mark)}


def reply_mark_of(answer: bytes) -> ReplyMark | None:
    """Return the mark in Rasa's answer to a message, or None when it is not exactly one marked message."""
    try:
        messages = msgspec.json.decode(answer, type=list[_BotMessage])
    except msgspec.DecodeError:
        return None
    return messages[0].custom.careline if len(messages) == 1 else None
