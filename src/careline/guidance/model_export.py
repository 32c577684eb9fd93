"""Building the encoder: from the package's weights to the ONNX file that the server runs.

torch is imported in a process of its own (`torch_export`), so that importing this module stays cheap.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import numpy as np

from careline.guidance.article import Shape
from careline.guidance.encoder import (
    MANIFEST_FILE,
    MAPPED_FILE,
    MAX_TOKENS,
    MODEL_FILE,
    TOKENIZER_FILE,
    EncoderManifest,
    OnnxEncoder,
    read_encoder_manifest,
)
from careline.guidance.errors import EncoderError
from careline.guidance.model_weights import PACKAGE, WEIGHTS_SHA256, file_sha256, weights_folder
from careline.guidance.progress import Progress, silent

EXPORTER_VERSION = 2
DIMENSION = 384
POOLING = "mean, length 1"
MIN_PARITY = 0.9999
REFERENCE_FILE = "reference.json"
# Short, long, misspelt and past the limit of tokens: where an export may differ from the original.
PROBES = (
    "sore throat",
    "what can i take for a hedache that wont go away",
    "My two year old has had a high temperature since last night and is not drinking much. " * 3,
    "Drink small sips often. Rest when you need to. " * 40,
)


class _Reference(Shape, frozen=True, kw_only=True):
    vectors: list[list[float]]
    toolchain: dict[str, str]


def encoder_folder(data_dir: Path) -> Path:
    """Return where the exported encoder lies in a data directory."""
    return data_dir / "models" / "encoder"


def build_encoder(data_dir: Path, progress: Progress = silent, *, timeout_seconds: float = 900) -> Path:
    """Export the encoder into the data directory, unless it is there already; return its folder.

    Raises:
        EncoderError: The weights are not the ones expected, the export failed, or its vectors are not the original's.
    """
    target = encoder_folder(data_dir)
    progress("checking the encoder's weights", 0, 3)
    weights = weights_folder()
    if _is_current(target):
        progress("the encoder is built already", 3, 3)
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".encoder-") as temporary:
        work = Path(temporary)
        progress("exporting the encoder (about half a minute)", 1, 3)
        _run_export(weights, work, timeout_seconds)
        progress("comparing the export with the original", 2, 3)
        shutil.copyfile(weights / TOKENIZER_FILE, work / TOKENIZER_FILE)
        _finish(work)
        _put_in_place(work, target)
    progress("encoder built", 3, 3)
    return target


def _is_current(folder: Path) -> bool:
    try:
        return read_encoder_manifest(folder).exporter_version == EXPORTER_VERSION
    except EncoderError:
        return False


def _run_export(weights: Path, out: Path, timeout_seconds: float) -> None:
    command = [sys.executable, "-m", "careline.guidance.torch_export", str(weights), str(out)]
    # Nothing is to be fetched: the weights are here.
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    try:
        done = subprocess.run(  # noqa: S603 - our own module and two paths
            command, env=environment, capture_output=True, text=True, timeout=timeout_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise EncoderError(f"the export took longer than {timeout_seconds:.0f} seconds. Try again.") from error
    if done.returncode:
        last_lines = "\n".join(done.stderr.strip().splitlines()[-3:])
        raise EncoderError(f"the export failed. Run `make setup`, then try again. It said:\n{last_lines}")


def _finish(work: Path) -> None:
    reference = msgspec.json.decode((work / REFERENCE_FILE).read_bytes(), type=_Reference)
    (work / REFERENCE_FILE).unlink()
    _write_manifest(work, reference, parity=0.0)
    ours = OnnxEncoder(work).encode(PROBES)
    parity = float((ours * np.array(reference.vectors, np.float32)).sum(axis=1).min())
    if parity < MIN_PARITY:
        raise EncoderError(
            f"the exported vectors differ from the original's (cosine {parity:.6f}, needed {MIN_PARITY})."
        )
    _write_manifest(work, reference, parity=round(parity, 6))


def _write_manifest(work: Path, reference: _Reference, *, parity: float) -> None:
    identity = f"{WEIGHTS_SHA256}|{POOLING}|{MAX_TOKENS}|fp32"
    manifest = EncoderManifest(
        package=PACKAGE,
        model_hash=hashlib.sha256(identity.encode()).hexdigest(),
        weights_sha256=WEIGHTS_SHA256,
        dimension=DIMENSION,
        max_tokens=MAX_TOKENS,
        pooling=POOLING,
        exporter_version=EXPORTER_VERSION,
        toolchain=reference.toolchain,
        parity=parity,
        files={name: file_sha256(work / name) for name in (MODEL_FILE, MAPPED_FILE, TOKENIZER_FILE)},
    )
    (work / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))


def _put_in_place(work: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    # The manifest goes last: with the files half replaced, the old one no longer fits and the encoder is refused.
    for name in (MODEL_FILE, MAPPED_FILE, TOKENIZER_FILE, MANIFEST_FILE):
        (work / name).replace(target / name)
