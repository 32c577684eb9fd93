"""How hard a text is to read: its Flesch-Kincaid grade, the US school year in which a child reads it with ease."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from readability import KincaidGradeLevel
from readability.langdata import countsyllables_en

_SENTENCE_ENDS = re.compile(r"(?<=[.!?:])\s+|\n+")
_WORD = re.compile(r"[a-z]+(?:['\u2019-][a-z]+)*")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def reading_grade(markdown: str, *, known_words: Collection[str] = ()) -> float:
    """Return the Flesch-Kincaid grade of Markdown text; 7 is read with ease at about eleven or twelve years.

    Each item of a list is a sentence. Known words (those the glossary explains to the reader, such as *paracetamol*)
    count as one syllable: they stay in their sentence, but do not make it harder.

    Raises:
        ValueError: The text has no words.
    """
    sentences = list(_sentences(markdown))
    words = [word for sentence in sentences for word in sentence]
    if not words:
        raise ValueError("The text has no words. Write some.")
    # The library counts no syllable in "the" and "be"; every word has one.
    syllables = sum(1 if word in known_words else max(1, countsyllables_en(word)) for word in words)
    return float(KincaidGradeLevel(syllables, len(words), len(sentences)))


def hard_words(markdown: str, *, known_words: Collection[str] = ()) -> list[str]:
    """Return the words of three syllables and more that are not known, each once, most frequent first."""
    counts: dict[str, int] = {}
    for sentence in _sentences(markdown):
        for word in sentence:
            if word not in known_words and countsyllables_en(word) >= 3:
                counts[word] = counts.get(word, 0) + 1
    return sorted(counts, key=lambda word: (-counts[word], word))


def words_per_sentence(markdown: str) -> float:
    """Return how many words a sentence has on average; 0 where there is none."""
    lengths = [len(sentence) for sentence in _sentences(markdown)]
    return sum(lengths) / len(lengths) if lengths else 0.0


def _sentences(markdown: str) -> Iterator[list[str]]:
    plain = _LINK.sub(r"\1", markdown).lower()
    for part in _SENTENCE_ENDS.split(plain):
        words = list(_words(part))
        if words:
            yield words


def _words(text: str) -> Iterable[str]:
    return (match.group().replace("\u2019", "'") for match in _WORD.finditer(text))
