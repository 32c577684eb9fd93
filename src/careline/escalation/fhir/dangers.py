"""Flag and DetectedIssue: the red flags, and every rule that holds, with how grave it is and whose rule it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from careline.clinical.acuity import Acuity
from careline.escalation.case_snapshot import CaseSnapshot, Quote, SeenFlag
from careline.escalation.escalation import Escalation, State
from careline.escalation.fhir.answers import observation_reference
from careline.escalation.fhir.elements import (
    Ids,
    Json,
    coding,
    concept,
    first_url,
    instant,
    own_concept,
    text,
    without_empty,
)
from careline.escalation.sbar import CitedSource

_FLAG_CATEGORIES = "http://terminology.hl7.org/CodeSystem/flag-category"


def flags_of(escalation: Escalation, case: CaseSnapshot | None) -> tuple[SeenFlag, ...]:
    """Return the escalation's red flags; of one that nothing more is known of, as after an erasure, only the id."""
    known = {flag.id: flag for flag in (case.all_flags() if case is not None else ())}
    bare = {flag_id: SeenFlag(id=flag_id, title=flag_id) for flag_id in escalation.red_flags}
    return tuple((bare | known).values())


def flag_resources(escalation: Escalation, case: CaseSnapshot | None, ids: Ids) -> Iterator[Json]:
    """Yield a Flag for each red flag; it is active until a clinician closes the escalation, whatever is taken back."""
    status = "inactive" if escalation.state is State.CLOSED else "active"
    for flag in flags_of(escalation, case):
        is_clinical = flag.kind == "emergency"
        category = coding(
            _FLAG_CATEGORIES, "clinical" if is_clinical else "safety", "Clinical" if is_clinical else "Safety"
        )
        yield ids.head("Flag", flag.id) | {
            "status": status,
            "category": [concept(category)],
            "code": own_concept("red-flag", flag.id, flag.title),
            "subject": ids.reference("Patient"),
            "period": {"start": instant(escalation.opened_at)},
            "encounter": ids.reference("Encounter"),
            "author": ids.reference("Device"),
        }


def detected_issues(escalation: Escalation, case: CaseSnapshot | None, ids: Ids) -> Iterator[Json]:
    """Yield an issue for each red flag and each rule that holds."""
    for flag in flags_of(escalation, case):
        shown = flag.title if flag.holds else f"{flag.title} (the patient has since taken back what raised it)"
        issue = _issue("red-flag", flag.id, shown, flag.quote, flag.because_of, flag.sources, escalation, case, ids)
        yield issue | {"severity": severity_of(flag.acuity)}
    for rule in case.rules if case is not None else ():
        issue = _issue("rule", rule.id, rule.text, rule.quote, rule.because_of, rule.sources, escalation, case, ids)
        # A rule without a level of its own raises what the others found.
        yield issue | {"severity": severity_of(rule.acuity) if rule.acuity is not None else "moderate"}


def severity_of(acuity: Acuity | None) -> str:
    """Return how grave a level is; of an unknown one the worst is taken."""
    if acuity is None or acuity.is_emergency:
        return "high"
    return "moderate" if acuity is Acuity.SAME_DAY else "low"


def _issue(
    kind: str,
    rule_id: str,
    shown: str,
    quote: Quote | None,
    because_of: Sequence[str],
    sources: Sequence[CitedSource],
    escalation: Escalation,
    case: CaseSnapshot | None,
    ids: Ids,
) -> Json:
    observed = {finding.id for finding in case.findings} if case is not None else set()
    said = f'The patient wrote: "{quote.text}" (message {quote.message_id}).' if quote is not None else ""
    cited = "; ".join(", ".join(part for part in (s.title, s.organisation, s.url) if part) for s in sources)
    detail = " ".join(part for part in (shown, said, f"Source: {cited}" if cited else "") if part)
    references = [observation_reference(finding, ids)["reference"] for finding in because_of if finding in observed]
    return without_empty(
        ids.head("DetectedIssue", f"{kind}/{rule_id}")
        | {
            "status": "preliminary",  # found by a rule, and by no clinician
            "code": own_concept(kind, rule_id, shown),
            "patient": ids.reference("Patient"),
            "identifiedDateTime": instant(case.taken_at if case is not None else escalation.opened_at),
            "author": ids.reference("Device"),
            "implicated": [{"reference": each, "type": "Observation"} for each in dict.fromkeys(references)],
            "detail": text(detail),
            "reference": first_url(source.url for source in sources),
        }
    )
