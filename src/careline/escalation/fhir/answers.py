"""QuestionnaireResponse and Observation: what was asked, and what is known. Unknown is never written as no."""

from __future__ import annotations

from collections.abc import Iterator

from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import CaseSnapshot, SeenFinding, SeenQuestion
from careline.escalation.fhir.elements import (
    LOINC,
    OWN,
    Ids,
    Json,
    absent_reason,
    coding,
    concept,
    instant,
    notes,
    own_concept,
    quantity,
    text,
    without_empty,
)
from careline.escalation.fhir.people import writer_of
from careline.escalation.vital_signs import BLOOD_PRESSURE, BLOOD_PRESSURE_PANEL, VITAL_SIGNS, VitalSign

_CATEGORIES = "http://terminology.hl7.org/CodeSystem/observation-category"
_CATEGORY_NAMES = {"vital-signs": "Vital Signs", "laboratory": "Laboratory", "survey": "Survey"}
_METHOD = "Told by the patient or their carer in a chat; not measured by a clinician"
_PANEL = "blood_pressure"


def questionnaire_response_of(case: CaseSnapshot, ids: Ids) -> Json:
    """Return the questions and their answers; what was not asked or not known says so."""
    return without_empty(
        ids.head("QuestionnaireResponse")
        | {
            "questionnaire": f"{OWN}questions|{case.versions.get('content', 'unknown')}",
            "status": "completed" if case.is_assessed else "in-progress",
            "subject": ids.reference("Patient"),
            "encounter": ids.reference("Encounter"),
            "authored": instant(case.taken_at),
            "author": ids.reference("Device"),
            "source": writer_of(case, ids),
            "item": [_item(question) for question in case.questions],
        }
    )


def observations_of(case: CaseSnapshot, ids: Ids) -> Iterator[Json]:
    """Yield one observation for each finding that was spoken of; blood pressure as one of two parts."""
    for finding in case.findings:
        if finding.id not in BLOOD_PRESSURE:
            yield _observation(finding, case, ids)
    pressures = [finding for finding in case.findings if finding.id in BLOOD_PRESSURE]
    if pressures:
        yield _blood_pressure(pressures, case, ids)


def observation_reference(finding_id: str, ids: Ids) -> Json:
    """Return a reference to the observation of a finding."""
    return ids.reference("Observation", _PANEL if finding_id in BLOOD_PRESSURE else finding_id)


def _item(question: SeenQuestion) -> Json:
    parts = [
        {
            "linkId": f"{question.id}.{finding.id}",
            "text": text(finding.title),
            "answer": [_answer(finding, is_asked=question.is_asked)],
        }
        for finding in question.findings
    ]
    return {"linkId": question.id, "text": text(question.text), "item": parts}


def _answer(finding: SeenFinding, *, is_asked: bool) -> Json:
    value = _value(finding)
    if value is None:
        return {"valueCoding": absent_reason("asked-unknown" if is_asked else "not-asked")}
    if "valueCodeableConcept" in value:
        return {"valueCoding": value["valueCodeableConcept"]["coding"][0]}
    return value


def _observation(finding: SeenFinding, case: CaseSnapshot, ids: Ids) -> Json:
    vital = VITAL_SIGNS.get(finding.id)
    value = _value(finding)
    earlier = "; ".join(f"{value:g}" if isinstance(value, int | float) else value for value in finding.earlier)
    told = f"Told in message {finding.message_id}" if finding.message_id is not None else None
    return without_empty(
        _observation_head(finding.id, _code(finding, vital), vital, finding, case, ids)
        | (value if value is not None else {"dataAbsentReason": concept(absent_reason("asked-unknown"))})
        | {"note": notes(told, f"Told before: {earlier}" if earlier else None)}
    )


def _blood_pressure(pressures: list[SeenFinding], case: CaseSnapshot, ids: Ids) -> Json:
    known = {finding.id: finding for finding in pressures}
    parts = []
    for finding_id in BLOOD_PRESSURE:
        vital, finding = VITAL_SIGNS[finding_id], known.get(finding_id)
        code = concept(*_codings(vital), shown=finding.title if finding is not None else vital.loinc[0][1])
        value = _value(finding) if finding is not None else None
        parts.append({"code": code} | (value or {"dataAbsentReason": concept(absent_reason("unknown"))}))
    code = concept(*_codings(BLOOD_PRESSURE_PANEL), shown="Blood pressure")
    head = _observation_head(_PANEL, code, BLOOD_PRESSURE_PANEL, pressures[0], case, ids)
    return without_empty(head | {"component": parts})


def _observation_head(
    key: str, code: Json, vital: VitalSign | None, finding: SeenFinding, case: CaseSnapshot, ids: Ids
) -> Json:
    category = vital.category if vital is not None else "survey"
    writer = writer_of(case, ids)
    return ids.head("Observation", key) | {
        "status": "preliminary",  # nobody has checked it with the patient
        "category": [concept(coding(_CATEGORIES, category, _CATEGORY_NAMES[category]))],
        "code": code,
        "subject": ids.reference("Patient"),
        "encounter": ids.reference("Encounter"),
        "effectiveDateTime": instant(finding.at or case.taken_at),  # when it was told
        "performer": [writer] if writer is not None else [],
        "method": concept(shown=_METHOD),
        "derivedFrom": [ids.reference("QuestionnaireResponse")],
    }


def _code(finding: SeenFinding, vital: VitalSign | None) -> Json:
    own = coding(f"{OWN}finding", finding.id, finding.title)
    return concept(*(_codings(vital) if vital is not None else ()), own, shown=finding.title)


def _codings(vital: VitalSign) -> tuple[Json, ...]:
    return tuple(coding(LOINC, code, name) for code, name in vital.loinc)


def _value(finding: SeenFinding) -> Json | None:
    """Return what is known of a finding; None when that is nothing, and for a quantity that has no number."""
    if finding.presence is Presence.UNKNOWN:
        return None
    is_present = finding.presence is Presence.PRESENT
    is_told = finding.kind in ("quantity", "choice") or finding.id in VITAL_SIGNS  # what is measured is no yes or no
    if is_told or (finding.kind == "note" and is_present):
        return _told_value(finding) if is_present else None
    return {"valueBoolean": is_present}


def _told_value(finding: SeenFinding) -> Json | None:
    if isinstance(finding.value, int | float):
        return {"valueQuantity": quantity(finding.value, finding.unit)}
    if finding.value is None:
        return None
    if finding.kind == "choice":
        code = " ".join(finding.value.split())  # the shape of a code: words with one space between
        return {"valueCodeableConcept": own_concept(f"finding:{finding.id}", code, finding.value)} if code else None
    return {"valueString": text(finding.value)}
