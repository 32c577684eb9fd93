"""A patient's message as it goes to Rasa: harmless, short, and with the findings of our own screen."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from careline.consultation.ports import DialogueFinding, DialogueTurn
from careline.dialogue.marks import TurnMark, metadata_with

# Rasa's one thread reads every message; the beginning is enough to tell what a message wants.
MAX_CHARACTERS = 1000

# Rasa takes a text that begins with "/" as a command. These two are ours, and constant; a patient's never begins so.
BUTTON = "/answer"
WORDLESS = "/nlu_fallback"

_BEFORE_WORDS = re.compile(r"[\s/]+")


def webhook_body(turn: DialogueTurn) -> dict[str, Any]:
    """Return the request that gives one turn to Rasa."""
    mark = TurnMark(turn.turn_id, turn.fencing_token)
    text, findings = (BUTTON, []) if turn.text is None else _harmless(turn.text, turn)
    return {"sender": turn.sender, "message": text, "metadata": metadata_with(mark, findings)}


def _harmless(text: str, turn: DialogueTurn) -> tuple[str, list[dict[str, Any]]]:
    """Return the text without commands and control characters, and the findings at their new places.

    A text without a letter or digit (an emoji, "???") gives Rasa's classifier nothing to read.
    """
    # One space for one character, so that places in the text stay true.
    plain = "".join(" " if unicodedata.category(character).startswith("C") else character for character in text)
    before = _BEFORE_WORDS.match(plain)
    skipped = before.end() if before else 0
    sent = plain[skipped : skipped + MAX_CHARACTERS].rstrip()
    if not any(character.isalnum() for character in sent):
        return WORDLESS, []
    return sent, [_entity(finding, skipped) for finding in turn.findings if _is_within(finding, skipped, len(sent))]


def _is_within(finding: DialogueFinding, skipped: int, length: int) -> bool:
    return skipped <= finding.start < finding.end <= skipped + length


def _entity(finding: DialogueFinding, skipped: int) -> dict[str, Any]:
    """Return a finding as Rasa's entity: one kind, `finding`, with the finding's id as its value."""
    return {
        "entity": "finding",
        "value": finding.entity,
        "start": finding.start - skipped,
        "end": finding.end - skipped,
        "presence": finding.presence,
    }
