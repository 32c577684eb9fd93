"""Reading an update: with the library, and where it cannot, at least who wrote which words.

Telegram adds kinds of content and fields, and servers older than the library leave out what it asks for. A patient's
words beside such a thing are screened all the same.
"""

from __future__ import annotations

from typing import Any

import telegram
from telegram.ext import ExtBot

_OF_A_MESSAGE = ("message_id", "date", "edit_date", "text", "caption")
_OF_A_PRESS = ("id", "data", "chat_instance")
_OF_A_PERSON = ("id", "is_bot", "first_name", "language_code")
_OF_A_CHAT = ("id", "type")


def read_update(payload: dict[str, Any], bot: ExtBot[Any]) -> telegram.Update:
    """Return the update as the library has it; without what the library does not know.

    Raises:
        TypeError, ValueError, LookupError, AttributeError: Not even the plain parts of it can be read.
    """
    try:
        return telegram.Update.de_json(payload, bot)
    except (TypeError, ValueError, LookupError, AttributeError):  # what a field that is missing or new brings
        return telegram.Update.de_json(_plain(payload), bot)


def _plain(payload: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {"update_id": payload["update_id"]}
    for kind in ("message", "edited_message"):
        if kind in payload:
            plain[kind] = _plain_message(payload[kind])
    if "callback_query" in payload:
        query = payload["callback_query"]
        plain["callback_query"] = {**_only(query, _OF_A_PRESS), "from": _only(query["from"], _OF_A_PERSON)}
        if "message" in query:
            plain["callback_query"]["message"] = _plain_message(query["message"])
    return plain


def _plain_message(message: dict[str, Any]) -> dict[str, Any]:
    plain = {**_only(message, _OF_A_MESSAGE), "chat": _only(message["chat"], _OF_A_CHAT)}
    if "from" in message:
        plain["from"] = _only(message["from"], _OF_A_PERSON)
    return plain


def _only(given: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {field: given[field] for field in fields if field in given}
