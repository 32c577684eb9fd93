"""Mending misspelt words of a question with the words that the articles use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from careline.guidance.words import plain_words

_MIN_LETTERS = 5  # shorter words have too many neighbours
_LONG = 8  # letters; from here on two slips are mended, below one
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - what keyboards make of an apostrophe


class Spelling:
    """Knows the articles' words. What is a word already, of theirs or of the language, stays as it is."""

    def __init__(self, texts: Iterable[str], *, kept: Iterable[str], is_word: Callable[[str], bool]) -> None:
        """Gather the words.

        Args:
            texts: Whose words are spelt well; the lay questions of the articles are not, on purpose.
            kept: Texts whose words are never mended, such as names of other medicines.
            is_word: Whether the encoder knows a word whole, as it does with all frequent ones.
        """
        words = {word for text in texts for word in plain_words(text)}
        # The first letter is rarely wrong, and without it "earache" would become "headache".
        self._targets: dict[str, list[str]] = {}
        for word in sorted(words):
            if len(word) >= _MIN_LETTERS and word.isalpha():
                self._targets.setdefault(word[0], []).append(word)
        self._known = words | {word for phrase in kept for word in plain_words(phrase)}
        self._is_word = is_word

    def mended(self, text: str) -> str:
        """Return the text with its misspelt words replaced."""
        return _WORD.sub(lambda match: self._mended_word(match[0]), text)

    def _mended_word(self, word: str) -> str:
        plain = "".join(plain_words(word))
        if len(plain) < _MIN_LETTERS or plain in self._known or self._is_word(plain):
            return word
        slips = 2 if len(plain) >= _LONG else 1
        best = process.extractOne(plain, self._targets.get(plain[0], ()), scorer=OSA.distance, score_cutoff=slips)
        return best[0] if best else word
