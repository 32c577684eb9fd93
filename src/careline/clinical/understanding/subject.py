"""Whom a message speaks of: the person who needs help now, or somebody else."""

from __future__ import annotations

import re

from careline.clinical.finding import Subject, Timing
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.patterns import Cue, CueWords, any_of

_KIN = (
    "(mum|dad|nan*|gran*|parent*|brother*|sister*|uncle*|aunt*|cousin*|nephew*|niece*|son|daughter|wife|husband|partner|"
    "friend*|mate*|neighbour*|colleague*|boss|boyfriend|girlfriend|relative*|ex|coworker*|flatmate|classmate|teacher|girl|"
    "boy|man|woman|lad|he|she|they|kid|child|guy|lady)"
)
_PET = (
    "(cat|tomcat|dog|foal|mare|puppy|kitten|hamster|rabbit|horse|parrot|pet|guinea pig|budgie|goldfish|pony|cow|sheep|"
    "lamb|tortoise)"
)
_STORIES = (
    "(film|movie|drama|episode|soap|documentary|book|novel|series|podcast|storyline|article|video|clip|programme|scene)"
)
# Right before a statement: whose it is. "And" ends the reach of all of them.
_OF_ANOTHER = Cue(
    f"""
    family history [of] ..
    {_KIN} .. (died|passed away) .. (of|from|with|after|because of) ..
    {_STORIES} (where|about|of|with|in which|that) .. ..
    (read|reading|heard|watched) .. (about|of) ..
    on (the|a|that|this) (film|soap|telly|tv|news|programme|drama) .. ..
    {_STORIES} [last night|last nite|yesterday|at school] (showed|shows|had|has|bout|about) .. ..
    in (the|a|that) (novel|documentary) (the|a|he|she|someone|somebody|they|about|where) .. ..
    in (the|a|that) book (the|a|someone|somebody|they|about) .. ..
    in (the|a|that) (film|novel|book) (we|i|she|he|they) .. the (hero|heroine|girl|boy|man|woman|character)
    (writing|wrote|reading|watching|watched|rehearsing) (a|the|that) (play|script|story|novel) (about|where) .. ..
    (friend|neighbour|colleague|cousin) lost [a|her|his|their|my] [child|baby|son|daughter|mum|dad|husband|wife] to
    (nightmare*|dream|dreams|dreamt|dreaming) (about|of|that|where) .. ..
    (zombie|character) ..
    (girl|boy|child|kid|someone|man|woman|lady) (at|from) (school|nursery|uni|college|church|work) (had|has had) ..
    """,
    at_end=True,
)
# Right after it: the same.
_IN_ANOTHER = Cue(
    f"""
    .. [run*] in (the|my|our) family
    .. in (a|the|that|this) {_STORIES}
    .. in (a|the|that|this) (zombie|horror|tv) {_STORIES}
    .. on (telly|the telly|tv|netflix|eastenders|casualty|the news)
    """
)
_OF_KIN = any_of(_KIN)
_FAR_HAD = Cue("(uncle*|aunt*|cousin*|celebrity|actor|singer|footballer) .. (had|suffered)")
_URGENT = any_of("""
    (now|just|today|tonight|help|urgent|minutes|ambulance|still|yesterday)
    what (do|should|can) (i|we)
    what to do
    this morning
    isnt
    """)
_IS_PET = Cue(f"[my|our|the|a|his|her|neighbours] [neighbours] {_PET}")
_PET_DOES = any_of("""
    (bite*|bit|scratch*|hair|poo|attack*|jump*|allerg*|knock*|trip*|lick*|kick*|fell on|stood on|ran|toy|food|lead|bowl)
    """)
_PERSON = any_of(f"(i|me|and|my|him|her|them|us|{_KIN})")
_AND = any_of("(and|but|now)")
# A story reaches no farther than to who tells of himself: "a book about strokes my face has dropped".
_OWN = any_of("(story|script|book|documentary|programme|film|article|video|podcast|novel|play) .. .. (my|i|im|ive)")
_OTHERS_WORDS = CueWords(_OF_ANOTHER, _IN_ANOTHER, _FAR_HAD, _IS_PET)


def subject_of(clauses: Clauses, first: int, last: int, timing: Timing) -> Subject:
    """Return whom the statement from word `first` to `last` is about.

    Anybody of whom it is said as happening now is the patient. Somebody else it is only when it is history of another
    person, runs in the family, is a story, or an animal.
    """
    if timing is Timing.NOW and not clauses.may_hold(_OTHERS_WORDS):
        return Subject.PATIENT
    part_first, part_last = clauses.part(first)
    before, after = clauses.row(part_first, first), clauses.row(last, part_last)
    if (
        _reaches(_OF_ANOTHER.expression.search(before))
        or _reaches(_IN_ANOTHER.expression.match(after))
        or _is_of_pet(before)
    ):
        return Subject.OTHER
    if timing is Timing.PAST and _OF_KIN.search(before):
        return Subject.OTHER
    far = _FAR_HAD.expression.search(clauses.row(part_first, last))
    if far and far.start() < len(before) and not clauses.finds(_URGENT):
        return Subject.OTHER
    return Subject.PATIENT


def _reaches(found: re.Match[str] | None) -> bool:
    return found is not None and not _AND.search(found.group()) and not _OWN.search(found.group())


def _is_of_pet(before: str) -> bool:
    found = _IS_PET.expression.match(before)
    return found is not None and not _PET_DOES.match(before, found.end()) and not _PERSON.search(before, found.end())
