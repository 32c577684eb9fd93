"""What a form of the chat page sends, as the message that it means."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData

from careline.consultation.errors import RefusedError
from careline.consultation.patient_message import PatientMessage, key_hash, patient_words

_ALONE = frozenset({"none", "unsure"})
_SAYS_WHAT = ("text", "reply_to", "value", "number", "unit", "since")
_ONE_DAY = dt.timedelta(days=1)


def field(form: FormData, name: str) -> str:
    """Return a field's words; empty when it was not sent."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def message_of(form: FormData, today: dt.date) -> PatientMessage:
    """Return the message: words, or the value of a button, a checklist, a number or a day.

    Args:
        today: Which day it is, in UTC.

    Raises:
        RefusedError: Nothing was chosen or written, or what was contradicts itself.
    """
    key = _client_key(form)
    reply_to = field(form, "reply_to")
    if not reply_to:
        return PatientMessage(text=patient_words(field(form, "text")), client_key=key)
    if not reply_to.isascii() or not reply_to.isdigit() or len(reply_to) > 9:
        raise RefusedError("unknown_reply_to", "Answer a message of this conversation.", field="reply_to")
    return PatientMessage(reply_to=int(reply_to), value=_value(form, today), client_key=key)


def _value(form: FormData, today: dt.date) -> Any:  # noqa: ANN401 - of the shape that the question wants
    chosen = [value for value in form.getlist("value") if isinstance(value, str)]
    kind = field(form, "kind")
    if kind == "number" and not chosen:
        return _number(form)
    if kind == "since" and not chosen:
        return _days_since(form, today)
    if kind == "several":
        return _several(chosen)
    if not chosen:
        raise RefusedError("empty_text", "Press one of the buttons.", field="value")
    return patient_words(chosen[0])


def _several(chosen: Sequence[str]) -> list[str]:
    if not chosen:
        raise RefusedError("empty_text", "Tick what fits.", field="value")
    if len(chosen) > 1 and not _ALONE.isdisjoint(chosen):
        # What was meant is not guessed: "none" beside a sign is no answer.
        raise RefusedError("several", "None and unsure stand alone.", field="value")
    return list(chosen)


def _number(form: FormData) -> dict[str, Any]:
    try:
        number = float(field(form, "number").strip().replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RefusedError("number", "Write a number.", field="number")
    unit = field(form, "unit")
    return {"number": number, "unit": unit} if unit else {"number": number}


def _days_since(form: FormData, today: dt.date) -> dict[str, Any]:
    """Return how many days ago a day was, where the patient is: there it may be a day more or less than in UTC."""
    there, since = _day(field(form, "today")), _day(field(form, "since"))
    is_told = there is not None and abs(there - today) <= _ONE_DAY  # by the device's clock, which may be wrong
    there, latest = (there, there) if there is not None and is_told else (today, today + _ONE_DAY)
    if since is None or since > latest:
        raise RefusedError("date", "Choose a day that has come.", field="since")
    return {"number": max(0, (there - since).days), "unit": "days"}


def _day(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def _client_key(form: FormData) -> str | None:
    """Return under which key the message is stored once.

    A form that is sent twice is one message; the same page with other words in it (the browser's way back) is
    another, which must not be dropped.
    """
    key = field(form, "key")[:200]
    if not key:
        return None
    said = [f"{name}={value}" for name in _SAYS_WHAT for value in form.getlist(name)]
    return key_hash("\n".join([key, *said]))
