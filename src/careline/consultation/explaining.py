"""Why we ask, why this result, and what we know so far."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.clinical.assessment import assess
from careline.clinical.content import FindingEntry
from careline.clinical.finding import Finding, Presence
from careline.consultation.advising import contract_source, versions, where_to_go, whys
from careline.consultation.asking import question_by_id
from careline.consultation.consultation import Consultation
from careline.consultation.memory import Awaiting
from careline.consultation.quantity_words import quantity_words

_WHY = {
    Awaiting.SAFETY: "safety-why",
    Awaiting.CONTACT: "contact-why",
    Awaiting.SAFE_TO_CALL: "safe-to-call-why",
}


def explain(c: Consultation) -> None:
    """Say why the pending question is asked, or why the result is what it is."""
    memory = c.memory
    compiled = question_by_id(c, memory.awaiting_question) if memory.awaiting_question else None
    if memory.awaiting is Awaiting.QUESTION and compiled is not None:
        c.send("notice", c.wording("why-question", why=compiled.question.why))
    elif memory.awaiting in _WHY:
        c.send("notice", c.wording("why-question", why=c.wording(_WHY[memory.awaiting])))
    elif c.final and c.acuity is not None:
        lines = whys(c, assess(memory.case, c.release.book), c.acuity)
        c.send("notice", "\n".join([c.wording("why-result"), *(f"- {line}" for line in lines)]))
    else:
        c.say("notice", "why-all")


def summarise(c: Consultation) -> None:
    """Show in plain words what is known so far."""
    told = summary(c)
    lines = [c.wording("summary-heading")]
    lines += [c.wording("summary-present", findings=", ".join(told["present"]))] if told["present"] else []
    lines += [c.wording("summary-absent", findings=", ".join(told["absent"]))] if told["absent"] else []
    lines += [c.wording("summary-unknown", findings=", ".join(told["not_sure"]))] if told["not_sure"] else []
    if len(lines) == 1:
        lines.append(c.wording("summary-empty"))
    if c.acuity is not None and c.final:
        title = c.release.book.dispositions[c.acuity].title
        lines.append(c.wording("summary-result", title=title, where=where_to_go(c, c.acuity)))
    c.send("notice", "\n".join(lines))


def summary(c: Consultation) -> dict[str, Any]:
    """Return findings, acuity, reasons, sources, unknowns and versions, for the patient and for programs."""
    assessment = assess(c.memory.case, c.release.book)
    known = c.memory.findings
    sources = {source for reason in assessment.reasons for source in reason.sources}
    texts = [question_by_id(c, question_id) for question_id in assessment.unknown]
    return {
        "state": c.stage.value,
        "acuity": c.acuity.value if c.acuity else None,
        "final": c.final,
        "findings": [_contract_finding(c, finding) for finding in known if finding.id in c.release.book.findings],
        "present": _titles(c, Presence.PRESENT),
        "absent": _titles(c, Presence.ABSENT),
        "not_sure": _titles(c, Presence.UNKNOWN),
        "reasons": [{"rule_id": reason.rule_id, "text": reason.text} for reason in assessment.reasons],
        "sources": [contract_source(c.release.book.sources[source]) for source in sorted(sources)],
        "unknown": [compiled.question.text for compiled in texts if compiled is not None],
        "unread_messages": [msgspec.to_builtins(unread) for unread in c.memory.unread],
        "degraded": c.degraded,
        "versions": versions(c),
    }


def _titles(c: Consultation, presence: Presence) -> list[str]:
    catalogue = c.release.book.findings
    return [
        _titled(c, catalogue[finding.id], finding)
        for finding in c.memory.findings
        if finding.presence is presence and finding.id in catalogue
    ]


def _titled(c: Consultation, entry: FindingEntry, finding: Finding) -> str:
    if finding.value is None:
        return entry.title
    if isinstance(finding.value, int | float):
        return f"{entry.title}: {quantity_words(c.wording, finding.value, entry.unit)}"
    return f"{entry.title}: {_choice(c, finding)}"


def _choice(c: Consultation, finding: Finding) -> str:
    """Return a chosen value as its button was called; a patient's own words as they are."""
    for compiled in c.release.book.intake.questions:
        for option in compiled.question.options:
            if compiled.question.finding == finding.id and option.choice == finding.value:
                return option.title
    return str(finding.value)


def _contract_finding(c: Consultation, finding: Finding) -> dict[str, Any]:
    entry = c.release.book.findings[finding.id]
    return {
        "id": finding.id,
        "title": entry.title,
        "presence": finding.presence.value,
        "value": finding.value,
        "unit": entry.unit,
        "message_id": finding.message_id,
    }
