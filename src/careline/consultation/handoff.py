"""From a consultation to a clinician: the request, the SBAR note, and a true word to the patient."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import Reason as RuleReason
from careline.clinical.assessment import assess
from careline.clinical.finding import Finding, Presence
from careline.consultation.consultation import Consultation
from careline.consultation.memory import Awaiting
from careline.escalation.escalation import EscalationRequest, PatientOutline, Reason, Sbar

_AGE_BANDS = ((1, "under 1"), (5, "1-4"), (16, "5-15"), (40, "16-39"), (65, "40-64"), (80, "65-79"))
_INTAKE = ("takes_medicines", "has_allergies")


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
            sbar=sbar_of(c, acuity),
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
    c.send(
        "handoff",
        c.wording("handoff-recorded"),
        data={"escalation_id": None, "state": "open", "on_duty": False},
    )


def ask_for_contact(c: Consultation) -> None:
    """Ask how the patient can be reached; they may leave it. First whether it is safe, where they may be watched."""
    if c.may_be_watched and c.memory.safe_to_call != "yes":
        _ask_whether_safe_to_call(c)
        return
    c.send(
        "question",
        c.wording("contact-question-watched" if c.may_be_watched else "contact-question"),
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
    )


def age_band(age_years: object) -> str | None:
    """Return a band for queues and figures; no rule uses it."""
    if not isinstance(age_years, int | float):
        return None
    return next((band for below, band in _AGE_BANDS if age_years < below), "80 and over")


def sbar_of(c: Consultation, acuity: Acuity | None) -> Sbar:
    """Return the handoff note: what is known, in the patient's words where there are some, and what is not known."""
    assessment = assess(c.memory.case, c.release.book)
    level = acuity or assessment.acuity
    disposition = c.release.book.dispositions[level]
    return Sbar(
        situation=(
            f"Acuity: {level.value} ({disposition.title})",
            *(line for reason in assessment.reasons for line in _reason_lines(c, reason)),
        ),
        background=tuple(_background(c)),
        assessment=tuple(_findings(c)),
        recommendation=(*_warnings(c), disposition.where, disposition.within),
    )


def _warnings(c: Consultation) -> Iterator[str]:
    if c.may_be_watched:
        yield (
            "May be watched: before anything else ask whether it is safe to talk. "
            "Leave no message, send nothing, and do not say to anybody else why you call."
        )
    names = c.release.book.languages.names
    for unread in c.memory.unread:
        perhaps = f", perhaps {names[unread.language]}" if unread.language in names else ""
        yield f"Message {unread.number} was not read: it is in another language{perhaps}. Nothing in it was screened."


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


def _reason_lines(c: Consultation, reason: RuleReason) -> Iterator[str]:
    quote = quote_of(c, reason.because_of)
    said = f' — patient wrote: "{quote[0]}" (message {quote[1]})' if quote else ""
    yield f"{reason.text} [{reason.rule_id}]{said}"


def _background(c: Consultation) -> Iterator[str]:
    case = c.memory.case
    age = case.value("age_years")
    yield f"Age: {f'{age:g} years' if isinstance(age, int | float) else 'unknown'}"
    for finding_id in ("sex", "for_whom"):
        yield f"{c.release.book.findings[finding_id].title.capitalize()}: {case.value(finding_id) or 'unknown'}"
    yield f"Pregnant: {case.presence('pregnant').value}"
    for question in c.release.book.intake.questions:
        if question.question.input == "multi":
            named = [f for f in sorted(question.settles) if case.presence(f) is Presence.PRESENT]
            unknown = any(case.presence(f) is Presence.UNKNOWN for f in question.settles)
            titles = ", ".join(c.release.book.findings[f].title for f in named)
            yield f"{question.question.text} {titles or ('unknown' if unknown else 'none')}"
    for finding_id in _INTAKE:
        shown = {Presence.UNKNOWN: "unknown", Presence.ABSENT: "none", Presence.PRESENT: case.value(finding_id)}
        yield f"{c.release.book.findings[finding_id].title.capitalize()}: {shown[case.presence(finding_id)]}"


def _findings(c: Consultation) -> Iterator[str]:
    for presence in (Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN):
        titles = [title for finding in c.memory.findings if (title := _title(c, finding, presence))]
        if titles:
            yield f"{presence.value.capitalize()}: {', '.join(titles)}"
    assessment = assess(c.memory.case, c.release.book)
    texts = {
        question.question.id: question.question.text
        for protocol in c.release.book.protocols.values()
        for question in protocol.questions
    } | {question.question.id: question.question.text for question in c.release.book.intake.questions}
    for question_id in assessment.unknown:
        yield f"Not known: {texts[question_id]}"


def _title(c: Consultation, finding: Finding, presence: Presence) -> str | None:
    entry = c.release.book.findings.get(finding.id)
    if finding.presence is not presence or entry is None or entry.kind == "note":
        return None
    value = f" {finding.value:g}" if isinstance(finding.value, int | float) else f" {finding.value}"
    return f"{entry.title}{value if finding.value is not None else ''}"
