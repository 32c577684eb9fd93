"""The index: nearest passages to a vector, over one snapshot that is never changed while it serves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import faiss
import msgspec
import numpy as np

from careline.guidance.article import Article, Shape
from careline.guidance.encoder import Embedding, Embeddings, Encoder
from careline.guidance.errors import IndexMismatchError, IndexUnusableError
from careline.guidance.index_kind import IndexKind, Nearest, Numbers, falling, nearest_vectors, prepare
from careline.guidance.model_weights import file_sha256
from careline.guidance.passages import CHUNKER_VERSION, Passage
from careline.guidance.search_rules import SearchRules

INDEX_FILE = "index.faiss"
PASSAGES_FILE = "passages.json"
MANIFEST_FILE = "manifest.json"

faiss.omp_set_num_threads(1)  # its threads would fight the encoder's


class IndexManifest(Shape, frozen=True, kw_only=True):
    """What a snapshot says of itself; any difference from what is found is a reason to refuse it.

    Attributes:
        snapshot: SHA-256 over all that decides an answer; not over `created_at`, nor over how it is searched.
        kind: Which index the vectors are in.
        passage_ids: In the order of the vectors' numbers.
        content_hashes: Article id → SHA-256 of the article as checked.
        files: File name → SHA-256.
    """

    snapshot: str
    model_hash: str
    dimension: int
    chunker_version: int
    created_at: dt.datetime
    kind: IndexKind
    passage_ids: tuple[str, ...]
    content_hashes: dict[str, str]
    rules: SearchRules
    files: dict[str, str]


class SnapshotContent(Shape, frozen=True, kw_only=True):
    """What `passages.json` holds."""

    articles: tuple[Article, ...]
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class ScoredPassage:
    """A passage and its cosine similarity in [-1, 1] to the query."""

    passage: Passage
    similarity: float


class PassageIndex(Protocol):
    """Published passages and their vectors."""

    @property
    def manifest(self) -> IndexManifest:
        """What the snapshot says of itself."""
        ...

    @property
    def articles(self) -> Mapping[str, Article]:
        """The snapshot's articles by id."""
        ...

    @property
    def passages(self) -> Sequence[Passage]:
        """All passages, in the order of `manifest.passage_ids`."""
        ...

    def nearest(self, query: Embedding, *, limit: int, among: Collection[str] | None = None) -> list[ScoredPassage]:
        """Return at most `limit` passages, the most similar first, ties in the order of the passages.

        Args:
            query: Unit vector; not normalised here.
            limit: At least 1.
            among: Ids of the passages to look at; None means all, empty means none.

        Raises:
            IndexMismatchError: The query has another dimension than the index.
        """
        ...

    def nearest_numbers(self, query: Embedding, *, limit: int, among: Numbers | None = None) -> Nearest:
        """Return the same as two arrays: similarities, and places in `passages`; for whoever wants many.

        Args:
            query: As above.
            limit: As above.
            among: Places of the passages to look at, each once; None means all.

        Raises:
            IndexMismatchError: As above.
        """
        ...


class InMemoryPassageIndex:
    """The index without FAISS, for tests and for trying articles out before they are published."""

    def __init__(self, manifest: IndexManifest, content: SnapshotContent, vectors: Embeddings) -> None:
        """Keep the vectors, one row per passage."""
        self.manifest: IndexManifest = manifest
        self.articles: Mapping[str, Article] = {article.id: article for article in content.articles}
        self.passages: Sequence[Passage] = content.passages
        self._numbers = {passage.id: number for number, passage in enumerate(content.passages)}
        self._vectors = vectors

    def nearest(self, query: Embedding, *, limit: int, among: Collection[str] | None = None) -> list[ScoredPassage]:
        """Return at most `limit` passages, the most similar first."""
        return _scored(self, self.nearest_numbers(query, limit=limit, among=_numbers_of(self._numbers, among)))

    def nearest_numbers(self, query: Embedding, *, limit: int, among: Numbers | None = None) -> Nearest:
        """Return similarities and places of at most `limit` passages, the most similar first."""
        _check_dimension(query, self.manifest)
        numbers = np.arange(len(self.passages)) if among is None else among
        similarities, numbers = falling(self._vectors[numbers] @ query, numbers)
        return similarities[:limit], numbers[:limit]


class FaissPassageIndex:
    """The index on FAISS, read from a snapshot's folder."""

    def __init__(self, manifest: IndexManifest, content: SnapshotContent, index: Any) -> None:  # noqa: ANN401 - faiss has no types
        """Keep what `load` has checked."""
        self.manifest: IndexManifest = manifest
        self.articles: Mapping[str, Article] = {article.id: article for article in content.articles}
        self.passages: Sequence[Passage] = content.passages
        self._numbers = {passage.id: number for number, passage in enumerate(content.passages)}
        self._index = index

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> FaissPassageIndex:
        """Return the snapshot in a folder, every file checked.

        Raises:
            IndexMismatchError: It holds another encoder's vectors, or passages cut in another way.
            IndexUnusableError: A file is missing, altered, or does not fit the others.
        """
        manifest = read_manifest(folder)
        if (manifest.model_hash, manifest.dimension) != (encoder.model_hash, encoder.dimension):
            raise IndexMismatchError(f"{folder}: was built with another encoder. Run `make index`.")
        if manifest.chunker_version != CHUNKER_VERSION:
            raise IndexMismatchError(f"{folder}: its passages were cut by another version. Run `make index`.")
        content = _read_content(folder / PASSAGES_FILE)
        index = faiss.read_index(str(folder / INDEX_FILE))
        ids = tuple(passage.id for passage in content.passages)
        if (
            len(set(ids)) != len(ids)
            or ids != manifest.passage_ids
            or (index.ntotal, index.d)
            != (
                len(ids),
                manifest.dimension,
            )
        ):
            raise IndexUnusableError(f"{folder}: passages, vectors and manifest do not fit together. Run `make index`.")
        prepare(index, manifest.kind, folder / INDEX_FILE)
        loaded = cls(manifest, content, index)
        probe = np.zeros(manifest.dimension, np.float32)
        probe[0] = 1
        if len(loaded.nearest(probe, limit=1)) != 1:
            raise IndexUnusableError(f"{folder}: the index finds nothing. Run `make index`.")
        return loaded

    def nearest(self, query: Embedding, *, limit: int, among: Collection[str] | None = None) -> list[ScoredPassage]:
        """Return at most `limit` passages, the most similar first."""
        return _scored(self, self.nearest_numbers(query, limit=limit, among=_numbers_of(self._numbers, among)))

    def nearest_numbers(self, query: Embedding, *, limit: int, among: Numbers | None = None) -> Nearest:
        """Return similarities and places of at most `limit` passages, the most similar first."""
        _check_dimension(query, self.manifest)
        return nearest_vectors(self._index, query, limit, among)


def read_manifest(folder: Path) -> IndexManifest:
    """Return the manifest of a snapshot, the files of the folder checked against it.

    Raises:
        IndexUnusableError: The manifest or a file is missing or altered.
    """
    path = folder / MANIFEST_FILE
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=IndexManifest)
    except OSError as error:
        raise IndexUnusableError(f"{path}: cannot be read ({error.strerror}). Run `make index`.") from error
    except msgspec.DecodeError as error:
        raise IndexUnusableError(f"{path}: {error}. Run `make index`.") from error
    for name in (INDEX_FILE, PASSAGES_FILE):
        file = folder / name
        if not file.is_file() or file_sha256(file) != manifest.files.get(name):
            raise IndexUnusableError(f"{file}: is missing or altered. Run `make index`.")
    return manifest


def _numbers_of(numbers: Mapping[str, int], among: Collection[str] | None) -> Numbers | None:
    if among is None:
        return None
    return np.array([numbers[passage_id] for passage_id in set(among) if passage_id in numbers], np.int64)


def _scored(index: PassageIndex, found: Nearest) -> list[ScoredPassage]:
    similarities, numbers = (each.tolist() for each in found)
    return [
        ScoredPassage(index.passages[number], similarity)
        for similarity, number in zip(similarities, numbers, strict=True)
    ]


def _read_content(path: Path) -> SnapshotContent:
    try:
        return msgspec.json.decode(path.read_bytes(), type=SnapshotContent)
    except (OSError, msgspec.DecodeError) as error:
        raise IndexUnusableError(f"{path}: {error}. Run `make index`.") from error


def _check_dimension(query: Embedding, manifest: IndexManifest) -> None:
    if query.shape != (manifest.dimension,):
        raise IndexMismatchError(f"the query has shape {query.shape}, the index needs ({manifest.dimension},).")
