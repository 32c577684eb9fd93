"""The small parts that FHIR resources share: ids, references, codes, times, text; and whose codes they are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from careline.escalation.escalation import Escalation
from careline.escalation.vital_signs import UNITS

Json = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT_REASON_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
OWN = "urn:careline:"  # what there is no code for elsewhere
_NAMESPACE = uuid.UUID("0b6f4a7e-6c0e-5d0b-9a55-3f1f7f0f9d4e")  # fixed: the same escalation, the same ids
_ABSENT = {"asked-unknown": "Asked But Unknown", "not-asked": "Not Asked", "unknown": "Unknown"}


class Ids:
    """The ids of one escalation's resources: the same at every call, and telling nothing."""

    def __init__(self, escalation_id: str) -> None:
        """Take the escalation's id."""
        self._escalation_id = escalation_id

    def of(self, resource_type: str, key: str = "") -> str:
        """Return the id of a resource."""
        return str(uuid.uuid5(_NAMESPACE, f"{self._escalation_id}/{resource_type}/{key}"))

    def head(self, resource_type: str, key: str = "") -> Json:
        """Return what every resource begins with."""
        return {"resourceType": resource_type, "id": self.of(resource_type, key)}

    def reference(self, resource_type: str, key: str = "") -> Json:
        """Return a reference to a resource of the same bundle."""
        return {"reference": f"urn:uuid:{self.of(resource_type, key)}", "type": resource_type}


def pseudonym(conversation_id: str) -> str:
    """Return what stands for the patient: one for each conversation, and not its id."""
    return str(uuid.uuid5(_NAMESPACE, f"patient/{conversation_id}"))


def clinician(escalation: Escalation) -> Json | None:
    """Return who has the escalation: their role, and what stands for them, one for each clinician; never a name."""
    if escalation.owner is None:
        return None
    identifier = {"system": f"{OWN}clinician", "value": str(uuid.uuid5(_NAMESPACE, f"clinician/{escalation.owner.id}"))}
    return {"type": "Practitioner", "identifier": identifier, "display": text(escalation.owner.role)}


def coding(system: str, code: str, display: str | None = None) -> Json:
    """Return a code of a system."""
    return {"system": system, "code": code} | ({"display": text(display)} if display else {})


def concept(*codings: Json, shown: str | None = None) -> Json:
    """Return a concept: codes, and words for people."""
    return ({"coding": list(codings)} if codings else {}) | ({"text": text(shown)} if shown else {})


def own_concept(kind: str, code: str, shown: str) -> Json:
    """Return a concept that only Careline has a code for."""
    return concept(coding(OWN + kind, code, shown), shown=shown)


def absent_reason(code: str) -> Json:
    """Return why there is no value; there is none for `no`."""
    return coding(ABSENT_REASON, code, _ABSENT[code])


def quantity(value: float, unit: str | None) -> Json:
    """Return a number with its unit."""
    name = UNITS.get(unit or "")
    number: Json = {"value": int(value) if float(value).is_integer() and abs(value) < 2**53 else value}
    return number if name is None else number | {"unit": name.shown or "score", "system": UCUM, "code": name.ucum}


def instant(at: dt.datetime) -> str:
    """Return a time as FHIR writes it."""
    return at.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def newest_of(escalation: Escalation) -> dt.datetime:
    """Return when something of the request was changed last."""
    times = (escalation.opened_at, escalation.raised_at, escalation.words_erased_at, escalation.changed_at)
    return max(at for at in times if at is not None)


def text(words: str) -> str:
    """Return words as a FHIR string may hold them: of white space only blank, tab and line end; never empty."""
    plain = "".join(_letter(letter) for letter in words).strip()
    return plain or "(nothing)"


def notes(*texts: str | None) -> list[Json]:
    """Return annotations."""
    return [{"text": text(each)} for each in texts if each]


def without_empty(resource: Json) -> Json:
    """Return the resource without empty elements, which FHIR does not allow."""
    return {name: value for name, value in resource.items() if value not in (None, [], {}, "")}


def first_url(urls: Iterable[str | None]) -> str | None:
    """Return the first address there is."""
    return next((url for url in urls if url and not any(letter.isspace() for letter in url)), None)


def _letter(letter: str) -> str:
    if letter in " \t\r\n":
        return letter
    if letter.isspace():
        return " "
    # Control characters, and halves of a pair, are in no FHIR string.
    return letter if ord(letter) >= 32 and not 0xD800 <= ord(letter) <= 0xDFFF else "\N{REPLACEMENT CHARACTER}"
