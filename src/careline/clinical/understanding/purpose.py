"""Whether a message asks for information instead of telling what is happening."""

from __future__ import annotations

from careline.clinical.understanding.clauses import Clauses
from careline.clinical.understanding.normalise import QUESTION
from careline.clinical.understanding.patterns import any_of

_ANYBODY = (
    "(someone|somebody|anyone|anybody|people|you|children|babies|one|they|(a|an|another) "
    "(person|child|baby|adult|friend|patient|colleague|customer|stranger|student|pupil|relative|woman|man|"
    "guest|resident))"
)
# Words with which a question begins; it asks for information when its clause tells of nobody in particular.
_ASKS = any_of(
    f"""
    what (is|are|were) [the|a|an|some] [first|early|main|usual|common|warning|red flag] (sign*|symptom*|cause*|\
        difference|risk*)
    what (is|are) [the|a|an] [best|normal|safe] (chance*|meaning|treatment|side effect*|number|name|age|way|\
        definition|level*)
    what (is|are) (a|an)
    what (do|should|would|can|to) [i|you|we|one|people] [do] (if|when|for) {_ANYBODY}
    what happens (if|when|to)
    what (if|cause*|makes|count*)
    what does .. .. mean
    how (do|can|should|would|could|to|does|did) [{_ANYBODY}|i|we|doctors] [best] (know|tell|spot|recognise|\
        check|treat|do|test)
    how (do|can|should|would|could|to|does|did) [{_ANYBODY}|i|we|doctors] [best] (give|perform|help|put|move|\
        use|diagnose)
    how (do|can|should|would|could|to|does|did) [{_ANYBODY}|i|we|doctors] [best] (report|feed|learn|respond|\
        handle|get|support)
    how (long|often|many|much|soon|common|contagious|serious|dangerous|likely|does|is|are)
    (can|could|does|do|will|would|might|is|are) .. .. (cause*|lead|trigger*|mean|kill|affect|prevent|increase|\
        raise|make (you|it|people))
    (can|could) ({_ANYBODY}|a|an|the)
    should (i|we|everyone|people|you) [always|still] (carry|keep|book|learn|avoid|worry about|take (aspirin|\
        paracetamol))
    should (i|we|everyone|people|you) [always] get [a|the|my] (vaccine|jab|test|check|checked|booster)
    is there (a|an|any)
    (is|are) it (true|possible|safe|common|dangerous) (that|to|for)
    (do|should) (i|we|you) need .. (vaccin*|jab|jabs|malaria tablets|yellow fever|booster|injection)
    (is|are) .. (contagious|hereditary|genetic|infectious|catching|a crime)
    when (is|does|do|are|should|can|will) (the|a|an|babies|most|soft|you|people|children|kids)
    why (do|does|are|is) (people|babies|children|you|we|the|a|some|it called)
    (who|which) (gets|is|are|should|has|symptoms|signs)
    """
)
_LEADS_IN = frozenset(
    "hi hello hey please so and but just also um ok can could would you tell explain me i am was wondering curious to "
    "know ask if question quick".split()
)
_PREVENTS = any_of("how (do|can|should|would|could|to) [i|we|you] [best] (prevent|avoid|reduce the risk)")
_DEFINES = any_of("what (is|are)")
_STUDY = any_of("""
    (essay|homework|coursework|revising|revision|assignment|dissertation|lesson|quiz|leaflet|studying)
    (first aid|cpr|nursing|medical|carer|antenatal) (course|class|training|exam|lesson|module|student)
    (med|midwifery|nursing) student
    (exam|interview) question
    (training|teaching) (course|session|day)
    for a (story|novel|poster|project|presentation|talk)
    writing (a|an|my) (story|novel|book|essay|script|article|policy)
    """)
_QUESTION_WORDS = frozenset(
    "what how when why which who where can could does do is are should would will did am whats hows".split()
)
_OF_ANYBODY = any_of(f"(if|when|in case|that|how|put|move|help|treat|to) {_ANYBODY} ..", at_end=True)
_SUPPOSED = any_of(
    """
    (if|in case) [..] ..
    (worried|anxious|scared|afraid|nervous|terrified) (about|of) (getting|developing|catching) ..
    """,
    at_end=True,
)
_TELLS = any_of("""
    i (am|have|feel|got|cant|think|just|woke|fell|took|keep)
    (my|me|he|she|his|her|we|our|mine|now)
    """)
_LONGEST_DEFINITION = 6


def asks_for_information(clauses: Clauses, first: int) -> bool:
    """Return whether the whole clause around word `first` asks about a thing in general, and tells of nobody."""
    clause_first, clause_last = clauses.clause(first)
    if _OF_ANYBODY.search(clauses.row(clause_first, first, marks=False)):
        return True
    clause = clauses.row(_without_lead_in(clauses, clause_first, clause_last), clause_last, marks=False)
    if _PREVENTS.match(clause):
        return True
    if _TELLS.search(clause):
        return False
    is_definition = _DEFINES.match(clause) is not None and len(clause.split()) <= _LONGEST_DEFINITION
    return is_definition or _ASKS.match(clause) is not None


def is_for_study(clauses: Clauses, first: int) -> bool:
    """Return whether the statement is in a question, and the message says that it is for a course, an essay or so."""
    sentence_first, sentence_last = clauses.sentence(first)
    is_asked = clauses.text(sentence_first) in _QUESTION_WORDS or clauses.text(sentence_last) == QUESTION
    return is_asked and _STUDY.search(clauses.whole) is not None


def is_supposed(clauses: Clauses, first: int) -> bool:
    """Return whether the statement is only supposed: "if it gets worse"."""
    return _SUPPOSED.search(clauses.row(clauses.start(first), first, marks=False)) is not None


def is_question(clauses: Clauses) -> bool:
    """Return whether the message asks for information, or asks at all."""
    return any(word.text == QUESTION for word in clauses.words) or any(
        asks_for_information(clauses, beginning) for beginning in clauses.beginnings
    )


def _without_lead_in(clauses: Clauses, first: int, last: int) -> int:
    while first + 1 < last and clauses.text(first) in _LEADS_IN and clauses.text(first + 1) not in ("am", "have"):
        first += 1
    return first
