"""What a message says is over, and whether anything else in it sounds like danger now."""

from __future__ import annotations

from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.patterns import any_of

_IS_OVER = any_of("""
    (fine|ok|okay|normal|better|grand|well|good|great|sober|recovered|settled) (again|now|since|after|afterwards|today)
    (happy|healthy|thriving|retired|clear|mended|healed|cured|safe|himself|herself|myself) (again|now|since|today)
    (none|nothing) (now|since|after)
    (fine|ok|okay|better|grand|recovered|back to normal)
    (gone|went|passed) (now|away|off)
    (recovered|resolved|cured|healed)
    no (trouble|problem*|issue*|more) since
    got over it
    cleared up
    right as rain
    now (fine|ok|okay|normal|better|gone|well|all clear)
    all (clear|gone)
    """)
_NOT_OVER = any_of("""
    (not|isnt|hasnt|havent|arent|never|doesnt|cant|wont|nowhere|hardly) .. (fine|ok|okay|normal|better|well|good|great|\
        settled|happy|healthy|clear|mended|healed|cured|safe|himself|herself|myself) (again|now|since|today|yet)
    """)
# What came on then and ended then: "was muddled after his hip, it cleared up in March".
ENDED = any_of("(cleared up|got over it|got better|recovered|healed|went away|wore off|resolved|mended|was cured)")
# Whoever writes one of these may be in danger now, whatever else is told of then.
ACUTE = any_of("""
    (now|just|today|tonight|help|urgent*|ambulance|still|yesterday|sudden*|again|new|newly|started|starting|moment)
    (keep|keeps|cannot|cant|wont|dying|tomorrow)
    (what|wot) (do|should|shall|can) (i|we)
    what to do
    (this|last) (morning|afternoon|evening|time|night|hour|week)
    (hour*|minute*|min|mins|day*|week*) (ago|back)
    (is|am|are|s|getting|gets|feel|feels|looks|much|even|far) .. (worse|worsening|weaker|numb|stiff|bad)
    (more|worse) (than|and)
    """)
_GOES_ON = any_of("""
    (since|ongoing|lately|recently|latest|another|regularly)
    (these days|more often|every (day|week|month|night))
    """)
# Of what was and came again: "face drooped in March, fine after, it drooped again today".
_CAME_AGAIN = any_of("""
    again (today|tonight|now|just|since|yesterday|this (morning|afternoon|evening))
    (today|tonight|just|this (morning|afternoon|evening)|and now|suddenly) .. again
    (returned|recurred|relapsed|come back|came back|is back|s back|its back|is here|back with)
    (having|had|has|took|taken|taking|swallowed) (one|another) (now|again|one|lot)
    (is|are|am|s|now) (jerking|shaking|foaming|fitting|drooping|bleeding|choking|collapsing|unconscious|not breathing)
    """)
_ASKS_OF_LATER = any_of("""
    (can|could|will|does|might|would|may) (it|this|that) (happen|come|return|start) [back] [again]
    (happening|coming back|coming|happen|come back) again
    another time
    """)


def is_over(row: str) -> bool:
    """Return whether the words say that something is over, and nowhere that it is not."""
    return _IS_OVER.search(row) is not None and not _NOT_OVER.search(row)


def without_what_is_over(row: str) -> str:
    """Return the words without those that say so: "fine now" tells of no danger now."""
    return row if _NOT_OVER.search(row) else _IS_OVER.sub(" #", row)


def has_come_again(clauses: Clauses) -> bool:
    """Return whether something is told to have come again, other than health."""
    return _CAME_AGAIN.search(_ASKS_OF_LATER.sub(" #", without_what_is_over(clauses.whole))) is not None


def is_calm(clauses: Clauses, told_of_now: str = " #") -> bool:
    """Return whether nothing in the message but `told_of_now`, and what is over, sounds like danger now."""
    rest = clauses.whole.replace(told_of_now, " #")
    rest = _ASKS_OF_LATER.sub(" #", without_what_is_over(rest))
    return ACUTE.search(rest) is None and _GOES_ON.search(rest) is None
