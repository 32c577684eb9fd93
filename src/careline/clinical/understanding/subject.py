"""Whom a message speaks of: the person who needs help now, or somebody else."""

from __future__ import annotations

from careline.clinical.finding import Subject, Timing
from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.patterns import any_of

_KIN = (
    "(mum|dad|nan*|gran*|parent*|brother*|sister*|uncle*|aunt*|cousin*|nephew*|niece*|son|daughter|wife|husband|partner|"
    "friend*|mate*|neighbour*|colleague*|boss|boyfriend|girlfriend|family|relative*|ex|coworker*|flatmate|classmate|teacher|"
    "someone|somebody|girl|boy|man|woman|lad|baby|he|she|they|kid|child|guy|lady)"
)
_FAR = (
    "(uncle*|aunt*|cousin*|colleague*|boss|coworker*|classmate*|teacher|celebrity|actor|singer|footballer|relative*|"
    "neighbour*)"
)
_PET = "(cat|dog|puppy|kitten|hamster|rabbit|horse|parrot|pet|guinea pig|budgie|goldfish|pony|cow|sheep|lamb|tortoise)"
_IN_THE_FAMILY = any_of("""
    run* in (the|my|our) family
    family history
    in (the|my|our) family
    (genetic|hereditary)
    """)
_DIED = any_of(f"""
    {_KIN} .. (died|passed away)
    lost my {_KIN}
    killed (my|his|her) {_KIN}
    """)
_OF_KIN = any_of(_KIN)
_FAR_HAD = any_of(
    f"{_FAR} .. (had|was|were|got|suffered)\n(girl|boy|man|woman|someone|somebody) (at|in|from) .. (had|was|got)"
)
_URGENT = any_of("""
    (now|just|today|tonight|help|urgent|minutes|ambulance|still|yesterday)
    what (do|should|can) (i|we)
    what to do
    this morning
    isnt
    """)
_STORY = any_of("""
    (in|on|from|of|watching|watched|saw|seen|seeing|playing) (a|an|the|that|this|my|some) .. (film|movie|show|\
        drama|episode|soap)
    (in|on|from|of|watching|watched|saw|seen|seeing|playing) (a|an|the|that|this|my|some) .. (documentary|book|\
        novel|game|series)
    (in|on|from|of|watching|watched|saw|seen|seeing) (a|an|the|that|this|my|some) .. (play|podcast|video|clip|\
        advert|poster|scene)
    (saw|seen|watched|heard|someone|somebody|woman|man|guy|character) .. on (telly|the telly|tv|netflix|youtube|\
        tiktok|the news)
    in (eastenders|casualty|hollyoaks|the news)
    (read|reading) (about|that|an article|in)
    (character|storyline|documentary)
    (the|a|that|this) (film|movie|scene|drama)
    (zombie|horror) .. (film|movie)
    (film|movie) zombie
    (nightmare*|dream|dreams|dreamt|dreaming) (about|of|that|where)
    """)
_IS_PET = any_of(f"[my|our|the|a|his|her|neighbours] [neighbours] {_PET}", at_start=True)
_PET_DOES = any_of("""
    (bite*|bit|scratch*|hair|poo|attack*|jump*|allerg*|knock*|trip*|lick*|kick*|fell on|stood on|ran|toy|food|lead|bowl)
    """)
_PERSON = any_of(f"(i|me|and|my|him|her|them|us|{_KIN})")


def subject_of(clauses: Clauses, first: int, last: int, timing: Timing) -> Subject:
    """Return whom the statement from word `first` to `last` is about.

    Anybody of whom it is said as happening now is the patient. Somebody else it is only when it is history of another
    person, runs in the family, is a story, or an animal.
    """
    part_first, part_last = clauses.part(first)
    part, before = clauses.row(part_first, part_last), clauses.row(part_first, first)
    if _IN_THE_FAMILY.search(part) or _DIED.search(part) or _is_of_pet(before):
        return Subject.OTHER
    if _STORY.search(part) and not _URGENT.search(part):
        return Subject.OTHER
    if timing is Timing.PAST and _OF_KIN.search(before):
        return Subject.OTHER
    far = _FAR_HAD.search(clauses.row(part_first, last))
    if far and far.start() < len(before) and not _URGENT.search(clauses.whole):
        return Subject.OTHER
    return Subject.PATIENT


def _is_of_pet(before: str) -> bool:
    found = _IS_PET.match(before)
    return found is not None and not _PET_DOES.match(before, found.end()) and not _PERSON.search(before, found.end())
