"""What a patient sent, cleaned and checked before anything is done with it."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from typing import Any

from careline.consultation.consultation import Asked
from careline.consultation.errors import RefusedError
from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention

MOST_STORED_CHARACTERS = 4000  # the screen reads all of it; this much is kept (HTTP contract)


@dataclass(frozen=True)
class PatientMessage:
    """A message as it came in: words, or a button's value with the message it belongs to.

    Attributes:
        client_key: Hash of the Idempotency-Key; the same key is stored once.
        answers: Number of an earlier question that words answer anew, where a channel knows it (a message was edited).
        intention: What is wanted, where a channel's own command says so: the dialogue engine is not asked. The words
            are then the channel's: shown like any other, and not screened, since the patient wrote none.
    """

    text: str | None = None
    reply_to: int | None = None
    value: Any = None
    client_key: str | None = None
    answers: int | None = None
    intention: Intention | None = None

    @property
    def stored_text(self) -> str:
        """What is kept of the words."""
        return (self.text or "")[:MOST_STORED_CHARACTERS]


def patient_words(text: str) -> str:
    """Return the words without NUL and control characters; a leading slash is text like any other.

    Raises:
        RefusedError: Nothing is left (`empty_text`).
    """
    cleaned = "".join(ch for ch in text if ch in "\n\t" or unicodedata.category(ch) not in ("Cc", "Cs", "Co", "Cn"))
    if not cleaned.strip():
        raise RefusedError("empty_text", "Write a few words, or press one of the buttons.", field="text")
    return cleaned


def check_button(asked: Asked | None, value: Any) -> None:  # noqa: ANN401 - whatever a client sent
    """Check that a button belongs to a message of ours and is one of its options.

    Raises:
        RefusedError: `unknown_reply_to` or `unknown_option`.
    """
    if asked is None:
        raise RefusedError(
            "unknown_reply_to", "Answer a message of this conversation that asks something.", field="reply_to"
        )
    if asked.awaiting in (Awaiting.QUESTION, Awaiting.CONTACT):
        return  # checked against the question itself; contact takes any words
    if not isinstance(value, str) or value not in asked.options:
        raise RefusedError("unknown_option", f"Choose one of: {', '.join(asked.options)}.", field="value")


def key_hash(key: str) -> str:
    """Return what is stored of an Idempotency-Key."""
    return hashlib.sha256(key.encode()).hexdigest()
