"""Acuity and its reasons: what the rules make of a case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from careline.clinical.acuity import Acuity, most_urgent
from careline.clinical.conditions import Expression, Truth, live_findings, present_findings, truth
from careline.clinical.content import FALLBACK_PROTOCOL, Service
from careline.clinical.finding import Case, Presence
from careline.clinical.red_flags import raised_red_flags
from careline.clinical.rulebook import CompiledProtocol, CompiledQuestion, CompiledRule, RuleBook


@dataclass(frozen=True)
class Reason:
    """Why the acuity is what it is: one rule that holds.

    Attributes:
        rule_id: Id of the rule or red flag; `<protocol>.baseline` when none holds.
        acuity: What it alone asks for; None when it raises what others found.
        because_of: Findings that make it hold, for quoting the patient's words.
        sources: Ids of the references.
    """

    rule_id: str
    acuity: Acuity | None
    text: str
    because_of: tuple[str, ...]
    sources: tuple[str, ...]
    service: Service | None = None
    max_hours: float | None = None


@dataclass(frozen=True)
class Assessment:
    """The result of a consultation: how urgent, and why. Never a diagnosis.

    Attributes:
        acuity: The more urgent of `evidence` and `floor`.
        evidence: What the findings ask for.
        floor: What questions left unknown ask for; None when they ask for nothing.
        reasons: Rules that hold, most urgent first; at least one.
        unknown: Ids of questions left unknown that could have raised the acuity.
        service: Who should see the patient, where a rule names one.
    """

    acuity: Acuity
    evidence: Acuity
    floor: Acuity | None
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]
    service: Service | None
    max_hours: float | None


def assess(case: Case, book: RuleBook) -> Assessment:
    """Return the assessment of a case. Same case and same rule book, same assessment."""
    reasons = tuple(_reasons(case, book))
    evidence = _raised(reasons, _baseline(case, book))
    unknown = tuple(open_questions(case, book, evidence))
    floor = _floor(case, book, evidence, unknown)
    acuity = max(evidence, floor) if floor is not None else evidence
    if not reasons:
        reasons = (_baseline_reason(case, book),)
    top = next((reason for reason in reasons if reason.acuity is acuity), None)
    return Assessment(
        acuity=acuity,
        evidence=evidence,
        floor=floor,
        reasons=reasons,
        unknown=tuple(item.question.question.id for item in unknown),
        service=top.service if top else None,
        max_hours=top.max_hours if top else None,
    )


def evidence_acuity(case: Case, book: RuleBook) -> Acuity:
    """Return the acuity that the findings alone ask for."""
    return _raised(tuple(_reasons(case, book)), _baseline(case, book))


def protocols_of(case: Case, book: RuleBook) -> tuple[CompiledProtocol, ...]:
    """Return the protocols of the case's complaints; else the general one; nothing when that may not be served."""
    known = tuple(book.protocols[complaint] for complaint in case.complaints if complaint in book.protocols)
    return known or tuple(book.protocols[name] for name in (FALLBACK_PROTOCOL,) if name in book.protocols)


def rules_of(case: Case, book: RuleBook) -> Iterator[CompiledRule]:
    """Yield the rules that apply: those of the complaints, and the general ones."""
    for protocol in protocols_of(case, book):
        yield from protocol.rules
    yield from book.general_rules


@dataclass(frozen=True)
class OpenQuestion:
    """A relevant question left unknown, and the most urgent level that an answer could still have brought."""

    question: CompiledQuestion
    reach: Acuity


def open_questions(case: Case, book: RuleBook, evidence: Acuity) -> Iterator[OpenQuestion]:
    """Yield the relevant questions left unknown whose answer could still have raised the acuity above `evidence`."""
    asked_here = [question for protocol in protocols_of(case, book) for question in protocol.questions]
    relevant = [question for question in (*book.intake.questions, *asked_here) if is_relevant(question, case)]
    unsettled = {question.question.id: unsettled_findings(question, case) for question in relevant}
    reach = reachable_levels(case, book, evidence, frozenset().union(*unsettled.values()), live_findings)
    for question in relevant:
        levels = [reach[finding] for finding in unsettled[question.question.id] if finding in reach]
        if levels:
            yield OpenQuestion(question, max(levels))


def reachable_levels(
    case: Case,
    book: RuleBook,
    evidence: Acuity,
    still_open: frozenset[str],
    findings_of: Callable[[Expression, Case, frozenset[str]], frozenset[str]],
) -> dict[str, Acuity]:
    """Return, for each open finding, the most urgent level above `evidence` that its presence could help to bring.

    `findings_of` is `open_findings` for what is worth asking, `live_findings` for what sets a floor when left unknown.
    Rules that raise by a rank raise by one together: once one holds, the others add nothing, and whatever a further
    rule brings is raised too.
    """
    is_raised = any(rule.rule.acuity is None and rule.holds_for(case) for rule in rules_of(case, book))
    reach: dict[str, Acuity] = {}
    for expression, acuity in _expressions(case, book, still_open):
        if acuity is None:
            level = evidence if is_raised else evidence.raised(1)
        else:
            level = acuity.raised(1) if is_raised else acuity
        if level > evidence:
            for finding in findings_of(expression, case, still_open):
                reach[finding] = max(level, reach.get(finding, level))
    return reach


def unsettled_findings(question: CompiledQuestion, case: Case) -> frozenset[str]:
    """Return the findings of the question that are not known yet."""
    return frozenset(finding for finding in question.settles if case.presence(finding) is Presence.UNKNOWN)


def is_relevant(question: CompiledQuestion, case: Case) -> bool:
    """Return whether the question makes sense for this patient; unknown counts as yes."""
    return question.ask_when is None or truth(question.ask_when, case) is not Truth.NO


def _expressions(case: Case, book: RuleBook, still_open: frozenset[str]) -> Iterator[tuple[Expression, Acuity | None]]:
    """Yield the conditions that an open finding could help to hold."""
    for rule in rules_of(case, book):
        if not still_open.isdisjoint(rule.uses):
            yield rule.when, rule.rule.acuity
    for flag in book.red_flags.values():
        if flag.when is not None and not still_open.isdisjoint(flag.uses):
            yield flag.when, flag.flag.acuity


def _reasons(case: Case, book: RuleBook) -> Iterator[Reason]:
    flags = [
        Reason(item.flag.id, item.flag.acuity, item.flag.title, item.because_of, item.flag.sources, item.flag.service)
        for item in raised_red_flags(case, book)
    ]
    rules = [
        Reason(
            rule.rule.id,
            rule.rule.acuity,
            rule.rule.reason,
            tuple(present_findings(rule.when, case)),
            rule.rule.sources,
            rule.rule.service,
            rule.rule.max_hours,
        )
        for rule in rules_of(case, book)
        if rule.holds_for(case)
    ]
    with_acuity = [reason for reason in (*flags, *rules) if reason.acuity is not None]
    yield from sorted(with_acuity, key=lambda reason: reason.acuity or Acuity.SELF_CARE, reverse=True)
    yield from (reason for reason in rules if reason.acuity is None)


def _baseline(case: Case, book: RuleBook) -> Acuity:
    baselines = [protocol.protocol.baseline for protocol in protocols_of(case, book)]
    return max(baselines, default=book.intake.without_protocol.acuity)


def _raised(reasons: tuple[Reason, ...], baseline: Acuity) -> Acuity:
    found = most_urgent((reason.acuity for reason in reasons if reason.acuity is not None), baseline)
    # Several raising rules together raise by one rank at most (knowledge/modifiers.yml says whence).
    return found.raised(1) if any(reason.acuity is None for reason in reasons) else found


def _floor(case: Case, book: RuleBook, evidence: Acuity, unknown: tuple[OpenQuestion, ...]) -> Acuity | None:
    # No floor is above what an answer could have brought: so one more present finding never lowers the result.
    floors = [
        min(item.question.question.if_unknown, item.reach)
        for item in unknown
        if item.question.question.if_unknown is not None
    ]
    floors += [
        red_flag_floor(book.red_flags[flag].flag.acuity)
        for flag in case.unsure_flags
        if flag in book.red_flags and case.presence(flag) is Presence.UNKNOWN
    ]
    # The floor of what self-care needs holds for all levels below it, or a finding could lift it.
    needed = book.intake.self_care_needs
    lowest = book.intake.without_them
    if evidence < lowest and any(case.presence(finding) is Presence.UNKNOWN for finding in needed):
        floors.append(lowest)
    return max(floors) if floors else None


def red_flag_floor(acuity: Acuity) -> Acuity:
    """Return the floor while it stays open whether a red flag is there: a step below the flag, `same_day` at least."""
    levels = sorted(Acuity)
    return max(levels[max(0, levels.index(acuity) - 1)], Acuity.SAME_DAY)


def _baseline_reason(case: Case, book: RuleBook) -> Reason:
    protocols = [item.protocol for item in protocols_of(case, book)]
    if not protocols:
        without = book.intake.without_protocol
        return Reason("intake.without_protocol", without.acuity, without.reason, (), without.sources)
    protocol = max(protocols, key=lambda item: item.baseline)
    return Reason(
        f"{protocol.id}.baseline", protocol.baseline, protocol.baseline_reason, (), protocol.sources
    )  # fmt: skip
