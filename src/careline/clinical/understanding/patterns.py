"""The pattern language of our phrases.

Words match literally; `(a|b c)` are alternatives; `[word]` may be missing; `..` is a gap of up to three words;
`word*` is the beginning of a word; `<number>` is any number in digits. `A ~ B` is both in one sentence, in either
order, with up to twelve words between. Phrases and messages are brought into the same plain form before.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import NamedTuple

from careline.clinical.understanding.normalise import SENTENCE_END, words_of

# Brackets without brackets in them are read as one: most of our phrases are made of long lists of alternatives.
_TOKEN = re.compile(r"\([^()\[\]]*\)|\[[^()\[\]]*\]|\.\.+|[()|\[\]]|[^\s()|\[\]]+")
_BARE = re.compile(r"\.\.+|[^\s()|\[\]]+")
_CLOSING = frozenset({")", "]", "|"})
_WORD = re.compile(r"[&%°]|[^\W_]+(?:['./][^\W_]+)*%?")
_SIGNS = {"<number>": r"\d+(?:\.\d+)?", "/": "/"}
_GAP = rf"((?: [^ {SENTENCE_END}]+){{0,3}}?)"
_BESIDE = re.compile(r"\s~\s")
WIDEST_GAP = 12  # words between the two sides of a phrase
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
EVERYDAY = frozenset(
    "a an the i my me you your he she it they we his her their is s am are was be been has have had do does did in on "
    "of to for with at from and or so this that all up out not cant dont isnt wont get got feel feels like one some "
    "very really just im when if no after".split()
)


class PatternError(ValueError):
    """A phrase does not follow the pattern language; says how."""


class Piece(NamedTuple):
    """A part of a phrase, made of other parts or of none.

    What it needs is known at once. Its expression is put together when it is asked for: most phrases have no word in
    most messages, and thousands are read at the start.

    Attributes:
        needs: Of each of these sets, one word must occur; a beginning of a word ends in "*".
        before: What its expression begins with.
        parts: What it is made of.
        between: What stands between the expressions of its parts.
        after: What its expression ends with.
    """

    needs: tuple[frozenset[str], ...]
    before: str = ""
    parts: tuple[Piece, ...] = ()
    between: str = ""
    after: str = ""

    @property
    def expression(self) -> str:
        """The regular expression, over plain words with a blank before each."""
        return f"{self.before}{self.between.join([part.expression for part in self.parts])}{self.after}"


_GAP_PIECE = Piece((), _GAP)


def parsed(phrase: str, signs: Mapping[str, str] = MappingProxyType({})) -> Piece:
    """Return a phrase of one side as a regular expression over plain words, each with a blank before it.

    Args:
        phrase: A phrase in the pattern language.
        signs: More signs such as `<number>`, with the expression that each stands for.

    Raises:
        PatternError: Brackets do not match, an alternative is empty, or a word is none.
    """
    parser = _Parser(phrase, {**_SIGNS, **signs})
    piece = parser.sequence()
    if parser.rest is not None:
        raise PatternError(f"{phrase!r}: {parser.rest!r} has no beginning")
    return piece


def any_of(
    phrases: str, *, at_start: bool = False, at_end: bool = False, signs: Mapping[str, str] = MappingProxyType({})
) -> re.Pattern[str]:
    """Return one expression for phrases given one to a line; lines that begin with "//" are comments.

    Args:
        phrases: Phrases in the pattern language.
        at_start: Whether they must stand where the row begins.
        at_end: Whether they must stand where it ends.
        signs: As to `parsed`.
    """
    expressions = [parsed(line, signs).expression for line in _lines(phrases)]
    return re.compile(f"{'^' if at_start else ''}(?:{'|'.join(expressions)}){'$' if at_end else ''}")


def _lines(phrases: str) -> Iterator[str]:
    lines = (line.strip() for line in phrases.splitlines())
    yield from (line for line in lines if line and not line.startswith("//"))


class Cue:
    """Phrases that are looked for in the parts of many messages, and for which most messages have no words.

    Attributes:
        expression: As `any_of` makes it.
    """

    def __init__(self, phrases: str, *, at_end: bool = False) -> None:
        """Compile the phrases, given as to `any_of`."""
        self.expression = any_of(phrases, at_end=at_end)
        self.needs = [parsed(line).needs for line in _lines(phrases)]


class CueWords:
    """Tells whether a message has words for any phrase of some cues, so that they are not looked for in vain."""

    def __init__(self, *cues: Cue) -> None:
        """File the phrases under the words of which they need one."""
        self._filed: dict[str, list[_Needs]] = defaultdict(list)
        self._always = False  # a phrase may be there whatever the words
        for needs in (needs for cue in cues for needs in cue.needs):
            whole = sorted((words for words in needs if not _has_beginning(words)), key=_weight)
            self._always = self._always or not whole
            for word in whole[0] if whole else ():
                self._filed[word].append(_Needs(whole[1:], [words for words in needs if _has_beginning(words)]))
        self._words = frozenset(self._filed)

    def may_be_in(self, said: frozenset[str]) -> bool:
        """Return whether one of the phrases can be found in some of the words `said`; in doubt it can."""
        return self._always or any(needs.are_met(said) for word in self._words & said for needs in self._filed[word])


class _Needs:
    """What a phrase needs besides the word under which it is filed."""

    def __init__(self, whole: Sequence[frozenset[str]], with_beginnings: Sequence[frozenset[str]]) -> None:
        self._whole = whole
        self._starts = [tuple(sorted(word.rstrip("*") for word in words)) for words in with_beginnings]

    def are_met(self, said: frozenset[str]) -> bool:
        """Return whether each need is met; for words in a need that has beginnings, more than they are let pass."""
        return not any(needed.isdisjoint(said) for needed in self._whole) and all(
            any(word.startswith(starts) for word in said) for starts in self._starts
        )


def _has_beginning(words: frozenset[str]) -> bool:
    return any(word.endswith("*") for word in words)


def row_of(words: Iterable[str]) -> str:
    """Return the words as the expressions of this module want them: a blank before each."""
    return "".join([f" {word}" for word in words])


def places_in_row(words: Sequence[str]) -> dict[int, int]:
    """Return which word it is by the place in the row where its blank stands; by the row's end, how many there are."""
    ends = accumulate([len(word) + 1 for word in words], initial=0)
    return {at: index for index, at in enumerate(ends)}


class _Parser:
    """Reads one phrase from left to right."""

    def __init__(self, phrase: str, signs: Mapping[str, str]) -> None:
        self._phrase = phrase
        self._signs = signs
        self._tokens = _TOKEN.findall(phrase.lower().replace("\u2019", "'"))
        self._at = 0

    @property
    def rest(self) -> str | None:
        """What has not been read yet begins with it; None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def sequence(self) -> Piece:
        """Read up to the end of the phrase, the bracket or the alternative."""
        pieces: list[Piece] = []
        while (sign := self.rest) is not None and sign not in _CLOSING:
            self._at += 1
            pieces.append(self._part(sign) if sign[0] not in "([" else self._group(sign))
        return self._row(pieces)

    def _group(self, sign: str) -> Piece:
        if len(sign) > 1:
            choices = [_word_piece(choice) or self._choice(choice) for choice in sign[1:-1].split("|")]
        else:
            choices = self._choices(")" if sign == "(" else "]")
        return _one_of(choices, is_optional=sign[0] == "[")

    def _choices(self, closing: str) -> list[Piece]:
        """Read the alternatives of a bracket that holds brackets."""
        choices = [self.sequence()]
        while self.rest == "|":
            self._at += 1
            choices.append(self.sequence())
        if self.rest != closing:
            raise self._error(f"{closing!r} is missing")
        self._at += 1
        return choices

    def _choice(self, text: str) -> Piece:
        """Read an alternative without brackets."""
        return self._row([self._part(token) for token in _BARE.findall(text)])

    def _row(self, pieces: list[Piece]) -> Piece:
        if not pieces:
            raise self._error("an alternative is empty")
        if len(pieces) == 1:
            return pieces[0]
        return Piece(tuple([needed for piece in pieces for needed in piece.needs]), parts=tuple(pieces))

    def _part(self, token: str) -> Piece:
        piece = _word_piece(token)
        if piece is not None:
            return piece
        if token.startswith(".."):
            return _GAP_PIECE
        if token in self._signs:
            return Piece((), f" {self._signs[token]}{_WORD_END}")
        raise self._error(f"{token!r} is no word; write words, without hyphens or other signs")

    def _error(self, what: str) -> PatternError:
        return PatternError(f"{self._phrase!r}: {what}")


def _one_of(choices: list[Piece], *, is_optional: bool) -> Piece:
    needs: tuple[frozenset[str], ...] = ()
    if not is_optional and all([choice.needs for choice in choices]):
        rarest = [choice.needs[0] if len(choice.needs) == 1 else min(choice.needs, key=_weight) for choice in choices]
        needs = (frozenset().union(*rarest),)
    return Piece(needs, "(?:", tuple(choices), "|", ")?" if is_optional else ")")


@lru_cache(maxsize=65_536)  # the same few thousand words stand in all phrases; phrases are content
def _word_piece(token: str) -> Piece | None:
    """Return a word of a phrase, or a word's beginning; None when it is no word."""
    if token.endswith("*"):
        stem = token[:-1]
        return Piece((frozenset({token}),), f" {re.escape(stem)}[^ ]*") if _plain_words(stem) else None
    forms = [_EQUALS.get(word, word).split("|") for word in _plain_words(token)]
    if not forms:
        return None
    expression = "".join([f" (?:{'|'.join(map(re.escape, form))}){_WORD_END}" for form in forms])
    return Piece(tuple(map(frozenset, forms)), expression)


def _plain_words(token: str) -> list[str]:
    """Return the words that a typed word stands for; none when it is no word."""
    return [word.text for word in words_of(token) if not word.is_mark] if _WORD.fullmatch(token) else []


def words_in(phrases: Iterable[str]) -> frozenset[str]:
    """Return all words that the phrases use."""
    tokens = set(_BARE.findall("\n".join(phrases).lower().replace("\u2019", "'")))
    pieces = (_word_piece(token) for token in tokens)
    return frozenset(word for piece in pieces if piece is not None for needed in piece.needs for word in needed)


@lru_cache(maxsize=65_536)
def _weight(words: frozenset[str]) -> tuple[int, int]:
    """Return how likely a message is to hold one of the words, as far as the words themselves tell."""
    return 1000 * len(words & EVERYDAY) + len(words), -max(map(len, words))


def check_phrase(phrase: str) -> None:
    """Check that a matcher can find the phrase.

    Raises:
        PatternError: It does not follow the pattern language.
    """
    findable(phrase)


@lru_cache(maxsize=8192)  # a phrase is checked, then matched: parsed once. Phrases are content, never a patient's words
def findable(phrase: str) -> tuple[Piece, ...]:
    """Return the phrase as a matcher can find it: its one side, or its two.

    Raises:
        PatternError: It does not follow the pattern language.
    """
    sides = tuple([parsed(side) for side in _BESIDE.split(phrase)])
    if len(sides) > 2:
        raise PatternError(f"{phrase!r}: use '~' once")
    if not any(side.needs for side in sides):
        raise PatternError(f"{phrase!r}: no word of it must occur")
    return sides
