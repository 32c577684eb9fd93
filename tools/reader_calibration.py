"""Calibrating the sentence reader: how its score is joined to the words', and from where on it asks or raises a card.

All of it on the calibration part, as written and as typed in a hurry, with weights of both that have not seen it; from
where on a card is raised, on the harder messages too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from careline.clinical.phrases import Phrase
from careline.clinical.recognition.model import Model
from careline.clinical.recognition.reader import (
    Heard,
    ReaderCalibration,
    Reading,
    SentenceReader,
    heard_together,
    scored_windows,
)
from careline.clinical.recognition.recogniser import Recogniser
from careline.clinical.recognition.windows import chances_of, without_last_mark
from careline.clinical.understanding.normalise import Word, words_of
from tools.recogniser_fitting import Aims, in_a_hurry, least_precise, long_posts, low_share, threshold

_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
_NAMINGS = (0.0, 0.25, 0.5, 0.75, 1.0)
_PENALTIES = tuple(step / 10 for step in range(201))  # joint scores lie wider apart than the words'
_NEVER = 1e6
_BESIDE = 9.0  # of 3, 6 and 9 the one with which harmless long posts ask no more than short messages do

# Of what reports nothing: what may raise a card or a question of the words or of both together. The words alone may
# have 8 in 100, and their question stands: so that the reader can add any, 2 more.
_FALSE_IN_ALL = 0.10

# Of what reports nothing, harder messages among it: what may raise a card by words and reader together (docs/adr/0012).
_FALSE_CARDS = 0.005

Scores = npt.NDArray[np.float64]


class Remembered:
    """A reader that reads each text once: long posts are made of the same messages."""

    def __init__(self, reader: SentenceReader) -> None:
        """Take the reader."""
        self._reader = reader
        self._known: dict[str, Reading] = {}

    @property
    def calibration(self) -> ReaderCalibration:
        """Of the reader."""
        return self._reader.calibration

    def read(self, texts: Sequence[str]) -> Sequence[Reading]:
        """Return a reading for each text."""
        for text in texts:
            if text not in self._known:
                read = self._reader.read([text])
                if read is None:
                    raise RuntimeError("the reader has no answer")
                self._known[text] = read[0]
        return [self._known[text] for text in texts]


@dataclass(frozen=True)
class Calibrated:
    """What came out, and what was measured on the way."""

    calibration: ReaderCalibration
    measured: dict[str, float]


def calibrated(
    model: Model, reader: SentenceReader, phrases: Sequence[Phrase], harder: Sequence[Phrase], aims: Aims
) -> Calibrated:
    """Return how scores are read.

    Args:
        model: The word recogniser's, with weights of the training part alone, its shares of flags calibrated.
        reader: Trained on the training part alone.
        phrases: The calibration part.
        harder: The harder messages.
    """
    remembered = Remembered(reader)
    everything = [*phrases, *in_a_hurry(phrases)]
    is_flag = np.array([phrase.kind == "present" for phrase in everything])
    half = np.arange(len(everything)) < len(phrases)
    scores = {
        weight: np.array([_heard(model, remembered, p.text, weight).score for p in everything]) for weight in _WEIGHTS
    }
    weight = max(_WEIGHTS, key=lambda each: _found(scores[each], is_flag, aims))
    joint = scores[weight]
    recogniser = Recogniser(model)
    by_words = np.array([recogniser.score(p.text) >= model.manifest.calibration.bands.question for p in everything])
    question = _question(joint[~is_flag], by_words[~is_flag])
    card, of_cards = _card(model, remembered, [*everything, *harder, *in_a_hurry(harder)], weight, aims)
    naming, least_share, right = _naming(model, remembered, [p for p in everything if p.kind == "present"], weight)
    calibration = ReaderCalibration(
        weight=weight,
        question=question,
        card=max(card, question),
        beside=_BESIDE,
        window_penalty=_penalty(model, remembered, everything, weight, question, aims),
        least_share=least_share,
        naming=naming,
    )
    measured = {
        **of_cards,
        "found by words": float(by_words[is_flag].mean()),
        "false by words": float(by_words[~is_flag].mean()),
        "found in all": float((by_words | (joint >= question))[is_flag].mean()),
        "false in all": float((by_words | (joint >= question))[~is_flag].mean()),
        **{f"found, weight {each}": _found(scores[each], is_flag, aims) for each in _WEIGHTS},
        **{
            f"{name}, {how}, {of}": value(one[rows], is_flag[rows], aims)
            for name, one in (("words", scores[0.0]), ("together", joint))
            for how, rows in (("written", half), ("hurried", ~half))
            for of, value in (("auc", _auc), ("found", _found))
        },
        **{f"right flag among the named, naming {each}": share for each, share in right.items()},
    }
    return Calibrated(calibration, {name: round(value, 4) for name, value in measured.items()})


def _question(joint: Scores, by_words: npt.NDArray[np.bool_]) -> float:
    """Return the lowest joint score from which on few enough of what reports nothing are asked about, words' included.

    Args:
        joint: Of messages that report nothing.
        by_words: Which of them the words have a question or a card for.
    """
    left = max(0.0, _FALSE_IN_ALL - float(by_words.mean()))
    return threshold(joint[~by_words], left * len(joint) / max(1, int((~by_words).sum())))


def _card(
    model: Model, reader: SentenceReader, phrases: Sequence[Phrase], weight: float, aims: Aims
) -> tuple[float, dict[str, float]]:
    """Return the lowest joint score from which on few enough cards are false and enough are right, and their shares.

    Of scores as they are before a long post loses some: what runs raises a little less.
    """
    scores = np.array([_heard(model, reader, phrase.text, weight).score for phrase in phrases])
    is_flag = np.array([phrase.kind == "present" for phrase in phrases])
    right = least_precise(scores[is_flag], scores[~is_flag], aims.precision)
    card = max(threshold(scores[~is_flag], _FALSE_CARDS), right)
    cards = scores >= card
    shares = {"cards of red flags": cards[is_flag], "false cards": cards[~is_flag], "right cards": is_flag[cards]}
    return card, {name: float(each.mean()) if len(each) else 0.0 for name, each in shares.items()}


def _heard(model: Model, reader: SentenceReader, text: str, weight: float) -> Heard:
    heard = heard_together(scored_windows(model, _words(text)), text, reader, weight, _BESIDE)
    return heard if heard is not None else Heard(-_NEVER, (), 0)


def _words(text: str) -> Sequence[Word]:
    return without_last_mark(words_of(text))


def _found(scores: Scores, is_flag: npt.NDArray[np.bool_], aims: Aims) -> float:
    """Return the share of red flags found at the allowed share of false questions."""
    return float((scores[is_flag] >= threshold(scores[~is_flag], aims.false_questions)).mean())


def _auc(scores: Scores, is_flag: npt.NDArray[np.bool_], _: Aims) -> float:
    """Return how often a message with a red flag scores higher than one without."""
    return float(roc_auc_score(is_flag, scores))


def _naming(
    model: Model, reader: SentenceReader, phrases: Sequence[Phrase], weight: float
) -> tuple[float, float, dict[float, float]]:
    """Return how much the reader says which flag, the least share then, and how often each names the right one."""
    recogniser = Recogniser(model, reader)
    heard = [(_heard(model, reader, phrase.text, weight), phrase.about) for phrase in phrases]
    right: dict[float, float] = {}
    shares: dict[float, float] = {}
    for naming in _NAMINGS:
        told = [(recogniser.flag_shares(each, naming), about) for each, about in heard]
        right[naming] = float(np.mean([about in recogniser.named(share) for share, about in told]))
        shares[naming] = low_share([(float(share.max()), about in recogniser.named(share)) for share, about in told])
    best = max(_NAMINGS, key=lambda each: right[each])
    return best, shares[best], right


def _penalty(
    model: Model,
    reader: SentenceReader,
    phrases: Sequence[Phrase],
    weight: float,
    question: float,
    aims: Aims,
) -> float:
    """Return the smallest loss by which harmless long posts ask no more than short messages do, as with the words."""
    texts = [phrase.text for phrase in phrases if phrase.kind in ("ordinary", "other")]
    found = []
    for part in (texts[::2], texts[1::2]):
        posts = [_heard(model, reader, post, weight) for post in long_posts(part)] if part else []
        scores, logs = np.array([p.score for p in posts]), np.array([chances_of(p.sentences) for p in posts])
        fits = (each for each in _PENALTIES if (scores - each * logs >= question).mean() <= aims.false_questions)
        found.append(next(fits, _PENALTIES[-1]) if posts else 0.0)
    return max(found)
