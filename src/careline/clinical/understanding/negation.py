"""What a message denies: how far a "no" reaches, and how sure that is."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from careline.clinical.understanding.clauses import OWNERS, PRONOUNS, Clauses
from careline.clinical.understanding.normalise import COLON, COMMA, QUESTION, SENTENCE_END


class Denial(enum.IntEnum):
    """How a statement stands to a denial."""

    NONE = 0
    DOUBTFUL = 1  # within reach of a "no", yet it may be meant otherwise
    CERTAIN = 2
    DOUBLE = 3  # denied twice: nobody knows


_DENIERS = frozenset(
    "no not never without dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt nor neither denies denied deny "
    "nope".split()
)
_OF_NOUNS = frozenset({"no", "without"})
_NEGATIVE = _DENIERS | frozenset({"nothing", "nowt", "none", "cant", "couldnt", "wont"})
_ONLY_BEFORE_PERCEIVING = frozenset({"cant", "couldnt"})
_MAY_DENY = _DENIERS | _ONLY_BEFORE_PERCEIVING
_PERCEIVING = frozenset("see notice find spot say".split())
# Words between a denier and what it denies that leave the denial as it is.
_FILLERS = frozenset(
    "a an any the some have has had having got get gets getting feel feels feeling felt be been being is s was were of "
    "in on at all ever even really actually currently to sign signs symptom symptoms trace hint bit kind sort form "
    "problem problems issue issues trouble my his her our their your experience experiencing experienced "
    "noticed notice see find say suffer suffering complain complaining show showing seem seems look looks think "
    "thinks thought believe believed that longer more i he she they we it there this anything like such".split()
)
_SHADES = frozenset(
    "bad severe sharp big obvious visible major serious new other further significant sudden proper actual real great "
    "much too very so terribly red strong high mild slight little single nasty horrible worrying physical "
    "noticeable apparent definite recent loud".split()
)
# After these, "no" and "not" say something else than that the sign is missing.
_NOT_A_DENIAL = {
    "no": frozenset(
        "idea doubt wonder relief better way matter use change different joke luck improvement reason cure let letup "
        "end help answer point rest worse one medicine medication appointment response break stranger".split()
    ),
    "not": frozenset(
        "only just merely sure certain stopped stopping going gone improving improved better easing helping settling "
        "letting getting long far until to knowing able well good great right fine ok okay normal myself "
        "himself his her my usual herself itself coping responding sleeping eating drinking improve "
        "touching shifting working worth".split()
    ),
    "dont": frozenset("know want understand care let mind worry wish normally usually often mean ignore like".split()),
    "doesnt": frozenset("know want normally usually often help mean like let".split()),
    "didnt": frozenset("know want sleep help mean like let".split()),
    "never": frozenset("mind".split()),
    "nor": frozenset(),
}  # fmt: skip
_RELATING = frozenset(
    "with from for because about due after when while as since until who which if before during despite where".split()
)
_ENDING = frozenset("stopped stop gone improved helped eased settled shifted cleared cured relieved fixed".split())
# Right after the sign they name something else: "no chest pain relief".
_OTHER_HEADS = frozenset(
    "relief killer killers medicine medication tablets meds treatment spray clinic appointment".split()
)
_WORSE_THAN_EVER = frozenset(
    (("like", "this"), ("like", "it"), ("this", "bad"), ("so", "bad"), ("as", "bad"), ("that", "bad"))
)
_TURNING_BACK = frozenset({"but", "just", "only", "although", "though", "except", "however", COMMA})
_LINKS = frozenset({"or", "nor", "and", COMMA})
_REACH = 30
_LONGEST_ITEM = 5


@dataclass
class _Walk:
    """What lies between a denier and a statement."""

    between: int = 0  # words of the last item that are neither filler nor shade
    link: str | None = None  # what joins the last item to the list
    is_cut: bool = False


def denial_of(clauses: Clauses, first: int, last: int) -> Denial:
    """Return how the statement from word `first` to `last` stands to the deniers before it, in its own clause."""
    found = Denial.NONE
    begin = max(clauses.start(first), first - _REACH)
    for at, text in enumerate(clauses.texts(begin, first), begin):
        if text in _MAY_DENY and _denies(clauses, at, first):
            found = max(found, _reach_of(clauses, at, first, last))
    if found is Denial.NONE and _is_answered_no(clauses, last):
        return Denial.CERTAIN
    return found


def denied_in_gap(clauses: Clauses, first: int, last: int, gaps: Sequence[tuple[int, int]]) -> bool:
    """Return whether a denier in a gap of the phrase denies what follows: "arm is not numb" for "arm .. numb".

    Not when what follows is negative itself, or goes on with something negative: "inhaler isn't doing nothing", "no
    poo, not even gas".
    """
    in_gaps = {at for gap in gaps for at in range(*gap)}
    negative = [at for at in range(first, last) if at not in in_gaps and clauses.text(at) in _NEGATIVE]
    return any(
        _denies(clauses, at)
        and clauses.text(at + 1) != "even"
        and all(clauses.text(after) in _FILLERS | _SHADES for after in range(at + 1, end))
        for begin, end in gaps
        for at in range(begin, end)
        if not (negative and negative[-1] >= end)
    )


def has_denier(clauses: Clauses, first: int, last: int) -> bool:
    """Return whether anything is denied between the words `first` and `last`."""
    return not _NEGATIVE.isdisjoint(clauses.texts(first, last))


def turns_within(clauses: Clauses, first: int, last: int) -> bool:
    """Return whether the phrase turns on its way, so that what denies its beginning need not deny its end."""
    return not _TURNING_BACK.isdisjoint(clauses.texts(first + 1, last))


def _denies(clauses: Clauses, at: int, first: int = -1) -> bool:
    """Return whether the word at `at` denies what follows; `first` is where the statement in question begins."""
    text, following = clauses.text(at), clauses.text(at + 1)
    if text in _ONLY_BEFORE_PERCEIVING:
        return following in _PERCEIVING
    if text not in _DENIERS:
        return False
    if at + 1 == first:
        return True
    if following in _NOT_A_DENIAL.get(text, ()):
        return False
    if text in ("no", "nope") and (following in PRONOUNS | OWNERS | {COMMA, SENTENCE_END, QUESTION, COLON}):
        return False  # an answer, not part of the sentence: "no my chest hurts"
    return not (text in ("havent", "hasnt", "isnt", "arent", "wasnt") and following in _NOT_A_DENIAL["not"])


def _reach_of(clauses: Clauses, denier: int, first: int, last: int) -> Denial:
    walk = _Walk()
    for at in range(denier + 1, first):
        text = clauses.text(at)
        if _denies(clauses, at):
            is_double = text != "no" and walk.link is None and walk.between == 0
            return Denial.DOUBLE if is_double else Denial.NONE  # else it has a denier of its own
        _step(walk, text, clauses.text(at - 1))
        if walk.is_cut:
            return Denial.NONE
    if (walk.between and clauses.text(denier) not in _OF_NOUNS and walk.link is None) or walk.between > 2:
        return Denial.NONE
    if clauses.text(last) in _OTHER_HEADS:
        return Denial.NONE
    if clauses.text(denier) == "never" and _is_compared(clauses, last):
        return Denial.NONE
    is_negative = clauses.text(first) in _NEGATIVE
    if is_negative and (walk.link is not None or clauses.text(denier) in _OF_NOUNS):
        return Denial.NONE  # "no cough, can't breathe"
    reach = _by_link(walk.link, clauses, first, last)
    is_sure = walk.between == 0 and not is_negative and clauses.text(denier) not in _ONLY_BEFORE_PERCEIVING
    return reach if is_sure else min(reach, Denial.DOUBTFUL)


def _step(walk: _Walk, text: str, before: str) -> None:
    if text in _LINKS:
        walk.between = 0
        walk.link = text
    elif text in _RELATING or text in _ENDING:
        walk.is_cut = True
    elif text in PRONOUNS and before not in ("think", "thinks", "believe", "that", "say", "thought") and text not in (
        "this", "that", "it", "there",
    ):  # fmt: skip
        walk.is_cut = True
    elif text not in _FILLERS and text not in _SHADES:
        walk.between += 1
        walk.is_cut = walk.between > _LONGEST_ITEM


def _by_link(link: str | None, clauses: Clauses, first: int, last: int) -> Denial:
    if link is None or link in ("or", "nor"):
        return Denial.CERTAIN
    if link == "and":
        return Denial.DOUBTFUL
    return _list_goes_on(clauses, first, last)


def _list_goes_on(clauses: Clauses, first: int, last: int) -> Denial:
    """Return whether a list joined by commas still belongs to the denier: it does when "or" closes it."""
    is_bare = clauses.text(last) in (COMMA, "or", "nor")
    length = last - first
    for at in range(last, min(len(clauses.words), last + _REACH)):
        text = clauses.text(at)
        if text in ("or", "nor"):
            return Denial.CERTAIN if is_bare else Denial.DOUBTFUL
        if text in (SENTENCE_END, QUESTION, COLON, "but") or text in PRONOUNS or _denies(clauses, at):
            break
        length = 0 if text == COMMA else length + 1
        if text in _RELATING or length > _LONGEST_ITEM:
            return Denial.NONE
    return Denial.DOUBTFUL if length <= 3 else Denial.NONE


def _is_compared(clauses: Clauses, last: int) -> bool:
    following = [clauses.text(last + offset) for offset in range(4)]
    return "before" in following or any(pair in _WORSE_THAN_EVER for pair in pairwise(following))


def _is_answered_no(clauses: Clauses, last: int) -> bool:
    """Return whether a "no" answers right after: "chest pain? no", "fever: none"."""
    after = [word.text for word in clauses.words[last : last + 3] if word.text != SENTENCE_END]
    if len(after) < 2 or after[0] not in (QUESTION, COLON) or after[1] not in ("no", "nope", "none"):
        return False
    at = last + (3 if clauses.text(last + 1) == SENTENCE_END else 2)
    return clauses.text(at) in (SENTENCE_END, COMMA, QUESTION)
