"""A number with its unit, in the words of a language."""

from __future__ import annotations

from collections.abc import Callable

from careline.clinical.content import Unit


def quantity_words(say: Callable[..., str], number: float, unit: Unit | None) -> str:
    """Return the words, such as `34 years` or `1 día`; a whole number has no point, as the patient meant it.

    Args:
        say: Says a catalogued sentence in the language.
    """
    written = f"{number:g}"
    return f"{written} {unit_words(say, unit, number)}" if unit else written


def unit_words(say: Callable[..., str], unit: Unit, number: float) -> str:
    """Return what a unit is called after that number."""
    counted = int(number) if number == int(number) else number
    return say(f"unit-{unit.replace('_', '-')}", number=counted)
