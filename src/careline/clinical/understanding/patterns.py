"""The pattern language of our phrases, and a matcher that tries thousands of them on one message.

Words match literally; `(a|b c)` are alternatives; `[word]` may be missing; `..` is a gap of up to three words;
`word*` is the beginning of a word; `<number>` is any number in digits. Phrases and messages are brought into the same
plain form before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from careline.clinical.understanding.normalise import SENTENCE_END, words_of

T = TypeVar("T")

_SIGN = re.compile(r"\.\.+|[()|\[\]]|[^\s()|\[\]]+")
_WORD = re.compile(r"&|[^\W_]+(?:['./][^\W_]+)*%?")
_SIGNS = {"<number>": r"\d+(?:\.\d+)?", "/": "/"}
_GAP = rf"((?: [^ {SENTENCE_END}]+){{0,3}}?)"
_WORD_END = "(?![^ ])"
# Words that stand for one another in a phrase: one sign, typed in several ways.
_EQUALS = {
    "s": "s|is|has",
    "is": "is|s",
    "has": "has|s",
    "not": "not|isnt|arent|wasnt|hasnt|havent",
    "isnt": "isnt|not|arent",
    "hasnt": "hasnt|not|havent",
    "dont": "dont|doesnt",
    "doesnt": "doesnt|dont",
    "cant": "cant|couldnt",
}
_EVERYDAY = frozenset(
    "a an the i my me you your he she it they we his her their is s am are was be been has have had do does did in on "
    "of to for with at from and or so this that all up out not cant dont isnt wont get got feel feels like one some "
    "very really just im when if no after".split()
)


class PatternError(ValueError):
    """A phrase does not follow the pattern language; says how."""


@dataclass(frozen=True)
class Piece:
    """A part of a phrase: its regular expression, the words it uses, and the words one of which it needs."""

    expression: str
    words: frozenset[str]
    needs: tuple[frozenset[str], ...]  # of each, one must occur; a beginning of a word ends in "*"


@dataclass(frozen=True)
class Pattern(Generic[T]):
    """A phrase ready to match, and what it means."""

    phrase: str
    meaning: T
    expression: re.Pattern[str]


@dataclass(frozen=True)
class Match(Generic[T]):
    """A phrase that was found.

    Attributes:
        first: Index of its first word among the words given to the matcher.
        last: Index after its last word.
        gaps: The same for each of its gaps that is not empty.
    """

    meaning: T
    first: int
    last: int
    gaps: tuple[tuple[int, int], ...] = field(default=())


def parsed(phrase: str) -> Piece:
    """Return the phrase as a regular expression over plain words, each with a blank before it.

    Raises:
        PatternError: Brackets do not match, an alternative is empty, or nothing is left that must occur.
    """
    signs = _SIGN.findall(phrase.lower().replace("\u2019", "'"))
    piece, rest = _sequence(signs, 0, phrase)
    if rest != len(signs):
        raise PatternError(f"{phrase!r}: {signs[rest]!r} has no beginning")
    if not piece.needs:
        raise PatternError(f"{phrase!r}: nothing in it must occur")
    return piece


def any_of(phrases: str, *, at_start: bool = False, at_end: bool = False) -> re.Pattern[str]:
    """Return one expression for phrases given one to a line; lines that begin with "//" are comments.

    Args:
        phrases: Phrases in the pattern language.
        at_start: Whether they must stand where the row begins.
        at_end: Whether they must stand where it ends.
    """
    lines = (line.strip() for line in phrases.splitlines())
    expressions = [parsed(line).expression for line in lines if line and not line.startswith("//")]
    return re.compile(f"{'^' if at_start else ''}(?:{'|'.join(expressions)}){'$' if at_end else ''}")


def row_of(words: Iterable[str]) -> str:
    """Return the words as the expressions of this module want them: a blank before each."""
    return "".join(f" {word}" for word in words)


def _sequence(signs: Sequence[str], at: int, phrase: str) -> tuple[Piece, int]:
    pieces: list[Piece] = []
    while at < len(signs) and signs[at] not in ")]|":
        if signs[at] in "([":
            piece, at = _group(signs, at, phrase)
        elif signs[at].startswith(".."):
            piece, at = Piece(_GAP, frozenset(), ()), at + 1
        else:
            piece, at = _word(signs[at], phrase), at + 1
        pieces.append(piece)
    if not pieces:
        raise PatternError(f"{phrase!r}: an alternative is empty")
    return Piece(
        "".join(piece.expression for piece in pieces),
        frozenset().union(*(piece.words for piece in pieces)),
        tuple(needed for piece in pieces for needed in piece.needs),
    ), at


def _group(signs: Sequence[str], at: int, phrase: str) -> tuple[Piece, int]:
    opening = signs[at]
    closing = ")" if opening == "(" else "]"
    choices: list[Piece] = []
    while True:
        choice, at = _sequence(signs, at + 1, phrase)
        choices.append(choice)
        if at >= len(signs) or signs[at] not in ("|", closing):
            raise PatternError(f"{phrase!r}: {opening!r} is not closed")
        if signs[at] == closing:
            break
    expression = "(?:" + "|".join(choice.expression for choice in choices) + ")"
    words = frozenset().union(*(choice.words for choice in choices))
    if opening == "[":
        return Piece(expression + "?", words, ()), at + 1
    needs = [_rarest(choice.needs) for choice in choices]
    needed = frozenset().union(*(one for one in needs if one is not None))
    return Piece(expression, words, () if None in needs else (needed,)), at + 1


def _rarest(needs: tuple[frozenset[str], ...], seen: Counter[str] | None = None) -> frozenset[str] | None:
    """Return the needed words that a message is least likely to hold; None when nothing is needed."""

    def weight(words: frozenset[str]) -> tuple[int, int]:
        everyday = sum(1000 for word in words if word in _EVERYDAY)
        return everyday + sum(seen[word] if seen else 1 for word in words), -max(map(len, words))

    return min(needs, key=weight, default=None)


def _word(sign: str, phrase: str) -> Piece:
    if sign in _SIGNS:
        return Piece(f" {_SIGNS[sign]}{_WORD_END}", frozenset(), ())
    stem = sign[:-1] if sign.endswith("*") else sign
    words = [word.text for word in words_of(stem) if not word.is_mark]
    if not words or not _WORD.fullmatch(stem):
        raise PatternError(f"{phrase!r}: {sign!r} is no word; write words, without hyphens or other signs")
    if sign != stem:
        return Piece(f" {re.escape(stem)}[^ ]*", frozenset({sign}), (frozenset({sign}),))
    forms = [_EQUALS.get(word, word).split("|") for word in words]
    expression = "".join(f" (?:{'|'.join(map(re.escape, form))}){_WORD_END}" for form in forms)
    return Piece(
        expression, frozenset(word for form in forms for word in form), tuple(frozenset(form) for form in forms)
    )


class Matcher(Generic[T]):
    """Finds all phrases of a collection in a row of words.

    Each phrase is filed under a word that it needs; only the phrases whose word occurs are tried.
    """

    def __init__(self, phrases: Sequence[tuple[str, T]]) -> None:
        """Compile the phrases.

        Raises:
            PatternError: One of them does not follow the pattern language.
        """
        pieces = [(parsed(phrase), phrase, meaning) for phrase, meaning in phrases]
        seen = Counter(word for piece, _, _ in pieces for needed in piece.needs for word in needed)
        self.words = frozenset(word for piece, _, _ in pieces for word in piece.words)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_beginning: dict[str, list[int]] = defaultdict(list)
        self._patterns: list[Pattern[T]] = []
        for number, (piece, phrase, meaning) in enumerate(pieces):
            self._patterns.append(Pattern(phrase, meaning, re.compile(piece.expression)))
            for word in _rarest(piece.needs, seen) or ():
                filed = self._by_beginning if word.endswith("*") else self._by_word
                filed[word.rstrip("*")].append(number)
        self._beginnings = sorted({len(beginning) for beginning in self._by_beginning})

    def __len__(self) -> int:
        """Return how many phrases there are."""
        return len(self._patterns)

    def matches(self, words: Sequence[str]) -> Iterator[Match[T]]:
        """Yield each phrase found in `words`; none reaches over `SENTENCE_END`."""
        row = row_of(words)
        place: dict[int, int] = {}
        at = 0
        for index, word in enumerate(words):
            place[at] = index
            at += len(word) + 1
        place[at] = len(words)
        for number in self._candidates(words):
            pattern = self._patterns[number]
            for found in pattern.expression.finditer(row):
                gaps = tuple(
                    (place[found.start(group)], place[found.end(group)])
                    for group in range(1, pattern.expression.groups + 1)
                    if found.end(group) > found.start(group)
                )
                yield Match(pattern.meaning, place[found.start()], place[found.end()], gaps)

    def _candidates(self, words: Sequence[str]) -> list[int]:
        numbers: set[int] = set()
        for word in set(words):
            numbers.update(self._by_word.get(word, ()))
            for length in self._beginnings:
                numbers.update(self._by_beginning.get(word[:length], ()))
        return sorted(numbers)
