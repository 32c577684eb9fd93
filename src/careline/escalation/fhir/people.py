"""Patient, Encounter and the Device that speaks: who met whom, and nobody's name."""

from __future__ import annotations

from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import CaseSnapshot
from careline.escalation.escalation import Escalation, State
from careline.escalation.fhir.elements import (
    ABSENT_REASON_EXTENSION,
    OWN,
    Ids,
    Json,
    clinician,
    coding,
    concept,
    instant,
    pseudonym,
    text,
    without_empty,
)

# `other` is "intersex, or would rather not say": it claims nothing.
_GENDERS = {"female": "female", "male": "male"}
_ENCOUNTER = {
    State.OPEN: "triaged",
    State.ACKNOWLEDGED: "triaged",
    State.CLAIMED: "in-progress",
    State.ANSWERED: "in-progress",
    State.CLOSED: "finished",
}
_PERFORMER = coding("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PPRF", "primary performer")
_PSEUDONYMISED = coding("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "PSEUDED", "pseudonymized")


def patient_of(escalation: Escalation, ids: Ids) -> Json:
    """Return the patient: a pseudonym, sex, age band and country; the date of birth is never asked for."""
    outline = escalation.patient
    band = [{"url": f"{OWN}age-band", "valueString": outline.age_band}] if outline.age_band else []
    absent = {"extension": [{"url": ABSENT_REASON_EXTENSION, "valueCode": "not-asked"}]}
    return without_empty(
        ids.head("Patient")
        | {
            "meta": {"security": [_PSEUDONYMISED]},
            "extension": band,
            "identifier": [
                {"system": f"{OWN}pseudonym", "value": pseudonym(escalation.conversation_id or escalation.id)}
            ],
            "gender": _GENDERS.get(outline.sex or "", "unknown"),
            "_birthDate": absent,
            "address": [{"country": text(outline.country)}] if outline.country else [],
        }
    )


def writer_of(case: CaseSnapshot | None, ids: Ids) -> Json | None:
    """Return who answered, where it is known that the patient did; a relative has no resource here."""
    for_whom = case.finding("for_whom") if case is not None else None
    is_self = for_whom is not None and for_whom.presence is Presence.PRESENT and for_whom.value == "self"
    return ids.reference("Patient") if is_self else None


def encounter_of(escalation: Escalation, case: CaseSnapshot | None, ids: Ids) -> Json:
    """Return the consultation: a virtual one."""
    started_at = case.started_at if case is not None else escalation.opened_at
    return without_empty(
        ids.head("Encounter")
        | {
            "status": _ENCOUNTER[escalation.state],
            "class": coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "VR", "virtual"),
            "subject": ids.reference("Patient"),
            "participant": _participants(escalation),
            "period": {"start": instant(started_at)},
            "reasonCode": [concept(shown=title) for title in (case.complaints if case is not None else ())],
        }
    )


def _participants(escalation: Escalation) -> list[Json]:
    who = clinician(escalation)
    if who is None:
        return []
    since = {"period": {"start": instant(escalation.claimed_at)}} if escalation.claimed_at is not None else {}
    return [{"type": [concept(_PERFORMER)], "individual": who} | since]


def device_of(case: CaseSnapshot | None, ids: Ids) -> Json:
    """Return Careline itself, with the versions that it answered by."""
    versions = case.versions if case is not None else {}
    return without_empty(
        ids.head("Device")
        | {
            "status": "active",
            "deviceName": [{"name": "Careline", "type": "user-friendly-name"}],
            "type": concept(shown="Symptom triage software"),
            "version": [{"type": concept(shown=part), "value": text(version)} for part, version in versions.items()],
        }
    )
