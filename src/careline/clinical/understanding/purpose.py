"""Whether a message asks for information instead of telling what is happening."""

from __future__ import annotations

from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import COMMA, QUESTION
from careline.clinical.understanding.patterns import Cue, CueWords, any_of

_ANYBODY = (
    "(someone|somebody|anyone|anybody|people|you|children|babies|one|they|(a|an|another) "
    "(person|child|baby|adult|friend|patient|colleague|customer|stranger|student|pupil|relative|woman|man|"
    "guest|resident))"
)
# Clauses that begin so and tell of nobody in particular ask for information. Narrow on purpose: "what helps against",
# "is it dangerous" and "should I take" are asked by people who have it.
_ASKS = Cue(
    f"""
    what (is|are|were) [the|some] [first|early|main|usual|common|warning] (sign*|symptom*|cause*|difference|risk*)
    what (is|are) [the|a|an] [normal|safe] (chance*|meaning|side effect*|number|name|age|definition|level*)
    what (do|should|would|can|to) [i|you|we|one|people] [do] (if|when) {_ANYBODY}
    what happens (if|when|to) {_ANYBODY}
    what does .. .. (mean|look like)
    what counts as
    what (makes|causes) [a|an|the|your] (stool*|poo|wee|urine|people|babies|skin|children|somebody|someone|blood)
    (is|are) .. .. always [a|an]
    can (babies|children|people|you|adults) get
    how (do|can|should|would|could|does|did) ({_ANYBODY}|doctors) [best] (know|tell|spot|recognise|treat|test|move)
    how (do|can|should|would|to) [i|we] [best] (perform|use|report|learn|diagnose|do) (the|a|an|cpr)
    how to [best] (recognise|spot|respond to|treat|help|move|put) {_ANYBODY}
    how (common|contagious|often)
    how (is|are) .. .. (measured|diagnosed|tested|treated|spread|caught)
    (can|could|does|do|will|would|might|is|are) .. .. (cause*|lead|trigger*|affect|prevent|increase|raise)
    (can|does) .. give you
    should (i|we|everyone|people|you) [always|still] carry
    should (i|we|everyone|people|you) [still] (get|have) [a|the] (vaccine|jab|booster|screening)
    is there (a|an|any) (vaccine|jab|test|difference|risk|chance|leaflet|course|poster)
    (is|are) it true
    (do|should) (i|we|you) need .. (vaccin*|jab|jabs|malaria tablets|yellow fever|booster|injection)
    (is|are) .. (contagious|hereditary|genetic|infectious|catching|a crime)
    when (is|does|do|are|should|can|will) (the|a|an|babies|most|soft|you|people|children|kids)
    why (do|does|are|is) (people|babies|children|you|some people)
    which (symptoms|signs)
    who (gets|should have)
    """
)
_LEADS_IN = frozenset(
    "hi hello hey please so and but just also um ok you tell explain me i am was wondering curious to know ask if "
    "question quick".split()
)
_PREVENTS = Cue("how (do|can|should|would|could|to) [i|we|you] [best] (prevent|avoid|reduce the risk)")
_MIGHT_GIVE = Cue("(can|could|will|would|does|might) .. give (me|you|him|her|us) [a|an|the]", at_end=True)
_DEFINES = Cue("what (is|are) [a|an|the]")
_STUDY = Cue("""
    (first aid|cpr|nursing|medical|carer|antenatal|training) (course|class|exam|lesson|module)
    (writing|for) (a|an|my) (essay|assignment|dissertation|story|novel|poster|article|policy|presentation)
    (exam|interview|quiz) question
    (studying|revising|revision|homework) [for] [my|a|an|the]
    (care certificate|nursing assignment|sex ed class|med student|medical student|student nurse|risk assessment)
    """)
_OF_ANYBODY = Cue(
    f"""
    (if|when|in case) {_ANYBODY}
    how (to|do|does|can|should) [i|you|we] [put|move|help|treat|give|respond to|stop] {_ANYBODY}
    """
)
_SUPPOSED = Cue(
    """
    (if|in case) [..] ..
    (worried|anxious|scared|afraid|nervous|terrified) (about|of) (getting|developing|catching) ..
    """,
    at_end=True,
)
# Before a medicine: whether it may be taken is asked, not told that it is.
_MAY_TAKE = Cue(
    """
    (can|could|should|may|shall|do|must) (i|we|he|she|you|my (child|son|daughter|mum|dad|baby|toddler)) \
        [still|also|just|safely] (take|have|use|try|mix|get|give [him|her|them|it]) [some|any|a|an|my|the]
    (ok|okay|safe|alright|fine|allowed) [for] [me|him|her|us|my (child|son|daughter|baby)] to \
        (take|have|use|try|mix|give) [some|any|a|an]
    (scared|afraid|nervous|reluctant|frightened) to (take|try|use) [some|any|a|an]
    """,
    at_end=True,
)
_TELLS = any_of("""
    i (am|have|feel|got|cant|think|just|woke|fell|took|take|keep|do it)
    (my|me|he|she|his|her|him|we|our|mine|now|ambulance|emergency|urgent|urgently|hurry|quick)
    """)


_INFORMATION_WORDS = CueWords(_PREVENTS, _MIGHT_GIVE, _ASKS, _DEFINES, _OF_ANYBODY)
_STUDY_WORDS, _SUPPOSED_WORDS, _MAY_TAKE_WORDS = CueWords(_STUDY), CueWords(_SUPPOSED), CueWords(_MAY_TAKE)
_LONGEST_DEFINITION = 6  # words: "what is a mini stroke"
_NEAR = 3  # words between "if someone" and what happens to them


def asks_for_information(clauses: Clauses, first: int, last: int) -> bool:
    """Return whether the whole clause of the statement asks about a thing in general, and tells of nobody.

    Args:
        clauses: The message.
        first: The statement's first word.
        last: The word after it; the same as `first` to ask about the clause that begins there.
    """
    if not clauses.may_hold(_INFORMATION_WORDS):
        return False
    clause_first, clause_last = clauses.clause(first)
    begin = _without_lead_in(clauses, clause_first, clause_last)
    clause = clauses.row(begin, clause_last, marks=False)
    before = clauses.row(begin, first, marks=False)
    if _PREVENTS.expression.match(clause) or _MIGHT_GIVE.expression.search(before):
        return True
    if _TELLS.search(clause) or any(clauses.text(at) == COMMA for at in range(begin, first)):
        return False
    if _ASKS.expression.match(clause) or _defines(clause, before):
        return True
    found = _OF_ANYBODY.expression.search(before + clauses.row(first, last, marks=False))
    return found is not None and found.start() < len(before) and before.count(" ", found.end()) <= _NEAR


def _defines(clause: str, before: str) -> bool:
    found = _DEFINES.expression.match(clause)
    return found is not None and found.end() >= len(before) and clause.count(" ") <= _LONGEST_DEFINITION


def is_for_study(clauses: Clauses, first: int) -> bool:
    """Return whether the statement is in a question, and the message says that it is for a course, an essay or so."""
    if not clauses.may_hold(_STUDY_WORDS):
        return False
    _, sentence_last = clauses.sentence(first)
    is_asked = clauses.text(sentence_last) == QUESTION and not _TELLS.search(clauses.row(*clauses.clause(first)))
    return is_asked and clauses.finds(_STUDY.expression)


def is_supposed(clauses: Clauses, first: int) -> bool:
    """Return whether the statement is only supposed: "if it gets worse"."""
    if not clauses.may_hold(_SUPPOSED_WORDS):
        return False
    return _SUPPOSED.expression.search(clauses.row(clauses.start(first), first, marks=False)) is not None


def asks_whether_to_take(clauses: Clauses, first: int) -> bool:
    """Return whether the medicine that begins at word `first` is only asked about: "can I take ibuprofen"."""
    if not clauses.may_hold(_MAY_TAKE_WORDS):
        return False
    return _MAY_TAKE.expression.search(clauses.row(clauses.start(first), first, marks=False)) is not None


def is_question(clauses: Clauses) -> bool:
    """Return whether the message asks for information, or asks at all."""
    return any(word.text == QUESTION for word in clauses.words) or any(
        asks_for_information(clauses, beginning, beginning) for beginning in clauses.beginnings
    )


def _without_lead_in(clauses: Clauses, first: int, last: int) -> int:
    """Return where the clause begins after "hi, can you tell me" and the like."""
    while first + 1 < last:
        text, following = clauses.text(first), clauses.text(first + 1)
        is_polite = text in ("can", "could", "would") and following == "you"
        if not is_polite and (text not in _LEADS_IN or following in ("am", "have")):
            break
        first += 1
    return first
