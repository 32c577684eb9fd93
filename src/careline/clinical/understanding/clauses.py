"""Where one statement of a message ends and the next begins."""

from __future__ import annotations

from collections.abc import Sequence

from careline.clinical.understanding.normalise import COLON, COMMA, QUESTION, SENTENCE_END, Word

SENTENCE_MARKS = frozenset({SENTENCE_END, QUESTION, COLON})
PRONOUNS = frozenset("i he she they we it there this that these those".split())
OWNERS = frozenset("my his her our their your".split())
_TURNS = frozenset("but although though except however yet unless whereas otherwise".split())
_JOINERS = frozenset("and so then now just because also plus".split())
_OPENERS = PRONOUNS | OWNERS | frozenset("now then just also suddenly today still please help".split())
_BEFORE_A_CLAUSE_OF_ITS_OWN = frozenset(
    "that think thinks thought believe say says said feel sure if when while as since because than and or".split()
)


def clause_starts(words: Sequence[Word]) -> list[int]:
    """Return for each word the index at which its clause begins; a mark belongs to the clause that it ends."""
    starts: list[int] = []
    start = 0
    for index in range(len(words)):
        if index > 0 and (words[index - 1].text in SENTENCE_MARKS or _opens_clause(words, index)):
            start = index
        starts.append(start)
    return starts


def _opens_clause(words: Sequence[Word], index: int) -> bool:
    text, before = words[index].text, words[index - 1].text
    following = words[index + 1].text if index + 1 < len(words) else SENTENCE_END
    if text in _TURNS:
        return True
    if text in _JOINERS and following in _OPENERS:
        return True
    if before == COMMA:
        return text in _OPENERS or (text in _JOINERS and following in _OPENERS)
    return False


def clause_range(starts: Sequence[int], index: int) -> tuple[int, int]:
    """Return the clause of the word at `index`: its first word, and the index after its last."""
    first = starts[index]
    last = index
    while last < len(starts) and starts[last] == first:
        last += 1
    return first, last


def part_range(words: Sequence[Word], starts: Sequence[int], index: int) -> tuple[int, int]:
    """Return the part of the clause between commas in which the word at `index` stands."""
    clause_first, clause_last = clause_range(starts, index)
    first = index
    while first > clause_first and words[first - 1].text != COMMA:
        first -= 1
    last = index
    while last < clause_last and words[last].text != COMMA:
        last += 1
    return first, last


def sentence_range(words: Sequence[Word], index: int) -> tuple[int, int]:
    """Return the sentence of the word at `index`, without the mark that ends it."""
    first = index
    while first > 0 and words[first - 1].text not in SENTENCE_MARKS - {COLON}:
        first -= 1
    last = index
    while last < len(words) and words[last].text not in SENTENCE_MARKS - {COLON}:
        last += 1
    return first, last
