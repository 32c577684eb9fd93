"""The port `PassageIndex`: one suite, run on the index in memory and on both kinds of FAISS."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import faiss
import msgspec
import numpy as np
import pytest

from careline.guidance.article import Article
from careline.guidance.errors import IndexMismatchError
from careline.guidance.index import FaissPassageIndex, PassageIndex
from careline.guidance.index_build import in_memory_index, snapshot_content, write_snapshot
from careline.guidance.index_kind import FLAT, KindChoice
from tests.support.guidance import NOW, WordEncoder, article, rules, unanswered

ARTICLES = (
    article("cough", text="Drink honey with warm water."),
    article("sore_throat", text="Gargle with warm salt water."),
    article("back_pain", text="Keep moving and use heat."),
)

ALL_LISTS = KindChoice(exact_up_to=0, least_probes=10_000)  # divided, and yet exact: it reads every list

Build = Callable[[Sequence[Article]], PassageIndex]


@pytest.fixture(params=["memory", "faiss flat", "faiss ivf"])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Build:
    def built(articles: Sequence[Article]) -> PassageIndex:
        encoder = WordEncoder()
        content = snapshot_content(articles, unanswered(["gout in my toe"]))
        if request.param == "memory":
            return in_memory_index(content, rules(), encoder, now=NOW)
        vectors = encoder.encode([passage.encoded for passage in content.passages])
        choice = ALL_LISTS if request.param == "faiss ivf" else None
        manifest = write_snapshot(tmp_path, content, rules(), encoder, vectors, now=NOW, choice=choice)
        assert f"faiss {manifest.kind.kind}" == request.param
        return FaissPassageIndex.load(tmp_path, encoder)

    return built


def embedded(text: str) -> np.ndarray:
    return WordEncoder().encode([text])[0]


def test_the_most_similar_passage_comes_first(build):
    found = build(ARTICLES).nearest(embedded("gargle salt"), limit=3)
    assert found[0].passage.article_id == "sore_throat"
    assert found[0].passage.section == "What you can do"


def test_similarities_fall_and_lie_between_minus_one_and_one(build):
    similarities = [hit.similarity for hit in build(ARTICLES).nearest(embedded("warm water and heat"), limit=50)]
    assert similarities == sorted(similarities, reverse=True)
    assert all(-1.00001 <= similarity <= 1.00001 for similarity in similarities)


def test_a_passage_asked_for_with_its_own_words_has_similarity_one(build):
    index = build(ARTICLES)
    passage = next(passage for passage in index.passages if passage.id == "cough.1.0")
    assert index.nearest(embedded(passage.encoded), limit=1)[0].similarity == pytest.approx(1.0, abs=1e-5)


def test_no_more_than_the_limit_comes_back(build):
    assert len(build(ARTICLES).nearest(embedded("water"), limit=2)) == 2


def test_a_limit_above_the_number_of_passages_returns_each_once(build):
    index = build(ARTICLES)
    ids = [hit.passage.id for hit in index.nearest(embedded("water"), limit=10_000)]
    assert sorted(ids) == sorted(index.manifest.passage_ids)


def test_only_the_passages_named_are_looked_at(build):
    found = build(ARTICLES).nearest(embedded("gargle salt"), limit=5, among=["cough.1.0", "back_pain.1.0"])
    assert sorted(hit.passage.id for hit in found) == ["back_pain.1.0", "cough.1.0"]


def test_naming_no_passage_finds_none(build):
    assert build(ARTICLES).nearest(embedded("gargle salt"), limit=5, among=[]) == []


def test_unknown_passages_are_not_found(build):
    assert build(ARTICLES).nearest(embedded("gargle salt"), limit=5, among=["nowhere.0.0"]) == []


def test_equal_similarities_keep_the_order_of_the_passages(build):
    index = build(ARTICLES)
    ids = [hit.passage.id for hit in index.nearest(embedded("zebra"), limit=10_000)]
    assert ids == list(index.manifest.passage_ids)


def test_a_query_of_another_dimension_is_refused(build):
    with pytest.raises(IndexMismatchError, match="shape"):
        build(ARTICLES).nearest(np.ones(3, np.float32), limit=1)


def test_articles_and_passages_are_those_that_were_indexed(build):
    index = build(ARTICLES)
    assert set(index.articles) == {"cough", "sore_throat", "back_pain"}
    assert index.articles["cough"] == ARTICLES[0]
    assert tuple(passage.id for passage in index.passages) == index.manifest.passage_ids


def test_all_kinds_of_index_describe_equal_content_alike(build):
    """The name of a snapshot depends on what it holds, not on how it is searched."""
    expected = in_memory_index(
        snapshot_content(ARTICLES, unanswered(["gout in my toe"])), rules(), WordEncoder(), now=NOW
    )
    manifest = build(ARTICLES).manifest
    assert msgspec.structs.replace(manifest, files={}, kind=FLAT) == expected.manifest


def test_faiss_searches_with_one_thread():
    """Its threads would fight the encoder's for the same processors."""
    assert faiss.omp_get_max_threads() == 1


def test_many_are_found_as_numbers_in_the_same_order(build):
    index = build(ARTICLES)
    hits = index.nearest(embedded("gargle salt water"), limit=20)
    similarities, numbers = index.nearest_numbers(embedded("gargle salt water"), limit=20)
    assert [index.passages[number].id for number in numbers] == [hit.passage.id for hit in hits]
    assert similarities.tolist() == [hit.similarity for hit in hits]


def test_numbers_are_looked_for_among_those_given_only(build):
    _, numbers = build(ARTICLES).nearest_numbers(embedded("gargle salt"), limit=5, among=np.array([4, 2]))
    assert sorted(numbers.tolist()) == [2, 4]
