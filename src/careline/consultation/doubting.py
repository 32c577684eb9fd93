"""Words of danger that what surrounds them speaks against: asked about first, where a question can be asked.

Nothing is dropped. Where no more may be asked, or a person reads along, the words raise what they mean.
"""

from __future__ import annotations

from dataclasses import replace

from careline.clinical.doubted import doubted_flags
from careline.clinical.finding import Presence
from careline.clinical.recognition.recogniser import Band, Recognition
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.message import MessageReading
from careline.consultation.consultation import Consultation, Incoming, Stage
from careline.consultation.recognising import may_ask
from careline.consultation.release import ContentRelease
from careline.consultation.safety_answer import is_safety_answer, safety_answer
from careline.consultation.safety_question import ids_asked


def asked_first(c: Consultation, reading: MessageReading, book: RuleBook) -> tuple[str, ...]:
    """Return the flags that are to be asked about instead of raised."""
    if c.stage is Stage.WITH_CLINICIAN or not may_ask(c):
        return ()
    return doubted_flags(reading, c.memory.case, book)


def as_answered(
    c: Consultation, incoming: Incoming, reading: MessageReading, release: ContentRelease
) -> MessageReading:
    """Return what counts of words that may answer a safety question.

    A no is believed of the flags that were asked about ("no, that was in 2019"), and of no other.
    """
    if not is_safety_answer(incoming) or incoming.asked is None or c.stage is Stage.WITH_CLINICIAN:
        return reading
    flags = doubted_flags(reading, c.memory.case, release.book)
    is_denied = set(flags) <= set(ids_asked(incoming.asked.question_id)) and safety_answer(incoming, release) == "no"
    return reading.without_doubtful() if flags and is_denied else reading


def as_settled(c: Consultation, reading: MessageReading, book: RuleBook) -> MessageReading:
    """Return what counts of words that were asked about before: the answer does, or that it was left open."""
    flags = doubted_flags(reading, c.memory.case, book)
    is_settled = all(flag in c.memory.unsure_flags or c.memory.case.presence(flag) is Presence.ABSENT for flag in flags)
    return reading.without_doubtful() if flags and is_settled else reading


def with_doubted(found: Recognition, doubted: tuple[str, ...]) -> Recognition:
    """Return what is done about words that are doubted: a card where the recogniser has one, else a question."""
    if not doubted:
        return found
    flags = tuple(dict.fromkeys((*doubted, *found.flags)))
    return replace(found, band=found.band if found.band is Band.CARD else Band.QUESTION, flags=flags)
