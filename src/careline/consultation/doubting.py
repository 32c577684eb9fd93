"""Words of danger that what surrounds them speaks against: asked about first, where a question can be asked.

Nothing is dropped. Where no more may be asked, or a person reads along, the words raise what they mean.
"""

from __future__ import annotations

from dataclasses import replace

from careline.clinical.doubted import doubted_flags
from careline.clinical.recognition.recogniser import Band, Recognition
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.message import MessageReading
from careline.consultation.consultation import Consultation, Stage
from careline.consultation.recognising import may_ask

_MOST_NAMED = 3  # flags of one question, unless the words themselves mean more


def asked_first(c: Consultation, reading: MessageReading, book: RuleBook) -> tuple[str, ...]:
    """Return the flags that are to be asked about instead of raised."""
    if c.stage is Stage.WITH_CLINICIAN or not may_ask(c):
        return ()
    return doubted_flags(reading, c.memory.case, book)


def as_believed(c: Consultation, reading: MessageReading, book: RuleBook) -> MessageReading:
    """Return what counts of words that were screened before: what was asked about then is settled by the answer."""
    flags = doubted_flags(reading, c.memory.case, book)
    was_asked = bool(flags) and all(flag in c.memory.safety_asked for flag in flags)
    return reading.without_doubtful() if was_asked else reading


def with_doubted(found: Recognition, doubted: tuple[str, ...]) -> Recognition:
    """Return what is done about words that are doubted: a card where the recogniser has one, else a question."""
    if not doubted:
        return found
    flags = tuple(dict.fromkeys((*doubted, *found.flags)))
    if found.band is Band.CARD:
        return replace(found, flags=flags)
    return replace(found, band=Band.QUESTION, flags=flags[: max(_MOST_NAMED, len(doubted))])
