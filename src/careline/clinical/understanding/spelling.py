"""Misspelt words: the one that was probably meant, among those that our phrases use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from importlib import resources

from rapidfuzz.distance import OSA

_ONE_SLIP_FROM, _TWO_SLIPS_FROM = 5, 8  # letters of a word from which so many slips still leave it recognisable
_LONGEST = 24
# First letters that are mistaken for one another by sound ("sezure", "fysical", "nife").
_SOUND_ALIKE = ({"c", "k", "s", "q"}, {"f", "p"}, {"k", "n"}, {"g", "j"}, {"e", "i"}, {"o", "u", "a"})
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
        self._known = self._vocabulary | frozenset(ordinary) | TURNING
        self._by_letter: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary - TURNING):
            if len(word) >= _ONE_SLIP_FROM - 1:
                self._by_letter[word[0]].append(word)
        self.corrected = lru_cache(maxsize=8192)(self._corrected)

    def _corrected(self, word: str) -> str:
        """Return the word that was probably meant; the word itself when it is known or nothing is near."""
        if word in self._known or not word.isalpha() or len(word) > _LONGEST:
            return word
        if len(word) < _ONE_SLIP_FROM - 1:
            return word
        single = _without_doubles(word)
        if single in self._known and len(word) >= _ONE_SLIP_FROM:
            return single
        return self._nearest(word, self._by_letter.get(word[0], ())) or self._sounding_like(word) or word

    def _nearest(self, word: str, candidates: Iterable[str]) -> str | None:
        best: str | None = None
        best_slips = _slips_allowed(word) + 1
        for candidate in candidates:
            if abs(len(candidate) - len(word)) >= best_slips:
                continue
            slips = OSA.distance(word, candidate, score_cutoff=best_slips - 1)
            if slips < best_slips and _is_close(word, candidate, slips):
                best, best_slips = candidate, slips
        return best

    def _sounding_like(self, word: str) -> str | None:
        letters = {letter for group in _SOUND_ALIKE if word[0] in group for letter in group} - {word[0]}
        candidates = [candidate for letter in sorted(letters) for candidate in self._by_letter.get(letter, ())]
        return self._nearest(word, candidates) if len(word) > _ONE_SLIP_FROM else None


def _slips_allowed(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _is_close(word: str, candidate: str, slips: int) -> bool:
    if len(word) < _ONE_SLIP_FROM:  # of a short word only two letters that changed places ("pian")
        return slips == 1 and sorted(word) == sorted(candidate)
    return len(candidate) >= (_TWO_SLIPS_FROM - 1 if slips == 2 else _ONE_SLIP_FROM - 1)


def _without_doubles(word: str) -> str:
    """Return the word with each double letter as one: "heelp", which was "heeeelp"."""
    return "".join(letter for place, letter in enumerate(word) if place == 0 or letter != word[place - 1])


@lru_cache(maxsize=1)
def ordinary_words() -> frozenset[str]:
    """Return the common English words that are never taken for a misspelling."""
    text = resources.files(__package__).joinpath("ordinary_words.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())
