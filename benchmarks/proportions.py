"""Proportions with exact intervals."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

_STEPS = 60  # halvings: far below any digit that is shown
_TAIL = 0.025  # each side of a 95 % interval


@dataclass(frozen=True)
class Proportion:
    """`part` of `whole`, with the Clopper-Pearson 95 % interval."""

    part: int
    whole: int

    @property
    def interval(self) -> tuple[float, float]:
        """The interval's ends, in [0, 1]; the widest when there are no cases."""
        if self.whole == 0:
            return 0.0, 1.0
        low = 0.0 if self.part == 0 else _where(lambda p: 1 - _at_most(self.part - 1, self.whole, p) >= _TAIL)
        high = 1.0 if self.part == self.whole else _where(lambda p: _at_most(self.part, self.whole, p) <= _TAIL)
        return low, high

    def __str__(self) -> str:
        """Show count, percentage and interval."""
        if self.whole == 0:
            return "-"
        low, high = (100 * end for end in self.interval)
        return f"{self.part}/{self.whole} = {100 * self.part / self.whole:.1f} % ({low:.1f} to {high:.1f})"


def _at_most(most: int, trials: int, p: float) -> float:
    """Return the binomial probability of at most `most` successes."""
    if p in (0.0, 1.0):
        return 1.0 if p == 0.0 or most >= trials else 0.0
    # By logarithms: thousands of trials have more combinations than a float can hold.
    whole, yes, no = math.lgamma(trials + 1), math.log(p), math.log1p(-p)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(trials - k + 1) + k * yes + (trials - k) * no)
        for k in range(most + 1)
    )


def _where(is_reached: Callable[[float], bool]) -> float:
    """Return the smallest p in [0, 1] from which on a growing condition holds, by halving."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return (low + high) / 2
