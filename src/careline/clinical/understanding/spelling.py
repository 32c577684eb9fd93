"""Misspelt words: the one that was probably meant, among those that our phrases use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from importlib import resources

from rapidfuzz import process
from rapidfuzz.distance import OSA

_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 5, 8  # letters of a word from which so many slips still leave it recognisable
_LONGEST = 24
_ENDINGS = ("s", "es", "ed", "ing", "er", "ers", "ly", "ness", "less", "ful", "able", "ish", "y")
_SHORTEST_STEM, _MUST_DOUBLE, _VOWELS = 3, 4, "aeiou"
# First letters that are mistaken for one another by sound ("sezure", "fysical", "nife").
_SOUNDS_LIKE = {
    "c": "ksq", "k": "cnsq", "s": "ckq", "q": "cks", "f": "p", "p": "f", "n": "k", "g": "j", "j": "g", "e": "i",
    "i": "e", "o": "au", "u": "ao", "a": "ou",
}  # fmt: skip
# Words that turn a sentence round: never the result of a correction, never corrected.
TURNING = frozenset(
    "no not never none nor neither without cant couldnt wont wouldnt dont doesnt didnt isnt arent wasnt werent hasnt "
    "havent hadnt shouldnt nope nothing nobody denies denied deny but except although unless".split()
)


class Speller:
    """Corrects words towards a vocabulary; words that are ordinary English are left as they are."""

    def __init__(self, vocabulary: Iterable[str], ordinary: Collection[str]) -> None:
        """Index the words that may be the result of a correction.

        Args:
            vocabulary: The words of our phrases, in plain form.
            ordinary: Words that are right as they stand, whatever they resemble.
        """
        self._vocabulary = frozenset(word for word in vocabulary if word.isalpha())
        self._ordinary = frozenset(ordinary)
        self._known = self._vocabulary | self._ordinary | TURNING
        self._by_shape: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._by_singles: dict[str, str] = {}
        for word in sorted(self._vocabulary - TURNING):
            self._by_shape[word[0], len(word)].append(word)
            if len(word) >= _ONE_SLIP_FROM - 1:
                self._by_singles[_without_doubles(word)] = word

    def corrected(self, word: str) -> str:
        """Return the word that was probably meant; the word itself when it is known or nothing is near.

        Nothing is remembered: what patients type stays nowhere.
        """
        if word in self._known or not word.isalpha() or len(word) > _LONGEST:
            return word
        if len(word) < _ONE_SLIP_FROM - 1:
            return word
        if len(word) >= _ONE_SLIP_FROM and _without_doubles(word) in self._by_singles:
            return self._by_singles[_without_doubles(word)]  # "realy" is not "real" with an ending
        if self._is_inflected(word):
            return word
        if len(word) < _ONE_SLIP_FROM:
            return self._rearranged(word)
        whole = f"{word}g" if word.endswith("in") else ""  # "vomitin"
        if whole and whole not in TURNING and (whole in self._known or self._is_inflected(whole)):
            return whole
        nearest = self._nearest(word, word[0])
        if nearest is None and len(word) > _ONE_SLIP_FROM:
            nearest = self._nearest(word, _SOUNDS_LIKE.get(word[0], ""))
        return nearest or word

    def knows(self, word: str) -> bool:
        """Return whether the word is right as it stands: one of ours, or ordinary English with a regular ending."""
        return word in self._known or self._is_inflected(word)

    def _is_inflected(self, word: str) -> bool:
        """Return whether the word is an ordinary one with a regular ending: "revising", "stubbed", "greenish"."""
        return any(
            stem in self._ordinary
            for ending in _ENDINGS
            if word.endswith(ending)
            for stem in _stems(word[: -len(ending)], ending)
        )

    def _rearranged(self, word: str) -> str:
        """Return the short word of which two letters have changed places ("pian"); all else is too far."""
        alike = (known for known in self._by_shape.get((word[0], len(word)), ()) if sorted(known) == sorted(word))
        return next((known for known in alike if OSA.distance(known, word) == 1), word)

    def _nearest(self, word: str, letters: str) -> str | None:
        """Return the word of the vocabulary with the fewest slips, among those that begin with one of `letters`."""
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        shortest = max(len(word) - slips, _TWO_SLIPS_FROM - 1 if slips == 2 else _ONE_SLIP_FROM - 1)
        best: str | None = None
        for shape in ((letter, length) for letter in letters for length in range(shortest, len(word) + slips + 1)):
            found = process.extractOne(word, self._by_shape.get(shape, ()), scorer=OSA.distance, score_cutoff=slips)
            if found is not None:
                best, slips = found[0], int(found[1]) - 1
            if slips == 0:
                break
        return best


def _stems(rest: str, ending: str) -> Iterator[str]:
    """Yield what may have stood before the ending."""
    if len(rest) < _SHORTEST_STEM:
        return
    if ending[0] in _VOWELS:
        yield f"{rest}e"
        if rest[-1] == rest[-2]:
            yield rest[:-1]
        if len(rest) <= _MUST_DOUBLE and rest[-1] not in "wxy" and rest[-2] in _VOWELS and rest[-3] not in _VOWELS:
            return  # "fiting" is not "fit" and "ing": that would be "fitting"
    yield rest
    if rest[-1] == "i":
        yield f"{rest[:-1]}y"


def _without_doubles(word: str) -> str:
    """Return the word with each double letter as one: "heelp", which was "heeeelp"."""
    return "".join(letter for place, letter in enumerate(word) if place == 0 or letter != word[place - 1])


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Return the common English words that are never taken for a misspelling."""
    text = resources.files(__package__).joinpath("ordinary_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
