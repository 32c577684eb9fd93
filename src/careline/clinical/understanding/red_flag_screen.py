"""Red flags in the words of a language that is otherwise not read: they may raise a card, and clear nothing.

Matched as our own phrases are (`matcher`). A denial is believed only where it stands right before the words and in
their own part of the sentence; in doubt the flag is raised. Where nothing is found, nothing is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from careline.clinical.finding import Finding
from careline.clinical.understanding.matcher import Match, Matcher
from careline.clinical.understanding.normalise import QUESTION, SENTENCE_END, Word, words_of
from careline.clinical.understanding.patterns import any_of, row_of


@dataclass(frozen=True)
class DenialWords:
    """How a language denies, and speaks of long ago.

    Attributes:
        deniers: Words that deny what follows.
        fillers: Words between a denier and what it denies.
        long_ago: Phrases of a sentence that speaks of the past.
        figures: Phrases that mean no danger, whatever their words.
    """

    deniers: frozenset[str]
    fillers: frozenset[str]
    long_ago: re.Pattern[str]
    figures: re.Pattern[str]


DENIAL_WORDS: Mapping[str, DenialWords] = MappingProxyType(
    {
        "es": DenialWords(
            deniers=frozenset("no sin nunca jamas tampoco ni niega niego".split()),
            # "nada", "mas" and "que" are none: "nothing but chest pain".
            fillers=frozenset(
                "tengo tiene tienes tuve tuvo he ha hemos tenido hay habia siento siente sentido noto nota me le se te "
                "nos un una el la los las ningun ninguna ya esta estoy estaba de signos sintomas senales ni "
                "mi".split()
            ),
            long_ago=any_of("""
                hace (muchos|varios|unos|<number>|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte) anos
                (el|la) (ano|decada) (pasado|pasada)
                cuando era (nino|nina|joven|pequeno|pequena|chico|chica)
                de (nino|nina|joven|pequeno|pequena)
                """),
            figures=any_of("""
                (muero|moria|morirme|morir|muriendo) de (risa|hambre|sueno|ganas|sed|verguenza|calor|amor)
                dolor de (huevos|cabeza que) [es] [este|mi] (jefe|trabajo|trafico)
                (durmio|duerme|dormid*|durmieron) .. .. por .. .. (sentad*|postura|encima|cruzad*)
                (rompe|partio|parte|rompio|duele el) [el|mi] (corazon) (de|ver|por) (pena|amor|verte|ver|tristeza)
                """),
        )
    }
)  # fmt: skip
_LETTERS = re.compile(r"<[a-z]+>|[a-z]+")
_SOUNDS = tuple(
    (re.compile(written), sound)
    for written, sound in (
        ("cc?(?=[ei])", "s"),
        ("qu(?=[ei])|q|c", "k"),
        ("ks", "s"),
        ("g(?=[ei])", "j"),
        ("n(?=[vb])", "m"),
        ("v", "b"),
        ("z", "s"),
        ("ll", "y"),
        (r"([a-z])\1", r"\1"),
    )
)
_REACH = 5  # words before the match in which a denier is looked for


class RedFlagScreen:
    """The expressions of one language, ready to screen a message."""

    def __init__(self, language: str, expressions: Mapping[str, Iterable[str]]) -> None:
        """Compile the expressions, by red flag.

        Raises:
            PatternError: One of them does not follow the pattern language.
        """
        phrases = [(as_it_sounds(phrase), flag) for flag, own in expressions.items() for phrase in own]
        self._matcher: Matcher[str] = Matcher(list(dict.fromkeys(phrases)))
        self._words = DENIAL_WORDS[language]

    def found_in(self, text: str) -> tuple[Finding, ...]:
        """Return a finding for each red flag that the words mean, with its place in them."""
        plain, sounds, after_mark = _rows(text)
        found: dict[str, Finding] = {}
        for match in self._matcher.matches(sounds):
            if match.meaning not in found and not self._is_set_aside(plain, after_mark, match):
                start, end = plain[match.first].start, plain[match.last - 1].end
                found[match.meaning] = Finding(match.meaning, start=start, end=end)
        return tuple(found.values())

    def _is_set_aside(self, words: Sequence[Word], after_mark: set[int], match: Match[str]) -> bool:
        first, last = match.first, match.last
        while first > 0 and words[first - 1].text != SENTENCE_END:
            first -= 1
        while last < len(words) and words[last].text != SENTENCE_END:
            last += 1
        row = row_of([word.text for word in words[first:last]])
        is_elsewhere = self._words.long_ago.search(row) is not None or self._words.figures.search(row) is not None
        return is_elsewhere or self._is_denied(words, after_mark, match.first)

    def _is_denied(self, words: Sequence[Word], after_mark: set[int], first: int) -> bool:
        if first in after_mark:
            return False
        for at in range(first - 1, max(-1, first - 1 - _REACH), -1):
            if words[at].text in self._words.deniers:
                return True
            if words[at].text not in self._words.fillers or at in after_mark:
                return False
        return False


def _rows(text: str) -> tuple[list[Word], list[str], set[int]]:
    """Return the words in plain form, the same as they sound, and the indices of those that follow a comma or colon."""
    bare = unaccented(text)
    plain: list[Word] = []
    sounds: list[str] = []
    after_mark: set[int] = set()
    seen = -1
    for word in words_of(bare):
        if word.text in (SENTENCE_END, QUESTION):
            plain.append(Word(SENTENCE_END, word.start, word.end))
            sounds.append(SENTENCE_END)
        elif word.is_mark:
            after_mark.add(len(plain))
        elif word.start != seen:  # one that stands for two was taken whole
            seen = word.start
            typed = bare[word.start : word.end].lower()
            heard = [each.text for each in words_of(as_it_sounds(typed)) if not each.is_mark]
            plain += [Word(typed, word.start, word.end)] * len(heard)
            sounds += heard
    return plain, sounds, after_mark


def as_it_sounds(phrase: str) -> str:
    """Return Spanish words as they sound, so that the commonest slips of spelling make no difference.

    >>> as_it_sounds("me kiero haser daño"), as_it_sounds("me quiero hacer daño")
    ('me kiero aser dano', 'me kiero aser dano')
    """
    return _LETTERS.sub(
        lambda found: _sound(found.group()) if found.group()[0] != "<" else found.group(), unaccented(phrase.lower())
    )


def _sound(word: str) -> str:
    heard = word.replace("ch", "C").replace("h", "")
    for written, sound in _SOUNDS:
        heard = written.sub(sound, heard)
    return heard.replace("C", "ch") or word


def unaccented(text: str) -> str:
    """Return the text with plain letters for accented ones, each in its own place."""
    return "".join(_plain_letter(letter) for letter in text)


def _plain_letter(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if len(parts) > 1 and parts[0].isalpha() else letter
