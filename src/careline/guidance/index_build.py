"""Building a snapshot: articles to passages to vectors to the files that `FaissPassageIndex` loads."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import faiss
import msgspec

from careline.guidance.article import Article
from careline.guidance.article_files import load_articles
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import MAX_TOKENS, Embeddings, Encoder
from careline.guidance.errors import IndexBuildError
from careline.guidance.index import (
    INDEX_FILE,
    MANIFEST_FILE,
    PASSAGES_FILE,
    IndexManifest,
    InMemoryPassageIndex,
    SnapshotContent,
)
from careline.guidance.index_kind import FLAT, IndexKind, KindChoice, indexed
from careline.guidance.model_weights import file_sha256
from careline.guidance.passages import CHUNKER_VERSION, Passage, article_passages, unanswered_passages
from careline.guidance.progress import Progress, silent
from careline.guidance.search_rules import NotCovered, SearchRules, load_not_covered, load_search_rules

_BATCH = 16


def build_index(
    knowledge_dir: Path,
    out_dir: Path,
    cache_dir: Path,
    encoder: Encoder,
    progress: Progress = silent,
    *,
    now: dt.datetime | None = None,
) -> IndexManifest:
    """Write the snapshot of all published articles into `out_dir` and return its manifest.

    Articles past their review date are written too and withheld when searched: a snapshot does not depend on the
    day. Equal content gives an equal `snapshot`.

    Args:
        knowledge_dir: Holds `articles/` and `retrieval/`.
        out_dir: Made if missing; the manifest is written last.
        cache_dir: Keeps vectors, so that only new or altered passages are encoded.
        encoder: The one that will search.
        progress: Told how far the work is.
        now: Time of the build, aware; the present if None.

    Raises:
        ArticleError: A file in `knowledge_dir` cannot be used.
        IndexBuildError: A passage is too long, an id stands twice, nothing is published, or the thresholds were fitted
            for another encoder.
    """
    progress("reading the articles", 0, 1)
    content, rules = read_content(knowledge_dir)
    _check_fit(rules, encoder, knowledge_dir)
    vectors = _vectors(content.passages, EmbeddingCache(cache_dir, encoder), encoder, progress)
    manifest = write_snapshot(out_dir, content, rules, encoder, vectors, now=now)
    progress("index built", 1, 1)
    return manifest


def write_snapshot(
    out_dir: Path,
    content: SnapshotContent,
    rules: SearchRules,
    encoder: Encoder,
    vectors: Embeddings,
    *,
    now: dt.datetime | None = None,
    choice: KindChoice | None = None,
) -> IndexManifest:
    """Write the files of a snapshot, the manifest last, and return it; `vectors` has a row per passage."""
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / MANIFEST_FILE).unlink(missing_ok=True)
    index, kind = indexed(vectors, choice)
    faiss.write_index(index, str(out_dir / INDEX_FILE))
    (out_dir / PASSAGES_FILE).write_bytes(msgspec.json.encode(content))
    files = {name: file_sha256(out_dir / name) for name in (INDEX_FILE, PASSAGES_FILE)}
    manifest = _manifest(content, rules, encoder, kind=kind, files=files, now=now)
    (out_dir / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest, order="deterministic")))
    return manifest


def read_content(knowledge_dir: Path) -> tuple[SnapshotContent, SearchRules]:
    """Return what a snapshot of the published articles holds, and the rules of its search.

    Raises:
        ArticleError: A file cannot be used.
        IndexBuildError: Nothing is published, or two passages have one id.
    """
    articles = load_articles(knowledge_dir / "articles")
    content = snapshot_content(articles.values(), load_not_covered(knowledge_dir / "retrieval"))
    return content, load_search_rules(knowledge_dir / "retrieval")


def snapshot_content(articles: Iterable[Article], not_covered: NotCovered | None = None) -> SnapshotContent:
    """Return the passages of the articles that are published.

    Raises:
        IndexBuildError: None is published, or two passages have one id.
    """
    published = tuple(article for article in articles if article.status == "published")
    if not published:
        raise IndexBuildError("no article has the status 'published'. Publish one.")
    passages = [passage for article in published for passage in article_passages(article)]
    if not_covered is not None:
        health, other = not_covered.health.values(), not_covered.out_of_scope.values()
        passages.extend(unanswered_passages("not_covered", itertools.chain.from_iterable(health)))
        passages.extend(unanswered_passages("out_of_scope", itertools.chain.from_iterable(other)))
    # FAISS accepts an id twice without a word.
    twice = [passage_id for passage_id, count in Counter(passage.id for passage in passages).items() if count > 1]
    if twice:
        raise IndexBuildError(f"these passages have one id: {', '.join(twice)}. Give each article its own id.")
    return SnapshotContent(articles=published, passages=tuple(passages))


def in_memory_index(
    content: SnapshotContent, rules: SearchRules, encoder: Encoder, *, now: dt.datetime | None = None
) -> InMemoryPassageIndex:
    """Return the index of some articles without writing a file."""
    vectors = encoder.encode([passage.encoded for passage in content.passages])
    return InMemoryPassageIndex(_manifest(content, rules, encoder, kind=FLAT, files={}, now=now), content, vectors)


def trial_index(
    knowledge_dir: Path, cache_dir: Path, encoder: Encoder, progress: Progress = silent
) -> InMemoryPassageIndex:
    """Return the index of the articles as they are, for trying them out before they are published.

    Raises:
        ArticleError: A file in `knowledge_dir` cannot be used.
        IndexBuildError: As `build_index`.
    """
    content, rules = read_content(knowledge_dir)
    _check_fit(rules, encoder, knowledge_dir)
    vectors = _vectors(content.passages, EmbeddingCache(cache_dir, encoder), encoder, progress)
    return InMemoryPassageIndex(_manifest(content, rules, encoder, kind=FLAT, files={}, now=None), content, vectors)


def _check_fit(rules: SearchRules, encoder: Encoder, knowledge_dir: Path) -> None:
    thresholds = rules.thresholds
    if (thresholds.model_hash, thresholds.chunker_version) != (encoder.model_hash, CHUNKER_VERSION):
        path = knowledge_dir / "retrieval" / "thresholds.yml"
        raise IndexBuildError(
            f"{path}: `$.model_hash` or `$.chunker_version` is not that of the encoder in use. "
            "Fit the thresholds again: `benchmarks/evaluate_retrieval.py --fit`."
        )


def _check_lengths(passages: Sequence[Passage], encoder: Encoder) -> None:
    for passage in passages:
        tokens = encoder.token_count(passage.encoded)
        if tokens > MAX_TOKENS:
            raise IndexBuildError(
                f"passage {passage.id}: has {tokens} tokens, the encoder reads {MAX_TOKENS}. Shorten its section."
            )


def _vectors(passages: Sequence[Passage], cache: EmbeddingCache, encoder: Encoder, progress: Progress) -> Embeddings:
    texts = [passage.encoded for passage in passages]
    missing = cache.missing(texts)
    new = set(missing)
    # A text that has a vector was not too long when it got it, for this encoder and this limit.
    _check_lengths([passage for passage in passages if passage.encoded in new], encoder)
    for start in range(0, len(missing), _BATCH):
        progress("encoding new passages", start, len(missing))
        cache.encode(missing[start : start + _BATCH])
    vectors = cache.vectors(texts)
    cache.save(texts)
    return vectors


def _manifest(
    content: SnapshotContent,
    rules: SearchRules,
    encoder: Encoder,
    *,
    kind: IndexKind,
    files: dict[str, str],
    now: dt.datetime | None,
) -> IndexManifest:
    identity = msgspec.json.encode(
        [encoder.model_hash, encoder.dimension, CHUNKER_VERSION, content, rules], order="deterministic"
    )
    return IndexManifest(
        snapshot=hashlib.sha256(identity).hexdigest(),
        model_hash=encoder.model_hash,
        dimension=encoder.dimension,
        chunker_version=CHUNKER_VERSION,
        created_at=now or dt.datetime.now(dt.UTC),
        kind=kind,
        passage_ids=tuple(passage.id for passage in content.passages),
        content_hashes={article.id: _content_hash(article) for article in content.articles},
        rules=rules,
        files=files,
    )


def _content_hash(article: Article) -> str:
    return hashlib.sha256(msgspec.json.encode(article, order="deterministic")).hexdigest()
