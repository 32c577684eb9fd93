"""What the recogniser makes of a message: whether it reads like a red flag, which, and by which words."""

from __future__ import annotations

import enum
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from careline.clinical.recognition.features import features_of
from careline.clinical.recognition.model import Bands, Head, Model, Row
from careline.clinical.recognition.reader import (
    Heard,
    SentenceReader,
    heard_by_words,
    heard_together,
    joined_shares,
    scored_windows,
)
from careline.clinical.recognition.windows import chances_of, without_last_mark
from careline.clinical.understanding.asides import without_asides
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
class Proposal:
    """Which complaint a message reads like: `sure` is taken, `likely` ones are offered first."""

    sure: str | None = None
    likely: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Judged:
    """What is to be done with words that were heard."""

    score: float
    band: Band
    flags: tuple[str, ...]
    words: Sequence[Word]
    is_diffuse: bool


class Recogniser:
    """Reads messages with a trained model. The same message and models give the same answer."""

    def __init__(self, model: Model, reader: SentenceReader | None = None) -> None:
        """Take a model, and the sentence reader that was calibrated with it, if there is one."""
        self.model = model
        self.reader = reader
        self._calibration = model.manifest.calibration

    def score(self, text: str) -> float:
        """Return how much the words of the message are like those of one that reports a red flag."""
        heard = heard_by_words(scored_windows(self.model, _said(without_asides(text))), self._calibration.unremarkable)
        return self._less_chance(heard, self._calibration.window_penalty)

    def recognise(self, text: str, among: Collection[str], *, anew: bool = False) -> Recognition:
        """Return what the message reads like. What stands beside the story and says nothing of the body is not read.

        Args:
            text: The patient's words.
            among: Flags that are answered at once. What reads like none of them is left to the interview.
            anew: Whether the likeliest of `among` are named though others are likelier: those cannot be.
        """
        text = without_asides(text)
        scored = scored_windows(self.model, _said(text))
        if not scored:
            return Recognition(-math.inf, Band.NONE)
        heard = heard_by_words(scored, self._calibration.unremarkable)
        judged = self._judged_by_words(heard, among, only_these=anew)
        if self.reader is not None and judged.band is not Band.CARD:
            calibration = self.reader.calibration
            together = heard_together(scored, text, self.reader, calibration.weight, calibration.beside)
            if together is not None:
                joined = self._judged_together(together, self.reader, among, only_these=anew)
                # The reader adds cards and questions, and names better what they are about; a question of the words
                # stands, and what it names first is on the card too.
                if judged.band is Band.NONE:
                    judged = joined
                elif joined.band is not Band.NONE:
                    judged = self._both(judged, joined)
        if judged.band is Band.NONE:
            return Recognition(judged.score, Band.NONE)
        return Recognition(judged.score, judged.band, judged.flags, self._quotes(judged.words), judged.is_diffuse)

    def propose(self, text: str, among: Collection[str]) -> Proposal:
        """Return which of the complaints `among` the message reads like."""
        words = _said(without_asides(text))
        if not words:
            return Proposal()
        calibration = self._calibration
        shares = self._shares(self.model.complaints, words, calibration.complaint_sharpness)
        ranked = [(name, share) for name, share in _ranked(self.model.complaints.names, shares) if name in among]
        sure = next((name for name, share in ranked[:1] if share >= calibration.complaint_sure), None)
        likely = tuple(name for name, share in ranked[:_LIKELY_COMPLAINTS] if share >= calibration.complaint_likely)
        return Proposal(sure, likely)

    def _judged_by_words(self, heard: Heard, among: Collection[str], *, only_these: bool) -> _Judged:
        calibration = self._calibration
        shares = self._shares(self.model.flags, heard.words, calibration.flag_sharpness)
        flags = self._flags(shares, among, only_these=only_these)
        score = self._less_chance(heard, calibration.window_penalty)
        band = _band(score, self._bands(flags[0])) if flags else Band.NONE
        return _Judged(score, band, flags, heard.words, float(shares.max()) < calibration.least_share)

    def _judged_together(
        self, heard: Heard, reader: SentenceReader, among: Collection[str], *, only_these: bool
    ) -> _Judged:
        """Return what words and reader raise or ask about.

        The score is told as one of the words, with their band: so one that was asked about with the reader and one
        without it can be compared.
        """
        calibration = reader.calibration
        shares = self.flag_shares(heard, calibration.naming)
        flags = self._flags(shares, among, only_these=only_these)
        joint = self._less_chance(heard, calibration.window_penalty)
        band = _band(joint, Bands(card=calibration.card, question=calibration.question)) if flags else Band.NONE
        score = joint - calibration.question + self._calibration.bands.question
        return _Judged(score, band, flags, heard.words, float(shares.max()) < calibration.least_share)

    def _both(self, by_words: _Judged, joined: _Judged) -> _Judged:
        """Return one question, or card, for two: of what both name, what the words name first among it."""
        first = by_words.flags[0]
        kept = joined.flags[: self._calibration.most_flags - 1]
        flags = joined.flags if first in joined.flags else (*kept, first)
        return replace(joined, flags=flags, score=max(by_words.score, joined.score))

    def flag_shares(self, heard: Heard, naming: float) -> Row:
        """Return the share of each flag in what was heard; `naming` as in `ReaderCalibration`."""
        by_words = self._shares(self.model.flags, heard.words, self._calibration.flag_sharpness)
        return by_words if heard.reading is None else joined_shares(by_words, heard.reading, naming)

    def _less_chance(self, heard: Heard, penalty: float) -> float:
        """Return the score less what so many sentences may reach by chance."""
        return heard.score - penalty * chances_of(heard.sentences)

    def _bands(self, flag: str) -> Bands:
        return self._calibration.flag_bands.get(flag, self._calibration.bands)

    def named(self, shares: Row) -> tuple[str, ...]:
        """Return the flags to name for shares of all of them, likeliest first."""
        return self._named(_ranked(self.model.flags.names, shares))

    def _flags(self, shares: Row, among: Collection[str], *, only_these: bool) -> tuple[str, ...]:
        """Return those of the flags to name that are `among`; `only_these`: the likeliest of `among`."""
        ranked = _ranked(self.model.flags.names, shares)
        if only_these:
            ranked = [(name, share) for name, share in ranked if name in among]
        return tuple(name for name in self._named(ranked) if name in among)

    def _named(self, ranked: Sequence[tuple[str, float]]) -> tuple[str, ...]:
        named: list[str] = []
        total = 0.0
        for name, share in ranked[: self._calibration.most_flags]:
            if total < self._calibration.flags_share:
                named.append(name)
                total += share
        return tuple(named)

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
