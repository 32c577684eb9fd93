"""Whether a message asks for information instead of telling what is happening."""

from __future__ import annotations

from collections.abc import Sequence

from careline.clinical.understanding.clauses import clause_range
from careline.clinical.understanding.normalise import QUESTION, Word
from careline.clinical.understanding.patterns import any_of, row_of

_ANYBODY = (
    "(someone|somebody|anyone|anybody|a person|people|you|a child|children|a baby|babies|one|an adult|another person)"
)
_LEAD_IN = "[hi|hello|hey|please|so|and|but|just|also|um|ok] [can|could|would] [you|u] [please|tell|explain] [me] [i am|was] [wondering|curious]"
# A clause that begins so, and tells of nobody in particular, asks for information.
_ASKS = any_of(
    "\n".join(
        f"{_LEAD_IN} {form}"
        for form in f"""
        what (is|are|were) [the|a|an|some] [first|early|main|usual|common|warning|red flag] (sign*|symptom*|cause*|difference|risk*|chance*)
        what (is|are) [the|a|an] [best] (meaning|treatment|side effects|point of|number|name|age|way to|safe)
        what (is|are) (a|an)
        what (do|should|would|can|to) [i|you|we|one|people] [do] (if|when|for) {_ANYBODY}
        what happens (if|when|to)
        what (if|cause*|count*)
        what does .. mean
        how (do|can|should|would|could|to|does|did) [{_ANYBODY}|i|we|doctors] [best] (know|tell|spot|recognise|check|treat|prevent|avoid|stop|do)
        how (do|can|should|would|could|to|does|did) [{_ANYBODY}|i|we|doctors] [best] (give|perform|help|put|move|use|diagnose|report|feed|learn)
        how (long|often|many|much|soon|common|contagious|serious|dangerous|likely)
        how does
        (can|could|does|do|will|would|might|is|are) .. [..] (cause|causes|caused|lead|trigger|mean|kill|affect|prevent|increase|raise)
        (can|could) {_ANYBODY}
        should (i|we|everyone|people|you) [always] (carry|keep|book|learn|avoid|worry about|get [a|the|my] (vaccine|jab|test|check|checked))
        is there (a|an|any)
        (is|are) it (true|possible|safe|common|dangerous|normal) (that|to|for) (people|you|a|babies|children)
        (do|should) (i|we|you) need .. (vaccine|jab|jabs|tablets|test|booster|injection)
        (is|are) .. (contagious|hereditary|genetic|infectious|catching)
        when (is|does|do|are|should|can|will) (the|a|an|babies|most|soft|you|people|children|kids)
        why (do|does|are|is) (people|babies|children|you|we|the|a|some|it called)
        (who|which) (gets|is|are|should|has)
        """.strip().splitlines()
    ),
    at_start=True,
)
_STUDY = any_of("""
    (essay|homework|coursework|revising|revision|assignment|dissertation|lesson|quiz|leaflet|studying|coursework)
    (first aid|cpr) (course|class|training|exam|lesson)
    (exam|interview) question
    training course
    for a (story|novel|poster|project|presentation)
    writing (a|an|my) (story|novel|book|essay|script|article)
    """)
_IF_ANYBODY = any_of(f"(if|when|in case|that|how|put|move|help|treat) {_ANYBODY} ..", at_end=True)
_IF = any_of("(if|in case) [..] ..", at_end=True)
_TELLS = any_of("""
    i (am|have|feel|got|cant|think|just|woke|fell|took|keep)
    (my|he|she|his|her|we|our|our|right now|mine|now)
    """)


def asks_for_information(words: Sequence[Word], starts: Sequence[int], first: int) -> bool:
    """Return whether the whole clause around `first` asks about a thing in general, and tells of nobody."""
    clause_first, clause_last = clause_range(starts, first)
    if _IF_ANYBODY.search(_row(words, clause_first, first)):
        return True
    clause = _row(words, clause_first, clause_last)
    return _ASKS.search(clause) is not None and _TELLS.search(clause) is None


def is_for_study(words: Sequence[Word]) -> bool:
    """Return whether the message says that it is for a course, an essay or the like."""
    return _STUDY.search(_row(words, 0, len(words))) is not None


def is_supposed(words: Sequence[Word], starts: Sequence[int], first: int) -> bool:
    """Return whether the statement is only supposed: "if it gets worse"."""
    return _IF.search(_row(words, starts[first], first)) is not None


def is_question(words: Sequence[Word], starts: Sequence[int]) -> bool:
    """Return whether the message asks for information, or asks at all."""
    return any(word.text == QUESTION for word in words) or any(
        asks_for_information(words, starts, opening) for opening in sorted(set(starts))
    )


def _row(words: Sequence[Word], first: int, last: int) -> str:
    return row_of(word.text for word in words[first:last] if not word.is_mark)
