"""ServiceRequest, Task and Communication: what is asked of a clinician, how far it is, and what was said."""

from __future__ import annotations

from collections.abc import Iterator

from careline.clinical.acuity import Acuity
from careline.escalation.case_snapshot import CaseSnapshot, Quote
from careline.escalation.escalation import Escalation, State
from careline.escalation.fhir.elements import (
    OWN,
    Ids,
    Json,
    clinician,
    coding,
    concept,
    instant,
    newest_of,
    notes,
    own_concept,
    text,
    without_empty,
)
from careline.escalation.fhir.people import writer_of
from careline.escalation.sbar_text import sbar_text

_PRIORITIES = {
    Acuity.EMERGENCY_NOW: "stat",
    Acuity.ED_NOW: "asap",
    Acuity.SAME_DAY: "urgent",
    Acuity.GP_SOON: "routine",
    Acuity.ROUTINE: "routine",
    Acuity.SELF_CARE: "routine",
}
_TASKS = {
    State.OPEN: "requested",
    State.ACKNOWLEDGED: "received",
    State.CLAIMED: "in-progress",
    State.ANSWERED: "in-progress",
    State.CLOSED: "completed",
}
_CATEGORIES = "http://terminology.hl7.org/CodeSystem/communication-category"


def priority_of(acuity: Acuity | None) -> str:
    """Return the priority of a level; where none was decided, unknown is not routine."""
    return _PRIORITIES[acuity] if acuity is not None else "urgent"


def service_request_of(escalation: Escalation, case: CaseSnapshot | None, ids: Ids) -> Json:
    """Return what Careline proposes: it orders nothing, a clinician does."""
    advice = case.advice if case is not None else None
    acuity = escalation.acuity
    level = acuity.value if acuity is not None else "undecided"
    title = advice.title if advice is not None and case is not None and case.acuity is acuity else f"Level: {level}"
    told = [advice.where, advice.within, *advice.if_worse] if advice is not None else []
    return without_empty(
        ids.head("ServiceRequest")
        | {
            "status": "completed" if escalation.state is State.CLOSED else "active",
            "intent": "proposal",
            "priority": priority_of(acuity),
            "code": own_concept("acuity", level, title),
            "subject": ids.reference("Patient"),
            "encounter": ids.reference("Encounter"),
            "authoredOn": instant(escalation.raised_at or escalation.opened_at),
            "requester": ids.reference("Device"),
            "reasonCode": [concept(shown=complaint) for complaint in (case.complaints if case is not None else ())],
            "supportingInfo": [ids.reference("QuestionnaireResponse")] if case is not None else [],
            "note": notes(sbar_text(escalation)),
            "patientInstruction": text(" ".join(told)) if told else None,
        }
    )


def task_of(escalation: Escalation, ids: Ids) -> Json:
    """Return the request for a clinician, with its state and until when somebody should have looked."""
    reason = escalation.reason.value
    deadline = {"period": {"end": instant(escalation.deadline_at)}} if escalation.deadline_at is not None else {}
    return without_empty(
        ids.head("Task")
        | {
            "identifier": [{"system": f"{OWN}escalation", "value": escalation.id}],
            "status": _TASKS[escalation.state],
            "businessStatus": own_concept("state", escalation.state.value, escalation.state.value),
            "intent": "order",
            "priority": priority_of(escalation.acuity),
            "code": concept(shown="A clinician is asked for"),
            "focus": ids.reference("ServiceRequest"),
            "for": ids.reference("Patient"),
            "encounter": ids.reference("Encounter"),
            "authoredOn": instant(escalation.opened_at),
            "lastModified": instant(newest_of(escalation)),
            "requester": ids.reference("Device"),
            "owner": clinician(escalation),
            "reasonCode": own_concept("reason", reason, reason.replace("_", " ")),
            "note": notes(escalation.note, _erased(escalation)),
            "restriction": deadline,
        }
    )


def communications_of(case: CaseSnapshot, ids: Ids) -> Iterator[Json]:
    """Yield the patient's own words, and what the patient was told."""
    quotes = {quote.message_id: quote for each in (*case.earlier, case) for quote in each.words}
    for told in case.told:  # one message may answer several
        if told.answer is not None:
            quotes.setdefault(told.answer.message_id, told.answer)
    for quote in quotes.values():
        yield _said_by_patient(quote, case, ids)
    for told in case.told:
        yield _communication(told.message_id, told.text, ids) | {
            "category": [concept(coding(_CATEGORIES, "instruction", "Instruction"), shown=told.kind)],
            "recipient": [ids.reference("Patient")],
            "sender": ids.reference("Device"),
            "sent": instant(told.at),
        }


def _said_by_patient(quote: Quote, case: CaseSnapshot, ids: Ids) -> Json:
    more = {
        "category": [concept(shown="The patient's own words")],
        "recipient": [ids.reference("Device")],
        "sender": writer_of(case, ids),
        "sent": instant(quote.at) if quote.at is not None else None,
    }
    return without_empty(_communication(quote.message_id, quote.text, ids) | more)


def _communication(number: int, words: str, ids: Ids) -> Json:
    return ids.head("Communication", str(number)) | {
        "identifier": [{"system": f"{OWN}message", "value": str(number)}],
        "status": "completed",
        "subject": ids.reference("Patient"),
        "encounter": ids.reference("Encounter"),
        "payload": [{"contentString": text(words)}],
    }


def _erased(escalation: Escalation) -> str | None:
    if escalation.words_erased_at is None:
        return None
    return (
        f"The patient's words were erased on {escalation.words_erased_at:%Y-%m-%d}, and with them the answers, the"
        " findings and the note. What is not here is not known; it is not a no."
    )
