"""The handoff note as plain text, for messages, notes of other systems and printers."""

from __future__ import annotations

from careline.escalation.escalation import Escalation
from careline.escalation.sbar import PARTS, LineKind, one_line

_SIGNS = {LineKind.DANGER: "!", LineKind.UNKNOWN: "?", LineKind.MARK: "*", LineKind.FACT: "-"}


def sbar_text(escalation: Escalation) -> str:
    """Return the note; lines begin with `!` for danger, `?` for what is not known, `*` for the note's own marks."""
    parts = ["\n".join(headline(escalation))]
    for part in PARTS:
        lines = [f"{_SIGNS[line.kind]} {line.text}" for line in getattr(escalation.sbar, part)]
        if lines:
            parts.append("\n".join([part.upper(), *lines]))
    return "\n\n".join(parts) + "\n"


def headline(escalation: Escalation) -> list[str]:
    """Return what stands above every form of the note: what it is, and how the request stands now."""
    level = escalation.acuity.value if escalation.acuity is not None else "not decided"
    lines = [
        f"Handoff note for {escalation.id}: generated, check with the patient",
        f"Level now: {level}. State: {escalation.state.value}. Reason: {escalation.reason.value.replace('_', ' ')}.",
        f"Opened {escalation.opened_at:%Y-%m-%d %H:%M} UTC.",
    ]
    if escalation.raised_at is not None:
        lines[-1] += f" Raised {escalation.raised_at:%Y-%m-%d %H:%M} UTC."
    if escalation.deadline_at is not None:
        lines[-1] += f" To be looked at by {escalation.deadline_at:%Y-%m-%d %H:%M} UTC."
    if escalation.note:
        lines.append(f"Note of whoever opened it: {one_line(escalation.note)}")
    if escalation.words_erased_at is not None:
        lines.append(
            f"The patient's words were erased on {escalation.words_erased_at:%Y-%m-%d}, and the note with them."
            " What is not here is not known; it is not a no."
        )
    elif not any(getattr(escalation.sbar, part) for part in PARTS):
        lines.append("There is no note: nothing of a conversation is known here.")
    return lines
