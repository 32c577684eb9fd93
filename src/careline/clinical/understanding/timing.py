"""Whether a message speaks of now or only of the past."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careline.clinical.finding import Timing
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import COMMA, SENTENCE_END
from careline.clinical.understanding.patterns import Cue, CueWords, any_of

# Said of a statement, these put it into the past; days and hours do not, and weeks leave a doubt.
_LONG_AGO = Cue("""
    [<number>|one|two|three|four|five|six|ten|a|few|couple of|many|some|several] (year*|month*|decade*|age*) (ago|back)
    long [time] ago
    last (year|winter|summer|spring|autumn|christmas|easter|month|term|season)
    last (january|february|march|april|june|july|august|september|october|november|december)
    in (january|february|march|april|june|july|august|september|october|november|december)
    [back] in the [early|late|mid] (50s|60s|70s|80s|90s|fifties|sixties|seventies|eighties|nineties|noughties)
    in (my|her|his|their) (teens|twenties|thirties|childhood|youth)
    as (a|an) [very] [little|small|young] (child|kid|baby|boy|girl|teen*|student|toddler|infant)
    when (i|he|she|we|they) (was|were) [a|an|very|only|just|about] (child|kid|baby|boy|girl|teen*)
    when (i|he|she|we|they) (was|were) [a|an|very|only|just|about|at] (student|young*|little|small|school)
    when (i|she) was (pregnant|expecting)
    when (he|she|they) had (his|her|their|a) (stroke|heart attack)
    (with|in|during) [my|her|the|our] (first|last|previous) (pregnancy|child|baby|one|labour|birth)
    before (he|she|they) died
    once before
    growing up
    childhood
    previously
    years before
    """)
_USED_TO = Cue("used to (have|get|be|suffer|feel|faint|take|do|cut|hear|self|pass|hit|beat|choke|wake|think)")
_NOT_USED_TO = any_of("(not|isnt|get|getting|got|am|never) used to")
# Four figures alone may be anything (a dose, a reading): before or after a statement, a year is named as one.
_YEAR = re.compile(
    r" (?:in|of|from|during|around|about|back in|year|early|late|spring|summer|autumn|winter|christmas)"
    r"(?: about| around| early| late)? (?:19|20)\d\d(?= |$)"
    r"| (?:19|20)\d\d(?= [#,]| ?$)"
)
_AGED_THEN = re.compile(
    r" when (?:i|he|she|we|they) (?:was|were)(?: only| just| about)? \d+(?: years?| months?)?(?: old)?"
    r"(?= (?:#|,|and|but|i|he|she|had|got)(?: |$)|$)"
)
_WEEKS_AGO = Cue("""
    last week
    [<number>|a|few|couple of|two|three|some] week* ago
    the other (week|day|month)
    once
    """)
# Before a time, these say that it is when something began.
_BEGAN = any_of(
    """
    (since|for|over|these|from|until|the|started|began|start|ever|every|diagnosed|not|on and off) [about|around|early] \
        [my|in|the] [the]
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
    (hour*|minute*|day*) ago
    """)
_CARRIES_ON = re.compile(rf" (?:and|but|{COMMA})(?= |$)")
_TELLS_MORE = re.compile(rf" (?:had|have|has|and|but|no|not|{COMMA})(?= |$)")
_TOLD_AS_PAST = any_of("(had|was|were|did|got|went|felt|came)")
_FRAME_WORDS = frozenset(
    "when back about it was this that happened in on around ok well a so but and like years old i he she at the "
    "of".split()
)
_OF_THEN = CueWords(_LONG_AGO, _USED_TO, _WEEKS_AGO)
_FIGURES = re.compile(r"\b(?:19|20)\d\d\b| when (?:i|he|she|we|they) (?:was|were) ")  # of `_YEAR` and `_AGED_THEN`
_FARTHEST = 6  # words between a statement and the time that puts it back


def timing_of(clauses: Clauses, first: int, last: int, *, is_red_flag: bool) -> Timing:
    """Return whether the statement from word `first` to `last` is about now.

    In doubt it is. For a red flag "last week" is such a doubt, unless the message says that it is over.
    """
    if not _speaks_of_then(clauses):
        return Timing.NOW
    clause_first, clause_last = clauses.clause(first)
    sentence_first, sentence_last = clauses.sentence(first)
    before, after = clauses.row(clause_first, first), clauses.row(last, clause_last)
    if _is_now(before) or _is_now(after):
        return Timing.NOW
    place = _Place(
        before=before,
        statement=clauses.row(first, last),
        after="" if is_red_flag and any(word.text == COMMA for word in clauses.words[first:last]) else after,
        frames=(clauses.row(sentence_first, clause_first), clauses.row(clause_last, sentence_last)),
    )
    if _used_to(before) or any(place.is_put_back(cue) for cue in (_LONG_AGO.expression, _YEAR, _AGED_THEN)):
        return Timing.PAST
    is_over = _IS_OVER.search(clauses.row(last, sentence_last)) is not None
    is_told_so = not is_red_flag and _TOLD_AS_PAST.search(before) is not None
    return Timing.PAST if (is_over or is_told_so) and place.is_put_back(_WEEKS_AGO.expression) else Timing.NOW


def _speaks_of_then(clauses: Clauses) -> bool:
    """Return whether anything in the message can put a statement back: in most there is nothing."""
    return clauses.may_hold(_OF_THEN) or _FIGURES.search(clauses.whole) is not None


@dataclass(frozen=True)
class _Place:
    """What stands around a statement: before and after it in its clause, and the rest of the sentence.

    A sign made of several ("fever, no spleen since last year") has no `after`: a time at its end need not be that of
    its beginning.
    """

    before: str
    statement: str
    after: str
    frames: tuple[str, str]

    def is_put_back(self, cue: re.Pattern[str]) -> bool:
        """Return whether a time opens the clause, follows the statement closely, or stands alone beside the clause."""
        found = cue.search(self.before + self.statement)
        if found and found.start() < len(self.before) and not _began(self.before, found.start()):
            is_opening = self.before.count(" ", 0, found.start()) <= 2
            if is_opening and not _CARRIES_ON.search(self.before, found.end()):
                return True
        found = cue.search(self.after)
        if found and not _began(self.after, found.start()):
            between = self.after[: found.start()]
            is_near = between.count(" ") <= _FARTHEST and not _TELLS_MORE.search(between)
            if is_near or (set(between.split()) <= {COMMA} and _stands_alone(self.after, found)):
                return True
        return any(_is_frame(cue, frame) for frame in self.frames) or self._is_opened_by(cue)

    def _is_opened_by(self, cue: re.Pattern[str]) -> bool:
        """Return whether the clause opens with a time and a comma: "In 2019, ..."."""
        opening, comma, _ = self.before.partition(f" {COMMA}")
        return bool(comma) and _is_frame(cue, opening)


def _used_to(before: str) -> bool:
    return _USED_TO.expression.search(before) is not None and not _NOT_USED_TO.search(before)


def _is_now(row: str) -> bool:
    return bool(row) and _NOW.search(_NOT_NOW.sub("", _IS_OVER.sub("", row))) is not None


def _began(row: str, start: int) -> bool:
    """Return whether the time at `start` is only when it began: "since last year", "started months ago"."""
    return _BEGAN.search(row[:start]) is not None


def _stands_alone(row: str, found: re.Match[str]) -> bool:
    return not row[found.end() :].strip(" #,")


def _is_frame(cue: re.Pattern[str], frame: str) -> bool:
    """Return whether a part of the sentence says nothing but when: "When I was six, ..."."""
    found = cue.search(frame)
    if found is None or _began(frame, found.start()):
        return False
    others = (frame[: found.start()] + frame[found.end() :]).split()
    return _FRAME_WORDS.issuperset(word for word in others if word not in (COMMA, SENTENCE_END))
