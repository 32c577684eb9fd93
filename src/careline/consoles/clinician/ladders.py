"""Which channels are called for which level, and when: names and times alone, no address and no secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from careline.consoles.clinician import words
from careline.escalation.delivery.configuration import (
    DeliveryFile,
    Ladder,
    MailSettings,
    TelegramSettings,
    WebhookSettings,
)

_KINDS = {WebhookSettings: "program", MailSettings: "e-mail", TelegramSettings: "chat"}


@dataclass(frozen=True)
class ShownLadder:
    """The ladder of one level, or of several that share it, in words.

    Attributes:
        patient_told: When the patient is told that nobody has answered.
    """

    levels: Sequence[str]
    steps: Sequence[str]
    patient_told: str


def shown_ladders(content: DeliveryFile) -> list[ShownLadder]:
    """Return the ladder of each level, the most urgent first; none when nobody is told of anything."""
    levels: dict[Ladder, list[str]] = {}
    for acuity, title in words.LEVELS.items():
        ladder = content.ladder(acuity.value if acuity is not None else None)
        if ladder is not None:
            levels.setdefault(ladder, []).append(title)
    return [
        ShownLadder(
            titles,
            [f"{_after(step.after_minutes)}: {_channel(content, step.channel)}" for step in ladder.steps],
            f"after {_minutes(ladder.tell_patient_after_minutes)}",
        )
        for ladder, titles in levels.items()
    ]


def recorders(content: DeliveryFile) -> list[str]:
    """Return the channels that stand in no ladder and are told of everything: programs that keep a record."""
    called = {step.channel for ladder in content.ladders.values() for step in ladder.steps}
    return [words.channel(name) for name in content.webhooks if name not in called]


def _channel(content: DeliveryFile, name: str) -> str:
    return f"{words.channel(name)} ({_KINDS[type(content.channels[name])]})"


def _after(minutes: int) -> str:
    return f"After {_minutes(minutes)}" if minutes else "At once"


def _minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)
