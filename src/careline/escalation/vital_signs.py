"""Which findings are measurements of the body, and what other systems call them and their units.

Source: LOINC (https://loinc.org/), the codes of the FHIR R4 vital signs profiles
(https://hl7.org/fhir/R4/observation-vitalsigns.html); UCUM (https://ucum.org/). Only codes that are in general use; all
else keeps Careline's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VitalSign:
    """A measurement.

    Attributes:
        loinc: Code and name, the most general first.
        category: As HL7 has it: `vital-signs` or `laboratory`.
    """

    loinc: tuple[tuple[str, str], ...]
    category: str = "vital-signs"


VITAL_SIGNS = {
    "temperature_celsius": VitalSign((("8310-5", "Body temperature"),)),
    "oxygen_percent": VitalSign(
        (
            ("2708-6", "Oxygen saturation in Arterial blood"),
            ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
        )
    ),
    "heart_rate_bpm": VitalSign((("8867-4", "Heart rate"),)),
    "breaths_per_minute": VitalSign((("9279-1", "Respiratory rate"),)),
    "systolic_mmhg": VitalSign((("8480-6", "Systolic blood pressure"),)),
    "diastolic_mmhg": VitalSign((("8462-4", "Diastolic blood pressure"),)),
    "glucose_mmol_per_l": VitalSign((("15074-8", "Glucose [Moles/volume] in Blood"),), "laboratory"),
}
BLOOD_PRESSURE = ("systolic_mmhg", "diastolic_mmhg")
BLOOD_PRESSURE_PANEL = VitalSign((("85354-9", "Blood pressure panel with all children optional"),))


@dataclass(frozen=True)
class UnitName:
    """A unit of the catalogue as people write it, and its code in UCUM."""

    shown: str
    ucum: str


UNITS = {
    "years": UnitName("years", "a"),
    "months": UnitName("months", "mo"),
    "weeks": UnitName("weeks", "wk"),
    "days": UnitName("days", "d"),
    "hours": UnitName("hours", "h"),
    "minutes": UnitName("minutes", "min"),
    "celsius": UnitName("°C", "Cel"),
    "fahrenheit": UnitName("°F", "[degF]"),
    "percent": UnitName("%", "%"),
    "bpm": UnitName("beats per minute", "/min"),
    "per_minute": UnitName("per minute", "/min"),
    "mmhg": UnitName("mmHg", "mm[Hg]"),
    "mmol_per_l": UnitName("mmol/L", "mmol/L"),
    "mg_per_dl": UnitName("mg/dL", "mg/dL"),
    "score": UnitName("", "{score}"),
    "times_per_day": UnitName("times a day", "/d"),
}


def with_unit(value: float | str, unit: str | None) -> str:
    """Return a value as people write it.

    >>> with_unit(38.5, "celsius")
    '38.5 °C'
    """
    number = f"{value:.10g}" if isinstance(value, int | float) else value
    shown = UNITS[unit].shown if unit in UNITS else unit
    return f"{number} {shown}" if shown else number
