"""What a person on duty reads in a mail or on the chat: level, time, link; no word of the patient."""

from __future__ import annotations

from careline.escalation.delivery.channel import Letter
from careline.escalation.delivery.occasion import Occasion

_HAPPENED = {
    Occasion.OPENED: "A patient needs a clinician",
    Occasion.RAISED: "A patient has got more urgent",
    Occasion.NEW_RED_FLAG: "A patient has a new red flag",
    Occasion.RELEASED: "A patient was given back and needs a clinician",
    Occasion.LEASE_EXPIRED: "A patient waits: whoever had taken the case has not been seen",
    Occasion.REOPENED: "A case was opened again and needs a clinician",
}


_TRIED_OUT = "This is a test of Careline: no patient needs you"


def heading(letter: Letter) -> str:
    """Return one line."""
    if letter.occasion is Occasion.TEST:
        return _TRIED_OUT
    level = letter.facts.get("acuity") or "no level"
    return f"{_HAPPENED.get(letter.occasion, letter.occasion.value)}: {str(level).replace('_', ' ').upper()}"


def note(letter: Letter) -> str:
    """Return the whole note."""
    if letter.occasion is Occasion.TEST:
        return _TRIED_OUT
    lines = [heading(letter), f"Since {letter.at:%Y-%m-%d %H:%M} UTC."]
    if letter.facts.get("deadline_at"):
        lines.append(f"Somebody should look by {letter.facts['deadline_at'][:16].replace('T', ' ')} UTC.")
    lines += ["Acknowledge it here, else the next one is called:", letter.link]
    return "\n".join(lines)
