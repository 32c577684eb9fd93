"""The bundle: all resources of one escalation, checked against the FHIR R4B model before they leave.

A `collection`, and no `document`: a document is a statement that somebody signs and keeps, and this is a machine's
note to be checked; and no `message` or `transaction`, which would tell the receiver what to do with it.
"""

from __future__ import annotations

import datetime as dt
import importlib
from typing import Any

import msgspec

from careline.escalation.case_snapshot import CaseSnapshot
from careline.escalation.escalation import Escalation
from careline.escalation.fhir.answers import observations_of, questionnaire_response_of
from careline.escalation.fhir.dangers import detected_issues, flag_resources
from careline.escalation.fhir.elements import OWN, Ids, Json, coding, concept, instant, newest_of
from careline.escalation.fhir.people import device_of, encounter_of, patient_of, writer_of
from careline.escalation.fhir.request import communications_of, service_request_of, task_of

MEDIA_TYPE = "application/fhir+json"
_PARTICIPANTS = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def fhir_json(escalation: Escalation, case: CaseSnapshot | None) -> bytes:
    """Return the bundle as JSON.

    Raises:
        pydantic.ValidationError: It is no valid FHIR, which is a fault of this package.
    """
    bundle = bundle_of(escalation, case)
    # The model takes 0.5 seconds and 30 MB to load: only an installation that is asked for a bundle pays for it.
    model: Any = importlib.import_module("fhir.resources.R4B.bundle")
    model.Bundle.model_validate(bundle)
    return msgspec.json.encode(bundle)


def bundle_of(escalation: Escalation, case: CaseSnapshot | None) -> Json:
    """Return the bundle; without a case, as after an erasure, only what is known of the request itself."""
    ids = Ids(escalation.id)
    resources = [
        patient_of(escalation, ids),
        encounter_of(escalation, case, ids),
        *flag_resources(escalation, case, ids),
        *detected_issues(escalation, case, ids),
        *([questionnaire_response_of(case, ids), *observations_of(case, ids)] if case is not None else []),
        *(communications_of(case, ids) if case is not None else []),
        service_request_of(escalation, case, ids),
        task_of(escalation, ids),
        device_of(case, ids),
    ]
    resources.append(_provenance(escalation, case, resources, ids))
    return ids.head("Bundle") | {
        "meta": {"tag": [coding(f"{OWN}mark", mark, mark) for mark in _marks(escalation, case)]},
        "identifier": {"system": f"{OWN}escalation", "value": escalation.id},
        "type": "collection",
        "timestamp": instant(_newest(escalation, case)),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources],
    }


def _provenance(escalation: Escalation, case: CaseSnapshot | None, resources: list[Json], ids: Ids) -> Json:
    writer = writer_of(case, ids)
    agents = [(coding(_PARTICIPANTS, "assembler", "Assembler"), ids.reference("Device"))]
    if writer is not None:
        agents.append((coding(_PARTICIPANTS, "informant", "Informant"), writer))
    content = case.versions.get("content") if case is not None else None
    made = ids.head("Provenance") | {
        "target": [{"reference": f"urn:uuid:{each['id']}", "type": each["resourceType"]} for each in resources],
        "recorded": instant(_newest(escalation, case)),
        "activity": concept(
            coding("http://terminology.hl7.org/CodeSystem/v3-DataOperation", "CREATE", "create"),
            shown="Generated from the patient's answers; to be checked with the patient",
        ),
        "agent": [{"type": concept(kind), "who": who} for kind, who in agents],
    }
    if content:
        release = {"identifier": {"system": f"{OWN}content-release", "value": content}}
        made["entity"] = [{"role": "source", "what": release | {"display": "Rules, questions and articles"}}]
    return made


def _marks(escalation: Escalation, case: CaseSnapshot | None) -> list[str]:
    marks = ["generated"]
    if escalation.words_erased_at is not None:
        marks.append("words-erased")
    if case is not None:
        marks.append("signed-content" if case.signed else "unreviewed-content")
        if case.degraded:
            marks.append("degraded")
    return marks


def _newest(escalation: Escalation, case: CaseSnapshot | None) -> dt.datetime:
    changed_at = newest_of(escalation)
    return max(changed_at, case.taken_at) if case is not None else changed_at
