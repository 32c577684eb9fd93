"""Whether a message speaks of now or only of the past."""

from __future__ import annotations

import re
from dataclasses import dataclass

from careline.clinical.finding import Timing
from careline.clinical.understanding.alarm import is_alarming
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import COMMA, SENTENCE_END
from careline.clinical.understanding.over import ACUTE, ENDED, has_come_again, is_calm, is_over, without_what_is_over
from careline.clinical.understanding.past_ages import MAY_TELL_AN_AGE, age_of_now
from careline.clinical.understanding.patterns import Cue, CueWords, any_of
from careline.clinical.understanding.quantities import NUMBER_WORDS

# Said of a statement, these put it into the past; days and hours do not, and weeks leave a doubt.
_LONG_AGO = Cue("""
    [<number>|one|two|three|four|five|six|ten|a|few|couple of|many|some|several] \
        (year*|month*|decade*|age*|winter*|summer*|christmas*|easter*) (ago|back)
    long [time] ago
    last (year|winter|summer|spring|autumn|christmas|easter|month|term|season)
    last (january|february|march|april|june|july|august|september|october|november|december)
    in (january|february|march|april|may|june|july|august|september|october|november|december)
    in the war
    before i was born
    [back] in the [early|late|mid] (50s|60s|70s|80s|90s|fifties|sixties|seventies|eighties|nineties|noughties)
    in (my|her|his|their) [early|late|mid] (teens|twenties|thirties|forties|fifties|20s|30s|40s|50s|childhood|youth)
    as (a|an) [very] [little|small|young] (child|kid|baby|boy|girl|lad|lass|teen*|student|toddler|infant)
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
# "When I was on stairs" holds no age; "when I was 2 metres up" and "at 7" alone may be a height, an hour, a speed.
_AGED_THEN = re.compile(
    rf" when (?:i|he|she|we|they) (?:was|were)(?: only| just| about)? (?:\d+|{'|'.join(NUMBER_WORDS)})"
    r"(?: years?| months?)?(?: old)?(?= (?:#|,|and|but|i|he|she|had|got|which)(?: |$)|$)"
)
_WEEKS_AGO = Cue("""
    last week
    [<number>|a|few|couple of|two|three|some] week* ago
    the other (week|day|month)
    once
    """)
# Right before a red flag, or at its beginning: "when I was nine I had a seizure and I am fitting".
_IS_BEFORE = re.compile(r" (?:i|he|she|we|they) (?:am|is|s|m|are)$")
_IS_FIRST = re.compile(r" (?:i|he|she|we|they) (?:am|is|s|m|are)(?= )| (?:im|hes|shes|theyre)(?= )")
# Before a time, these say that it is when something began.
_BEGAN = any_of(
    """
    (since|for|over|these|from|until|the|started|began|start|ever|every|diagnosed|not|on and off) [about|around|early] \
        [my|in|the] [the]
    """,
    at_end=True,
)
_NOT_NOW = any_of("(not|isnt|no|hasnt|havent) .. now")
# What somebody is now says nothing of the sign: "had it as a baby, he's 12 now". What follows the age may be the sign.
_AGED_NOW = re.compile(
    rf" (?:he|she|i|they) (?:is|s|am|are) (?:\d+|{'|'.join(NUMBER_WORDS)})(?: years?)?(?: old)? now(?= ?[#]? ?$)"
)
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
# Of `_YEAR` and `_AGED_THEN`, and of an age of then beside one of now.
_FIGURES = re.compile(rf"\b(?:19|20)\d\d\b| when (?:i|he|she|we|they) (?:was|were) |{MAY_TELL_AN_AGE}")
# Right before a statement. "Three day history of" and "baby with a history of" are a doctor's words for what goes on,
# so no time may stand before it, and patients must say it of themselves.
_HISTORY_OF = Cue(
    """
    i (have|had) [a] [known|past|previous|medical] (history|hx) of [a|previous|past]
    (survivor|survivors) of [a]
    """,
    at_end=True,
)
_TIMED_HISTORY = re.compile(r" (?:\d+|days?|hours?|weeks?|months?|minutes?|short|recent|sudden) (?:history|hx) ")
# A decade of life, "previously" and "childhood" tell of whom one speaks as well: "collapsed, man in his thirties".
_DECADE_OF = re.compile(r" in (my|her|his|their) (?:(?:early|late|mid) )?(?:teens|\w+ties|\d0 ?s)$")
_DESCRIBES = re.compile(
    r" (?:man|woman|male|female|guy|bloke|lady|gentleman|person|patient|someone|somebody|neighbour|colleague|stranger|"
    r"friend|mum|dad|wife|husband|son|daughter|brother|sister|am|is|s|are|he|she|him|her)"
    r"(?: (?:about|around|probably|maybe|still|only))?$"
)
_YEARS_OF_A_DECADE = re.compile(r" in the (?:\w+ )?(?:\d0 ?s|\w+ties)$")
# The same words are a reading or the weather: "can't breathe, sats in the 80s".
_READING = any_of("""
    (sat|sats|stats|saturation*|oxygen|o2|spo2|oximeter|pulse|heart|rate|hr|bp|pressure|systolic|diastolic|sugar*|glucose)
    (bm|bms|reading*|level*|number*|temp|temps|temperature*|fever*|degree*|heat|hot|weather|humid*|sun|resp*|breathing)
    """)
_OF_WHOM = re.compile(r" (?:previously|childhood)$")
_TOLD_THEN = re.compile(r" (?:had|was|were|did|got|took|broke|lost|suffered|tried|used)(?= |$)")
# "2 years back pain" is no time.
_BACK_OF_BODY = re.compile(
    r" (?:pains?|ach\w+|hurt\w*|sore|problems?|trouble|injury|surgery|op|operation|spasms?)(?= |$)"
)
# With these alone it may be this spring: only what is told to be over is put back by them.
_SEASON = Cue("in the (spring|summer|autumn|winter)")
_WHEN_ILL = re.compile(r" (?:when|while) (?:i|he|she|they) had(?= |$)")
# After an age of now: "an overdose at 16, I'm 19 now and I took tablets".
_NEW_EVENT = any_of("""
    (i|he|she|they|it) (took|had|has|have|did|got|went|came|is|am|feel|feels|cut|fell|woke)
    (having|feel*|think*|thought*|want*|gone|went|going|getting|keeps|looks|one)
    """)
# Taken into an expression as what follows the sign, yet it opens the time: "lost a toe in [the 70s]".
_OPENS_A_TIME = frozenset({"in", "at", "when", "last"})
_OF_THEN = CueWords(_LONG_AGO, _USED_TO, _WEEKS_AGO, _HISTORY_OF, _SEASON)
_LONGEST_NAME = 2  # words: "childhood seizures"
_FARTHEST = 6  # words between a statement and the time that puts it back


def timing_of(clauses: Clauses, first: int, last: int, *, is_red_flag: bool, is_crisis: bool = False) -> Timing:
    """Return whether the statement from word `first` to `last` is about now.

    In doubt it is. For a red flag "last week" is such a doubt, unless the message says that it is over.
    """
    if not _speaks_of_then(clauses) or (is_red_flag and has_come_again(clauses)):
        return Timing.NOW
    if last - first > 1 and clauses.text(last - 1) in _OPENS_A_TIME:
        last -= 1
    clause_first, clause_last = clauses.clause(first)
    sentence_first, sentence_last = clauses.sentence(first)
    if _is_of_earlier_age(clauses, first, last, is_crisis=is_crisis):
        return Timing.PAST
    before, after = clauses.row(clause_first, first), clauses.row(last, clause_last)
    if (
        _is_now(before)
        or _is_now(_AGED_NOW.sub("", after))
        or (is_red_flag and (_IS_BEFORE.search(before) or _IS_FIRST.match(clauses.row(first, last))))
    ):
        return Timing.NOW
    place = _Place(
        before=before,
        statement=clauses.row(first, last),
        after="" if is_red_flag and any(word.text == COMMA for word in clauses.words[first:last]) else after,
        frames=(clauses.row(sentence_first, clause_first), clauses.row(clause_last, sentence_last)),
    )
    if _used_to(before) or any(place.is_put_back(cue) for cue in (_LONG_AGO.expression, _YEAR, _AGED_THEN)):
        return Timing.PAST
    tells_of_end = is_over(clauses.row(last, sentence_last))
    is_told_so = not is_red_flag and _TOLD_AS_PAST.search(before) is not None
    if (tells_of_end or is_told_so) and place.is_put_back(_WEEKS_AGO.expression):
        return Timing.PAST
    if not is_crisis and place.is_told_as_over(clauses.row(last, len(clauses.words))) and is_calm(clauses):
        return Timing.PAST
    # Words of somebody who may want to die are not put back by what is only likely.
    # Of what is no red flag, history still counts: it is what makes a new sign dangerous.
    may_be_history = is_red_flag and not is_crisis and not clauses.finds(ACUTE)
    return Timing.PAST if may_be_history and place.is_history() else Timing.NOW


def _is_of_earlier_age(clauses: Clauses, first: int, last: int, *, is_crisis: bool) -> bool:
    """Return whether an age of then stands right after the statement and one of now elsewhere, and all else is calm.

    Of somebody who may want to die, well-being now must be said as well.
    """
    now = age_of_now(clauses, first, last)
    rest = clauses.row(last, len(clauses.words))
    if now is None or is_alarming(rest) or (is_crisis and not is_over(rest)):
        return False
    told_after = without_what_is_over(clauses.whole.partition(now)[2])
    return is_calm(clauses, now) and not _NEW_EVENT.search(told_after)


def _speaks_of_then(clauses: Clauses) -> bool:
    """Return whether anything in the message can put a statement back: in most there is nothing."""
    return clauses.may_hold(_OF_THEN) or clauses.finds(_FIGURES)


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
        if found and found.start() < len(self.before) and not self._is_no_time(self.before, found):
            is_opening = self.before.count(" ", 0, found.start()) <= 2
            if is_opening and not _CARRIES_ON.search(self.before, found.end()):
                return True
        found = cue.search(self.after)
        if found and not self._is_no_time(self.after, found):
            between = self.after[: found.start()]
            is_near = between.count(" ") <= _FARTHEST and not _TELLS_MORE.search(between)
            if is_near or (set(between.split()) <= {COMMA} and _stands_alone(self.after, found)):
                return True
        return any(_is_frame(cue, frame) for frame in self.frames) or self._is_opened_by(cue)

    def is_history(self) -> bool:
        """Return whether the statement is all that is told as history: "I have a history of seizures"."""
        is_told = _HISTORY_OF.expression.search(self.before) is not None and not _TIMED_HISTORY.search(self.before)
        return is_told and not self.after.strip(f" {SENTENCE_END}")

    def is_told_as_over(self, rest: str) -> bool:
        """Return whether it is told as what was, with a time of its own or of its end, and as over in the `rest`.

        Unlike a time that puts back alone, this one may be farther from the statement, yet not told of something else.
        """
        if not _TOLD_AS_PAST.search(self.before + self.statement) or _IS_FIRST.search(self.before):
            return False
        ended = ENDED.search(rest)
        if ended and _LONG_AGO.expression.match(rest, ended.end()):
            return True
        if not is_over(rest):
            return False
        after = _WHEN_ILL.sub("", self.after)
        for cue in (_LONG_AGO.expression, _SEASON.expression, _YEAR):
            found = cue.search(after)
            if found and not self._is_no_time(after, found) and not _TELLS_MORE.search(after[: found.start()]):
                return True
            found = cue.search(self.before)
            if found and not self._is_no_time(self.before, found) and not _CARRIES_ON.search(self.before, found.end()):
                return True
        return False

    def _is_no_time(self, row: str, found: re.Match[str]) -> bool:
        """Return whether what was found in a row is only when it began, part of the body, or says who a person is."""
        cue = found.group()
        if cue.endswith(" may") and row.startswith(" be ", found.end()):  # "a fit in may be dying" names no month
            return True
        if _began(row, found.start()) or (cue.endswith(" back") and _BACK_OF_BODY.match(row, found.end())):
            return True
        told = self.before + self.statement
        if _YEARS_OF_A_DECADE.search(cue):
            return _READING.search(told + self.after) is not None
        if _OF_WHOM.search(cue):
            is_name = found.end() == len(self.before) and self.statement.count(" ") <= _LONGEST_NAME
            is_told_then = _TOLD_THEN.match(row, found.end()) is not None
            return not (_stands_alone(row, found) if row is self.after else is_name or is_told_then)
        decade = _DECADE_OF.search(cue)
        if decade is None:
            return False
        is_certain = decade[1] == "my" and _TOLD_THEN.search(told) is not None and COMMA not in row[: found.start()]
        return not is_certain or _DESCRIBES.search(row[: found.start()]) is not None

    def _is_opened_by(self, cue: re.Pattern[str]) -> bool:
        """Return whether the clause opens with a time and a comma: "In 2019, ..."."""
        opening, comma, _ = self.before.partition(f" {COMMA}")
        return bool(comma) and _is_frame(cue, opening)


def _used_to(before: str) -> bool:
    return _USED_TO.expression.search(before) is not None and not _NOT_USED_TO.search(before)


def _is_now(row: str) -> bool:
    return bool(row) and _NOW.search(_NOT_NOW.sub("", without_what_is_over(row))) is not None


def _began(row: str, start: int) -> bool:
    """Return whether the time at `start` is only when it began: "since last year", "started months ago"."""
    return _BEGAN.search(row[:start]) is not None


def _stands_alone(row: str, found: re.Match[str]) -> bool:
    return not row[found.end() :].strip(" #,")


def _is_frame(cue: re.Pattern[str], frame: str) -> bool:
    """Return whether a part of the sentence says nothing but when: "When I was six, ..."."""
    found = cue.search(frame)
    if found is None or _began(frame, found.start()) or _OF_WHOM.search(found.group()):
        return False
    if _YEARS_OF_A_DECADE.search(found.group()) and _READING.search(frame):
        return False
    if _DECADE_OF.search(found.group()) and (" my " not in found.group() or _DESCRIBES.search(frame[: found.start()])):
        return False
    others = (frame[: found.start()] + frame[found.end() :]).split()
    return _FRAME_WORDS.issuperset(word for word in others if word not in (COMMA, SENTENCE_END))
