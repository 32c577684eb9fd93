"""Taking answers: a button's value or plain words become findings of the case."""

from __future__ import annotations

from collections.abc import Iterable

from careline.clinical.content import Question
from careline.clinical.errors import AnswerError
from careline.clinical.finding import Finding, Presence
from careline.clinical.understanding.answers import findings_of_value, read_answer
from careline.clinical.understanding.message import MessageReading, read_message
from careline.consultation.asking import COUNTRY_QUESTION, question_by_id
from careline.consultation.consultation import Asked, Consultation, Incoming
from careline.consultation.errors import RefusedError
from careline.consultation.memory import Answered, Awaiting
from careline.consultation.phone_numbers import country_in


def read(c: Consultation, text: str) -> MessageReading:
    """Return what the consultation's own release finds in the words."""
    return read_message(text, c.release.lexicon)


def settle_question(c: Consultation, incoming: Incoming) -> bool:
    """Record the answer to a question of the content, asked now or (by its button) before; return whether it was one.

    Raises:
        RefusedError: A button's value does not fit the question.
    """
    asked = incoming.asked
    if asked is None or asked.awaiting is not Awaiting.QUESTION or asked.question_id is None:
        return False
    compiled = question_by_id(c, asked.question_id)
    if compiled is None:
        return False
    found = _findings(c, incoming, compiled.question)
    if found is None:
        return False
    record_answer(c, compiled.question, asked, incoming.number, found)
    return True


def record_answer(
    c: Consultation, question: Question, asked: Asked, answer_number: int, found: Iterable[Finding]
) -> None:
    """Merge what an answer settled; an answer to a question answered before is an explicit correction, and logged."""
    memory = c.memory
    found = [finding.in_message(answer_number) for finding in found]
    before = next((each for each in memory.answered if each.question_id == question.id), None)
    if before is None:
        memory.keep(memory.case.merged(found))
    else:
        memory.keep(memory.case.corrected(found))
        c.acuity, c.final = None, False  # the only way down: the rules run again on the corrected case
    c.log(
        "answered" if before is None else "corrected",
        question=question.id,
        findings={finding.id: finding.presence.value for finding in found},
    )
    memory.answered = [each for each in memory.answered if each.question_id != question.id]
    settled = tuple(finding.id for finding in found if finding.presence is not Presence.UNKNOWN)
    memory.answered.append(Answered(question.id, asked.number, answer_number, settled))
    if question.id not in memory.asked:
        memory.asked.append(question.id)
    if question.id == COUNTRY_QUESTION:
        _keep_country(c, found)


def merge_reading(c: Consultation, reading: MessageReading, number: int) -> None:
    """Merge what free words said; they may raise the acuity, never lower it."""
    memory = c.memory
    found = [finding.in_message(number) for finding in reading.findings]
    if found:
        c.log("found", findings={finding.id: finding.presence.value for finding in found})
    memory.keep(memory.case.merged(found))
    memory.reported.extend(complaint for complaint in reading.complaints if complaint not in memory.reported)


def chosen_option(incoming: Incoming, says: dict[str, tuple[str, ...]]) -> str | None:
    """Return the option that a button or plain words choose; None when the words choose none."""
    if incoming.text is None:
        return incoming.value if isinstance(incoming.value, str) else None
    words = " ".join("".join(ch for ch in incoming.text.lower() if ch.isalnum() or ch == " ").split())
    return next(
        (value for value, phrases in says.items() if words == value.replace("_", " ") or words in phrases), None
    )


def _findings(c: Consultation, incoming: Incoming, question: Question) -> tuple[Finding, ...] | None:
    if incoming.text is None:
        try:
            return findings_of_value(incoming.value, question, c.release.book.findings)
        except AnswerError as error:
            raise RefusedError(error.code, error.detail, field="value") from error
    answer = read_answer(incoming.text, question, c.release.book.findings, c.release.lexicon)
    return None if answer is None else answer.findings


def _keep_country(c: Consultation, found: Iterable[Finding]) -> None:
    named = next((str(finding.value) for finding in found if finding.value), "")
    c.country = country_in(named, c.release.book) or c.country
    if c.country is None:
        c.say("notice", "country-unknown")
