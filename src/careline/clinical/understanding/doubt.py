"""Signs of doubt around a red flag's words: whether what they say may not be meant, or not of now.

Who laughs, tells of years ago, asks about a thing in general or says that all is well may have no emergency, though the
words that mean one stand there. They may have one all the same: what the words would raise is not dropped, it is asked
about. The signs are words of everyday speech, hardly any of the body. How often each stands beside a card that is right
and one that is false was counted on the training part of our messages (docs/adr/0013).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import QUESTION, SENTENCE_END
from careline.clinical.understanding.patterns import any_of

_AROUND = 30  # words before and after: what is said at the other end of a long letter is about something else
_LEAST_BESIDE = 2  # words: one alone may belong to what is told ("went blue then fine")
_LAUGHTER = any_of("(lol|haha*|lmao|giggl*|laugh*|jok*|ha ha)")
_NOT_IN_JEST = any_of("(not|aint|isnt|no) .. (lol|laughing|joking|joke|jokes|funny)")
_THEN = any_of("""
    (years|year|decades|decade) (ago|back|since|on|later)
    (for|these|those|over|after|about|in) (<number>|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty) years
    (in|that|last) (spring|summer|autumn|winter|january|february|march|april|june|july|august)
    (in|that|last) (september|october|november|december|year)
    as a (child|boy|girl|kid|lad|teen*|student|baby)
    (recovered|healed|treated|cured|survivor|survived|childhood|in hospital|used to|back then)
    (when|since) (i|he|she) was
    (at school|at uni|since birth|all my life|of old|long standing|lifelong|diagnosed)
    """)
_YEAR = re.compile(r" (?:19|20)\d\d(?= |$)")
_IN_GENERAL = any_of("""
    (film|book|novel|telly|programme|documentary|video|quiz|story|news|leaflet|first aid|read about)
    (exam|course|class|training|for school|lecture|lesson|awareness)
    (what age|what are|how (does|do (you|people|they))|will it|do they|does it|should people|should i carry)
    is there (a|any) (jab|test|treatment|vaccine|cure|link|risk|tablet|cream|exercise*)
    (risk of|risk that|prevent|hereditary|genetic|tips)
    """)
_WELL = any_of("""
    (fine|well|happy|healthy|normal|good|great|ok|okay|perfectly|lovely|grand|rosy|pink)
    (all clear|no other|no symptoms|none of|nothing else|nothing wrong)
    """)
_NOT_WELL = any_of("""
    (as well|am i (ok|okay|normal|well)|is (it|this|that) (ok|okay|normal|fine))
    (was|were|then|than) (fine|ok|okay|well|normal|happy|healthy|good|great)
    good (god|lord|grief|heavens|morning|afternoon|evening|day)
    (feel|feels|feeling|seem|seems) .. (fine|well|happy|healthy|normal|good|great|ok|okay)
    (not|isnt|aint|never|doesnt|dont|cant|without) .. (fine|well|happy|healthy|normal|good|great|ok|okay)
    """)
# "Well my dad is having a stroke" begins so.
_FILLER = re.compile(r"(?:^| [#,?])(?: oh| so| but| and)? (?:well|ok|okay|good)(?= )")
_OF_NOW = any_of("""
    (again|another|right now|help|is having|am having|s having|are having)
    (cant|wont|doesnt|does not|keeps|started|suddenly|sudden|but|also|even|wait|coughing)
    (hour|hours|minute|minutes|tonight|this (morning|afternoon|evening)|last night|just now|and now)
    now (i|he|she|we|my|his|her|its|the|cant|wont)
    since (<number>|last|lunch|tea|dinner|breakfast|yesterday|monday|tuesday|wednesday|thursday|friday|saturday|sunday)
    for (<number>|two|three|a few) (days|hours)
    (is it|it normal|how long|need to|should i go|go in)
    """)


class _Sign(NamedTuple):
    """Words that speak against what is told: how much said once, and one more said `often` times; 1 is never more."""

    words: re.Pattern[str]
    once: int
    often: int


_AGAINST = (
    _Sign(_LAUGHTER, 2, 1),
    _Sign(_THEN, 1, 2),
    _Sign(_YEAR, 2, 1),
    _Sign(_IN_GENERAL, 1, 3),
    _Sign(_WELL, 1, 3),
)
_MOST_OF_NOW = 3


def is_doubtful(clauses: Clauses, first: int, last: int, *, told_of: int, is_crisis: bool = False) -> bool:
    """Return whether more of what surrounds some words speaks against them than for them.

    Args:
        clauses: The message.
        first: The first of the words; they themselves are not looked at.
        last: The word after them.
        told_of: How many signs of danger the message tells of: of two at once less is doubted.
        is_crisis: Whether they are words of somebody who may want to die: these too are doubted less.
    """
    row = _beside(clauses, first, last)
    if sum(word.isalnum() for word in row.split()) < _LEAST_BESIDE:
        return False
    rows = {_LAUGHTER: _NOT_IN_JEST.sub(" #", row), _WELL: _NOT_WELL.sub(" #", _FILLER.sub(" #", row))}
    against = sum(_weight(sign, rows.get(sign.words, row)) for sign in _AGAINST)
    if against and f" {QUESTION} " in f"{row} ":
        against += 1
    of_now = min(_MOST_OF_NOW, len(_OF_NOW.findall(row)))
    return against > of_now + (told_of > 1) + is_crisis


def _weight(sign: _Sign, row: str) -> int:
    times = len(sign.words.findall(row))
    return 0 if times == 0 else sign.once + (times >= sign.often > 1)


def _beside(clauses: Clauses, first: int, last: int) -> str:
    """Return what surrounds some words."""
    before, after = max(0, first - _AROUND), min(len(clauses.words), last + _AROUND)
    return f"{clauses.row(before, first)} {SENTENCE_END}{clauses.row(last, after)}"
