"""Guidance without a model: an encoder of words, and articles built with what a test does not care about filled in."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence

import msgspec
import numpy as np

from careline.guidance.article import SECTION_HEADINGS, Article, Audience, Section, Source
from careline.guidance.encoder import Embeddings
from careline.guidance.index_build import in_memory_index, snapshot_content
from careline.guidance.passages import CHUNKER_VERSION
from careline.guidance.search import GuidanceSearch
from careline.guidance.search_rules import (
    ConfidenceWeights,
    Guards,
    NotCovered,
    RankingWeights,
    SearchRules,
    Thresholds,
)
from careline.guidance.words import topic_stems

TODAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

BY_MEANING = RankingWeights(similarity=0.8, words=0.2)
BY_SIMILARITY = ConfidenceWeights(signs=RankingWeights(similarity=1.0))


class WordEncoder:
    """An encoder whose vectors count words: texts that share words are similar, others are at right angles.

    Attributes:
        encoded: Every text that it was asked for, in order.
    """

    dimension = 512

    def __init__(self, model_hash: str = "words" * 12, *, unknown_words: Sequence[str] = ()) -> None:
        self.model_hash = model_hash
        self.encoded: list[str] = []
        self._unknown_words = set(unknown_words)

    def encode(self, texts: Sequence[str]) -> Embeddings:
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            for stem in topic_stems(text) or ["nothing"]:
                vectors[row, int(hashlib.sha256(stem.encode()).hexdigest(), 16) % self.dimension] += 1
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return (vectors / np.where(norms == 0, 1, norms)).astype(np.float32)

    def token_count(self, text: str) -> int:
        return len(text.split()) + 2

    def knows_word(self, word: str) -> bool:
        return word not in self._unknown_words


def rules(
    *,
    answer: float = 0.7,
    ask: float = 0.4,
    spread: float = 0.2,
    topic_words: tuple[str, ...] = (),
    denials: tuple[str, ...] = ("dont have",),
    dosage: tuple[str, ...] = ("how much", "how many"),
    model_hash: str = "words" * 12,
    ranking: RankingWeights = BY_MEANING,
    confidence: ConfidenceWeights = BY_SIMILARITY,
) -> SearchRules:
    """Return rules of a search; the thresholds suit `WordEncoder`."""
    thresholds = Thresholds(
        fitted_on=TODAY,
        model_hash=model_hash,
        chunker_version=CHUNKER_VERSION,
        how="by hand, for tests",
        ranking=ranking,
        confidence=confidence,
        answer=answer,
        ask=ask,
        spread=spread,
    )
    return SearchRules(
        thresholds=thresholds,
        guards=Guards(
            topic_words=topic_words,
            denials=denials,
            dosage=dosage,
            child_words=("my child",),
            child_max_age_years=11,
            pregnancy_words=("pregnant",),
        ),
    )


def article(article_id: str, *, title: str | None = None, text: str = "", **changes: object) -> Article:
    """Return an article; its section "What you can do" holds `text`."""
    title = title or article_id.replace("_", " ").capitalize()
    bodies = {heading: f"{heading}." for heading in SECTION_HEADINGS} | ({"What you can do": text} if text else {})
    whole = Article(
        id=article_id,
        title=title,
        summary=f"What helps with {title.lower()}.",
        language="en",
        complaints=(article_id,),
        audience=Audience(),
        acuity_ceiling="gp_soon",
        keywords=(title.lower(),),
        questions=tuple(f"{title.lower()} question {number}" for number in range(6)),
        sources=(Source(title="A page", organisation="A health service"),),
        author="Careline contributors",
        reviewer="unreviewed",
        reviewed_on=None,
        review_by=dt.date(2027, 5, 21),
        status="published",
        sections=tuple(Section(heading=heading, markdown=body) for heading, body in bodies.items()),
    )
    return msgspec.structs.replace(whole, **changes)


def unanswered(questions: Sequence[str]) -> NotCovered:
    """Return health questions that no article answers."""
    return NotCovered(language="en", health={"conditions": tuple(questions)}, out_of_scope={})


def signed(some: Article) -> Article:
    """Return the article as a clinician has signed it."""
    return msgspec.structs.replace(some, reviewer="A clinician", reviewed_on=dt.date(2026, 10, 1))


def guidance_of(
    *articles: Article,
    search_rules: SearchRules | None = None,
    not_covered: Sequence[str] = (),
    unknown_words: Sequence[str] = (),
    release: str = "r1",
) -> GuidanceSearch:
    """Return a search over some articles, in memory, by words alone."""
    encoder = WordEncoder(unknown_words=unknown_words)
    content = snapshot_content(articles, unanswered(not_covered))
    return GuidanceSearch(in_memory_index(content, search_rules or rules(), encoder, now=NOW), encoder, release=release)
