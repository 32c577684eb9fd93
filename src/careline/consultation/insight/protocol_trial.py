"""Trying a protocol: an interview by buttons, by the functions that choose patients' questions; nothing is stored.

The state is the list of answers. Each time the interview runs from its beginning, so the same answers always come to
the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import Assessment, assess
from careline.clinical.errors import AnswerError
from careline.clinical.finding import Case, Finding
from careline.clinical.interview import (
    next_danger_question,
    next_first_question,
    next_intake_question,
    next_question,
)
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.rulebook import CompiledQuestion, RuleBook
from careline.clinical.understanding.answers import findings_of_value, is_exclusive, options_of
from careline.consultation.asking import COUNTRY_QUESTION

MOST_ANSWERS = 80


@dataclass(frozen=True)
class Answer:
    """A question that was answered, with the value of its button."""

    question_id: str
    value: Any


@dataclass(frozen=True)
class TrialOption:
    """A button; an exclusive one stands alone in a checklist."""

    value: str
    title: str
    is_exclusive: bool


@dataclass(frozen=True)
class TrialQuestion:
    """The question that comes next.

    Attributes:
        input: As in the content: `yes_no`, `single`, `multi`, `number` or `text`.
        units: Of a number.
        is_intake: Whether everybody is asked it.
    """

    id: str
    text: str
    why: str
    input: str
    options: tuple[TrialOption, ...]
    units: tuple[str, ...]
    life_threat: bool
    is_intake: bool


@dataclass(frozen=True)
class TrialStep:
    """A question with the answer that was given, and the level after it."""

    question: str
    answer: str
    acuity: Acuity


@dataclass(frozen=True)
class TrialRule:
    """A rule or red flag that holds now, and the findings because of which."""

    id: str
    text: str
    acuity: Acuity | None
    because_of: tuple[str, ...]


@dataclass(frozen=True)
class Trial:
    """How an interview stands.

    Attributes:
        answers: Those that fit; what fitted no question is left out.
        question: None at the end.
        floor: What open questions ask for, if that is more than the findings do.
        is_card: Whether a red flag has come up that is answered at once; the trial may go on.
        open_questions: Texts of those left unknown that could still raise the level.
        advice: At the level reached: what, and where.
    """

    protocol_id: str
    title: str
    answers: tuple[Answer, ...]
    steps: tuple[TrialStep, ...]
    question: TrialQuestion | None
    acuity: Acuity
    evidence: Acuity
    floor: Acuity | None
    rules: tuple[TrialRule, ...]
    is_card: bool
    open_questions: tuple[str, ...]
    advice: tuple[str, str]


def run_trial(book: RuleBook, protocol_id: str, answers: Sequence[Answer]) -> Trial | None:
    """Return how the interview of one protocol stands after these answers; None when there is no such protocol."""
    served = book.protocols.get(protocol_id)
    if served is None:
        return None
    case = Case(complaints=(protocol_id,)).merged([Finding(served.protocol.finding)])
    asked, kept, steps = [COUNTRY_QUESTION], [], []
    for answer in answers[:MOST_ANSWERS]:
        compiled = _next(case, book, asked)
        if compiled is None or compiled.question.id != answer.question_id:
            break
        try:
            found = findings_of_value(answer.value, compiled.question, book.findings)
        except AnswerError:
            break
        case = case.merged(found)
        asked.append(compiled.question.id)
        kept.append(answer)
        steps.append(TrialStep(compiled.question.text, _said(compiled, answer.value), assess(case, book).evidence))
    assessment = assess(case, book)
    following = _next(case, book, asked)
    disposition = book.dispositions[assessment.acuity]
    return Trial(
        protocol_id=protocol_id,
        title=served.protocol.title,
        answers=tuple(kept),
        steps=tuple(steps),
        question=_question(following, book) if following is not None else None,
        acuity=assessment.acuity,
        evidence=assessment.evidence,
        floor=assessment.floor,
        rules=tuple(_rules(assessment, book)),
        is_card=bool(emergency_flags(raised_red_flags(case, book))),
        open_questions=tuple(_texts(assessment.unknown, book)),
        advice=(disposition.title, disposition.where),
    )


def _next(case: Case, book: RuleBook, asked: Sequence[str]) -> CompiledQuestion | None:
    """Return the next question in the order in which patients are asked."""
    return (
        next_first_question(case, book, asked)
        or next_danger_question(case, book, asked)
        or next_intake_question(case, book, asked)
        or next_question(case, book, asked)
    )


def _question(compiled: CompiledQuestion, book: RuleBook) -> TrialQuestion:
    question = compiled.question
    return TrialQuestion(
        id=question.id,
        text=question.text,
        why=question.why,
        input=question.input,
        options=tuple(
            TrialOption(option.value, option.title, is_exclusive(option, question)) for option in options_of(question)
        ),
        units=question.number.units if question.number is not None else (),
        life_threat=question.life_threat,
        is_intake=compiled in book.intake.questions,
    )


def _said(compiled: CompiledQuestion, value: object) -> str:
    """Return an answer as its buttons call it."""
    titles = {option.value: option.title for option in options_of(compiled.question)}
    if isinstance(value, list):
        return ", ".join(titles.get(str(each), str(each)) for each in value)
    if isinstance(value, dict):
        return f"{value.get('number')} {value.get('unit', '')}".strip()
    return titles.get(str(value), str(value))


def _rules(assessment: Assessment, book: RuleBook) -> Iterator[TrialRule]:
    for reason in assessment.reasons:
        because = tuple(
            book.findings[each].title if each in book.findings else each
            for each in reason.because_of
            if each not in book.red_flags
        )
        yield TrialRule(reason.rule_id, reason.text, reason.acuity, because)


def _texts(ids: Sequence[str], book: RuleBook) -> Iterator[str]:
    everywhere = (*book.intake.questions, *(q for protocol in book.protocols.values() for q in protocol.questions))
    texts = {compiled.question.id: compiled.question.text for compiled in everywhere}
    yield from (texts[each] for each in ids if each in texts and each != COUNTRY_QUESTION)
