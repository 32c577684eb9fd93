"""The second look: words in which the lexicon and the rules see no emergency are read by the recogniser.

It may raise a card or have a safety question asked. It takes nothing back, and without it the screen is as it was.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from careline.clinical.finding import Finding, Presence
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
    if newest.recogniser is None or incoming.text is None:
        return _NOTHING
    try:
        found = newest.recogniser.recognise(incoming.text, _screened(newest.book))
    except Exception:  # the lexicon has screened already; the turn goes on
        log.exception("recogniser failed", extra={"consultation": c.id})
        ALERTS.labels("recogniser_failed").inc()
        return _NOTHING
    if not found.flags or _is_settled(c, found.flags[0], found.score):
        return _NOTHING
    if found.band is Band.QUESTION and not _may_ask(c):
        return _NOTHING
    return found


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


def _may_ask(c: Consultation) -> bool:
    """Return whether a question helps: not while the advice to get emergency help stands, and not without end."""
    has_card = c.final and c.acuity is not None and c.acuity.is_emergency
    return not has_card and c.memory.safety_questions < MOST_SAFETY_QUESTIONS
