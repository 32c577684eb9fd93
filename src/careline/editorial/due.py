"""An item whose review is near or over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from careline.editorial.item import Kind


@dataclass(frozen=True)
class Due:
    """An item whose review is near or over.

    Attributes:
        days: From today to the last day; negative when that is over.
        warned_at: Which warning this is: 60, 30 or 7 days ahead; None when it is overdue.
        effect: `hidden`: patients are shown it no more. `stays`: it goes on, and is an alarm. `none`: not yet.
    """

    path: str
    kind: Kind
    number: int
    review_by: dt.date
    days: int
    warned_at: int | None
    effect: Literal["none", "hidden", "stays"]

    @property
    def is_alarm(self) -> bool:
        """Whether the clinical lead has to act: rules are in force past their review."""
        return self.effect == "stays"
