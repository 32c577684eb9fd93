"""From a consultation to a clinician: the request, and a true word to the patient. The note is `case_note`'s."""

from __future__ import annotations

import datetime as dt
from typing import Any

from careline.clinical.acuity import Acuity
from careline.consultation.consultation import Consultation
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import phone_numbers
from careline.escalation.duty.roster import DutyNow
from careline.escalation.escalation import EscalationRequest, PatientOutline, Reason

_AGE_BANDS = ((1, "under 1"), (5, "1-4"), (16, "5-15"), (40, "16-39"), (65, "40-64"), (80, "65-79"))


def request_escalation(
    c: Consultation, reason: Reason, acuity: Acuity | None, red_flags: tuple[str, ...], note: str | None = None
) -> None:
    """Ask for a clinician; stored in the transaction of the turn."""
    minutes = _respond_within_minutes(c, acuity)
    c.effects.escalations.append(
        EscalationRequest(
            reason=reason,
            acuity=acuity,
            conversation_id=c.id,
            red_flags=red_flags,
            patient=outline_of(c),
            respond_within=dt.timedelta(minutes=minutes) if minutes is not None else None,
            note=note,
            contact_key=c.contact_key,
            linked=c.earlier_escalations,
        )
    )


def _respond_within_minutes(c: Consultation, acuity: Acuity | None) -> int | None:
    """Return the target: the level's own; for who came back soon, at least that of `repeat_respond_as`."""
    book = c.release.book
    own = book.dispositions[acuity].respond_within_minutes if acuity else None
    if not c.earlier_escalations:
        return own
    again = book.dispositions[book.handoff.repeat_respond_as].respond_within_minutes
    return min((minutes for minutes in (own, again) if minutes is not None), default=None)


def hand_over(c: Consultation) -> None:
    """Put the patient's wish for a human on record, and tell them what is true of it."""
    c.memory.wants_human = True
    request_escalation(c, Reason.PATIENT_REQUEST, c.acuity, ())
    is_seen = c.escalation_state not in (None, "open")
    duty = c.duty()
    said = c.wording("handoff-recorded-seen" if is_seen else "handoff-recorded")
    c.send(
        "handoff",
        "\n".join([f"{said} {duty_sentence(c, duty)}", *unasked_lines(c), *alternatives(c)]),
        data=handoff_data(c.escalation_state or "open", duty),
    )


def handoff_data(state: str, duty: DutyNow) -> dict[str, Any]:
    """Return the data of a handoff message, as the HTTP contract has it; the id is filled in when it is stored."""
    data: dict[str, Any] = {"escalation_id": None, "state": state, "on_duty": bool(duty.people)}
    if not duty.people and duty.next_at is not None:
        data["next_duty_at"] = duty.next_at.isoformat().replace("+00:00", "Z")
    return data


def duty_sentence(c: Consultation, duty: DutyNow) -> str:
    """Return whether somebody is marked as on duty, and else from when: as recorded, no promise."""
    if duty.people:
        return c.wording("duty-now")
    at = duty.next_local
    if at is None:
        return c.wording("duty-nobody")
    when = c.wording("duty-when", weekday=at.weekday(), day=at.day, month=at.month, time=f"{at:%H:%M}")
    return c.wording("duty-next", when=when)


def unasked_lines(c: Consultation) -> list[str]:
    """Return how somebody who may be watched hears of their request: nothing is sent to them unasked."""
    return [c.wording("nothing-unasked")] if c.is_quiet else []


def alternatives(c: Consultation) -> list[str]:
    """Return who else can help a patient who cannot wait, with the country's numbers."""
    named = phone_numbers(c.release.book, c.country, ("urgent_care",)) if c.country in c.release.book.countries else []
    return [c.wording("handoff-alternatives"), *(f"{number.label}: {number.tel}" for number in named)]


def ask_for_contact(c: Consultation) -> None:
    """Ask how the patient can be reached; they may leave it. First whether it is safe, where they may be watched."""
    if c.is_quiet and c.memory.safe_to_call != "yes":
        _ask_whether_safe_to_call(c)
        return
    c.send(
        "question",
        c.wording("contact-question-watched" if c.is_quiet else "contact-question"),
        options=(c.choice("skip", "no", "skip", "rather not", "no thanks"),),
        data={
            "question_id": "contact",
            "stage": "safety",
            "why": c.wording("contact-why"),
            "input": {"type": "text"},
        },
        awaiting=Awaiting.CONTACT,
    )


def _ask_whether_safe_to_call(c: Consultation) -> None:
    c.send(
        "question",
        c.wording("safe-to-call-question"),
        options=(c.choice("yes"), c.choice("no"), c.choice("unsure")),
        data={
            "question_id": "safe_to_call",
            "stage": "safety",
            "why": c.wording("safe-to-call-why"),
            "input": {"type": "single"},
            "quick_exit": True,
        },
        awaiting=Awaiting.SAFE_TO_CALL,
    )


def outline_of(c: Consultation) -> PatientOutline:
    """Return what a queue shows of the patient."""
    case = c.memory.case
    sex, for_whom = case.value("sex"), case.value("for_whom")
    return PatientOutline(
        age_band=age_band(case.value("age_years")),
        sex=str(sex) if sex else None,
        pregnant=case.presence("pregnant").value,
        for_whom=str(for_whom) if for_whom else None,
        country=c.country,
        may_be_watched=c.may_be_watched,
        watch_asked=bool(c.memory.watch_asked),
    )


def age_band(age_years: object) -> str | None:
    """Return a band for queues and figures; no rule uses it."""
    if not isinstance(age_years, int | float):
        return None
    return next((band for below, band in _AGE_BANDS if age_years < below), "80 and over")


def quote_of(c: Consultation, because_of: tuple[str, ...]) -> tuple[str, int] | None:
    """Return the words that a rule went by and their message; None when it went by buttons."""
    findings = {finding.id: finding for finding in c.memory.findings}
    for finding_id in because_of:
        found = findings.get(finding_id)
        if found is None or found.message_id is None or found.start is None:
            continue
        text = c.text_of(found.message_id)
        if text is not None and found.end is not None and found.end <= len(text):  # of long words not all is kept
            return text[found.start : found.end], found.message_id
    return None
