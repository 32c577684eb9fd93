"""How urgent: one ordered scale of six."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from functools import total_ordering


@total_ordering
class Acuity(str, enum.Enum):
    """How urgent a case is; `a > b` means that `a` is the more urgent.

    Source: `knowledge/dispositions.yml` gives each level its time frame and wording.
    """

    EMERGENCY_NOW = "emergency_now"
    ED_NOW = "ed_now"
    SAME_DAY = "same_day"
    GP_SOON = "gp_soon"
    ROUTINE = "routine"
    SELF_CARE = "self_care"

    def __lt__(self, other: object) -> bool:
        """Return whether this level is the less urgent."""
        if not isinstance(other, Acuity):
            # A bare string would be compared by the alphabet.
            raise TypeError("compare levels of acuity with one another")
        return _ORDER.index(self) > _ORDER.index(other)

    # `str` brings its own comparisons; the alphabet is not an order of urgency.
    def __le__(self, other: object) -> bool:
        """Return whether this level is at most as urgent."""
        return self == other or self < other

    def __gt__(self, other: object) -> bool:
        """Return whether this level is the more urgent."""
        return not self <= other

    def __ge__(self, other: object) -> bool:
        """Return whether this level is at least as urgent."""
        return not self < other

    @property
    def is_emergency(self) -> bool:
        """Whether this level ends the interview and opens an escalation."""
        return self in (Acuity.EMERGENCY_NOW, Acuity.ED_NOW)

    def raised(self, ranks: int) -> Acuity:
        """Return the level `ranks` steps more urgent, the most urgent at most."""
        return _ORDER[max(0, _ORDER.index(self) - ranks)]


_ORDER = tuple(Acuity)  # most urgent first


def most_urgent(acuities: Iterable[Acuity], default: Acuity) -> Acuity:
    """Return the most urgent of `acuities` and `default`."""
    return max((*acuities, default))
