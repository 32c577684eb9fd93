"""Which articles come nearest to a question, by what a fit has found to tell, and how sure that is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import msgspec
import numpy as np

from careline.guidance.article import Article, Shape
from careline.guidance.confidence import confidence_signs, linear
from careline.guidance.encoder import Encoder
from careline.guidance.evidence import RANKING_SIGNS, Evidence, EvidenceReader
from careline.guidance.index import PassageIndex
from careline.guidance.passages import Passage

_SIMILARITY = RANKING_SIGNS.index("similarity")
_SHOWN_FIRST = "What you can do"


class RankedArticle(Shape, frozen=True, kw_only=True):
    """An article and how near it comes.

    Attributes:
        score: What ranks; only differences between scores of one question mean something.
        similarity: The highest cosine of its passages and questions.
        confidence: Log-odds that it answers the question.
    """

    article: Article
    score: float
    similarity: float
    confidence: float


@dataclass(frozen=True)
class Ranking:
    """The articles in order, and the evidence for it.

    Attributes:
        articles: The best first.
    """

    articles: tuple[RankedArticle, ...]
    evidence: Evidence


class Ranker:
    """Ranks the articles of one snapshot; safe to share between threads."""

    def __init__(self, index: PassageIndex, encoder: Encoder) -> None:
        """Prepare to read evidence from a snapshot that was built with this encoder."""
        self.reader = EvidenceReader(index, encoder)
        self._passages = index.passages
        thresholds = index.manifest.rules.thresholds
        self._ranking = thresholds.ranking
        self._weights = np.array(msgspec.structs.astuple(thresholds.ranking))
        self._confidence = linear(thresholds.confidence)
        self._intercept = thresholds.confidence.intercept
        self._sections: dict[str, list[Passage]] = {}
        for passage in index.passages:
            if passage.article_id is not None and passage.kind == "section":
                self._sections.setdefault(passage.article_id, []).append(passage)

    def ranked(self, query: str, article_ids: Collection[str], named: Collection[str] = ()) -> Ranking:
        """Return those of the named articles that come near the query.

        Args:
            query: In a patient's words.
            article_ids: The articles that may be for the person.
            named: Complaints that the words name, where the caller can tell.
        """
        return self.ordered(self.reader.evidence(query, article_ids, named))

    def ordered(self, evidence: Evidence) -> Ranking:
        """Return the articles of the evidence, the best first."""
        if not evidence.articles:
            return Ranking((), evidence)
        scores = evidence.signs @ self._weights
        confidences = confidence_signs(evidence, scores) @ self._confidence + self._intercept
        ranked = [
            RankedArticle(article=article, score=score, similarity=similarity, confidence=confidence)
            for article, score, similarity, confidence in zip(
                evidence.articles,
                scores.tolist(),
                evidence.signs[:, _SIMILARITY].tolist(),
                confidences.tolist(),
                strict=True,
            )
        ]
        return Ranking(tuple(sorted(ranked, key=lambda each: (-each.score, each.article.id))), evidence)

    def section_for(self, article: Article, evidence: Evidence) -> Passage:
        """Return the section of an article that fits a question best, by meaning and words."""
        row = self.reader.rows[article.id]
        places = evidence.passages
        own = (self.reader.owners[places] == row) & self.reader.is_section[places]
        if not own.any():
            return self.section_to_show(article.id)
        places = places[own]
        fits = self._ranking.similarity * evidence.similarities[own] + self._ranking.words * evidence.words[places]
        return self._passages[int(places[fits.argmax()])]

    def section_to_show(self, article_id: str) -> Passage:
        """Return the passage to show when no section fits the question best."""
        sections = self._sections[article_id]
        return next((passage for passage in sections if passage.section == _SHOWN_FIRST), sections[0])
