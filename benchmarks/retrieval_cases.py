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

from benchmarks.retrieval_fitting import Example, unanswered_example
from benchmarks.retrieval_questions import Query
from careline.clinical.rulebook import load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from careline.guidance.article import Article
from careline.guidance.embedding_cache import EmbeddingCache
from careline.guidance.encoder import Embeddings, Encoder
from careline.guidance.evidence import Evidence
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
        self._content = content
        self._encoder = encoder
        self._reader = reader
        self._evidence: dict[tuple[str, Situation], Evidence] = {}
        self.use(rules)

    def use(self, rules: SearchRules) -> None:
        """Go on with other weights and thresholds; guards stay, as what is known of a question depends on them."""
        self._index = in_memory_index(self._content, rules, self._encoder)
        self._search = SearchWithout(self._index, self._encoder)
        self._ranker = Ranker(self._index, self._encoder)
        self._guard = TopicGuard(rules.guards)

    def cases(self, queries: list[Query]) -> list[Case]:
        """Return every question's case, and of those with an answer the case without their right articles."""
        return [self.case(query, situation) for query, situation in situations(queries)]

    def unanswered(self) -> list[Example]:
        """Return the questions of `not_covered.yml` as examples to fit on, each as if it were not in the index."""
        examples = []
        for place, passage in enumerate(track(self._index.passages, "reading what is not covered")):
            if passage.article_id is None:
                named = self._reader.complaints(passage.encoded)
                among = self._search.articles_for(passage.encoded, _filters(named))
                evidence = self._ranker.reader.evidence(passage.encoded, among, named, without=place)
                examples.append(unanswered_example(evidence, passage.kind))
        return examples

    def case(self, query: Query, situation: Situation) -> Case:
        """Return what the search makes of a question."""
        filters = _filters(self._reader.complaints(query.text))
        ranking = self._ranker.ordered(self.evidence(query, situation))
        best = ranking.articles[0]
        ceiling = self.ceiling(query, best.article)
        result = self._search.result(query.text, ranking, filters)
        is_declined = self._reader.is_declined(query.text)
        return Case(
            query=query,
            situation=situation,
            ranks=right_places(query, [each.article.id for each in ranking.articles]),
            is_right=best.article.id in query.right,
            confidence=best.confidence,
            ceiling=ceiling,
            verdict="none" if is_declined else result.verdict,
            best=best.article.id,
            shown=() if is_declined else tuple(hit.article_id for hit in result.hits),
        )

    def ceiling(self, query: Query, article: Article) -> str:
        """Return the best verdict that the words leave open for an article."""
        return "none" if self._reader.is_declined(query.text) else self._guard.ceiling(query.text, article)

    def ordered(self, query: Query, weights: RankingWeights) -> list[str]:
        """Return the ids of the articles in the order that other weights give them."""
        evidence = self.evidence(query, "as it is")
        scores = evidence.signs @ np.array(msgspec.structs.astuple(weights))
        return [evidence.articles[row].id for row in np.argsort(-scores, kind="stable")]

    def evidence(self, query: Query, situation: Situation) -> Evidence:
        """Return what is known of a question before any weight; read once."""
        key = (query.text, situation)
        if key not in self._evidence:
            named = self._reader.complaints(query.text)
            self._evidence[key] = self._ranker.reader.evidence(query.text, self._among(query, situation), named)
        return self._evidence[key]

    def example(self, query: Query, situation: Situation) -> Example:
        """Return a question as an example to fit on."""
        evidence = self.evidence(query, situation)
        return Example(evidence, np.array([article.id in query.right for article in evidence.articles], np.bool_))

    def _among(self, query: Query, situation: Situation) -> list[str]:
        self._search.without = frozenset(query.right if situation == "taken away" else ())
        return self._search.articles_for(query.text, _filters(self._reader.complaints(query.text)))


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


def _filters(named: tuple[str, ...]) -> SearchFilter:
    return SearchFilter(today=dt.datetime.now(dt.UTC).date(), named=named)


def situations(queries: list[Query]) -> Iterator[tuple[Query, Situation]]:
    """Yield each question as it is, and each that has an answer again with its right articles taken away."""
    for query in track(queries, "asking"):
        yield query, "as it is"
        if query.right:
            yield query, "taken away"


def right_places(query: Query, order: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the right articles in an order of articles, from 1."""
    return tuple(place for place, article_id in enumerate(order, 1) if article_id in query.right)
