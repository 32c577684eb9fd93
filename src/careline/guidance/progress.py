"""How long work tells whoever waits for it how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called when a step begins and as it goes on."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` parts of a step are finished."""
        ...


def silent(step: str, done: int, total: int) -> None:
    """Show nothing."""
