"""What the recogniser makes of a message: whether it reads like a red flag, which, and by which words."""

from __future__ import annotations

import enum
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from careline.clinical.recognition.features import features_of
from careline.clinical.recognition.model import Bands, Head, Model, Row
from careline.clinical.recognition.windows import chances_of, windows_of, without_last_mark
from careline.clinical.understanding.normalise import Word, words_of

_MOST_QUOTED = 6  # words: enough to see what it went by
_LIKELY_COMPLAINTS = 3


class Band(enum.Enum):
    """What is done with a score."""

    CARD = "card"
    QUESTION = "question"
    NONE = "none"


@dataclass(frozen=True)
class Recognition:
    """What the recogniser makes of one message.

    Attributes:
        flags: Red flags that it reads like, most likely first; none in the band `NONE`.
        quotes: Where the words stand that carried the score, as offsets in the message.
        is_diffuse: Whether no flag is likely: the words read like danger, and the flags named are mostly not the one.
    """

    score: float
    band: Band
    flags: tuple[str, ...] = ()
    quotes: tuple[tuple[int, int], ...] = ()
    is_diffuse: bool = False


@dataclass(frozen=True)
class Heard:
    """Of a message, the words that read most like a red flag.

    Attributes:
        sentences: How many sentences of the message do not sound like nothing at all.
    """

    score: float
    words: Sequence[Word]
    sentences: int


@dataclass(frozen=True)
class Proposal:
    """Which complaint a message reads like: `sure` is taken, `likely` ones are offered first."""

    sure: str | None = None
    likely: tuple[str, ...] = ()


class Recogniser:
    """Reads messages with a trained model. The same message and model give the same answer."""

    def __init__(self, model: Model) -> None:
        """Take a model."""
        self.model = model
        self._calibration = model.manifest.calibration

    def score(self, text: str) -> float:
        """Return how much the message reads like one that reports a red flag."""
        return self._best(_said(text))[0]

    def recognise(self, text: str, among: Collection[str], *, anew: bool = False) -> Recognition:
        """Return what the message reads like.

        Args:
            text: The patient's words.
            among: Flags that are answered at once. What reads like none of them is left to the interview.
            anew: Whether the likeliest of `among` are named though others are likelier: those cannot be.
        """
        score, window = self._best(_said(text))
        if not window:
            return Recognition(score, Band.NONE)
        flags, likeliest = self._flags(window, among, only_these=anew)
        band = _band(score, self._bands(flags[0])) if flags else Band.NONE
        if band is Band.NONE:
            return Recognition(score, band)
        return Recognition(score, band, flags, self._quotes(window), likeliest < self._calibration.least_share)

    def propose(self, text: str, among: Collection[str]) -> Proposal:
        """Return which of the complaints `among` the message reads like."""
        words = _said(text)
        if not words:
            return Proposal()
        calibration = self._calibration
        shares = self._shares(self.model.complaints, words, calibration.complaint_sharpness)
        ranked = [(name, share) for name, share in _ranked(self.model.complaints.names, shares) if name in among]
        sure = next((name for name, share in ranked[:1] if share >= calibration.complaint_sure), None)
        likely = tuple(name for name, share in ranked[:_LIKELY_COMPLAINTS] if share >= calibration.complaint_likely)
        return Proposal(sure, likely)

    def heard(self, words: Sequence[Word], unremarkable: float) -> Heard:
        """Return the words of a message that read most like a red flag; `unremarkable` as in `Calibration`."""
        scored = [(self.model.score(features_of(window.words)), window) for window in windows_of(words)]
        if not scored:
            return Heard(-math.inf, (), 0)
        score, window = max(scored, key=lambda each: each[0])
        sentences = sum(each.sentences == 1 and other >= unremarkable for other, each in scored)
        return Heard(score, window.words, sentences)

    def _best(self, words: Sequence[Word]) -> tuple[float, Sequence[Word]]:
        """Return the score, less what so many sentences may reach by chance, and the words that have it."""
        heard = self.heard(words, self._calibration.unremarkable)
        return heard.score - self._calibration.window_penalty * chances_of(heard.sentences), heard.words

    def _bands(self, flag: str) -> Bands:
        return self._calibration.flag_bands.get(flag, self._calibration.bands)

    def _flags(
        self, window: Sequence[Word], among: Collection[str], *, only_these: bool
    ) -> tuple[tuple[str, ...], float]:
        """Return the flags to name, and the share of the likeliest of all."""
        calibration = self._calibration
        shares = self._shares(self.model.flags, window, calibration.flag_sharpness)
        ranked = _ranked(self.model.flags.names, shares)
        if only_these:
            ranked = [(name, share) for name, share in ranked if name in among]
        named: list[str] = []
        total = 0.0
        for name, share in ranked[: calibration.most_flags]:
            if total < calibration.flags_share:
                named.append(name)
                total += share
        return tuple(name for name in named if name in among), float(shares.max())

    def _shares(self, head: Head, words: Sequence[Word], sharpness: float) -> Row:
        features = features_of(words)
        scores = head.scores(features, self.model.values(features)) * np.float32(sharpness)
        powers: Row = np.exp(scores - scores.max())
        shares: Row = powers / powers.sum()
        return shares

    def _quotes(self, window: Sequence[Word]) -> tuple[tuple[int, int], ...]:
        """Return the words without which the score would be lowest, neighbours joined."""
        whole = self.model.score(features_of(window))
        losses = {
            index: whole - self.model.score(features_of([*window[:index], *window[index + 1 :]]))
            for index, word in enumerate(window)
            if not word.is_mark
        }
        chosen = sorted(sorted(losses, key=lambda index: -losses[index])[:_MOST_QUOTED])
        spans: list[tuple[int, int, int]] = []
        for index in chosen:
            if losses[index] <= 0:
                continue
            word = window[index]
            if spans and index - spans[-1][2] <= 2:
                spans[-1] = (spans[-1][0], word.end, index)
            else:
                spans.append((word.start, word.end, index))
        return tuple((start, end) for start, end, _ in spans)


def _said(text: str) -> Sequence[Word]:
    """Return the words and marks of a message; nothing where there are only marks."""
    words = without_last_mark(words_of(text))
    return words if any(not word.is_mark for word in words) else []


def _band(score: float, bands: Bands) -> Band:
    if score >= bands.card:
        return Band.CARD
    return Band.QUESTION if score >= bands.question else Band.NONE


def _ranked(names: Sequence[str], shares: Row) -> list[tuple[str, float]]:
    order = np.argsort(-shares, kind="stable")
    return [(names[index], float(shares[index])) for index in order]
