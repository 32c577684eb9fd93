"""The handoff note, written from a case. A line says no only where the patient said no."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import CaseSnapshot, Quote, SeenFinding, SeenFlag, SeenQuestion, SeenRule, Told
from careline.escalation.sbar import (
    ALL_SAID_NO,
    ASKED_AND_SAID_NO,
    SAID_NO,
    CitedSource,
    LineKind,
    Sbar,
    SbarLine,
    one_line,
)
from careline.escalation.vital_signs import VITAL_SIGNS, with_unit

_WRITERS = {
    "self": "The patient writes for themselves",
    "child": "Somebody writes for a baby or child",
    "adult": "Somebody writes for another adult",
}
_OUTLINE = ("age_years", "sex", "pregnant", "for_whom", "country")  # said in lines of their own
_TOLD_BY = {
    "emergency": "emergency card",
    "crisis": "crisis card",
    "assessment": "assessment",
    "handoff": "word on the handoff",
}


def sbar_of(case: CaseSnapshot) -> Sbar:
    """Return the handoff note: what is known, in the patient's words where there are some, and what is not known."""
    return Sbar(
        situation=_in_one_line(_situation(case)),
        background=_in_one_line(_background(case)),
        assessment=_in_one_line(_assessment(case)),
        recommendation=_in_one_line((*_recommendation(case), *_marks(case))),
    )


def failed_note() -> Sbar:
    """Return what stands in for a note that could not be written."""
    text = "The handoff note could not be written. Read the conversation."
    return Sbar(situation=(SbarLine(text, kind=LineKind.MARK),))


def _in_one_line(lines: Iterable[SbarLine]) -> tuple[SbarLine, ...]:
    """Return the lines without breaks: what a patient wrote must not look like a line of ours."""
    return tuple(msgspec.structs.replace(line, text=one_line(line.text)) for line in lines)


def _situation(case: CaseSnapshot) -> Iterator[SbarLine]:
    yield _level(case)
    for_whom = case.finding("for_whom")
    value = str(for_whom.value) if for_whom is not None and for_whom.presence is Presence.PRESENT else ""
    if value in _WRITERS:
        yield SbarLine(_WRITERS[value], _messages(for_whom))
    else:
        yield SbarLine("Not known whether the patient writes for themselves", kind=LineKind.UNKNOWN)
    yield SbarLine(f"Complaint: {', '.join(case.complaints) or 'none chosen yet'}")
    for flag in case.red_flags:
        yield _flag(flag)
    for title in case.unsure_flags:
        yield SbarLine(f"Asked about and left open: {title}", kind=LineKind.UNKNOWN)
    for title in case.waiting_flags:
        yield SbarLine(f"Asked about, not answered yet: {title}", kind=LineKind.UNKNOWN)
    for title in case.denied_flags:
        yield SbarLine(f"{ASKED_AND_SAID_NO}{title}")
    for quote in case.words:
        yield SbarLine(f"In the patient's words:{_said(quote)}", (quote.message_id,))
    for earlier in case.earlier:
        yield from _before_new_start(earlier)


def _words(acuity: Acuity) -> str:
    return acuity.value.replace("_", " ")


def _level(case: CaseSnapshot) -> SbarLine:
    if case.acuity is None:
        text = f"Acuity: not decided yet; what is known so far asks for at least {_words(case.asks_for)}"
        return SbarLine(text, kind=LineKind.DANGER if case.asks_for.is_emergency else LineKind.UNKNOWN)
    kind = LineKind.DANGER if case.acuity.is_emergency else LineKind.FACT
    return SbarLine(f"Acuity: {_words(case.acuity)} ({case.advice.title})", kind=kind)


def _flag(flag: SeenFlag) -> SbarLine:
    said = f" — patient wrote:{_said(flag.quote)}" if flag.quote else ""
    back = "" if flag.holds else " — the patient has since taken back what raised it"
    messages = (flag.quote.message_id,) if flag.quote else ()
    return SbarLine(f"Red flag: {flag.title} [{flag.id}]{said}{back}", messages, LineKind.DANGER, flag.id, flag.sources)


def _before_new_start(case: CaseSnapshot) -> Iterator[SbarLine]:
    level = (case.acuity or case.asks_for).value
    flags = "; ".join(flag.title for flag in case.red_flags) or "none"
    text = f"Before the patient started over (up to message {case.last_message}): {level}; red flags: {flags}"
    yield SbarLine(text, kind=LineKind.DANGER if case.red_flags else LineKind.FACT)
    for quote in case.words:
        yield SbarLine(f"Before that, in the patient's words:{_said(quote)}", (quote.message_id,))


def _background(case: CaseSnapshot) -> Iterator[SbarLine]:
    for label, finding_id in (("Age", "age_years"), ("Sex at birth", "sex"), ("Pregnant", "pregnant")):
        yield _outline_line(case, label, finding_id)
    for question in case.questions:
        if question.stage == "intake" and not all(finding.id in _OUTLINE for finding in question.findings):
            yield from _intake_lines(question)


def _outline_line(case: CaseSnapshot, label: str, finding_id: str) -> SbarLine:
    finding = case.finding(finding_id)
    if finding is None or finding.presence is Presence.UNKNOWN:
        if finding_id in case.not_applicable:
            return SbarLine(f"{label}: not asked of a patient of this age and sex")
        return SbarLine(f"{label}: not known", _messages(finding), LineKind.UNKNOWN)
    if finding.value is None:
        return SbarLine(f"{label}: {'yes' if finding.presence is Presence.PRESENT else 'no'}", _messages(finding))
    return SbarLine(f"{label}: {_values(finding)}", _messages(finding))


def _intake_lines(question: SeenQuestion) -> Iterator[SbarLine]:
    label = question.id.removeprefix("q_").replace("_", " ").capitalize()
    present, absent, unknown = (_having(question.findings, each) for each in Presence)
    messages = _messages(*question.findings)
    if present:
        yield SbarLine(f"{label}: {', '.join(_with_value(finding) for finding in present)}", messages)
    if absent:
        names = "none" if question.findings[0].kind == "note" else f"{SAID_NO}{', '.join(_titles(absent))}"
        yield SbarLine(f"{label}: {names}", messages)
    if unknown:
        asked = "asked, not known" if question.is_asked else "not asked"
        yield SbarLine(f"{label}: {asked}: {', '.join(_titles(unknown))}", messages, LineKind.UNKNOWN)


def _assessment(case: CaseSnapshot) -> Iterator[SbarLine]:
    of_intake = {
        finding.id for question in case.questions if question.stage == "intake" for finding in question.findings
    }
    found = [finding for finding in case.findings if finding.id not in of_intake and finding.id not in _OUTLINE]
    vitals = [finding for finding in found if finding.id in VITAL_SIGNS]
    signs = [finding for finding in found if finding.id not in VITAL_SIGNS]
    for finding in _having(signs, Presence.PRESENT):
        yield SbarLine(f"Present: {_with_value(finding)}{_in_message(finding)}", _messages(finding))
    for finding in _having(vitals, Presence.PRESENT):
        measured = f"Measured by the patient: {_with_value(finding)}{_in_message(finding)}"
        yield SbarLine(measured, _messages(finding))
    absent = _having(found, Presence.ABSENT)
    if absent:
        yield SbarLine(f"{ALL_SAID_NO}{', '.join(_titles(absent))}", _messages(*absent))
    yield from _not_known(case, _having(found, Presence.UNKNOWN))
    for rule in case.rules:
        yield _rule(rule)
    for flag in case.red_flags:
        if flag.sources:
            yield SbarLine(f"Red flag {flag.id}: {_cited(flag.sources)}", (), LineKind.FACT, flag.id, flag.sources)
    if case.is_floored:
        yield SbarLine("The level is higher because questions about danger to life are open", kind=LineKind.UNKNOWN)


def _not_known(case: CaseSnapshot, not_sure: list[SeenFinding]) -> Iterator[SbarLine]:
    asked_here = set()
    interview = [question for question in case.questions if question.stage == "interview" and question.is_open]
    for question in sorted(interview, key=lambda each: not each.life_threat):
        danger = "Danger to life NOT RULED OUT" if question.life_threat else "Not known"
        state = "asked, the patient could not say" if question.is_asked else "not asked"
        open_ones = _having(question.findings, Presence.UNKNOWN)
        asked_here |= {finding.id for finding in open_ones}
        text = f"{danger} ({state}): {'; '.join(_titles(open_ones))}"
        yield SbarLine(text, _messages(*open_ones), LineKind.UNKNOWN)
    left = [finding for finding in not_sure if finding.id not in asked_here]
    if left:
        yield SbarLine(f"The patient was not sure of: {', '.join(_titles(left))}", _messages(*left), LineKind.UNKNOWN)


def _rule(rule: SeenRule) -> SbarLine:
    level = f"asks for {rule.acuity.value}" if rule.acuity is not None else "raises the level by one step"
    said = f" — patient wrote:{_said(rule.quote)}" if rule.quote else ""
    text = f"Rule [{rule.id}], {level}: {rule.text}{said}; {_cited(rule.sources)}"
    messages = (rule.quote.message_id,) if rule.quote else ()
    return SbarLine(text, messages, LineKind.FACT, rule.id, rule.sources)


def _recommendation(case: CaseSnapshot) -> Iterator[SbarLine]:
    if case.may_be_watched:
        yield SbarLine(
            "May be watched: before anything else ask whether it is safe to talk. "
            "Leave no message, send nothing, and do not say to anybody else why you call.",
            kind=LineKind.DANGER,
        )
    elif case.watch_asked:
        yield SbarLine(
            "Not known whether somebody may watch: the patient was asked whether somebody hurts them and has not "
            "answered yet. Ask first whether it is safe to talk.",
            kind=LineKind.DANGER,
        )
    for unread in case.unread:
        perhaps = f", perhaps {unread.language}" if unread.language else ""
        yield SbarLine(
            f"Message {unread.message_id} was not read: it is in another language{perhaps}. "
            "Nothing in it was screened.",
            (unread.message_id,),
            LineKind.DANGER,
        )
    decided = "" if case.acuity is not None else " if nothing else comes to light"
    yield SbarLine(f"Where{decided}: {case.advice.where}")
    yield SbarLine(f"How soon{decided}: {case.advice.within}")
    for caution in case.advice.cautions:
        yield SbarLine(f"Caution: {caution}")
    for line in case.advice.if_worse:
        yield SbarLine(f"If it gets worse: {line}")
    for told in case.told:
        yield from _told(told)
    if not case.told:
        yield SbarLine("The patient has not been shown a card or an assessment yet", kind=LineKind.UNKNOWN)


def _told(told: Told) -> Iterator[SbarLine]:
    by = _TOLD_BY.get(told.kind, told.kind)
    yield SbarLine(f"The patient was told, by {by} (message {told.message_id}): {told.text}", (told.message_id,))
    if told.answer is not None:
        yield SbarLine(f"The patient answered:{_said(told.answer)}", (told.answer.message_id,))


def _marks(case: CaseSnapshot) -> Iterator[SbarLine]:
    versions = case.versions
    marks = [
        f"Generated by Careline {versions.get('app', 'unknown')} from the patient's answers; check with the patient."
        " Not a diagnosis.",
        f"Taken {case.taken_at:%Y-%m-%d %H:%M} UTC, up to message {case.last_message}",
        f"Versions: app {versions.get('app')}, content {versions.get('content')}, model {versions.get('model')}",
        "Content: signed by a clinician" if case.signed else "Content: unreviewed; no clinician has signed all of it",
    ]
    if case.degraded:
        marks.append("Degraded: part of the system was down during the conversation")
    for mark in marks:
        yield SbarLine(mark, kind=LineKind.MARK)


def _having(findings: Iterable[SeenFinding], presence: Presence) -> list[SeenFinding]:
    return [finding for finding in findings if finding.presence is presence]


def _titles(findings: Iterable[SeenFinding]) -> list[str]:
    return [finding.title for finding in findings]


def _with_value(finding: SeenFinding) -> str:
    return finding.title if finding.value is None else f"{finding.title}: {_values(finding)}"


def _values(finding: SeenFinding) -> str:
    if finding.value is None:
        return finding.title
    value = with_unit(finding.value, finding.unit)
    before = ", ".join(with_unit(each, finding.unit) for each in finding.earlier)
    return f"{value} (told before: {before})" if before else value


def _messages(*findings: SeenFinding | None) -> tuple[int, ...]:
    numbers = {finding.message_id for finding in findings if finding is not None and finding.message_id is not None}
    return tuple(sorted(numbers))


def _in_message(finding: SeenFinding) -> str:
    return f" (message {finding.message_id})" if finding.message_id is not None else ""


def _said(quote: Quote) -> str:
    return f' "{quote.text}" (message {quote.message_id})'


def _cited(sources: Iterable[CitedSource]) -> str:
    named = [", ".join(part for part in (each.title, each.organisation, each.url) if part) for each in sources]
    return f"source: {'; '.join(named)}" if named else "no source"
