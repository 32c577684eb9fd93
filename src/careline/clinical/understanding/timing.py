"""Whether a message speaks of now or only of the past."""

from __future__ import annotations

import re

from careline.clinical.finding import Timing
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import COMMA
from careline.clinical.understanding.patterns import any_of

# Said of a statement, these put it into the past; days and hours do not, and weeks leave a doubt.
_LONG_AGO = any_of("""
    [<number>|one|two|three|four|five|six|ten|a|few|couple of|many|some|several|good few] (year*|month*|decade*|\
        age*) (ago|back)
    long [time] ago
    back (in|when)
    last (year|winter|summer|spring|autumn|fall|christmas|easter|month|term|season)
    last (january|february|march|april|june|july|august|september|october|november|december)
    in (january|february|march|april|june|july|august|september|october|november|december)
    in the past
    in (my|her|his|their) (teens|twenties|thirties|childhood|youth)
    as (a|an) [very] [little|small|young] (child|kid|baby|boy|girl|teen*|student|toddler|infant)
    when (i|he|she|we|they) (was|were) [a|an|very|only|just|about|in|at] (<number>|child|kid|baby|boy|girl|teen*)
    when (i|he|she|we|they) (was|were) [a|an|very|only|just|about|in|at] (student|young*|little|small|school|\
        born|newborn)
    when (i|she) was (pregnant|expecting)
    when (he|she|they) had (his|her|their|a|an)
    (with|in|after|during) [my|her|the|our] (first|last|previous) (pregnancy|child|baby|one|labour|birth)
    once before
    growing up
    childhood
    used to
    previously
    years before
    at birth
    """)
_YEAR = re.compile(r" (?:19|20)\d\d(?= |$)")
_WEEKS_AGO = any_of("""
    last week
    [<number>|a|few|couple of|two|three|some] week* (ago|back)
    the other (week|day|month)
    once
    """)
# Before a time, these say that it is when something began.
_BEGAN = any_of(
    """
    (since|for|over|these|from|until|the|started|began|start|ever|every|diagnosed|not|on and off) [about|around|\
        early|my|in|the] [the]
    """,
    at_end=True,
)
_IS_OVER = any_of("""
    (fine|ok|okay|normal|better|grand|well|good|great|sober|recovered|settled) (again|now|since|after|afterwards|today)
    (fine|ok|okay|better|grand|recovered|back to normal)
    (gone|went|passed) (now|away|off)
    (recovered|resolved|cured|healed)
    no (trouble|problem*|issue*) since
    now (fine|ok|okay|normal|better|gone|well|all clear)
    all (clear|gone)
    """)
_NOT_NOW = any_of("(not|isnt|no|hasnt|havent) .. now")
_NOW = any_of("""
    now
    still
    again
    currently
    today
    tonight
    this (morning|afternoon|evening|time)
    ongoing
    keep*
    ever since
    since then
    getting worse
    yesterday
    just
    hour* ago
    minute* ago
    """)
_CARRIES_ON = any_of("(and|but)")
_TOLD_AS_PAST = any_of("(had|was|were|did|got|went|felt|came)")


def timing_of(clauses: Clauses, first: int, last: int, *, is_red_flag: bool) -> Timing:
    """Return whether the statement from word `first` to `last` is about now.

    In doubt it is. For a red flag "last week" is such a doubt, unless the message says that it is over.
    """
    clause_first, clause_last = clauses.clause(first)
    sentence_first, sentence_last = clauses.sentence(first)
    before, whole, after = (
        clauses.row(clause_first, first),
        clauses.row(clause_first, last),
        clauses.row(last, clause_last),
    )
    if _is_now(before) or _is_now(after):
        return Timing.NOW
    if is_red_flag and any(word.text == COMMA for word in clauses.words[first:last]):
        after = ""  # a sign made of several: a time at its end need not be that of its beginning
    frames = (clauses.row(sentence_first, clause_first), clauses.row(clause_last, sentence_last))
    if _is_put_back(_LONG_AGO, (before, whole, after), frames) or _is_put_back(_YEAR, (before, whole, after), frames):
        return Timing.PAST
    is_over = _IS_OVER.search(clauses.row(last, sentence_last)) is not None
    is_told_so = not is_red_flag and _TOLD_AS_PAST.search(before) is not None
    if (is_over or is_told_so) and _is_put_back(_WEEKS_AGO, (before, whole, after), frames):
        return Timing.PAST
    return Timing.NOW


def _is_now(row: str) -> bool:
    return _NOW.search(_NOT_NOW.sub("", _IS_OVER.sub("", row))) is not None


def _is_put_back(cue: re.Pattern[str], rows: tuple[str, str, str], frames: tuple[str, str]) -> bool:
    """Return whether a time stands before or after the statement, or makes up the part of the sentence beside it.

    Args:
        cue: How such times are named.
        rows: The clause before the statement; the same and the statement, since a time may reach into it; after it.
        frames: The rest of the sentence, before and after the clause.
    """
    before, whole, after = rows
    found = cue.search(whole)
    if (
        found
        and found.start() < len(before)
        and not _began(whole, found)
        and not _CARRIES_ON.search(before[found.end() :])
    ):
        return True
    found = cue.search(after)
    if found and not _began(after, found):
        return True
    return any(_is_framed(cue, frame) for frame in frames)


def _began(row: str, found: re.Match[str]) -> bool:
    """Return whether the time is only when it began: "since last year", "started months ago"."""
    return _BEGAN.search(row[: found.start()]) is not None


def _is_framed(cue: re.Pattern[str], frame: str) -> bool:
    """Return whether a part of the sentence says nothing but when: "When I was six, ..."."""
    found = cue.search(frame)
    return found is not None and not _began(frame, found) and len(frame.split()) - len(found.group().split()) <= 3
