"""What the recogniser sees of a message: hashed words, pairs and triples of words, denied words, and parts of words.

There is no vocabulary to keep in memory: each feature is hashed into a fixed number of places.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careline.clinical.understanding.normalise import COMMA, Word

FEATURES_VERSION = 1  # raised by any change below: weights of another version are refused
PLACES = 1 << 17

_DENIERS = frozenset(
    "no not never without dont doesnt didnt isnt arent wasnt werent hasnt havent hadnt nor neither denies denied deny "
    "nope nothing none".split()
)
_ENDS_DENIAL = frozenset({"but", "although", "though", "except", "because"})
_DENIED = 5  # words after a denier that are marked as denied
_SHORTEST_PART, _LONGEST_PART = 2, 5  # letters
_PART_WEIGHT = 0.6  # a word has many parts: all of them together must not outweigh it


@dataclass(frozen=True)
class Features:
    """Places of a message's features, each once, and how much each counts; the values have length 1 together."""

    places: npt.NDArray[np.int64]
    values: npt.NDArray[np.float32]


def features_of(words: Sequence[Word]) -> Features:
    """Return the features of words; none for no words."""
    texts = [word.text for word in words]
    weights: dict[int, float] = {}
    for names, weight in ((_of_words(texts), 1.0), (_of_parts(texts), _PART_WEIGHT)):
        for name, count in Counter(names).items():
            place = zlib.crc32(name.encode()) % PLACES
            weights[place] = weights.get(place, 0.0) + weight * (1.0 + math.log(count))
    values = np.fromiter(weights.values(), np.float32, len(weights))
    length = float(np.sqrt(values @ values)) if len(values) else 1.0
    return Features(np.fromiter(weights.keys(), np.int64, len(weights)), values / np.float32(length))


def _of_words(texts: Sequence[str]) -> Iterator[str]:
    row = ["^", *texts, "$"]
    for index, text in enumerate(row):
        yield f"w{text}"
        if index + 1 < len(row):
            yield f"w{text} {row[index + 1]}"
        if index + 2 < len(row):
            yield f"w{text} {row[index + 1]} {row[index + 2]}"
            yield f"s{text} {row[index + 2]}"
        if text[0].isdigit():
            yield f"d{row[index - 1]} {_kind_of_number(text)}"
    yield from _denied(texts)


def _denied(texts: Sequence[str]) -> Iterator[str]:
    left = 0
    for text in texts:
        if text in _DENIERS:
            left = _DENIED
        elif text in _ENDS_DENIAL or not text[0].isalnum():
            left = left if text == COMMA else 0
        elif left:
            yield f"n{text}"
            left -= 1


def _of_parts(texts: Sequence[str]) -> Iterator[str]:
    for text in texts:
        if text[0].isalnum():
            padded = f" {text} "
            for size in range(_SHORTEST_PART, _LONGEST_PART + 1):
                for start in range(len(padded) - size + 1):
                    yield "c" + padded[start : start + size]


def _kind_of_number(text: str) -> str:
    """Return how long a number is and how it begins: readings of one size look alike."""
    whole = text.partition(".")[0]
    return f"{len(whole)}:{whole[0]}"
