"""Fitting the recogniser's numbers to the phrase corpus: weights on one part, bands on another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from careline.clinical.phrases import Phrase
from careline.clinical.recognition.features import FEATURES_VERSION, PLACES, features_of
from careline.clinical.recognition.model import HEAD_PLACES, Bands, Calibration, Head, Manifest, Model
from careline.clinical.recognition.reader import heard_by_words, scored_windows
from careline.clinical.recognition.recogniser import Recogniser
from careline.clinical.recognition.windows import chances_of, windows_of, without_last_mark
from careline.clinical.understanding.normalise import QUESTION, SENTENCE_END, Word, words_of
from tools.recogniser_typing import typed_in_a_hurry

_STRENGTH = 30.0  # of the fit of "some flag, or none": the best of 3, 10, 30, 100 on the calibration part
_NEAR = 1e-2  # a hundred times less takes twice the time and turns the weights by a hundred-thousandth
_RIDGE = 1.0  # the same for the tables of names
_RIDGE_STEPS = 20  # of conjugate gradients: no whole number of the table is then more than one from the exact one
_TINY = np.float32(1e-30)
_LONG_POST = 10  # sentences
_POSTS = 300
_REPEATED = 2  # false cards of one flag that are no chance
_ENOUGH = 50  # messages: a precision of fewer says little
_AT_ONCE = 512  # messages that a process is given
_NEVER = 1e6  # a band that no score reaches
_SHARPNESS = (2.0, 4.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)
_SHARES = tuple(step / 100 for step in range(1, 51))
_PENALTIES = tuple(step / 20 for step in range(81))


@dataclass(frozen=True)
class Aims:
    """What the bands are set to, as shares of messages that report no red flag.

    Attributes:
        raises_cards: Whether there is a card band. It must be right for messages of other authors too, and was not
            (docs/adr/0008): what would have been a card is a question, until it is.
        false_cards: At most this share raises a card.
        false_questions: At most this share raises a card or a question.
        precision: At least this share of what falls into the card band is right.
        sure_precision: At least this share of complaints that are taken at once is right.
    """

    raises_cards: bool = False
    false_cards: float = 0.001
    false_questions: float = 0.08
    precision: float = 0.95
    sure_precision: float = 0.95


def fitted(phrases: Sequence[Phrase], corpus: str, aims: Aims, toolchain: dict[str, str]) -> Model:
    """Return a recogniser: weights of the training part, bands set on the calibration part, which they do not know."""
    train, calibration = _part(phrases, "train"), _part(phrases, "calibration")
    model = words_model(train, in_a_hurry(train[::2]), corpus, toolchain)
    bands, measured = _calibrated(model, [*calibration, *in_a_hurry(calibration)], aims)
    return replace(model, manifest=_with(model.manifest, bands, measured))


def _part(phrases: Sequence[Phrase], name: str) -> list[Phrase]:
    return [phrase for phrase in phrases if phrase.part == name]


def in_a_hurry(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases as typed in a hurry: most real messages are."""
    return [replace(each, text=typed_in_a_hurry(each.text)) for each in phrases]


def tables(model: Model) -> dict[str, npt.NDArray[Any]]:
    """Return a model's numbers as they are stored."""
    return {
        "rarity": model.rarity.astype(np.float16),
        "weights": model.weights.astype(np.float16),
        "bias": np.array(model.bias, np.float32),
        "flag_table": model.flags.table,
        "flag_scale": model.flags.scale,
        "complaint_table": model.complaints.table,
        "complaint_scale": model.complaints.scale,
    }


def words_model(written: Sequence[Phrase], hurried: Sequence[Phrase], corpus: str, toolchain: dict[str, str]) -> Model:
    """Return weights of messages as written and as typed in a hurry; how its scores are read is not known yet."""
    phrases = [*written, *hurried]
    texts = [_words(phrase) for phrase in phrases]
    parts = [part for phrase, words in zip(phrases, texts, strict=True) for part in _parts(phrase, words)]
    raw = _matrix([*texts, *parts])
    is_flag = np.array([phrase.kind == "present" for phrase in phrases] + [False] * len(parts))
    rarity = _rarity(raw)
    matrix = _unit(raw @ sparse.diags(rarity))
    line = LogisticRegression(C=_STRENGTH, solver="liblinear", dual=True, max_iter=200, random_state=0, tol=_NEAR)
    line.fit(matrix, is_flag)
    # Which flag or complaint is learnt as written alone.
    whole = matrix[: len(written)]
    flags = _head(whole, [phrase.about if phrase.kind == "present" else None for phrase in written])
    complaints = _head(whole, [phrase.about if phrase.kind == "ordinary" else None for phrase in written])
    manifest = Manifest(
        corpus=corpus,
        features_version=FEATURES_VERSION,
        weights_sha256="",
        toolchain=toolchain,
        flags=flags.names,
        complaints=complaints.names,
        calibration=_UNSET,
    )
    weights = line.coef_[0].astype(np.float16).astype(np.float32)
    return Model(manifest, rarity, weights, round(float(line.intercept_[0]), 4), flags, complaints)


_UNSET = Calibration(
    bands=Bands(card=_NEVER, question=_NEVER),
    unremarkable=_NEVER,
    window_penalty=0.0,
    flag_sharpness=1.0,
    complaint_sharpness=1.0,
    flags_share=0.6,
    most_flags=3,
    complaint_sure=1.0,
    complaint_likely=0.05,
)


def _words(phrase: Phrase) -> Sequence[Word]:
    return without_last_mark(words_of(phrase.text))


def _parts(phrase: Phrase, words: Sequence[Word]) -> Iterable[Sequence[Word]]:
    """Return the windows of a message that reports nothing: each of them alone reports nothing either."""
    if phrase.kind not in ("ordinary", "other"):
        return []
    return [window.words for window in windows_of(words) if len(window.words) < len(words)]


def _sentences(words: Sequence[Word]) -> list[Sequence[Word]]:
    ends = [index + 1 for index, word in enumerate(words) if word.text in (SENTENCE_END, QUESTION)]
    cuts = [0, *ends, len(words)]
    pieces = [words[first:last] for first, last in pairwise(cuts)]
    return [piece for piece in pieces if any(not word.is_mark for word in piece)]


def _matrix(texts: Sequence[Sequence[Word]]) -> sparse.csr_matrix:
    with ProcessPoolExecutor() as processes:  # half of the time of training, in one
        rows = list(processes.map(features_of, texts, chunksize=_AT_ONCE))
    ends = np.cumsum([0, *(len(row.places) for row in rows)])
    values = np.concatenate([row.values for row in rows])
    places = np.concatenate([row.places for row in rows])
    return sparse.csr_matrix((values, places, ends), shape=(len(rows), PLACES))


def _rarity(matrix: sparse.csr_matrix) -> npt.NDArray[np.float32]:
    found = np.bincount(matrix.indices, minlength=PLACES)
    rarity = np.log((1 + matrix.shape[0]) / (1 + found)) + 1
    rounded: npt.NDArray[np.float32] = rarity.astype(np.float16).astype(np.float32)
    return rounded


def _unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.where(lengths > 0, lengths, 1)) @ matrix)


def _head(matrix: sparse.csr_matrix, about: Sequence[str | None]) -> Head:
    """Return a table of names by ridge regression."""
    rows = [index for index, name in enumerate(about) if name is not None]
    names = tuple(sorted({name for name in about if name is not None}))
    part = matrix[rows].tocoo()
    folded = sparse.csr_matrix((part.data, (part.row, part.col % HEAD_PLACES)), shape=(len(rows), HEAD_PLACES))
    wanted = np.zeros((len(rows), len(names)), np.float32)
    wanted[np.arange(len(rows)), [names.index(about[row] or "") for row in rows]] = 1
    table = _ridge(folded.astype(np.float32), wanted)
    scale = np.abs(table).max(axis=0) / 127
    return Head(names, np.rint(table / scale).astype(np.int8), scale.astype(np.float32))


def _ridge(matrix: sparse.csr_matrix, wanted: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the table by which `matrix` comes nearest to `wanted`, by conjugate gradients for all names at once.

    A direct solution takes a time that grows with the cube of the messages, and libraries' iterative ones take one
    name at a time.
    """
    across = matrix.T.tocsr()
    table = np.zeros((matrix.shape[1], wanted.shape[1]), np.float32)
    left = np.asarray(across @ wanted)
    way = left.copy()
    length = np.einsum("ij,ij->j", left, left)
    for _ in range(_RIDGE_STEPS):
        turned = np.asarray(across @ (matrix @ way)) + np.float32(_RIDGE) * way
        step = length / np.maximum(np.einsum("ij,ij->j", way, turned), _TINY)
        table += step * way
        left -= step * turned
        new = np.einsum("ij,ij->j", left, left)
        way = left + (new / np.maximum(length, _TINY)) * way
        length = new
    return table


def _with(manifest: Manifest, calibration: Calibration, measured: dict[str, int] | None = None) -> Manifest:
    return msgspec.structs.replace(manifest, calibration=calibration, measured=measured or {})


def _calibrated(model: Model, phrases: Sequence[Phrase], aims: Aims) -> tuple[Calibration, dict[str, int]]:
    recogniser = Recogniser(replace(model, manifest=_with(model.manifest, _UNSET)))
    scores = np.array([recogniser.score(phrase.text) for phrase in phrases])
    is_flag = np.array([phrase.kind == "present" for phrase in phrases])
    card = max(
        threshold(scores[~is_flag], aims.false_cards), least_precise(scores[is_flag], scores[~is_flag], aims.precision)
    )
    question = min(card, threshold(scores[~is_flag], aims.false_questions))
    bands = Bands(card=card if aims.raises_cards else _NEVER, question=question)
    flag_sharpness = _sharpness(model, model.flags, [p for p in phrases if p.kind == "present"])
    ordinary = [phrase for phrase in phrases if phrase.kind == "ordinary"]
    complaint_sharpness = _sharpness(model, model.complaints, ordinary)
    unremarkable = _unremarkable(model, phrases)
    calibration = Calibration(
        bands=bands,
        flag_bands=_flag_bands(model, [(p, s) for p, s in zip(phrases, scores, strict=True) if s >= card], bands),
        unremarkable=unremarkable,
        window_penalty=_penalty(model, phrases, bands, unremarkable, aims),
        flag_sharpness=flag_sharpness,
        complaint_sharpness=complaint_sharpness,
        flags_share=_UNSET.flags_share,
        most_flags=_UNSET.most_flags,
        least_share=_least_share(model, [p for p in phrases if p.kind == "present"], flag_sharpness),
        complaint_sure=_sure(model, ordinary, complaint_sharpness, aims),
        complaint_likely=_UNSET.complaint_likely,
    )
    return calibration, _measured(scores, is_flag, bands)


def _measured(scores: npt.NDArray[np.float64], is_flag: npt.NDArray[np.bool_], bands: Bands) -> dict[str, int]:
    """Return how many messages of the calibration part reach each band."""
    return {
        f"{name}, {reached}": int((scores[kind] >= score).sum())
        for name, kind in (("red flags", is_flag), ("no red flags", ~is_flag))
        for reached, score in (("all", -np.inf), ("card", bands.card), ("card or question", bands.question))
    }


def _flag_bands(model: Model, carded: Sequence[tuple[Phrase, float]], bands: Bands) -> dict[str, Bands]:
    """Return bands of their own for flags that false cards name more than once: above all of these.

    With six messages of each flag in the calibration part there is not more than this to be learnt of a single flag.
    """
    false: dict[str, list[float]] = {}
    for phrase, score in carded:
        if phrase.kind != "present":
            row = features_of(_words(phrase))
            best = model.flags.names[int(model.flags.scores(row, model.values(row)).argmax())]
            false.setdefault(best, []).append(score)
    return {
        flag: Bands(card=round(float(max(found)) + 1e-3, 3), question=bands.question)
        for flag, found in sorted(false.items())
        if len(found) >= _REPEATED
    }


def threshold(negatives: npt.NDArray[np.float64], share: float) -> float:
    """Return the lowest score that at most `share` of the negatives reach."""
    falling = np.sort(negatives)[::-1]
    allowed = int(share * len(falling))
    return round(float(falling[allowed]) + 1e-3, 3) if allowed < len(falling) else -_NEVER


def least_precise(positives: npt.NDArray[np.float64], negatives: npt.NDArray[np.float64], precision: float) -> float:
    """Return the lowest score from which on at least `precision` of what is above is positive."""
    for score in np.sort(positives):
        right, wrong = int((positives >= score).sum()), int((negatives >= score).sum())
        if right >= precision * (right + wrong):
            return round(float(score), 3)
    return _NEVER


def _unremarkable(model: Model, phrases: Sequence[Phrase]) -> float:
    """Return the score that half of the sentences have of messages that report nothing."""
    sentences = [
        model.score(features_of(window.words))
        for phrase in phrases
        if phrase.kind in ("ordinary", "other")
        for window in windows_of(_words(phrase))
        if window.sentences == 1
    ]
    return round(float(np.median(sentences)), 3) if sentences else _NEVER


def _penalty(model: Model, phrases: Sequence[Phrase], bands: Bands, unremarkable: float, aims: Aims) -> float:
    """Return the smallest loss by which long posts of ordinary messages raise no more than short ones do.

    Each half of the messages is asked, and the larger answer taken: few messages recur in many posts.
    """
    texts = [phrase.text for phrase in phrases if phrase.kind in ("ordinary", "other")]
    return max(_penalty_of(model, half, bands, unremarkable, aims) for half in (texts[::2], texts[1::2]) if half)


def _penalty_of(model: Model, texts: Sequence[str], bands: Bands, unremarkable: float, aims: Aims) -> float:
    posts = [heard_by_words(scored_windows(model, words_of(post)), unremarkable) for post in long_posts(texts)]
    scores, logs = np.array([post.score for post in posts]), np.array([chances_of(post.sentences) for post in posts])
    for penalty in _PENALTIES:
        left = scores - penalty * logs
        if (left >= bands.card).mean() <= aims.false_cards and (left >= bands.question).mean() <= aims.false_questions:
            return penalty
    return _PENALTIES[-1]


def long_posts(texts: Sequence[str], *, sentences: int = _LONG_POST, posts: int = _POSTS) -> list[str]:
    """Return posts of about `sentences` sentences, made of messages that follow one another by chance, always alike."""
    made = []
    for number in range(posts):
        row = sorted(texts, key=lambda text: hashlib.sha256(f"{number}\0{text}".encode()).digest())
        post: list[str] = []
        count = 0
        for text in row:
            post.append(text.rstrip(" .!?,") + ".")
            count += max(1, len(_sentences(words_of(text))))
            if count >= sentences:
                break
        made.append(" ".join(post))
    return made


def _sharpness(model: Model, head: Head, phrases: Sequence[Phrase]) -> float:
    """Return how sharply scores tell names apart: what makes the right ones likeliest."""
    place = {name: index for index, name in enumerate(head.names)}
    known = [phrase for phrase in phrases if phrase.about in place]
    if not known:
        return _SHARPNESS[0]
    rows = [features_of(_words(phrase)) for phrase in known]
    scores = np.array([head.scores(row, model.values(row)) for row in rows])
    right = [place[phrase.about or ""] for phrase in known]
    losses = {}
    for sharpness in _SHARPNESS:
        powers = np.exp(sharpness * (scores - scores.max(axis=1, keepdims=True)))
        shares = powers / powers.sum(axis=1, keepdims=True)
        losses[sharpness] = -float(np.log(shares[np.arange(len(right)), right] + 1e-9).mean())
    return min(losses, key=lambda sharpness: losses[sharpness])


def _least_share(model: Model, phrases: Sequence[Phrase], sharpness: float) -> float:
    """Return the highest share below which the flags named are the right one in less than a third of the messages."""
    named = []
    for phrase in phrases:
        row = features_of(_words(phrase))
        scores = sharpness * model.flags.scores(row, model.values(row))
        powers = np.exp(scores - scores.max())
        shares = powers / powers.sum()
        first = [model.flags.names[index] for index in np.argsort(-shares, kind="stable")[: _UNSET.most_flags]]
        named.append((float(shares.max()), phrase.about in first))
    return low_share(named)


def low_share(named: Sequence[tuple[float, bool]]) -> float:
    """Return the highest share below which less than a third is right; of each message its share and whether it is."""
    low = 0.0
    for share in _SHARES:
        below = [is_right for likeliest, is_right in named if likeliest < share]
        if len(below) >= _ENOUGH and sum(below) < len(below) / 3:
            low = share
    return low


def _sure(model: Model, phrases: Sequence[Phrase], sharpness: float, aims: Aims) -> float:
    """Return the lowest share of a complaint from which on it is right often enough to be taken at once."""
    right, wrong = [], []
    for phrase in phrases:
        row = features_of(_words(phrase))
        scores = sharpness * model.complaints.scores(row, model.values(row))
        powers = np.exp(scores - scores.max())
        best = int(powers.argmax())
        is_right = model.complaints.names[best] == phrase.about
        (right if is_right else wrong).append(float(powers[best] / powers.sum()))
    sure = least_precise(np.array(right), np.array(wrong), aims.sure_precision) if right else _NEVER
    is_known = sum(share >= sure for share in (*right, *wrong)) >= _ENOUGH
    return sure if is_known else _NEVER
