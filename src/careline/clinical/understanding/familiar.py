"""How far the words of a message are words that we know: what is not cannot have been screened."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.normalise import words_of

# Full stops of other scripts too: Devanagari, Urdu, Chinese.
_SENTENCE = re.compile(r"[^.!?;\n\r\u0964\u06d4\u3002\uff01\uff1f]+")
_WORDS_OF_A_SENTENCE = 4  # one with fewer says too little of its language
# "cest" is read as "chest", which is safe; of "c'est grave" it must not say that the words are English.
_FRENCH = re.compile(r"c['\u2018\u2019\u02bc`\u00b4]?est", re.IGNORECASE)


@dataclass(frozen=True)
class Familiarity:
    """What is known of the words of a text.

    Attributes:
        words: The words in plain form, numbers left out.
        known: How many of them are words of ours or ordinary English, as they stand.
        other_script: Share of the letters that are not Latin, 0 to 1.
    """

    words: Sequence[str]
    known: int
    other_script: float

    @property
    def unknown(self) -> int:
        """How many words are none of ours."""
        return len(self.words) - self.known


def familiarity(text: str, lexicon: Lexicon) -> Familiarity:
    """Return how far the words of `text` are words that the lexicon or the list of ordinary words has."""
    words = [
        "cest" if _FRENCH.fullmatch(text, word.start, word.end) else word.text
        for word in words_of(text)
        if word.text.isalpha()
    ]
    return Familiarity(words, sum(1 for word in words if lexicon.speller.knows(word)), _other_script(text))


def mended(words: Sequence[str], lexicon: Lexicon) -> int:
    """Return how many unknown words are words of ours once slips of spelling are mended; slow for many."""
    speller = lexicon.speller
    return sum(1 for word in words if not speller.knows(word) and speller.corrected(word) != word)


def sentences_of(text: str) -> Iterator[str]:
    """Yield the sentences that are long enough to be judged alone, where there are several: people mix languages."""
    sentences = [found.group() for found in _SENTENCE.finditer(text)]
    if len(sentences) > 1:
        yield from (sentence for sentence in sentences if len(sentence.split()) >= _WORDS_OF_A_SENTENCE)


def _other_script(text: str) -> float:
    if text.isascii():
        return 0.0
    letters = [ch for ch in text if ch.isalpha()]
    if not letters:
        return 0.0
    other = sum(1 for ch in letters if not ch.isascii() and not unicodedata.name(ch, "").startswith("LATIN"))
    return other / len(letters)
