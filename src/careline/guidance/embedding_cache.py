"""Vectors that were computed before, by what they were computed from."""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from careline.guidance.encoder import MAX_TOKENS, Embedding, Embeddings, Encoder


class EmbeddingCache:
    """A file of vectors per encoder; a text that changes by a letter is encoded again."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Read the encoder's file, if there is one that can be read."""
        self._encoder = encoder
        self._path = folder / f"{encoder.model_hash[:16]}.npz"
        self._known: dict[str, Embedding] = _read(self._path, encoder.dimension)

    def missing(self, texts: Sequence[str]) -> list[str]:
        """Return the texts that have no vector yet, each once."""
        return list({self._key(text): text for text in texts if self._key(text) not in self._known}.values())

    def encode(self, texts: Sequence[str]) -> None:
        """Compute and keep the vectors of texts."""
        for text, vector in zip(texts, self._encoder.encode(texts), strict=True):
            self._known[self._key(text)] = vector

    def vectors(self, texts: Sequence[str]) -> Embeddings:
        """Return the vectors of texts that are known, one row each."""
        rows = np.array([self._known[self._key(text)] for text in texts], np.float32)
        return np.ascontiguousarray(rows.reshape(len(texts), self._encoder.dimension))

    def save(self, texts: Sequence[str]) -> None:
        """Write the vectors of these texts, dropping all others."""
        keys = sorted({self._key(text) for text in texts})
        self._path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._path.with_suffix(f".{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            np.savez(file, keys=np.array(keys), vectors=np.array([self._known[key] for key in keys], np.float32))
        temporary.replace(self._path)

    def _key(self, text: str) -> str:
        return hashlib.sha256(f"{self._encoder.model_hash}|{MAX_TOKENS}|{text}".encode()).hexdigest()


def _read(path: Path, dimension: int) -> dict[str, Embedding]:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            keys, vectors = stored["keys"], stored["vectors"]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return {}  # a cache that is missing or damaged costs time, nothing else
    if vectors.ndim != 2 or vectors.shape != (len(keys), dimension):
        return {}
    return dict(zip(keys.tolist(), vectors, strict=True))
