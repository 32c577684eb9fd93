"""Whom a red flag can be about: a question about a birth is no question for everybody.

Only the question that is asked of words that merely read like a flag is limited so. What raises a flag raises it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from careline.clinical.conditions import Truth, findings_used, truth
from careline.clinical.finding import Case
from careline.clinical.interview import settled_at_first
from careline.clinical.recognition.recogniser import Band, Recogniser, Recognition
from careline.clinical.rulebook import RuleBook
from careline.clinical.understanding.calls import is_call
from careline.clinical.understanding.lexicon import Lexicon


@dataclass(frozen=True)
class Known:
    """What is known of a patient, and which questions were asked."""

    case: Case
    asked: Collection[str] = ()


def may_be_asked(flag: str, known: Known, book: RuleBook) -> Truth:
    """Return YES where the flag can be about the patient, and NO where it cannot.

    UNKNOWN until the questions that come first of all have settled whom it is about. What they leave open is YES:
    unknown is not no.
    """
    population = _population_of(flag, book)
    if population is None:
        return Truth.YES
    fits = book.intake.populations[population].fits
    now = truth(fits, known.case)
    if now is not Truth.UNKNOWN:
        return now
    coming = settled_at_first(known.case, book, known.asked)
    return Truth.YES if coming.isdisjoint(findings_used(fits)) else Truth.UNKNOWN


def is_hinted_at(flag: str, text: str, book: RuleBook, lexicon: Lexicon) -> bool:
    """Return whether words hint at those whom alone the flag can be about."""
    population = _population_of(flag, book)
    return population is not None and population in lexicon.hinted(text)


def recognised_of(
    text: str, known: Known, recogniser: Recogniser, book: RuleBook, lexicon: Lexicon, *, among: Collection[str]
) -> tuple[Recognition, tuple[str, ...]]:
    """Return what the recogniser makes of a patient's words, and the flags whose question waits.

    A question is not asked about a flag that is of some people alone when the words hint at none of them, until it is
    known that the patient may be one. A mere call for help, and words like no flag in particular, get the one question
    that is for them. Where none of the flags that the words are most like can be about the patient, the likeliest of
    those that can be are asked about: a doubt is not dropped. A card is given whoever the patient is.
    """
    found = recogniser.recognise(text, among)
    if found.band is Band.CARD:  # it stands whoever is said to be the patient; what it names should fit them
        hinted = lexicon.hinted(text)
        fits = tuple(
            flag
            for flag in found.flags
            if _population_of(flag, book) in hinted or may_be_asked(flag, known, book) is not Truth.NO
        )
        return replace(found, flags=fits or found.flags), ()
    if found.band is Band.NONE:
        return found, ()
    if (found.is_diffuse or is_call(text, "en")) and book.unknown_danger is not None:
        return replace(found, flags=(book.unknown_danger,)), ()
    hinted = lexicon.hinted(text)
    may = {
        flag: Truth.YES if _population_of(flag, book) in hinted else may_be_asked(flag, known, book) for flag in among
    }
    waiting = tuple(flag for flag in found.flags if may[flag] is Truth.UNKNOWN)
    named = tuple(flag for flag in found.flags if may[flag] is Truth.YES)
    if not named and not waiting:
        return recogniser.recognise(text, [flag for flag in among if may[flag] is Truth.YES], anew=True), ()
    return (replace(found, flags=named) if named else Recognition(found.score, Band.NONE)), waiting


def _population_of(flag: str, book: RuleBook) -> str | None:
    compiled = book.red_flags.get(flag)
    return compiled.flag.population if compiled is not None else None
