"""The case as a clinician gets it, taken from the consultation: facts with their titles, words and messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import Assessment, Reason, assess, is_relevant, protocols_of
from careline.clinical.content import Question
from careline.clinical.finding import Finding, Presence
from careline.clinical.rulebook import CompiledProtocol, CompiledQuestion
from careline.consultation.advising import contract_source, versions
from careline.consultation.consultation import Consultation
from careline.consultation.handoff import quote_of
from careline.consultation.memory import Awaiting
from careline.consultation.safety_question import ids_asked
from careline.consultation.tables import MessageRow
from careline.escalation.case_snapshot import (
    Advice,
    CaseSnapshot,
    Quote,
    SeenFinding,
    SeenFlag,
    SeenQuestion,
    SeenRule,
    Told,
    Unread,
)
from careline.escalation.sbar import CitedSource

_MOST_WORDS = 6  # messages quoted whole; more is not read in a hurry, and the conversation is there
_MOST_LETTERS = 600  # of each
_TELLING = ("emergency", "crisis", "assessment", "handoff")  # kinds of message that advise


def snapshot_of(
    c: Consultation,
    messages: Sequence[MessageRow],
    *,
    decided: Acuity | None,
    raised: Sequence[str],
    started_at: dt.datetime,
) -> CaseSnapshot:
    """Return the case as it stands.

    Args:
        c: The consultation.
        messages: All messages of the conversation.
        decided: The level of the escalation; None where it has none.
        raised: Ids of the red flags that the escalation has; those taken back since are named as such.
        started_at: When the conversation was opened.
    """
    language, c = c.language, c.for_clinicians()
    book = c.release.book
    assessment = assess(c.memory.case, book)
    levels = [level for level in (decided, c.acuity) if level is not None]
    acuity = max((*levels, assessment.evidence)) if levels else None
    flags = tuple(_flags(c, assessment, raised, messages))
    protocols = _protocols(c)
    asked = tuple(_questions(c, protocols, messages))
    return CaseSnapshot(
        taken_at=c.house.now(),
        started_at=started_at,
        last_message=messages[-1].number if messages else 0,
        language=language,
        versions=versions(c),
        signed=_is_signed(c, protocols, flags),
        degraded=c.degraded,
        may_be_watched=c.may_be_watched,
        unread=tuple(
            Unread(message_id=unread.number, language=book.languages.names.get(unread.language or ""))
            for unread in c.memory.unread
        ),
        acuity=acuity,
        asks_for=assessment.acuity,
        is_floored=assessment.floor is not None and assessment.floor > assessment.evidence,
        advice=_advice(c, assessment, acuity or assessment.acuity, messages if language == c.language else ()),
        is_assessed=any(message.kind == "assessment" for message in messages),
        complaints=tuple(_complaints(c)),
        red_flags=flags,
        rules=tuple(_rules(c, assessment, messages)),
        unsure_flags=tuple(_flag_title(c, flag) for flag in c.memory.unsure_flags),
        denied_flags=tuple(_denied_flags(c)),
        waiting_flags=tuple(_flag_title(c, flag) for flag in _waiting_flags(c)),
        watch_asked=bool(c.memory.watch_asked),
        findings=tuple(seen for finding in c.memory.findings if (seen := _finding(c, finding, messages)) is not None),
        questions=asked,
        not_applicable=tuple(_not_applicable(c)),
        words=tuple(_words(c, messages)),
        told=tuple(_told(messages)),
    )


def _protocols(c: Consultation) -> tuple[CompiledProtocol, ...]:
    """Return the protocols of the complaints; of those only named so far where none was chosen yet."""
    book = c.release.book
    named = () if c.memory.complaints else tuple(book.protocols[p] for p in c.memory.reported if p in book.protocols)
    return named or protocols_of(c.memory.case, book)


def _complaints(c: Consultation) -> Iterator[str]:
    protocols = c.release.book.protocols
    for complaint in c.memory.complaints or c.memory.reported:
        if complaint in protocols:
            yield protocols[complaint].protocol.title


def _flags(
    c: Consultation, assessment: Assessment, raised: Sequence[str], messages: Sequence[MessageRow]
) -> Iterator[SeenFlag]:
    """Yield the flags that hold, and those that were raised before; of a newer release only the id may be known."""
    holding = {reason.rule_id: reason for reason in assessment.reasons if reason.rule_id in c.release.book.red_flags}
    for flag_id in dict.fromkeys((*holding, *raised)):
        compiled = c.release.book.red_flags.get(flag_id)
        reason = holding.get(flag_id)
        because_of = reason.because_of if reason is not None else (flag_id,)
        yield SeenFlag(
            id=flag_id,
            title=_flag_title(c, flag_id),
            kind=compiled.flag.kind if compiled is not None else "emergency",
            acuity=compiled.flag.acuity if compiled is not None else None,
            holds=reason is not None or c.memory.case.presence(flag_id) is Presence.PRESENT,
            quote=_quote(c, because_of, messages),
            sources=_sources(c, compiled.flag.sources if compiled is not None else ()),
            because_of=because_of,
        )


def _denied_flags(c: Consultation) -> Iterator[str]:
    """Yield titles of the red flags that a safety question asked about and that the patient said no to."""
    for flag_id in c.memory.safety_asked:
        if c.memory.case.presence(flag_id) is Presence.ABSENT:
            yield _flag_title(c, flag_id)


def _waiting_flags(c: Consultation) -> tuple[str, ...]:
    """Return red flags that the patient is being asked about."""
    now = ids_asked(c.memory.awaiting_question) if c.memory.awaiting is Awaiting.SAFETY else ()
    return tuple(dict.fromkeys((*now, *c.memory.watch_asked)))


def _flag_title(c: Consultation, flag_id: str) -> str:
    compiled = c.release.book.red_flags.get(flag_id)
    return compiled.flag.title if compiled is not None else flag_id


def _rules(c: Consultation, assessment: Assessment, messages: Sequence[MessageRow]) -> Iterator[SeenRule]:
    for reason in assessment.reasons:
        if reason.rule_id not in c.release.book.red_flags:
            yield _rule(c, reason, messages)


def _rule(c: Consultation, reason: Reason, messages: Sequence[MessageRow]) -> SeenRule:
    return SeenRule(
        id=reason.rule_id,
        text=reason.text,
        acuity=reason.acuity,
        quote=_quote(c, reason.because_of, messages),
        sources=_sources(c, reason.sources),
        because_of=reason.because_of,
    )


def _sources(c: Consultation, source_ids: Sequence[str]) -> tuple[CitedSource, ...]:
    shown = [contract_source(c.release.book.sources[source_id]) for source_id in source_ids]
    return tuple(CitedSource(title=s["title"], organisation=s["organisation"], url=s.get("url")) for s in shown)


def _quote(c: Consultation, because_of: tuple[str, ...], messages: Sequence[MessageRow]) -> Quote | None:
    quote = quote_of(c, because_of)
    return Quote(*quote, at=_time_of(quote[1], messages)) if quote is not None else None


def _finding(c: Consultation, finding: Finding, messages: Sequence[MessageRow]) -> SeenFinding | None:
    """Return a finding as the catalogue names it; None for a red flag's own, which stands with the flags."""
    entry = c.release.book.findings.get(finding.id)
    if entry is None or not finding.counts:
        return None
    return SeenFinding(
        id=finding.id,
        title=entry.title,
        kind=entry.kind,
        presence=finding.presence,
        value=finding.value if finding.presence is Presence.PRESENT else None,
        unit=entry.unit,
        earlier=finding.earlier if finding.presence is Presence.PRESENT else (),
        message_id=finding.message_id,
        at=_time_of(finding.message_id, messages),
    )


def _questions(
    c: Consultation, protocols: Sequence[CompiledProtocol], messages: Sequence[MessageRow]
) -> Iterator[SeenQuestion]:
    """Yield every question that was asked, answered unasked, or makes sense and is open."""
    asked = {*c.memory.asked, *(answered.question_id for answered in c.memory.answered)}
    seen: set[str] = set()
    plan: list[tuple[Literal["intake", "interview"], CompiledQuestion]] = [
        *(("intake", question) for question in c.release.book.intake.questions),
        *(("interview", question) for protocol in protocols for question in protocol.questions),
        *(
            ("interview", question)
            for protocol in c.release.book.protocols.values()
            for question in protocol.questions
            if question.question.id in asked
        ),
    ]
    for stage, compiled in plan:
        question = compiled.question
        is_asked = question.id in asked
        findings = tuple(_settled(c, question, messages))
        known = any(finding.presence is not Presence.UNKNOWN for finding in findings)
        if question.id not in seen and findings and (is_asked or known or is_relevant(compiled, c.memory.case)):
            seen.add(question.id)
            yield SeenQuestion(
                id=question.id,
                text=question.text,
                stage=stage,
                life_threat=question.life_threat,
                is_asked=is_asked,
                findings=findings,
            )


def _settled(c: Consultation, question: Question, messages: Sequence[MessageRow]) -> Iterator[SeenFinding]:
    """Yield what a question settles, in the order of its options; what nobody spoke of is unknown."""
    named = [finding for option in question.options for finding in (*option.present, *option.absent)]
    for finding_id in dict.fromkeys((*([question.finding] if question.finding else []), *named)):
        known = c.memory.case.findings.get(finding_id, Finding(finding_id, Presence.UNKNOWN))
        seen = _finding(c, known, messages)
        if seen is not None:
            yield seen


def _not_applicable(c: Consultation) -> Iterator[str]:
    for question in c.release.book.intake.questions:
        if not is_relevant(question, c.memory.case):
            yield from sorted(question.settles)


def _words(c: Consultation, messages: Sequence[MessageRow]) -> Iterator[Quote]:
    """Yield the messages in which the patient said what matters, whole; never one that tells how to reach them."""
    telling = {
        finding.message_id
        for finding in c.memory.findings
        if finding.presence is Presence.PRESENT and finding.start is not None
    }
    awaiting: str | None = None
    found = []
    for message in messages:
        if message.sender == "patient" and message.text and "reply_to" not in message.body:
            says = message.number in telling or message.text == c.memory.words
            if says and awaiting != Awaiting.CONTACT.value:
                found.append(message)
        awaiting = message.body.get("awaiting") or awaiting
    for message in found[:_MOST_WORDS]:
        text = message.text if len(message.text) <= _MOST_LETTERS else f"{message.text[:_MOST_LETTERS]} […]"
        yield Quote(text, message.number, message.at)


def _told(messages: Sequence[MessageRow]) -> Iterator[Told]:
    """Yield the newest of each kind of advice that the patient was given, and what they answered to it."""
    newest = {message.kind: message for message in messages if message.sender == "assistant"}
    for message in sorted((newest[kind] for kind in _TELLING if kind in newest), key=lambda each: each.number):
        yield Told(
            message_id=message.number,
            kind=message.kind,
            text=message.text,
            at=message.at,
            answer=_answer_to(message, messages),
        )


def _answer_to(told: MessageRow, messages: Sequence[MessageRow]) -> Quote | None:
    """Return the button that was pressed below it; free words stand with the patient's words."""
    pressed = [each for each in messages if each.sender == "patient" and each.body.get("reply_to") == told.number]
    return Quote(pressed[-1].text, pressed[-1].number, pressed[-1].at) if pressed else None


def _advice(c: Consultation, assessment: Assessment, acuity: Acuity, messages: Sequence[MessageRow]) -> Advice:
    """Return the advice of the level: as the newest assessment told it, else as the content has it."""
    disposition = c.release.book.dispositions[acuity]
    told = next((m.body.get("data") or {} for m in reversed(messages) if m.kind == "assessment"), {})
    if told.get("acuity") == acuity.value:
        shown = told["disposition"]
        return Advice(
            title=shown["title"],
            where=shown["where"],
            within=shown["within"],
            if_worse=tuple(shown["if_worse"]),
            cautions=tuple(told["cautions"]),
        )
    named = assessment.service if acuity is assessment.acuity else None
    where = disposition.by_service.get(named, disposition.where) if named else disposition.where
    return Advice(title=disposition.title, where=where, within=disposition.within, if_worse=disposition.if_worse)


def _is_signed(c: Consultation, protocols: Sequence[CompiledProtocol], flags: Sequence[SeenFlag]) -> bool:
    used = ["intake", "modifiers", "vitals", "dispositions", *(flag.id for flag in flags)]
    reviews = [c.release.book.reviews.get(name) for name in (*used, *(p.protocol.id for p in protocols))]
    return all(review is not None and review.is_signed for review in reviews)


def _time_of(number: int | None, messages: Sequence[MessageRow]) -> dt.datetime | None:
    return next((message.at for message in messages if message.number == number), None) if number is not None else None
