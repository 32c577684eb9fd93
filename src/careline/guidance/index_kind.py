"""Which FAISS index holds the vectors: exact while that is fast enough, beyond it the nearest lists of many.

Measured with faiss-cpu 1.15, 384 numbers a vector, one thread, 2 cores, load below 1: an exact search of 5,000 vectors
takes 0.2 ms at the median, of 10,000 1.1, of 25,000 3.0 to 3.9 (p95 3.6 to 4.7), of 30,000 4.0 to 4.8 (p95 4.6 to 5.4),
of 50,000 7, of 200,000 28. The budget is 1 ms for the articles as they are, 5 ms for a thousand times as many: up to
25,000 vectors an exact search stays within it with room for a busy machine, and inside the budget exactness is worth
more than speed.

Vectors are never compressed: product quantisation alone kept 0.30 to 0.69 of the ten right passages.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import faiss
import msgspec
import numpy as np
import numpy.typing as npt

from careline.guidance.article import Shape
from careline.guidance.encoder import Embedding, Embeddings
from careline.guidance.errors import IndexUnusableError

EXACT_UP_TO = 25_000
REQUIRED_RECALL = 0.97

_AIMED_RECALL = 0.98  # above what is required: it is measured on a sample
# With 8 the questions of `make evaluate-retrieval` had a recall of 0.97 to 0.98 at 25,000 to 27,000 vectors.
_FIRST_PROBES = 16
_TRAINING_PER_LIST = 64
_TRIAL_SEARCHES = 200
_TRIAL_DEPTH = 10
# How near a trial search is to the vector it is made from. Trials close to their vector find it with any probes:
# at 0.9 eight lists looked perfect at 192,000 vectors, and gave the questions of `make evaluate-retrieval` 0.93 to
# 0.96. Half of those questions come nearer than 0.49 to a section, and 84 % nearer than this. Both numbers were
# picked on those questions and on real vectors made many by noise: on other content the recall may differ.
_TRIAL_COSINE = 0.3
_SEED = 20260101

Numbers = npt.NDArray[np.int64]  # of vectors, from 0, in the order they were given
Similarities = npt.NDArray[np.float32]
Nearest = tuple[Similarities, Numbers]

_Count = Annotated[int, msgspec.Meta(ge=0)]


class IndexKind(Shape, frozen=True, kw_only=True):
    """How an index searches.

    Attributes:
        kind: `flat` compares with every vector; `ivf` with those of the lists whose centres are nearest.
        lists: Into how many the vectors are divided; 0 when flat.
        probes: How many lists a search reads; 0 when flat.
        recall_at_10: Share of the ten most similar vectors that was found when it was built; 1 when flat.
    """

    kind: Literal["flat", "ivf"]
    lists: _Count
    probes: _Count
    recall_at_10: Annotated[float, msgspec.Meta(ge=0, le=1)]


FLAT = IndexKind(kind="flat", lists=0, probes=0, recall_at_10=1.0)


@dataclass(frozen=True)
class KindChoice:
    """When a search stops comparing with every vector, and how many lists it then reads at least."""

    exact_up_to: int = EXACT_UP_TO
    least_probes: int = _FIRST_PROBES


def indexed(vectors: Embeddings, choice: KindChoice | None = None) -> tuple[Any, IndexKind]:
    """Return the FAISS index of vectors and what kind it is; equal vectors give equal indexes.

    Similarity is the inner product; a vector's id is its row.

    Args:
        vectors: Unit rows, at least one.
        choice: As measured on this program if None.
    """
    choice = choice or KindChoice()
    count, dimension = vectors.shape
    if count <= choice.exact_up_to:
        index = faiss.IndexFlatIP(dimension)
        index.add(vectors)
        return index, FLAT
    lists = min(count, round(2 * count**0.5))
    index = _divided(vectors, lists)
    probes, recall = _probes(index, vectors, lists, choice.least_probes)
    index.nprobe = probes
    return index, IndexKind(kind="ivf", lists=lists, probes=probes, recall_at_10=recall)


def prepare(index: Any, kind: IndexKind, file: Path) -> None:  # noqa: ANN401 - faiss has no types
    """Make an index that was read from a file search as its manifest says.

    Raises:
        IndexUnusableError: The file holds another kind of index.
    """
    if index.metric_type != faiss.METRIC_INNER_PRODUCT or _description(index) != (kind.kind, kind.lists):
        raise IndexUnusableError(f"{file}: holds another kind of index than its manifest says. Run `make index`.")
    if kind.kind == "ivf":
        if not 1 <= kind.probes <= kind.lists:
            raise IndexUnusableError(
                f"{file}: its manifest asks for {kind.probes} of {kind.lists} lists. Run `make index`."
            )
        index.nprobe = kind.probes


def nearest_numbers(
    index: Any,  # noqa: ANN401 - faiss has no types
    query: Embedding,
    limit: int,
    among: Numbers | None = None,
) -> list[tuple[float, int]]:
    """Return similarity and number of the nearest vectors, as `nearest_vectors` finds them."""
    similarities, numbers = nearest_vectors(index, query, limit, among)
    return list(zip(similarities.tolist(), numbers.tolist(), strict=True))


def nearest_vectors(
    index: Any,  # noqa: ANN401 - faiss has no types
    query: Embedding,
    limit: int,
    among: Numbers | None = None,
) -> Nearest:
    """Return similarities and numbers of the nearest vectors: falling, equal ones by number.

    Never fewer than there are, up to `limit`: when the lists read hold too few, all are read.

    Args:
        index: As `indexed` or `prepare` leaves it.
        query: Unit vector.
        limit: At least 1.
        among: The numbers to look at, each once; None means all.
    """
    if not isinstance(index, faiss.IndexIVF):
        return _nearest_of_all(index, query, limit, among)
    expected = min(limit, index.ntotal if among is None else len(among))
    row = np.ascontiguousarray(query[np.newaxis, :], np.float32)
    # FAISS keeps no reference to the selector nor to its ids: both must outlive the search.
    selector = None if among is None else faiss.IDSelectorBatch(among)
    found = _found(index, row, limit, _probing(index.nprobe, selector))
    if len(found[1]) < expected:
        found = _found(index, row, limit, _probing(index.nlist, selector))
    return found


def _nearest_of_all(index: Any, query: Embedding, limit: int, among: Numbers | None) -> Nearest:  # noqa: ANN401
    """Return the nearest of a flat index by one product with its vectors, which stay where FAISS holds them.

    As exact as FAISS's own search of it, whose heap and selector cost more than the comparing: for 1,000 of 7,000
    vectors it takes 0.66 ms, among some of them 1.25 ms, and this 0.47 ms either way.
    """
    vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)
    numbers = np.arange(index.ntotal) if among is None else among
    if 2 * len(numbers) < index.ntotal:
        similarities = vectors[numbers] @ query
    else:
        similarities = (vectors @ query)[numbers]
    if limit < len(numbers):
        # Whatever is as near as the last one stays in, so that equal ones are told apart by their numbers.
        least = np.partition(similarities, len(similarities) - limit)[len(similarities) - limit]
        kept = np.flatnonzero(similarities >= least)
        similarities, numbers = similarities[kept], numbers[kept]
    similarities, numbers = falling(similarities, numbers)
    return similarities[:limit], numbers[:limit]


def _probing(probes: int, selector: Any = None) -> Any:  # noqa: ANN401 - faiss has no types
    return faiss.SearchParametersIVF(nprobe=probes, sel=selector)  # type: ignore[call-arg]  # its stub lacks them


def _found(index: Any, row: Embeddings, limit: int, parameters: Any) -> Nearest:  # noqa: ANN401
    similarities, numbers = index.search(row, min(limit, index.ntotal), params=parameters)
    real = numbers[0] >= 0  # FAISS fills up with -1 when there is less than asked for
    return falling(similarities[0][real], numbers[0][real])


def falling(similarities: Similarities, numbers: Numbers) -> Nearest:
    """Return both with the most similar first, equal ones by number."""
    order = np.lexsort((numbers, -similarities))
    return similarities[order], numbers[order]


def _divided(vectors: Embeddings, lists: int) -> Any:  # noqa: ANN401 - faiss has no types
    count, dimension = vectors.shape
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.seed = _SEED
    index.cp.spherical = True  # centres of unit vectors, compared by inner product
    index.cp.min_points_per_centroid = 1  # else it warns on standard error of what is known here
    sample = np.random.default_rng(_SEED).choice(count, min(count, _TRAINING_PER_LIST * lists), replace=False)
    index.train(np.ascontiguousarray(vectors[sample]))
    index.add(vectors)
    return index


def _probes(index: Any, vectors: Embeddings, lists: int, least: int) -> tuple[int, float]:  # noqa: ANN401
    """Return the probes to use and their recall: the least doubling that finds enough, at most all lists."""
    trials = _trials(vectors)
    depth = min(_TRIAL_DEPTH, len(vectors))
    exact, _ = faiss.knn(trials, vectors, depth, metric=faiss.METRIC_INNER_PRODUCT)
    # By similarity, so that a passage as near as the last one counts; the two ways of summing differ by less.
    enough = exact[:, -1:] - 1e-5
    probes = min(least, lists)
    while True:
        similarities, _ = index.search(trials, depth, params=_probing(probes))
        recall = float((similarities >= enough).mean())
        if recall >= _AIMED_RECALL or probes == lists:
            return probes, recall
        probes = min(2 * probes, lists)


def _trials(vectors: Embeddings) -> Embeddings:
    chance = np.random.default_rng(_SEED)
    chosen = vectors[chance.choice(len(vectors), min(_TRIAL_SEARCHES, len(vectors)), replace=False)]
    spread = (1 / _TRIAL_COSINE**2 - 1) ** 0.5 / vectors.shape[1] ** 0.5
    trials = chosen + np.float32(spread) * chance.standard_normal(chosen.shape, np.float32)
    return np.ascontiguousarray(trials / np.linalg.norm(trials, axis=1, keepdims=True), np.float32)


def _description(index: Any) -> tuple[str, int]:  # noqa: ANN401 - faiss has no types
    if isinstance(index, faiss.IndexIVFFlat):
        return "ivf", index.nlist
    return ("flat" if isinstance(index, faiss.IndexFlat) else type(index).__name__), 0
