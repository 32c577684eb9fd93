"""The second look: words in which the lexicon and the rules see no emergency are read by the recogniser.

It may raise a card or have a safety question asked. It takes nothing back, and without it the screen is as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace

from careline.clinical.conditions import Truth
from careline.clinical.content import RedFlag
from careline.clinical.finding import Finding, Presence
from careline.clinical.populations import Known, may_be_asked, recognised_of
from careline.clinical.recognition.recogniser import Band, Recognition
from careline.clinical.red_flags import RaisedFlag, has_card
from careline.clinical.rulebook import RuleBook
from careline.consultation.consultation import Consultation, Incoming
from careline.consultation.metrics import ALERTS
from careline.consultation.release import ContentRelease
from careline.consultation.safety_question import MOST_SAFETY_QUESTIONS

log = logging.getLogger(__name__)

_NOTHING = Recognition(0.0, Band.NONE)


def recognised(c: Consultation, incoming: Incoming, newest: ContentRelease) -> Recognition:
    """Return what the recogniser makes of free words; what was settled or shown before is not named again."""
    found = _for_this_patient(c, incoming, newest)[0]
    flags = tuple(flag for flag in found.flags if not _is_settled(c, flag, found.score))
    if not flags:
        return _NOTHING
    if found.band is Band.QUESTION and not may_ask(c):
        return _NOTHING
    return replace(found, flags=flags)


def doubts_kept(c: Consultation, incoming: Incoming, newest: ContentRelease) -> None:
    """Keep what may be asked only once it is known who the patient is: flags of some people alone."""
    found, waiting = _for_this_patient(c, incoming, newest)
    for flag in waiting:
        if not _is_settled(c, flag, found.score):
            c.memory.doubts[flag] = max(found.score, c.memory.doubts.get(flag, found.score))
            c.log("doubt_kept", red_flags=[flag], score=round(found.score, 2))


def doubts_to_ask(c: Consultation) -> tuple[RedFlag, ...]:
    """Return the flags that were kept and can be asked about now; what cannot be about the patient is dropped."""
    memory, book = c.memory, c.release.book
    asked: list[RedFlag] = []
    for flag, score in list(memory.doubts.items()):
        may = may_be_asked(flag, Known(memory.case, memory.asked), book)
        if may is Truth.UNKNOWN:
            continue
        del memory.doubts[flag]
        if may is Truth.YES and flag in book.red_flags and not _is_settled(c, flag, score) and may_ask(c):
            memory.safety_asked[flag] = score
            asked.append(book.red_flags[flag].flag)
    if asked:
        memory.safety_questions += 1
    return tuple(asked)


def _for_this_patient(
    c: Consultation, incoming: Incoming, newest: ContentRelease
) -> tuple[Recognition, tuple[str, ...]]:
    """Return what the recogniser makes of free words of this patient, and the flags whose question waits."""
    if newest.recogniser is None or incoming.text is None:
        return _NOTHING, ()
    known = Known(c.memory.case, c.memory.asked)
    try:
        return recognised_of(
            incoming.text, known, newest.recogniser, newest.book, newest.lexicon, among=_screened(newest.book)
        )
    except Exception:  # the lexicon has screened already; the turn goes on
        log.exception("recogniser failed", extra={"consultation": c.id})
        ALERTS.labels("recogniser_failed").inc()
        return _NOTHING, ()


def findings_recognised(found: Recognition, number: int) -> tuple[Finding, ...]:
    """Return the flags of a card as findings, traced to the words."""
    start, end = (found.quotes[0][0], found.quotes[-1][1]) if found.quotes else (None, None)
    return tuple(Finding(flag, start=start, end=end, message_id=number) for flag in found.flags)


def raised_by(flags: Collection[str], book: RuleBook) -> tuple[RaisedFlag, ...]:
    """Return flags as their own words would raise them, most urgent first."""
    raised = [RaisedFlag(book.red_flags[flag].flag, (flag,)) for flag in flags if flag in book.red_flags]
    return tuple(sorted(raised, key=lambda item: item.flag.acuity, reverse=True))


def quoted(text: str, quotes: Sequence[tuple[int, int]]) -> str | None:
    """Return the patient's own words at `quotes`."""
    return " \N{HORIZONTAL ELLIPSIS} ".join(" ".join(text[start:end].split()) for start, end in quotes) or None


def _screened(book: RuleBook) -> frozenset[str]:
    """Return the flags that are answered by a card: only these are worth interrupting for."""
    return frozenset(flag_id for flag_id, compiled in book.red_flags.items() if has_card(compiled.flag))


def _is_settled(c: Consultation, flag: str, score: float) -> bool:
    memory = c.memory
    asked_before = memory.safety_asked.get(flag)
    is_shown = flag in memory.shown_flags and memory.case.presence(flag) is Presence.PRESENT
    return is_shown or (asked_before is not None and score <= asked_before)


def may_ask(c: Consultation) -> bool:
    """Return whether a question helps: not while the advice to get emergency help stands, and not without end."""
    has_card = c.final and c.acuity is not None and c.acuity.is_emergency
    return not has_card and c.memory.safety_questions < MOST_SAFETY_QUESTIONS
