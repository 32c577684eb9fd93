"""Asking the search each question: as it is, and again as if its right articles had not been written."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import numpy as np
from rich.progress import track

from benchmarks.retrieval_fitting import Example
from benchmarks.retrieval_questions import Query
from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import Embeddings, Encoder
from careline.guidance.guards import TopicGuard
from careline.guidance.index import SnapshotContent
from careline.guidance.index_build import in_memory_index
from careline.guidance.ranking import Ranker
from careline.guidance.search import GuidanceSearch, SearchFilter
from careline.guidance.search_rules import RankingWeights, SearchRules

Situation = Literal["as it is", "taken away"]


@dataclass(frozen=True)
class Case:
    """One question against one set of articles: what the best article reached, and what the search said.

    Attributes:
        situation: `as it is`, or `taken away`: against all articles but the right ones.
        ranks: Places of the right articles by score, from 1.
        is_right: Whether the best article is a right one.
        confidence: Log-odds that it answers.
        ceiling: What the guards leave open, and the rules about requests for medicines.
        shown: Article ids of the hits.
    """

    query: Query
    situation: Situation
    ranks: tuple[int, ...]
    is_right: bool
    confidence: float
    ceiling: str
    verdict: str
    best: str
    shown: tuple[str, ...]

    @property
    def has_answer(self) -> bool:
        """Whether some article of the set answers it."""
        return self.situation == "as it is" and bool(self.query.right)

    @property
    def is_health(self) -> bool:
        """Whether it is a health question that no article of the set answers."""
        return not self.has_answer and self.query.kind != "out_of_scope"

    @property
    def shows_right(self) -> bool:
        """Whether a right article is among those shown."""
        return self.has_answer and bool(set(self.shown) & set(self.query.right))


class RememberingEncoder:
    """The encoder, with every text encoded once."""

    def __init__(self, encoder: Encoder, cache: EmbeddingCache) -> None:
        """Use what the cache knows."""
        self._encoder = encoder
        self._cache = cache
        self.model_hash = encoder.model_hash
        self.dimension = encoder.dimension

    def encode(self, texts: Sequence[str]) -> Embeddings:
        """Return one unit vector per text."""
        missing = self._cache.missing(texts)
        for start in range(0, len(missing), 16):
            self._cache.encode(missing[start : start + 16])
        return self._cache.vectors(texts)

    def token_count(self, text: str) -> int:
        """Return how many tokens the text has."""
        return self._encoder.token_count(text)

    def knows_word(self, word: str) -> bool:
        """Return whether the model reads the word as one token."""
        return self._encoder.knows_word(word)


class SearchWithout(GuidanceSearch):
    """The search as it would be if some articles had not been written."""

    without: frozenset[str] = frozenset()

    def articles_for(self, query: str, filters: SearchFilter) -> list[str]:
        """Return the ids of the articles that may be for the person, those taken away left out."""
        return [article_id for article_id in super().articles_for(query, filters) if article_id not in self.without]


class CaseRunner:
    """Asks questions of one set of articles, as a consultation does that knows nothing of the patient."""

    def __init__(self, content: SnapshotContent, rules: SearchRules, encoder: Encoder, reader: Reader) -> None:
        """Index the articles in memory."""
        self._index = in_memory_index(content, rules, encoder)
        self._encoder = encoder
        self._reader = reader
        self._search = SearchWithout(self._index, encoder)
        self._ranker = Ranker(self._index, encoder)
        self._guard = TopicGuard(rules.guards)

    def cases(self, queries: list[Query]) -> list[Case]:
        """Return every question's case, and of those with an answer the case without their right articles."""
        return [self.case(query, situation) for query, situation in _situations(queries)]

    def examples(self, queries: list[Query]) -> list[Example]:
        """Return the same cases as examples to fit on."""
        return [self._example(query, situation) for query, situation in _situations(queries)]

    def case(self, query: Query, situation: Situation) -> Case:
        """Return what the search makes of a question."""
        filters = self._filters(query)
        ranked = self._ranker.ranked(query.text, self._among(query, situation), filters.named)
        best = ranked[0]
        declined = self._reader.is_declined(query.text)
        result = self._search.search(query.text, filters)
        return Case(
            query=query,
            situation=situation,
            ranks=right_places(query, [each.article.id for each in ranked]),
            is_right=best.article.id in query.right,
            confidence=best.confidence,
            ceiling="none" if declined else self._guard.ceiling(query.text, best.article),
            verdict="none" if declined else result.verdict,
            best=best.article.id,
            shown=() if declined else tuple(hit.article_id for hit in result.hits),
        )

    def ordered(self, query: Query, weights: RankingWeights) -> list[str]:
        """Return the ids of the articles in the order that other weights give them."""
        evidence = self._ranker.evidence(query.text, self._among(query, "as it is"), self._filters(query).named)
        scores = evidence.signs @ np.array(msgspec.structs.astuple(weights))
        return [evidence.articles[row].id for row in np.argsort(-scores, kind="stable")]

    def _example(self, query: Query, situation: Situation) -> Example:
        evidence = self._ranker.evidence(query.text, self._among(query, situation), self._filters(query).named)
        return Example(evidence, np.array([article.id in query.right for article in evidence.articles], np.bool_))

    def _filters(self, query: Query) -> SearchFilter:
        return SearchFilter(today=dt.datetime.now(dt.UTC).date(), named=self._reader.complaints(query.text))

    def _among(self, query: Query, situation: Situation) -> list[str]:
        self._search.without = frozenset(query.right if situation == "taken away" else ())
        return self._search.articles_for(query.text, self._filters(query))


class Reader:
    """What a consultation reads in a question besides its meaning; each question once."""

    def __init__(self, knowledge: Path) -> None:
        """Load the rules."""
        self._book = load_rule_book(knowledge)
        self._lexicon = Lexicon.of(self._book)

    @functools.cache  # noqa: B019 - one reader lives as long as the measurement
    def complaints(self, text: str) -> tuple[str, ...]:
        """Return the complaints that the words name."""
        return tuple(read_message(text, self._lexicon).complaints)

    def is_declined(self, text: str) -> bool:
        """Return whether the words ask for a prescription: a consultation says who can help, and shows no article."""
        return self._book.medicines.request_in(text) == "prescription"


def _situations(queries: list[Query]) -> Iterator[tuple[Query, Situation]]:
    for query in track(queries, "asking"):
        yield query, "as it is"
        if query.right:
            yield query, "taken away"


def right_places(query: Query, order: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the right articles in an order of articles, from 1."""
    return tuple(place for place, article_id in enumerate(order, 1) if article_id in query.right)
