"""Which index holds the vectors, and that it finds as much as it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import pytest

from careline.guidance.errors import IndexUnusableError
from careline.guidance.index import INDEX_FILE, MANIFEST_FILE, FaissPassageIndex
from careline.guidance.index_build import snapshot_content, write_snapshot
from careline.guidance.index_kind import (
    EXACT_UP_TO,
    FLAT,
    REQUIRED_RECALL,
    IndexKind,
    KindChoice,
    indexed,
    nearest_numbers,
    prepare,
)
from tests.support.guidance import NOW, WordEncoder, article, rules

DIVIDED = KindChoice(exact_up_to=0)


def vectors(count: int, *, dimension: int = 48, seed: int = 1) -> np.ndarray:
    """Unit vectors around a few dozen centres, as passages lie around topics."""
    chance = np.random.default_rng(seed)
    centres = chance.standard_normal((30, dimension))
    rows = centres[chance.integers(0, len(centres), count)] + 0.5 * chance.standard_normal((count, dimension))
    return np.ascontiguousarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@pytest.fixture(scope="module")
def some() -> np.ndarray:
    return vectors(3000)


@pytest.fixture(scope="module")
def divided(some):
    return indexed(some, DIVIDED)


@pytest.mark.parametrize(("exact_up_to", "expected"), [(100, "flat"), (99, "ivf")])
def test_the_search_is_exact_up_to_a_number_of_vectors(exact_up_to, expected):
    _, kind = indexed(vectors(100), KindChoice(exact_up_to=exact_up_to))
    assert kind.kind == expected


def test_the_articles_of_today_are_searched_exactly():
    index, kind = indexed(vectors(700))
    assert EXACT_UP_TO > 700
    assert kind == FLAT == IndexKind(kind="flat", lists=0, probes=0, recall_at_10=1.0)
    assert isinstance(index, faiss.IndexFlatIP)


def test_a_divided_index_has_lists_by_the_number_of_vectors_and_reads_at_least_sixteen(divided):
    index, kind = divided
    assert (kind.kind, kind.lists) == ("ivf", 110)
    assert 16 <= kind.probes <= 110
    assert (index.nlist, index.nprobe, index.ntotal) == (110, kind.probes, 3000)
    assert type(index) is faiss.IndexIVFFlat


def test_the_recall_that_is_stated_is_above_what_is_required(divided):
    assert divided[1].recall_at_10 > REQUIRED_RECALL


def test_questions_that_were_not_used_to_choose_the_probes_find_as_much(some, divided):
    index, _ = divided
    questions = vectors(200, seed=2)
    exact = np.argsort(-(questions @ some.T), axis=1)[:, :10]
    found = [{number for _, number in nearest_numbers(index, question, 10)} for question in questions]
    assert np.mean([len(set(right) & got) / 10 for right, got in zip(exact, found, strict=True)]) >= REQUIRED_RECALL


def test_more_lists_are_read_until_enough_is_found():
    """Vectors without any order lie in no list more than in another."""
    chance = np.random.default_rng(3).standard_normal((3000, 48)).astype(np.float32)
    _, kind = indexed(chance / np.linalg.norm(chance, axis=1, keepdims=True), DIVIDED)
    assert kind.probes > 16
    assert kind.recall_at_10 > REQUIRED_RECALL


@pytest.mark.parametrize("count", [1, 2, 9])
def test_few_vectors_can_be_divided_too(count):
    index, kind = indexed(vectors(count), DIVIDED)
    assert kind.lists <= count
    assert len(nearest_numbers(index, vectors(1)[0], 10)) == count


def test_equal_vectors_do_not_keep_the_build_from_ending():
    index, kind = indexed(np.repeat(vectors(1), 50, axis=0), DIVIDED)
    assert kind.recall_at_10 == 1.0
    assert [number for _, number in nearest_numbers(index, vectors(1)[0], 50)] == list(range(50))


def test_equal_vectors_give_the_same_index(some, divided):
    index, kind = indexed(some.copy(), DIVIDED)
    assert kind == divided[1]
    assert np.array_equal(faiss.serialize_index(index), faiss.serialize_index(divided[0]))


def test_a_vector_is_found_under_the_number_of_its_row(some, divided):
    for number in (0, 1234, 2999):
        similarity, found = nearest_numbers(divided[0], some[number], 1)[0]
        assert found == number
        assert similarity == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("wanted", [[5], [7, 2998], list(range(0, 3000, 150)), list(range(1000))])
def test_of_the_vectors_named_as_many_are_found_as_there_are(some, divided, wanted):
    found = nearest_numbers(divided[0], -some[0], 400, np.array(wanted, np.int64))
    numbers = [number for _, number in found]
    assert len(numbers) == len(set(numbers)) == min(400, len(wanted))
    assert set(numbers) <= set(wanted)


def test_few_vectors_named_come_in_the_order_of_an_exact_search(some, divided):
    wanted = np.array([3, 700, 1500, 2100, 2900], np.int64)
    exact, _ = indexed(some)
    numbers = [number for _, number in nearest_numbers(divided[0], some[42], 5, wanted)]
    assert numbers == [number for _, number in nearest_numbers(exact, some[42], 5, wanted)]


def test_a_limit_above_what_the_lists_hold_finds_all(some, divided):
    numbers = [number for _, number in nearest_numbers(divided[0], some[0], 10_000)]
    assert sorted(numbers) == list(range(3000))


def test_an_index_from_a_file_reads_as_many_lists_as_its_manifest_says(divided, tmp_path):
    _, kind = divided
    faiss.write_index(divided[0], str(tmp_path / INDEX_FILE))
    index: Any = faiss.read_index(str(tmp_path / INDEX_FILE))
    index.nprobe = 1
    prepare(index, kind, tmp_path / INDEX_FILE)
    assert index.nprobe == kind.probes


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    encoder = WordEncoder()
    content = snapshot_content([article("cough", text="Drink honey."), article("back_pain", text="Keep moving.")])
    rows = encoder.encode([passage.encoded for passage in content.passages])
    write_snapshot(tmp_path / "flat", content, rules(), encoder, rows, now=NOW)
    write_snapshot(tmp_path / "ivf", content, rules(), encoder, rows, now=NOW, choice=DIVIDED)
    return tmp_path


def alter_kind(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_bytes())
    path.write_text(json.dumps(manifest | {"kind": manifest["kind"] | changes}))


def test_the_manifest_says_which_kind_a_snapshot_has(snapshot):
    flat, ivf = (FaissPassageIndex.load(snapshot / name, WordEncoder()).manifest for name in ("flat", "ivf"))
    assert flat.kind == FLAT
    assert (ivf.kind.kind, ivf.kind.recall_at_10 > REQUIRED_RECALL) == ("ivf", True)
    assert flat.snapshot == ivf.snapshot


@pytest.mark.parametrize(
    ("folder", "changes"),
    [
        ("flat", {"kind": "ivf", "lists": 5, "probes": 2}),
        ("ivf", {"kind": "flat", "lists": 0, "probes": 0}),
        ("ivf", {"lists": 5, "probes": 2}),
    ],
)
def test_a_file_of_another_kind_than_the_manifest_says_is_refused(snapshot, folder, changes):
    alter_kind(snapshot / folder, **changes)
    with pytest.raises(IndexUnusableError, match=r"index\.faiss: holds another kind.*Run `make index`"):
        FaissPassageIndex.load(snapshot / folder, WordEncoder())


@pytest.mark.parametrize("probes", [0, 1000])
def test_more_lists_to_read_than_there_are_or_none_are_refused(snapshot, probes):
    alter_kind(snapshot / "ivf", probes=probes)
    with pytest.raises(IndexUnusableError, match=r"Run `make index`"):
        FaissPassageIndex.load(snapshot / "ivf", WordEncoder())


@pytest.mark.parametrize("changes", [{"kind": "pq"}, {"probes": -1}, {"recall_at_10": 2}])
def test_a_kind_that_is_not_known_is_refused(snapshot, changes):
    alter_kind(snapshot / "ivf", **changes)
    with pytest.raises(IndexUnusableError, match=r"manifest\.json.*Run `make index`"):
        FaissPassageIndex.load(snapshot / "ivf", WordEncoder())


def test_a_manifest_that_does_not_say_its_kind_is_refused(snapshot):
    path = snapshot / "flat" / MANIFEST_FILE
    manifest = json.loads(path.read_bytes())
    del manifest["kind"]
    path.write_text(json.dumps(manifest))
    with pytest.raises(IndexUnusableError, match=r"manifest\.json.*`kind`.*Run `make index`"):
        FaissPassageIndex.load(snapshot / "flat", WordEncoder())
