"""The sentence reader on disk: the exported model, checked against its manifest, behind the port of `clinical`."""

from __future__ import annotations

import hashlib
import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from careline.clinical.content import Shape
from careline.clinical.errors import RecogniserError
from careline.clinical.recognition.model import Manifest
from careline.clinical.recognition.reader import ReaderCalibration, Reading
from careline.consultation.metrics import ALERTS
from careline.guidance.encoder import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE
from careline.guidance.model_weights import EXPECTED_SHA256, WEIGHTS_SHA256, file_sha256
from careline.guidance.token_model import TokenModel

log = logging.getLogger(__name__)

_MOST_SECONDS = 0.5  # for one message; who waits longer is answered by the words alone
_KEPT_MESSAGES = 64  # more than are under way at once
_TURN_SECONDS = 15.0  # longer than a turn: whoever writes the same later is read anew where there was no answer


class ReaderManifest(Shape, frozen=True, kw_only=True):
    """What a trained reader says of itself.

    Attributes:
        corpus: Hash of the phrases it was trained on.
        recogniser: Hash of the code of the word recogniser that it was calibrated with.
        code: Hash of the code that trained it.
        base_sha256: Of the weights that training began with.
        flags: In the order of its scores, after the first: as in the word recogniser's manifest.
        most_tokens: Longer windows are cut.
        lost: Of the AUC on the calibration part, between what was trained and what was exported.
    """

    corpus: str
    recogniser: str
    code: str
    base_sha256: str
    flags: tuple[str, ...]
    most_tokens: int
    lost: float
    toolchain: dict[str, str]
    files: dict[str, str]
    calibration: ReaderCalibration
    measured: dict[str, float] = msgspec.field(default_factory=dict)


class OnnxSentenceReader:
    """Reads windows one by one, so that what one is found to be does not depend on the others.

    A message is read once: the steps of a turn that ask again, some while they hold the database's one writer, get the
    same answer at once, also when it was none. That there was none is forgotten after the turn.
    """

    def __init__(
        self, model: TokenModel, calibration: ReaderCalibration, *, most_seconds: float = _MOST_SECONDS
    ) -> None:
        """Take the model and how its scores are read."""
        self._model = model
        self._calibration = calibration
        self._most_seconds = most_seconds
        # By hash: no words are kept. Each with when it was asked.
        self._known: OrderedDict[bytes, tuple[Sequence[Reading] | None, float]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def calibration(self) -> ReaderCalibration:
        """How its scores are joined to the words'."""
        return self._calibration

    def read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
        """Return a reading for each text; None when it fails or takes too long: operators are told."""
        key = hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).digest()
        with self._lock:
            known, asked = self._known.get(key, (None, -math.inf))
            if known is not None or time.monotonic() - asked < _TURN_SECONDS:
                return known
        readings = self._read(texts)
        with self._lock:
            self._known[key] = (readings, time.monotonic())
            while len(self._known) > _KEPT_MESSAGES:
                self._known.popitem(last=False)
        return readings

    def _read(self, texts: Sequence[str]) -> Sequence[Reading] | None:
        begun = time.monotonic()
        readings: list[Reading] = []
        try:
            for text in texts:
                row = self._model.rows([text])[0]
                if not np.isfinite(row).all():
                    raise ArithmeticError("a score is no number")
                readings.append(Reading(float(row[0]), row[1:]))
                if time.monotonic() - begun > self._most_seconds:
                    log.warning("sentence reader too slow", extra={"windows": len(texts), "read": len(readings)})
                    ALERTS.labels("reader_slow").inc()
                    return None
        except Exception as error:  # noqa: BLE001 - the words are heard without it; its error might quote them
            log.error("sentence reader failed", extra={"error": type(error).__name__})
            ALERTS.labels("reader_failed").inc()
            return None
        return readings


def load_reader(folder: Path, words: Manifest, *, most_seconds: float = _MOST_SECONDS) -> OnnxSentenceReader:
    """Load a trained reader to go with a word recogniser.

    Args:
        folder: Where `make train` put it.
        words: Of the word recogniser.
        most_seconds: For one message; `math.inf` where nobody waits and the same has to come out at any load.

    Raises:
        RecogniserError: A file is missing or altered, or it was trained or calibrated with something else.
    """
    manifest = read_reader_manifest(folder)
    belongs = (
        manifest.corpus == words.corpus
        and manifest.recogniser == words.toolchain.get("code")
        and manifest.flags == words.flags
        and manifest.base_sha256 == WEIGHTS_SHA256
    )
    if not belongs:
        raise RecogniserError(f"{folder}: was trained with another corpus or recogniser. Run `make train`.")
    try:
        model = TokenModel(folder / MODEL_FILE, folder / TOKENIZER_FILE, most_tokens=manifest.most_tokens)
        width = model.rows(["hello"]).shape[1]
    except Exception as error:  # what onnxruntime and tokenizers raise has no common class
        raise RecogniserError(f"{folder}: cannot be loaded ({type(error).__name__}). Run `make train`.") from error
    if width != 1 + len(manifest.flags):
        raise RecogniserError(f"{folder}: has not a score for each flag. Run `make train`.")
    return OnnxSentenceReader(model, manifest.calibration, most_seconds=most_seconds)


def read_reader_manifest(folder: Path) -> ReaderManifest:
    """Return the manifest of a trained reader, its files checked against it.

    Raises:
        RecogniserError: It is missing or incomplete, or a file is missing or altered.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=ReaderManifest)
    except OSError as error:
        raise RecogniserError(f"{path}: cannot be read ({error.strerror}). Run `make train`.") from error
    except msgspec.DecodeError as error:
        raise RecogniserError(f"{path}: {error}. Run `make train`.") from error
    expected = {MODEL_FILE: manifest.files.get(MODEL_FILE), TOKENIZER_FILE: EXPECTED_SHA256[TOKENIZER_FILE]}
    for name, sha256 in expected.items():
        file = folder / name
        try:
            is_whole = file_sha256(file) == sha256
        except OSError:
            is_whole = False
        if not is_whole:
            raise RecogniserError(f"{file}: is missing or altered. Run `make train`.")
    return manifest
