"""The pattern language of our phrases, and a matcher that tries thousands of them on one message.

Words match literally; `(a|b c)` are alternatives; `[word]` may be missing; `..` is a gap of up to three words;
`word*` is the beginning of a word; `<number>` is any number in digits. Phrases and messages are brought into the same
plain form before.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Generic, TypeVar

from careline.clinical.understanding.normalise import SENTENCE_END, words_of

T = TypeVar("T")

_TOKEN = re.compile(r"\.\.+|[()|\[\]]|[^\s()|\[\]]+")
_WORD = re.compile(r"[&%°]|[^\W_]+(?:['./][^\W_]+)*%?")
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
    source: str

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The phrase as an expression; compiled when a message first has its words, so that the start is quick."""
        return re.compile(self.source)


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


def parsed(phrase: str, signs: Mapping[str, str] = MappingProxyType({})) -> Piece:
    """Return the phrase as a regular expression over plain words, each with a blank before it.

    Args:
        phrase: A phrase in the pattern language.
        signs: More signs such as `<number>`, with the expression that each stands for.

    Raises:
        PatternError: Brackets do not match, an alternative is empty, or a word is none.
    """
    parser = _Parser(phrase, {**_SIGNS, **signs})
    piece = parser.sequence()
    if parser.rest:
        raise PatternError(f"{phrase!r}: {parser.rest[0]!r} has no beginning")
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


class _Parser:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, signs: Mapping[str, str]) -> None:
        self._phrase = phrase
        self._signs = signs
        self.rest = _TOKEN.findall(phrase.lower().replace("\u2019", "'"))

    def sequence(self) -> Piece:
        """Read up to the end of the phrase, the bracket or the alternative."""
        pieces: list[Piece] = []
        while self.rest and self.rest[0] not in (")", "]", "|"):
            sign = self.rest.pop(0)
            if sign in ("(", "["):
                pieces.append(self._group(")" if sign == "(" else "]"))
            elif sign.startswith(".."):
                pieces.append(Piece(_GAP, frozenset(), ()))
            else:
                pieces.append(self._word(sign))
        if not pieces:
            raise self._error("an alternative is empty")
        return Piece(
            "".join(piece.expression for piece in pieces),
            frozenset().union(*(piece.words for piece in pieces)),
            tuple(needed for piece in pieces for needed in piece.needs),
        )

    def _group(self, closing: str) -> Piece:
        choices = [self.sequence()]
        while self.rest and self.rest[0] == "|":
            self.rest.pop(0)
            choices.append(self.sequence())
        if not self.rest or self.rest.pop(0) != closing:
            raise self._error(f"{closing!r} is missing")
        expression = "(?:" + "|".join(choice.expression for choice in choices) + ")"
        words = frozenset().union(*(choice.words for choice in choices))
        if closing == "]":
            return Piece(f"{expression}?", words, ())
        needs = [_rarest(choice.needs) for choice in choices]
        needed = frozenset().union(*(one for one in needs if one is not None))
        return Piece(expression, words, () if None in needs else (needed,))

    def _word(self, token: str) -> Piece:
        if token in self._signs:
            return Piece(f" {self._signs[token]}{_WORD_END}", frozenset(), ())
        piece = _word_piece(token)
        if piece is None:
            raise self._error(f"{token!r} is no word; write words, without hyphens or other signs")
        return piece

    def _error(self, what: str) -> PatternError:
        return PatternError(f"{self._phrase!r}: {what}")


@lru_cache(maxsize=65_536)  # the same few thousand words stand in all phrases; phrases are content
def _word_piece(token: str) -> Piece | None:
    """Return a word of a phrase, or a word's beginning; None when it is no word."""
    stem = token[:-1] if token.endswith("*") else token
    words = [word.text for word in words_of(stem) if not word.is_mark]
    if not words or not _WORD.fullmatch(stem):
        return None
    if token != stem:
        return Piece(f" {re.escape(stem)}[^ ]*", frozenset({token}), (frozenset({token}),))
    forms = [_EQUALS.get(word, word).split("|") for word in words]
    expression = "".join(f" (?:{'|'.join(map(re.escape, form))}){_WORD_END}" for form in forms)
    return Piece(
        expression, frozenset(word for form in forms for word in form), tuple(frozenset(form) for form in forms)
    )


def _rarest(needs: tuple[frozenset[str], ...], seen: Counter[str] | None = None) -> frozenset[str] | None:
    """Return the needed words that a message is least likely to hold; None when nothing is needed."""

    def weight(words: frozenset[str]) -> tuple[int, int]:
        everyday = sum(1000 for word in words if word in _EVERYDAY)
        return everyday + sum(seen[word] if seen else 1 for word in words), -max(map(len, words))

    return min(needs, key=weight, default=None)


def check_phrase(phrase: str) -> None:
    """Check that a matcher can find the phrase.

    Raises:
        PatternError: It does not follow the pattern language.
    """
    _findable(phrase)


@lru_cache(maxsize=8192)  # a phrase is checked, then matched: parsed once. Phrases are content, never a patient's words
def _findable(phrase: str) -> Piece:
    piece = parsed(phrase)
    if not piece.needs:
        raise PatternError(f"{phrase!r}: no word of it must occur")
    return piece


class Matcher(Generic[T]):
    """Finds all phrases of a collection in a row of words.

    Each phrase is filed under a word that it needs; only the phrases whose word occurs are tried.
    """

    def __init__(self, phrases: Sequence[tuple[str, T]]) -> None:
        """Compile the phrases.

        Raises:
            PatternError: One of them does not follow the pattern language.
        """
        pieces = [(_findable(phrase), phrase, meaning) for phrase, meaning in phrases]
        seen = Counter(word for piece, _, _ in pieces for needed in piece.needs for word in needed)
        self.words = frozenset(word for piece, _, _ in pieces for word in piece.words)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_beginning: dict[str, list[int]] = defaultdict(list)
        self._patterns: list[Pattern[T]] = []
        for number, (piece, phrase, meaning) in enumerate(pieces):
            self._patterns.append(Pattern(phrase, meaning, piece.expression))
            for word in _rarest(piece.needs, seen) or ():
                filed = self._by_beginning if word.endswith("*") else self._by_word
                filed[word.rstrip("*")].append(number)
        self._beginnings = sorted({len(beginning) for beginning in self._by_beginning})

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
