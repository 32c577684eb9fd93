"""The recogniser's numbers: weights, and the bands that its scores fall into, as they were trained and calibrated."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

from careline.clinical.content import Shape
from careline.clinical.errors import RecogniserError
from careline.clinical.recognition.features import FEATURES_VERSION, PLACES, Features

MANIFEST, WEIGHTS = "manifest.json", "weights.npz"
HEAD_PLACES = 1 << 14  # rows of the tables that name flags and complaints

Row = npt.NDArray[np.float32]


class Bands(Shape, frozen=True, kw_only=True):
    """Scores from which on a flag is raised, and from which on it is asked about."""

    card: float
    question: float


class Calibration(Shape, frozen=True, kw_only=True):
    """How scores are read; measured on messages that were set aside for it.

    Attributes:
        bands: For every flag that has none of its own.
        flag_bands: Of flags that were named wrongly too often.
        unremarkable: Half of the sentences of messages that report nothing score less: they sound like nothing at all.
        window_penalty: What the score of a long post loses for each e-fold of other sentences: one of many is high.
        flag_sharpness, complaint_sharpness: What makes shares of the scores of flags and complaints.
        flags_share: Flags are named, most likely first, until they hold this share together.
        most_flags: And no more than these.
        least_share: Where the likeliest flag has less, the words are like no flag in particular.
        complaint_sure, complaint_likely: Shares from which on a complaint is taken, and offered first.
    """

    bands: Bands
    flag_bands: dict[str, Bands] = msgspec.field(default_factory=dict)
    unremarkable: float
    window_penalty: float
    flag_sharpness: float
    complaint_sharpness: float
    flags_share: float
    most_flags: int
    least_share: float = 0.0
    complaint_sure: float
    complaint_likely: float


class Manifest(Shape, frozen=True, kw_only=True):
    """What a trained recogniser says of itself."""

    corpus: str
    features_version: int
    weights_sha256: str
    toolchain: dict[str, str]
    flags: tuple[str, ...]
    complaints: tuple[str, ...]
    calibration: Calibration
    measured: dict[str, Any] = msgspec.field(default_factory=dict)


@dataclass(frozen=True)
class Head:
    """A table that gives each of several names a score; small whole numbers and a scale for each name."""

    names: tuple[str, ...]
    table: npt.NDArray[np.int8]
    scale: Row

    def scores(self, features: Features, values: Row) -> Row:
        """Return a score for each name."""
        rows: Row = self.table[features.places % HEAD_PLACES].astype(np.float32)
        scores: Row = (values @ rows) * self.scale
        return scores


@dataclass(frozen=True)
class Model:
    """Weights in memory.

    Attributes:
        rarity: How much a place counts, by how rare it is.
        weights: Of "some red flag, or none".
    """

    manifest: Manifest
    rarity: Row
    weights: Row
    bias: float
    flags: Head
    complaints: Head

    def values(self, features: Features) -> Row:
        """Return the features' values, rare ones raised, of length 1."""
        values: Row = features.values * self.rarity[features.places]
        length = float(np.sqrt(values @ values))
        return values / np.float32(length) if length else values

    def score(self, features: Features) -> float:
        """Return how much the features speak for a red flag; above zero when more for than against."""
        return float(self.values(features) @ self.weights[features.places]) + self.bias


def load_model(folder: Path, corpus: str | None = None) -> Model:
    """Load a trained recogniser.

    Args:
        folder: Where the trained files lie.
        corpus: The corpus it must have been trained on; None takes any.

    Raises:
        RecogniserError: A file is missing or altered, or it belongs to other features or another corpus.
    """
    manifest = _manifest(folder / MANIFEST)
    if manifest.features_version != FEATURES_VERSION or (corpus is not None and manifest.corpus != corpus):
        raise RecogniserError(f"{folder}: was trained on another corpus or by other code. Run `make train`.")
    try:
        data = (folder / WEIGHTS).read_bytes()
    except OSError as error:
        raise RecogniserError(f"{folder / WEIGHTS}: cannot be read ({error.strerror}). Run `make train`.") from error
    if hashlib.sha256(data).hexdigest() != manifest.weights_sha256:
        raise RecogniserError(f"{folder / WEIGHTS}: is altered. Run `make train`.")
    try:
        with np.load(folder / WEIGHTS, allow_pickle=False) as stored:
            return _model(manifest, {name: stored[name] for name in stored.files})
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise RecogniserError(f"{folder / WEIGHTS}: has not the tables it needs. Run `make train`.") from error


def _manifest(path: Path) -> Manifest:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError as error:
        raise RecogniserError(f"{path}: cannot be read ({error.strerror}). Run `make train`.") from error
    except msgspec.DecodeError as error:
        raise RecogniserError(f"{path}: {error}. Run `make train`.") from error


def _model(manifest: Manifest, arrays: dict[str, npt.NDArray[Any]]) -> Model:
    model = Model(
        manifest,
        arrays["rarity"].astype(np.float32),
        arrays["weights"].astype(np.float32),
        float(arrays["bias"]),
        Head(manifest.flags, arrays["flag_table"], arrays["flag_scale"]),
        Head(manifest.complaints, arrays["complaint_table"], arrays["complaint_scale"]),
    )
    fits = len(model.rarity) == len(model.weights) == PLACES and all(
        head.table.shape == (HEAD_PLACES, len(head.names)) for head in (model.flags, model.complaints)
    )
    if not fits:
        raise RecogniserError("the recogniser's tables have not their size. Run `make train`.")
    return model
