"""Units of measured and counted things, and how one becomes another."""

from __future__ import annotations

from collections.abc import Mapping

_DAYS_IN: Mapping[str, float] = {
    "years": 365.25,
    "months": 365.25 / 12,
    "weeks": 7.0,
    "days": 1.0,
    "hours": 1 / 24,
    "minutes": 1 / 1440,
}
_MG_PER_DL_IN_MMOL_PER_L = 18.016  # molar mass of glucose: 180.16 g/mol


def converted(number: float, unit: str, into: str) -> float | None:
    """Return `number` in the unit `into`; None when the two units measure different things.

    Source:
        SI definitions; glucose by its molar mass.
    """
    if unit == into:
        return number
    if unit in _DAYS_IN and into in _DAYS_IN:
        return number * _DAYS_IN[unit] / _DAYS_IN[into]
    if (unit, into) == ("fahrenheit", "celsius"):
        return (number - 32) * 5 / 9
    if (unit, into) == ("celsius", "fahrenheit"):
        return number * 9 / 5 + 32
    if (unit, into) == ("mg_per_dl", "mmol_per_l"):
        return number / _MG_PER_DL_IN_MMOL_PER_L
    if (unit, into) == ("mmol_per_l", "mg_per_dl"):
        return number * _MG_PER_DL_IN_MMOL_PER_L
    return None
