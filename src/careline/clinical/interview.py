"""Which question comes next: the one that could still raise the acuity the most."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import (
    evidence_acuity,
    is_relevant,
    protocols_of,
    reachable_levels,
    unsettled_findings,
)
from careline.clinical.conditions import Truth, open_findings, truth
from careline.clinical.finding import Case
from careline.clinical.rulebook import CompiledQuestion, RuleBook


def next_first_question(case: Case, book: RuleBook, asked: Collection[str]) -> CompiledQuestion | None:
    """Return the next of the few questions that come before all else: who the patient is, and where."""
    first = [question for question in book.intake.questions if question.question.id in book.intake.before_danger]
    return next(_candidates(first, case, asked), None)


def settled_at_first(case: Case, book: RuleBook, asked: Collection[str]) -> frozenset[str]:
    """Return the findings that those of the first questions settle that are still to come, or may be."""
    return frozenset().union(
        *(
            question.settles
            for question in book.intake.questions
            if question.question.id in book.intake.before_danger
            and question.question.id not in asked
            and (question.ask_when is None or truth(question.ask_when, case) is not Truth.NO)
            and not question.settles <= case.findings.keys()
        )
    )


def next_danger_question(case: Case, book: RuleBook, asked: Collection[str]) -> CompiledQuestion | None:
    """Return the complaint's most urgent life-threat question; None when none could show an emergency.

    Asked before the rest of the intake: what threatens life cannot wait for a list of medicines. A question that only
    makes sense for some patients waits until it is known that this is one of them.
    """

    def comes_now(question: CompiledQuestion) -> bool:
        is_for_them = question.ask_when is None or truth(question.ask_when, case) is Truth.YES
        return question.question.life_threat and is_for_them

    return _most_urgent(case, book, asked, comes_now, emergencies_only=True)


def is_life_threat_open(case: Case, book: RuleBook) -> bool:
    """Return whether a question about a danger to life that fits this patient has no answer, asked or not."""
    return next_danger_question(case, book, ()) is not None


def next_intake_question(case: Case, book: RuleBook, asked: Collection[str]) -> CompiledQuestion | None:
    """Return the next question asked of everybody, or None when all are settled, asked or irrelevant."""
    return next(_candidates(book.intake.questions, case, asked), None)


def next_question(case: Case, book: RuleBook, asked: Collection[str]) -> CompiledQuestion | None:
    """Return the unanswered question that could still raise the acuity the most.

    None ends the interview: no answer could make the case more urgent than it is. A question that was answered "not
    sure" is in `asked` and is not asked again; `assess` then sets the floor.
    """
    return _most_urgent(case, book, asked, lambda _question: True, emergencies_only=False)


def _most_urgent(
    case: Case,
    book: RuleBook,
    asked: Collection[str],
    comes_now: Callable[[CompiledQuestion], bool],
    *,
    emergencies_only: bool,
) -> CompiledQuestion | None:
    questions = [question for protocol in protocols_of(case, book) for question in protocol.questions]
    candidates = list(_candidates(questions, case, asked))
    to_come = [*candidates, *_candidates(book.intake.questions, case, asked)]
    still_open = frozenset().union(*(unsettled_findings(question, case) for question in to_come))
    evidence = evidence_acuity(case, book)
    urgency = reachable_levels(case, book, evidence, still_open, open_findings)
    best: CompiledQuestion | None = None
    best_rank: tuple[Acuity, bool] = (evidence, False)
    for question in filter(comes_now, candidates):
        could_be = [urgency[finding] for finding in unsettled_findings(question, case) if finding in urgency]
        if not could_be or (emergencies_only and not max(could_be).is_emergency):
            continue
        rank = (max(could_be), question.question.life_threat)
        if best is None or rank > best_rank:
            best, best_rank = question, rank
    return best


def _candidates(
    questions: Collection[CompiledQuestion], case: Case, asked: Collection[str]
) -> Iterator[CompiledQuestion]:
    for question in questions:
        if question.question.id not in asked and unsettled_findings(question, case) and is_relevant(question, case):
            yield question
