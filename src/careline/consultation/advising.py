"""The end of triage: the assessment with its reasons, guidance with its sources, and what the patient can do next."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Sequence
from typing import Any

import msgspec

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import Assessment, Reason, assess, is_relevant, protocols_of, red_flag_floor
from careline.clinical.content import FALLBACK_PROTOCOL, Question, Service, Source
from careline.clinical.finding import Presence
from careline.consultation.cards import remind_of_emergency, show_assessment_card
from careline.consultation.citation import cited
from careline.consultation.consultation import Choice, Consultation, Stage
from careline.consultation.handoff import quote_of, request_escalation
from careline.consultation.medicine_advice import cautions_about_text
from careline.consultation.memory import Awaiting
from careline.consultation.phone_numbers import phone_numbers
from careline.consultation.young_person import is_young, young_lines
from careline.escalation.escalation import Reason as EscalationReason
from careline.guidance.search import Hit, SearchFilter

log = logging.getLogger(__name__)

_MOST_REASONS = 5
_MOST_ARTICLES = 3
_OTHER_PROBLEM = "The problem is none that can be asked about in the patient's language."


def assess_and_advise(c: Consultation, *, note: str | None = None) -> None:
    """Close the triage: say how urgent, where, why, what is unknown; cite guidance; offer what comes next."""
    assessment = assess(c.memory.case, c.release.book)
    if c.final and c.acuity is not None and c.acuity.is_emergency and assessment.acuity <= c.acuity:
        remind_of_emergency(c)  # the card has said it all
        return
    floors = (_kept(c), _newer_flag_floor(c), _unread_floor(c), _other_problem_floor(c), _worse_floor(c))
    acuity = max(level for level in (assessment.acuity, *floors) if level is not None)
    c.acuity, c.final = acuity, True
    c.stage = c.stage if c.stage is Stage.WITH_CLINICIAN else Stage.ADVISED
    c.log("assessed", acuity=acuity.value, rules=[reason.rule_id for reason in assessment.reasons])
    if acuity.is_emergency:
        if assessment.acuity.is_emergency:
            show_assessment_card(c, assessment)
        _send_assessment(c, assessment, acuity, [], note, offers=())
        if not assessment.acuity.is_emergency:
            remind_of_emergency(c)
        return
    if is_other_problem_here(c):
        request_escalation(c, EscalationReason.ASSESSMENT, acuity, (), note=_OTHER_PROBLEM)
        note = note or "other-problem-here"
    elif c.earlier_escalations or (acuity is Acuity.SAME_DAY and c.house.escalate_same_day):
        request_escalation(c, EscalationReason.ASSESSMENT, acuity, ())
    hits = _articles(c, acuity)
    _send_assessment(c, assessment, acuity, hits, note, offers=offers(c))
    if hits:
        c.drafts.insert(len(c.drafts) - 1, _as_guidance(c, hits))


def offers(c: Consultation) -> tuple[Choice, ...]:
    """Return what a patient can do once they have been advised."""
    return (
        _talk_to_clinician(c),
        c.choice("see_summary", "see the summary", "summary"),
        c.choice("start_over", "start over", "start again", "restart"),
    )


def _talk_to_clinician(c: Consultation) -> Choice:
    choice = c.choice("talk_to_clinician", "talk to a clinician", "speak to someone", "human")
    return dataclasses.replace(choice, title=c.wording("option-talk-to-clinician-young")) if is_young(c) else choice


def offer_next_steps(c: Consultation) -> None:
    """Show the offers alone."""
    c.send("notice", c.wording("what-next"), options=offers(c), awaiting=Awaiting.OFFER)


def _as_guidance(c: Consultation, hits: Sequence[Hit]) -> Any:  # noqa: ANN401 - a Draft, made by `send`
    send_guidance(c, hits)
    return c.drafts.pop()


def send_guidance(c: Consultation, hits: Sequence[Hit]) -> None:
    """Show reviewed text with its sources and dates; nothing is written anew."""
    c.send(
        "guidance", "\n\n".join(_hit_text(c, hit) for hit in hits), data={"hits": [contract_hit(hit) for hit in hits]}
    )


def contract_hit(hit: Hit) -> dict[str, Any]:
    """Return a hit as the HTTP contract has it."""
    shown: dict[str, Any] = msgspec.to_builtins(hit)
    return shown


def search_filter(c: Consultation, acuity: Acuity | None, *, named: Sequence[str] = ()) -> SearchFilter:
    """Return for whom and when guidance is looked for; unknown stays unknown.

    Args:
        c: The consultation.
        acuity: What triage came to, if it has.
        named: Complaints that the words name which are looked up.
    """
    case = c.memory.case
    age = case.value("age_years")
    return SearchFilter(
        today=c.house.now().date(),
        language=c.language,
        age_years=float(age) if isinstance(age, int | float) else None,
        pregnant=_may_be_pregnant(c),
        acuity=acuity.value if acuity else None,
        complaint=c.memory.complaints[0] if c.memory.complaints else None,
        named=tuple(named),
        signed_only=c.house.signed_only,
    )


def _may_be_pregnant(c: Consultation) -> bool | None:
    """Return whether the patient is pregnant; no where the intake has no reason to ask, such as of a man."""
    case = c.memory.case
    presence = case.presence("pregnant")
    if presence is not Presence.UNKNOWN:
        return presence is Presence.PRESENT
    asking = [question for question in c.release.book.intake.questions if "pregnant" in question.settles]
    return None if any(is_relevant(question, case) for question in asking) or not asking else False


def contract_source(source: Source) -> dict[str, Any]:
    """Return a reference as the HTTP contract has it."""
    shown: dict[str, Any] = msgspec.to_builtins(source)
    return {key: shown[key] for key in ("title", "organisation", "url", "accessed") if shown.get(key) is not None}


def _kept(c: Consultation) -> Acuity | None:
    """Return the acuity of an open escalation's card that the patient went on from: it is not lowered in passing."""
    return c.acuity if c.acuity is not None and c.acuity.is_emergency else None


def _worse_floor(c: Consultation) -> Acuity | None:
    """Return the least advice where the patient said at a check-in that they are worse."""
    return Acuity(c.memory.at_least) if c.memory.at_least is not None else None


def _newer_flag_floor(c: Consultation) -> Acuity | None:
    """Return the least advice for red flags left open that the consultation's own release does not have.

    The assessment by its own rules cannot know them. Where no release in use has one, it is the least that any sets.
    """
    case, books = c.memory.case, c.rule_books
    floors = []
    for flag_id in case.unsure_flags:
        if flag_id in c.release.book.red_flags or case.presence(flag_id) is not Presence.UNKNOWN:
            continue
        flag = next((book.red_flags[flag_id].flag for book in books if flag_id in book.red_flags), None)
        floors.append(red_flag_floor(flag.acuity if flag is not None else min(Acuity)))
    return max(floors) if floors else None


def _unread_floor(c: Consultation) -> Acuity | None:
    """Return the least advice where a message was not read: nobody knows what it said."""
    return c.release.book.languages.floor if c.memory.unread else None


def is_other_problem_here(c: Consultation) -> bool:
    """Return whether the problem is none of those that can be asked about in the consultation's language.

    It may well be one that has questions of its own in ours, which a choice by buttons cannot tell.
    """
    return FALLBACK_PROTOCOL in c.memory.complaints and c.language not in c.release.book.languages.read


def _other_problem_floor(c: Consultation) -> Acuity | None:
    return c.release.book.intake.without_protocol.acuity if is_other_problem_here(c) else None


def _articles(c: Consultation, acuity: Acuity) -> list[Hit]:
    if c.release.guidance is None:
        return []
    protocols = protocols_of(c.memory.case, c.release.book)
    if not protocols:
        return []
    protocol = protocols[0].protocol
    filters = search_filter(c, acuity)
    try:
        found = list(c.release.guidance.search(c.memory.words or protocol.title, filters, limit=_MOST_ARTICLES).hits)
        if not any(protocol.id in hit.complaints for hit in found):
            found = list(c.release.guidance.search(protocol.title, filters, limit=_MOST_ARTICLES).hits)
        # The search says which articles; of these the part on what to do is shown.
        articles = [hit.article_id for hit in found if protocol.id in hit.complaints] or list(protocol.articles)
        hits = c.release.guidance.hits_for(articles[:_MOST_ARTICLES], filters)
    except Exception:
        # The assessment does not depend on guidance, whatever is wrong with it: the patient is told that it is missing.
        log.exception("guidance failed", extra={"consultation": c.id})
        return []
    return list(hits)


def _send_assessment(
    c: Consultation,
    assessment: Assessment,
    acuity: Acuity,
    hits: Sequence[Hit],
    note: str | None,
    *,
    offers: tuple[Choice, ...],
) -> None:
    book = c.release.book
    disposition = book.dispositions[acuity]
    named = _service_named(assessment, acuity)
    where = disposition.by_service.get(named, disposition.where) if named else disposition.where
    protocols = [protocol.protocol for protocol in protocols_of(c.memory.case, book)]
    if_worse = list(
        dict.fromkeys((*(line for protocol in protocols for line in protocol.safety_net), *disposition.if_worse))
    )
    reasons = _reasons(assessment, acuity)
    unknown = _unknown(c, assessment)
    measures = _self_care(c, acuity)
    why = whys(c, assessment, acuity)
    cautions = [
        *cautions_about_text(c, "\n".join([*_measures_to_read(c, acuity), *(hit.text for hit in hits)])),
        *_cautions(c, assessment, acuity, hits, note, signed=all(p.review.is_signed for p in protocols)),
    ]
    text = [
        c.wording("assessment-heading", title=disposition.title),
        where,
        *_services_here(c, named or disposition.service, acuity),
        disposition.within,
        c.wording("assessment-because"),
        *(f"- {line}" for line in why),
        *([c.wording("assessment-unknown"), *(f"- {line}" for line in unknown)] if unknown else []),
        *measures,
        c.wording("assessment-if-worse"),
        *(f"- {line}" for line in if_worse),
        *(line for line in cautions if line not in why),
    ]
    data = {
        "acuity": acuity.value,
        "disposition": {"title": disposition.title, "where": where, "within": disposition.within, "if_worse": if_worse},
        "reasons": [_contract_reason(c, reason) for reason in reasons],
        "unknown": unknown,
        "cautions": cautions,
        "articles": [contract_hit(hit) for hit in hits],
        "degraded": c.degraded,
        "versions": versions(c),
    }
    c.send("assessment", "\n".join(text), options=offers, data=data, awaiting=Awaiting.OFFER if offers else None)


def whys(c: Consultation, assessment: Assessment, acuity: Acuity) -> list[str]:
    """Return why the advice is what it is, for the patient.

    Where it is more urgent than the findings alone (the patient felt worse, answers are not known, words were not
    read), what calms is not said: "you have no danger signs" is not true of who is not sure of them.
    """
    if acuity is _worse_floor(c) and acuity > assessment.acuity:
        return [c.wording("assessment-worse")]
    if _is_raised_by_unknown(assessment, acuity):
        return [c.wording("raised-because-unknown")]
    if acuity is _unread_floor(c) and acuity > assessment.acuity:
        return [c.wording("assessment-because-unread")]
    return [reason.text for reason in _reasons(assessment, acuity)]


def _is_raised_by_unknown(assessment: Assessment, acuity: Acuity) -> bool:
    """Return whether the advice is more urgent than what was found, since answers are not known."""
    return assessment.floor is acuity and acuity > assessment.evidence


def _reasons(assessment: Assessment, acuity: Acuity) -> list[Reason]:
    found = [reason for reason in assessment.reasons if reason.acuity is None or reason.acuity >= acuity]
    return (found or list(assessment.reasons))[:_MOST_REASONS]


def where_to_go(c: Consultation, acuity: Acuity) -> str:
    """Return where the advice of this level sends the patient, as the assessment says it."""
    disposition = c.release.book.dispositions[acuity]
    named = _service_named(assess(c.memory.case, c.release.book), acuity)
    return disposition.by_service.get(named, disposition.where) if named else disposition.where


def _service_named(assessment: Assessment, acuity: Acuity) -> Service | None:
    """Return the service that the rules named for this very level."""
    return assessment.service if acuity is assessment.acuity else None


def _services_here(c: Consultation, service: Service, acuity: Acuity) -> list[str]:
    """Return what the service is called in the patient's country, and the number of an advice line."""
    country = c.release.book.countries.get(c.country or "")
    if country is None or acuity is Acuity.SELF_CARE:
        return []
    lines = [c.wording("service-here", service=country.services[service])] if service in country.services else []
    if acuity is Acuity.SAME_DAY:
        advice = phone_numbers(c.release.book, c.country, ("urgent_care",))
        lines += [c.wording("advice-line", label=number.label, tel=number.tel) for number in advice]
    return lines


def versions(c: Consultation) -> dict[str, str]:
    """Return which app, content and model made an assessment."""
    model = c.release.guidance.release if c.release.guidance is not None else "none"
    return {"app": c.house.app_version, "content": c.release.id, "model": model}


def _contract_reason(c: Consultation, reason: Reason) -> dict[str, Any]:
    source = next(c.release.book.sources[source] for source in reason.sources)
    shown: dict[str, Any] = {"rule_id": reason.rule_id, "text": reason.text, "source": contract_source(source)}
    quote = quote_of(c, reason.because_of)
    if quote is not None:
        shown |= {"quote": quote[0], "message_id": quote[1]}
    return shown


def _unknown(c: Consultation, assessment: Assessment) -> list[str]:
    """Return the questions that are open; "Do you have any of these?" with what it is about, else nobody knows what."""
    questions = {q.question.id: q.question for p in protocols_of(c.memory.case, c.release.book) for q in p.questions}
    questions |= {q.question.id: q.question for q in c.release.book.intake.questions}
    return [_with_choices(questions[question_id]) for question_id in assessment.unknown]


def _with_choices(question: Question) -> str:
    if question.input != "multi":
        return question.text
    return f"{question.text} ({'; '.join(option.title for option in question.options)})"


def _cautions(
    c: Consultation,
    assessment: Assessment,
    acuity: Acuity,
    hits: Sequence[Hit],
    note: str | None,
    *,
    signed: bool,
) -> list[str]:
    cautions = [c.wording("not-a-diagnosis")]
    if not signed or any(not hit.signed for hit in hits):
        cautions.append(c.wording("not-yet-checked"))
    if _is_raised_by_unknown(assessment, acuity):
        cautions.append(c.wording("raised-because-unknown"))
    if c.degraded:
        cautions.append(c.wording("assessment-degraded"))
    if c.memory.unread:
        cautions.append(c.wording("assessment-unread"))
    if not hits and not acuity.is_emergency:
        cautions.append(c.wording("no-guidance-found" if c.release.guidance is not None else "guidance-missing"))
    if note is not None:
        cautions.append(c.wording(note))
    if is_young(c) and not acuity.is_emergency:  # an emergency has its card, and goes to no crisis line
        cautions += [c.wording("young-with-result"), *young_lines(c)]
    return cautions


def _measures_to_read(c: Consultation, acuity: Acuity) -> list[str]:
    """Return the measures as they were written: names of medicines are known in our language."""
    return _self_care(c.for_clinicians(), acuity)


def _self_care(c: Consultation, acuity: Acuity) -> list[str]:
    measures = [
        line for protocol in protocols_of(c.memory.case, c.release.book) for line in protocol.protocol.self_care
    ]
    if acuity > Acuity.GP_SOON or not measures:
        return []
    return [c.wording("assessment-meanwhile"), *(f"- {line}" for line in dict.fromkeys(measures))]


def _hit_text(c: Consultation, hit: Hit) -> str:
    source = cited(contract_hit(hit), c.wording)
    parts = [f"{hit.title}: {hit.section}", hit.text, hit.audience, source, c.wording("guidance-more", url=hit.url)]
    if not hit.signed:
        parts.append(c.wording("not-yet-checked"))
    return "\n".join(part for part in parts if part)
