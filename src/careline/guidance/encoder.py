"""Turning text into vectors with the exported encoder: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from careline.guidance.article import Shape
from careline.guidance.errors import EncoderError
from careline.guidance.model_weights import EXPECTED_SHA256, WEIGHTS_SHA256, file_sha256
from careline.guidance.token_model import TokenModel

MAX_TOKENS = 256  # what the model was made for; the tokenizer's own file says 128
MODEL_FILE = "model.onnx"
# The weights lie beside the model: they are mapped into memory, so a word's row is read when it is first met, processes
# of one machine share them, and 70 MB less stay resident than with one file (docs/evaluation.md).
MAPPED_FILE = "model.weights"
TOKENIZER_FILE = "tokenizer.json"
MANIFEST_FILE = "manifest.json"

Embeddings = npt.NDArray[np.float32]  # shape (texts, dimension), unit rows
Embedding = npt.NDArray[np.float32]  # shape (dimension,), length 1


class Encoder(Protocol):
    """Gives texts their vectors; equal texts get equal vectors, near meanings near ones."""

    @property
    def model_hash(self) -> str:
        """Names the weights and how they are read; vectors of two models cannot be compared."""
        ...

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return one unit vector per text, in order; no text gives no row."""
        ...

    def token_count(self, text: str) -> int:
        """Return how many tokens the text has, without cutting."""
        ...

    def knows_word(self, word: str) -> bool:
        """Return whether the model reads the word as one token: frequent words are, misspelt ones are not."""
        ...


class EncoderManifest(Shape, frozen=True, kw_only=True):
    """What an exported encoder says of itself."""

    package: str
    model_hash: str
    weights_sha256: str
    dimension: int
    max_tokens: int
    pooling: str
    exporter_version: int
    toolchain: dict[str, str]
    parity: float
    files: dict[str, str]


class OnnxEncoder:
    """The exported encoder, fp32: a text's vector does not depend on what it is encoded with."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """Check the exported files and load them.

        Raises:
            EncoderError: A file is missing or altered, or comes from other weights.
        """
        manifest = read_encoder_manifest(folder)
        self._model = TokenModel(folder / MODEL_FILE, folder / TOKENIZER_FILE, most_tokens=MAX_TOKENS, threads=threads)
        self._counter = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self._counter.no_truncation()
        self._counter.no_padding()
        self._manifest = manifest

    @property
    def model_hash(self) -> str:
        """Names the weights and how they are read."""
        return self._manifest.model_hash

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._manifest.dimension

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return one unit vector per text, in order."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        vectors: Embeddings = self._model.rows(texts)
        unit: Embeddings = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def token_count(self, text: str) -> int:
        """Return how many tokens the text has, without cutting."""
        return len(self._counter.encode(text).ids)

    def knows_word(self, word: str) -> bool:
        """Return whether the model reads the word as one token."""
        return len(self._counter.encode(word, add_special_tokens=False).ids) == 1


def read_encoder_manifest(folder: Path) -> EncoderManifest:
    """Return the manifest of an exported encoder, its files checked against it.

    Raises:
        EncoderError: It is missing, incomplete, altered, or made from other weights.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=EncoderManifest)
    except OSError as error:
        raise EncoderError(f"{path}: cannot be read ({error.strerror}). Run `careline model build`.") from error
    except msgspec.DecodeError as error:
        raise EncoderError(f"{path}: {error}. Run `careline model build`.") from error
    if manifest.weights_sha256 != WEIGHTS_SHA256 or manifest.max_tokens != MAX_TOKENS:
        raise EncoderError(f"{path}: was made from other weights or settings. Run `careline model build`.")
    expected = {name: manifest.files.get(name) for name in (MODEL_FILE, MAPPED_FILE)}
    expected[TOKENIZER_FILE] = EXPECTED_SHA256[TOKENIZER_FILE]
    for name, sha256 in expected.items():
        file = folder / name
        if not file.is_file() or file_sha256(file) != sha256:
            raise EncoderError(f"{file}: is missing or altered. Run `careline model build`.")
    return manifest
