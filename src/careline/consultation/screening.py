"""The screen: every message is looked at for red flags before anything else; needs no dialogue engine or index."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from careline.clinical.assessment import evidence_acuity
from careline.clinical.finding import Case, Presence
from careline.clinical.red_flags import RaisedFlag, emergency_flags, raised_red_flags
from careline.clinical.understanding.message import MessageReading, read_message
from careline.consultation.advising import assess_and_advise
from careline.consultation.answering import merge_reading, settle_question
from careline.consultation.cards import show_cards
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.memory import Awaiting
from careline.consultation.release import ContentRelease

_NOTHING = MessageReading(findings=(), complaints=(), red_flags=(), is_question=False, said_nothing=True)


def screen(c: Consultation, incoming: Incoming, newest: ContentRelease) -> bool:
    """Answer an emergency at once; return whether there was one. When not, `c` is to be thrown away.

    The newest release screens, whatever release the consultation keeps.

    Raises:
        RefusedError: A button's value does not fit its question.
    """
    before = c.memory.case
    reading = _reading_of(incoming, newest)
    merge_reading(c, reading, incoming.number)
    answered = settle_question(c, incoming)
    raised = _fresh_flags(c, before, reading, newest)
    if raised:
        c.memory.words = c.memory.words or incoming.text
        card_release = dataclasses.replace(c.release, book=newest.book) if c.release is not newest else newest
        kept, c.release = c.release, card_release
        show_cards(c, raised, evidence_acuity(c.memory.case, c.release.book) if c.memory.complaints else None)
        c.release = kept
        return True
    if not answered or not c.memory.complaints:
        return False
    evidence = evidence_acuity(c.memory.case, c.release.book)
    if evidence.is_emergency and (c.acuity is None or evidence > c.acuity):
        assess_and_advise(c)
        return c.memory.awaiting is Awaiting.EMERGENCY_REPLY
    return False


def take_in(c: Consultation, incoming: Incoming) -> None:
    """Merge what free words said into the case, once the patient has consented."""
    if incoming.text is not None and c.memory.consented:
        merge_reading(c, _reading_of(incoming, c.release), incoming.number)


def _reading_of(incoming: Incoming, release: ContentRelease) -> MessageReading:
    if incoming.text is None:
        return _NOTHING
    return incoming.reading if incoming.reading is not None else read_message(incoming.text, release.lexicon)


def _fresh_flags(
    c: Consultation, before: Case, reading: MessageReading, newest: ContentRelease
) -> Sequence[RaisedFlag]:
    """Return emergency flags that this message raises, or names again."""
    after = c.memory.case
    named = {found.id for found in reading.findings if found.counts and found.presence is Presence.PRESENT}
    return [
        item
        for item in emergency_flags(raised_red_flags(after, newest.book))
        if item.flag.id not in c.memory.shown_flags
        or item.flag.id in reading.red_flags
        or any(finding_id in named or _is_new(finding_id, before, after) for finding_id in item.because_of)
    ]


def _is_new(finding_id: str, before: Case, after: Case) -> bool:
    return (
        after.presence(finding_id) is Presence.PRESENT and before.presence(finding_id) is not Presence.PRESENT
    )  # fmt: skip
