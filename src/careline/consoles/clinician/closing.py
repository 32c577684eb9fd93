"""The form that closes a case: what it must say, and in which words it is sent back."""

from __future__ import annotations

from dataclasses import dataclass, field

from careline.consoles.clinician.words import NO_PATIENT, OUTCOMES
from careline.escalation.escalation import Acuity, Closing, Verdict

_MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class ClosingForm:
    """What a clinician typed.

    Attributes:
        problems: What is missing or wrong, by field.
    """

    outcome: str = ""
    disposition: str = ""
    safety_net: str = ""
    verdict: str = ""
    why: str = ""
    problems: dict[str, str] = field(default_factory=dict)


def checked(form: ClosingForm) -> Closing | ClosingForm:
    """Return the closing; or the form again, with what is wrong."""
    problems: dict[str, str] = {}
    if form.outcome not in OUTCOMES:
        problems["outcome"] = "Choose what was done."
    # Whoever abuses staff may be ill as well: then advice may be left out, but what stands there is told.
    needs_advice = form.outcome not in NO_PATIENT
    if form.disposition not in {acuity.value for acuity in Acuity} | ({""} if not needs_advice else set()):
        problems["disposition"] = "Choose where the patient was sent."
    if needs_advice and not form.safety_net.strip():
        problems["safety_net"] = "Say what the patient is to watch for, and what to do then."
    if len(form.safety_net) > _MOST_CHARACTERS:
        problems["safety_net"] = f"Use at most {_MOST_CHARACTERS} characters."
    if form.verdict not in {"", *Verdict}:
        problems["verdict"] = "Choose one of these."
    if form.verdict in {Verdict.TOO_HIGH, Verdict.TOO_LOW} and not form.why.strip():
        problems["why"] = "Say why, in a few words: the rules are reviewed by it."
    if len(form.why) > _MOST_CHARACTERS:
        problems["why"] = f"Use at most {_MOST_CHARACTERS} characters."
    if problems:
        return ClosingForm(form.outcome, form.disposition, form.safety_net, form.verdict, form.why, problems)
    return Closing(
        outcome=form.outcome,
        disposition=form.disposition or "none",
        safety_net=form.safety_net.strip(),
        verdict=Verdict(form.verdict) if form.verdict else None,
        why=form.why.strip() or None,
    )
