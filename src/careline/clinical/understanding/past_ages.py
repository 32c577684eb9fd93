"""An age of then beside an age of now: "had a febrile fit at 2, she's 14 now" tells of twelve years ago.

A bare number after "at" may be an hour ("a fit at 2, he's 14"), so the other age must be said with "now", or the first
be plainly an age; and what "at 3" may have been an hour of must be told with "had": "she took 20 tablets at 12, she's
15 now" may be of noon. Whoever writes a word of what goes on now is not told to be past.
"""

from __future__ import annotations

import re

from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.quantities import NUMBER_WORDS, number_in

_NUMBER = rf"(\d{{1,3}}|{'|'.join(NUMBER_WORDS)})"
# Right after the statement.
_THEN = re.compile(
    rf"^(?: once| only| just)?(?: (?:at|aged?)|(?: at)? (?:the )?age(?: of)?| when (?:i|he|she|they) (?:was|were))"
    rf"(?: (?:the )?age(?: of)?| only| just| about| around)?"
    rf" (?P<age>{_NUMBER[1:-1]})(?P<unit> (?:years?|months?|weeks?|days?))?(?: old)?(?= (?![ap]m |oclock )|$)"
)
_CERTAIN = re.compile(r" (?:aged?|when|months?|years?|weeks?|days?)(?= |$)")
_NOW_SAID = re.compile(
    rf" (?:(?:i|he|she|they) (?:is|am|s|m|are)|is|am|s) {_NUMBER}(?: years?)?(?: old)? now(?= |$)"
    rf"| (?:i|he|she|they|now)(?: (?:is|am|s|m|are))? now {_NUMBER}(?: years?)?(?: old)?(?= [,#?]| and| ?$)"
)
_NOW_BARE = re.compile(
    rf" (?:i|he|she|they) (?:is|am|s|m|are) {_NUMBER}(?: years?(?: old)?)?(?= (?:[,#?]|and|with|now)| ?$)"
    rf"|^ (?:[mf]|male|female|man|woman|boy|girl) {_NUMBER} ,"
)
MAY_TELL_AN_AGE = rf" (?:at|age|aged|age of|at about|at only|at just) {_NUMBER.replace('(', '(?:', 1)}(?= |$)"
_HOURS = 12  # the largest number that "at" may give as an hour
_APART = 2  # years at least: "at 5, he's 6 now" may be weeks ago
_PARTS_OF_A_YEAR = {"years": 1.0, "months": 12.0, "weeks": 52.0, "days": 365.0}


def age_of_now(clauses: Clauses, first: int, last: int) -> str | None:
    """Return the words that give the age of now, when the statement is of an age well before it; else None.

    Args:
        clauses: The message.
        first: The statement's first word.
        last: The word after it.
    """
    _, sentence_last = clauses.sentence(first)
    then = _THEN.match(clauses.row(last, sentence_last))
    if then is None:
        return None
    age = number_in(then["age"])
    if age is None:
        return None
    years = age / _PARTS_OF_A_YEAR[f"{(then['unit'] or 'years').strip().rstrip('s')}s"]
    is_certain = age > _HOURS or _CERTAIN.search(then.group()) is not None
    clause_first, _ = clauses.clause(first)
    if not is_certain and " had " not in clauses.row(clause_first, last):
        return None
    for said in (_NOW_SAID, *((_NOW_BARE,) if is_certain else ())):
        for found in said.finditer(clauses.whole):
            now = number_in(next(group for group in found.groups() if group is not None))
            if now is not None and now >= years + _APART:
                return str(found.group())
    return None
