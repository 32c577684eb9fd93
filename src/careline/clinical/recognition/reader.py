"""The sentence reader's part in the score: a second model that reads windows whole, joined to the words' score.

The model itself is a port: what runs it is not this room's. Where it has no answer the words alone are heard.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from careline.clinical.content import Shape
from careline.clinical.recognition.features import features_of
from careline.clinical.recognition.model import Model, Row
from careline.clinical.recognition.windows import Window, windows_of
from careline.clinical.understanding.normalise import Word

_MOST_AROUND = 64  # words that the reader is given at once
_MOST_READ = 24  # windows of a message: those that the words find most like danger; a long text must not take long


class ReaderCalibration(Shape, frozen=True, kw_only=True):
    """How the joint score is read; measured on the calibration part, with weights that have not seen it.

    Attributes:
        weight: What the reader's score counts beside the words' score.
        question, card: Joint scores from which on a safety question is asked, and a card is raised.
        beside: How far a sentence may score below the likeliest words and still belong to what they report.
        window_penalty, least_share: As in the words' `Calibration`, of joint scores and shares.
        naming: How much the reader says which flag: 0 leaves it to the words, 1 to the reader.
    """

    weight: float
    question: float
    card: float
    beside: float
    window_penalty: float
    least_share: float
    naming: float


@dataclass(frozen=True)
class Reading:
    """What the reader makes of one text.

    Attributes:
        score: How much it reads like one that reports a red flag; above zero when more for than against.
        flags: A score for each flag of the word recogniser, in its order; the powers of e are as shares.
    """

    score: float
    flags: Row


class SentenceReader(Protocol):
    """Reads texts of a few sentences."""

    @property
    def calibration(self) -> ReaderCalibration:
        """How its scores are joined to the words'."""
        ...

    def read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
        """Return a reading for each text, not depending on the other texts; None when it cannot answer in time."""
        ...


@dataclass(frozen=True)
class Heard:
    """Of a message, the words that read most like a red flag.

    Attributes:
        sentences: How many sentences of the message may have been what scored so: each is a chance of a high score.
        reading: What the reader makes of these words in what surrounds them; None where the words alone were heard.
    """

    score: float
    words: Sequence[Word]
    sentences: int
    reading: Reading | None = None


def scored_windows(model: Model, words: Sequence[Word]) -> list[tuple[float, Window]]:
    """Return the windows of a message, each with the words' score."""
    return [(model.score(features_of(window.words)), window) for window in windows_of(words)]


def heard_by_words(scored: Sequence[tuple[float, Window]], unremarkable: float) -> Heard:
    """Return what the words alone hear; `unremarkable` as in `Calibration`."""
    if not scored:
        return Heard(-math.inf, (), 0)
    score, window = max(scored, key=lambda each: each[0])
    return Heard(score, window.words, sum(each.sentences == 1 and other >= unremarkable for other, each in scored))


def heard_together(
    scored: Sequence[tuple[float, Window]], text: str, reader: SentenceReader, weight: float, beside: float
) -> Heard | None:
    """Return what words and reader hear together in a message; None where the reader has no answer.

    First the words that score highest are found. Then the reader reads them once more in what surrounds them, and its
    score of that counts: often it is the sentence before or after that says whether there is danger.
    """
    likeliest = sorted(range(len(scored)), key=lambda index: -scored[index][0])[:_MOST_READ]
    chosen = [scored[index] for index in sorted(likeliest)]
    readings = reader.read([said_in(text, window.words) for _, window in chosen])
    if readings is None or not chosen:
        return None
    joint = [score + weight * reading.score for (score, _), reading in zip(chosen, readings, strict=True)]
    best = max(range(len(joint)), key=joint.__getitem__)
    chances = sum(
        window.sentences == 1 and score >= joint[best] - beside
        for score, (_, window) in zip(joint, chosen, strict=True)
    )
    by_words, window = chosen[best]
    around = reader.read([said_in(text, _around(window, [each for _, each in scored if each.sentences == 1]))])
    if around is None:
        return None
    return Heard(by_words + weight * around[0].score, window.words, chances, around[0])


def _around(window: Window, sentences: Sequence[Window]) -> Sequence[Word]:
    """Return the words of a window and of the sentences around it, as many before as after, while they are few."""
    start, end = window.words[0].start, window.words[-1].end
    before = [each.words for each in sentences if each.words[0].start < start]
    after = [each.words for each in sentences if each.words[-1].end > end][::-1]
    earlier: list[Word] = []
    later: list[Word] = []
    while before or after:
        is_before = bool(before) and (not after or len(earlier) <= len(later))
        sentence = (before if is_before else after).pop()
        if len(window.words) + len(earlier) + len(later) + len(sentence) > _MOST_AROUND:
            (before if is_before else after).clear()
        elif is_before:
            earlier = [*sentence, *earlier]
        else:
            later = [*later, *sentence]
    return [*earlier, *window.words, *later]


def said_in(text: str, words: Sequence[Word]) -> str:
    """Return the text that neighbouring words of it stand in."""
    return text[words[0].start : words[-1].end]


def joined_shares(by_words: Row, reading: Reading, naming: float) -> Row:
    """Return the shares of flags that words and reader give together; `by_words` are shares."""
    logs = (1 - naming) * np.log(by_words + np.float32(1e-12)) + naming * (reading.flags - reading.flags.max())
    powers: Row = np.exp(logs - logs.max()).astype(np.float32)
    shares: Row = powers / powers.sum()
    return shares
