"""Which articles come nearest to a question: by meaning, and a little by its very words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import bm25s
import numpy as np
import numpy.typing as npt

from careline.guidance.article import Article
from careline.guidance.encoder import Encoder
from careline.guidance.index import PassageIndex
from careline.guidance.passages import Passage
from careline.guidance.spelling import Spelling
from careline.guidance.words import topic_stems

_POOL = 200  # passages looked at: the score by words reorders them and brings in no others
_SHOWN_FIRST = "What you can do"


@dataclass(frozen=True)
class RankedArticle:
    """An article and how near it comes.

    Attributes:
        score: What ranks: cosine and BM25, weighted, of its best passage or question.
        similarity: The highest cosine of its passages and questions.
        passage: The section to show.
    """

    article: Article
    score: float
    similarity: float
    passage: Passage


@dataclass(frozen=True)
class Ranking:
    """The articles by falling score, and how near the nearest question comes that none of them answers."""

    articles: tuple[RankedArticle, ...]
    not_covered: float


class Ranker:
    """Ranks the articles of one snapshot; safe to share between threads."""

    def __init__(self, index: PassageIndex, encoder: Encoder, *, pool: int = _POOL) -> None:
        """Prepare the search by words over the snapshot's passages.

        Args:
            index: The snapshot.
            encoder: The one that the snapshot was built with.
            pool: How many of the most similar passages are ranked.
        """
        self.index = index
        self._encoder = encoder
        self._pool = pool
        self._dense_weight = index.manifest.rules.thresholds.dense_weight
        self._words = bm25s.BM25()
        self._words.index([topic_stems(passage.encoded) or [""] for passage in index.passages], show_progress=False)
        self._spelling = Spelling(
            (passage.encoded for passage in index.passages if passage.kind == "section"),
            kept=[*index.manifest.rules.guards.topic_words, *(passage.encoded for passage in index.passages)],
            is_word=encoder.knows_word,
        )
        self._numbers = {passage.id: number for number, passage in enumerate(index.passages)}
        self._ids_of: dict[str | None, list[str]] = {}
        self._sections: dict[str, list[Passage]] = {}
        for passage in index.passages:
            self._ids_of.setdefault(passage.article_id, []).append(passage.id)
            if passage.article_id is not None and passage.kind == "section":
                self._sections.setdefault(passage.article_id, []).append(passage)

    def ranked(self, query: str, article_ids: Collection[str]) -> Ranking:
        """Return those of the named articles that come near the query, the best first."""
        among = None
        if len(article_ids) < len(self.index.articles):
            among = [passage_id for key in [*article_ids, None] for passage_id in self._ids_of.get(key, ())]
        query = self._spelling.mended(query)
        vector = self._encoder.encode([query])[0]
        found = self.index.nearest(vector, limit=self._pool, among=among)
        by_words = self._word_scores(query)
        not_covered = max((hit.similarity for hit in found if hit.passage.article_id is None), default=-1.0)
        scored: dict[str, list[tuple[float, float, Passage]]] = {}
        for hit in found:
            word_score = float(by_words[self._numbers[hit.passage.id]])
            score = self._dense_weight * hit.similarity + (1 - self._dense_weight) * word_score
            if hit.passage.article_id is not None:
                scored.setdefault(hit.passage.article_id, []).append((score, hit.similarity, hit.passage))
        articles = [self._ranked_article(article_id, entries) for article_id, entries in scored.items()]
        articles.sort(key=lambda ranked: (-ranked.score, ranked.article.id))
        return Ranking(tuple(articles), not_covered)

    def section_to_show(self, article_id: str) -> Passage:
        """Return the passage to show when no section fits the question best."""
        sections = self._sections[article_id]
        return next((passage for passage in sections if passage.section == _SHOWN_FIRST), sections[0])

    def _ranked_article(self, article_id: str, entries: list[tuple[float, float, Passage]]) -> RankedArticle:
        sections = [(score, passage) for score, _, passage in entries if passage.kind == "section"]
        shown = max(sections, key=lambda pair: pair[0])[1] if sections else self.section_to_show(article_id)
        return RankedArticle(
            article=self.index.articles[article_id],
            score=max(score for score, _, _ in entries),
            similarity=max(similarity for _, similarity, _ in entries),
            passage=shown,
        )

    def _word_scores(self, query: str) -> npt.NDArray[np.float32]:
        stems = [stem for stem in topic_stems(query) if stem in self._words.vocab_dict]
        if not stems:
            return np.zeros(len(self.index.passages), np.float32)
        scores: npt.NDArray[np.float32] = self._words.get_scores(stems)
        best = float(scores.max())
        return scores / np.float32(best) if best > 0 else scores
