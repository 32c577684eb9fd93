"""A small trained recogniser on disk, for tests that load one."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from careline.clinical.recognition.features import FEATURES_VERSION, PLACES, features_of
from careline.clinical.recognition.model import HEAD_PLACES, Bands, Calibration, Manifest
from careline.clinical.understanding.normalise import words_of

FLAG, OTHER = "rf_collapse", "rf_bleeding"
DANGER = ("collapsed", "grey")


def tables() -> dict[str, Any]:
    """Weights by which two words are dangerous and everything else is a little reassuring."""
    weights = np.full(PLACES, -0.05, np.float16)
    flags = np.zeros((HEAD_PLACES, 2), np.int8)
    for word in DANGER:
        for place in features_of(words_of(f"a {word} b")).places:
            weights[place] = 2.0
            flags[place % HEAD_PLACES, 0] = 100
    weights[features_of(words_of("a b")).places] = -0.05
    return {
        "rarity": np.ones(PLACES, np.float16),
        "weights": weights,
        "bias": np.array(-2.0, np.float32),
        "flag_table": flags,
        "flag_scale": np.full(2, 0.01, np.float32),
        "complaint_table": np.ones((HEAD_PLACES, 1), np.int8),
        "complaint_scale": np.ones(1, np.float32),
    }


def manifest(weights: bytes, **changes: object) -> Manifest:
    calibration = Calibration(
        bands=Bands(card=3.0, question=1.0),
        unremarkable=-1.0,
        window_penalty=0.5,
        flag_sharpness=5.0,
        complaint_sharpness=1.0,
        flags_share=0.6,
        most_flags=3,
        complaint_sure=0.9,
        complaint_likely=0.1,
    )
    whole = Manifest(
        corpus="c0ffee",
        features_version=FEATURES_VERSION,
        weights_sha256=hashlib.sha256(weights).hexdigest(),
        toolchain={},
        flags=(FLAG, OTHER),
        complaints=("cough",),
        calibration=calibration,
    )
    return msgspec.structs.replace(whole, **changes)


def written(folder: Path, **changes: object) -> Path:
    stored = io.BytesIO()
    np.savez_compressed(stored, allow_pickle=False, **tables())
    (folder / "weights.npz").write_bytes(stored.getvalue())
    (folder / "manifest.json").write_bytes(msgspec.json.encode(manifest(stored.getvalue(), **changes)))
    return folder
