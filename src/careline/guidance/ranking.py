"""Which articles come nearest to a question, by what a fit has found to tell: meaning, words, and for whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import bm25s
import msgspec
import numpy as np
import numpy.typing as npt

from careline.guidance.article import Article
from careline.guidance.encoder import Encoder
from careline.guidance.guards import name_stems, names_child, names_pregnancy, whole_text
from careline.guidance.index import PassageIndex, ScoredPassage
from careline.guidance.passages import Passage
from careline.guidance.search_rules import ConfidenceWeights, RankingWeights
from careline.guidance.spelling import Spelling
from careline.guidance.words import topic_stems

_POOL = 200  # passages looked at: words reorder their articles and bring in no others
_BEST = 3  # passages whose mean counts
_CHILD_UP_TO_YEARS = 18  # an article up to this age is for children alone
_SHOWN_FIRST = "What you can do"

RANKING_SIGNS = RankingWeights.__struct_fields__
Signs = npt.NDArray[np.float64]  # shape (articles, signs)


@dataclass(frozen=True)
class RankedArticle:
    """An article and how near it comes.

    Attributes:
        score: What ranks; only differences between scores of one question mean something.
        similarity: The highest cosine of its passages and questions.
        confidence: Log-odds that it answers the question.
        passage: The section to show.
    """

    article: Article
    score: float
    similarity: float
    confidence: float
    passage: Passage


@dataclass(frozen=True)
class Evidence:
    """What is known of a question and the articles, before any weight.

    Attributes:
        articles: In the order of the rows.
        signs: One column per field of `RankingWeights`.
        out_of_scope: Mean cosine of the nearest questions that are not ours to answer.
        not_covered: Mean cosine of the nearest health questions that no article answers.
        passages: The section to show, per article.
    """

    articles: tuple[Article, ...]
    signs: Signs
    out_of_scope: float
    not_covered: float
    passages: tuple[Passage, ...]


class Ranker:
    """Ranks the articles of one snapshot; safe to share between threads."""

    def __init__(self, index: PassageIndex, encoder: Encoder, *, pool: int = _POOL) -> None:
        """Prepare the search by words over the snapshot's passages.

        Args:
            index: The snapshot.
            encoder: The one that the snapshot was built with.
            pool: How many of the most similar passages are looked at.
        """
        self.index = index
        self._encoder = encoder
        self._pool = pool
        self._thresholds = index.manifest.rules.thresholds
        self._guards = index.manifest.rules.guards
        self._weights = np.array(msgspec.structs.astuple(self._thresholds.ranking))
        self._words = _word_search([topic_stems(passage.encoded) for passage in index.passages])
        self._articles = list(index.articles.values())
        self._rows = {article.id: row for row, article in enumerate(self._articles)}
        self._article_words = _word_search([topic_stems(whole_text(article)) for article in self._articles])
        self._names = [name_stems(article) for article in self._articles]
        self._spelling = Spelling(
            (passage.encoded for passage in index.passages if passage.kind == "section"),
            kept=[*self._guards.topic_words, *(passage.encoded for passage in index.passages)],
            is_word=encoder.knows_word,
        )
        self._numbers = {passage.id: number for number, passage in enumerate(index.passages)}
        self._ids_of: dict[str | None, list[str]] = {}
        self._sections: dict[str, list[Passage]] = {}
        for passage in index.passages:
            self._ids_of.setdefault(passage.article_id, []).append(passage.id)
            if passage.article_id is not None and passage.kind == "section":
                self._sections.setdefault(passage.article_id, []).append(passage)

    def ranked(self, query: str, article_ids: Collection[str], named: Collection[str] = ()) -> list[RankedArticle]:
        """Return those of the named articles that come near the query, the best first.

        Args:
            query: In a patient's words.
            article_ids: The articles that may be for the person.
            named: Complaints that the words name, where the caller can tell.
        """
        evidence = self.evidence(query, article_ids, named)
        if not evidence.articles:
            return []
        scores = evidence.signs @ self._weights
        logs = confidence_signs(evidence, scores) @ _linear(self._thresholds.confidence)
        confidences = logs + self._thresholds.confidence.intercept
        ranked = [
            RankedArticle(article, float(score), float(signs[0]), float(confidence), passage)
            for article, score, signs, confidence, passage in zip(
                evidence.articles, scores, evidence.signs, confidences, evidence.passages, strict=True
            )
        ]
        return sorted(ranked, key=lambda each: (-each.score, each.article.id))

    def evidence(self, query: str, article_ids: Collection[str], named: Collection[str] = ()) -> Evidence:
        """Return what is known of the query and those of the articles that come near it."""
        among = None
        if len(article_ids) < len(self._articles):
            among = [passage_id for key in [*article_ids, None] for passage_id in self._ids_of.get(key, ())]
        mended = self._spelling.mended(query)
        found = self.index.nearest(self._encoder.encode([mended])[0], limit=self._pool, among=among)
        least = found[-1].similarity if found else -1.0  # what lies outside the pool is no nearer than this
        by_article: dict[str, list[ScoredPassage]] = {}
        for hit in found:
            if hit.passage.article_id is not None:
                by_article.setdefault(hit.passage.article_id, []).append(hit)
        stems = topic_stems(mended)
        by_words = _word_scores(self._words, stems)
        by_article_words = _word_scores(self._article_words, stems)
        asked = set(stems)
        speaks_of = (names_child(query, self._guards), names_pregnancy(query, self._guards))
        rows, shown = [], []
        for article_id, hits in by_article.items():
            row = self._rows[article_id]
            words = [float(by_words[self._numbers[hit.passage.id]]) for hit in hits]
            rows.append(
                [
                    *_similarities(hits, least),
                    max(words),
                    _mean_of_best(sorted(words, reverse=True), 0.0),
                    float(by_article_words[row]),
                    len(asked & self._names[row]) / max(len(asked), 1),
                    *_agreement(self._articles[row], named),
                    *_audience(self._articles[row], *speaks_of),
                ]
            )
            shown.append(self._section_of(article_id, hits, words))
        return Evidence(
            tuple(self._articles[self._rows[article_id]] for article_id in by_article),
            np.array(rows, np.float64).reshape(len(rows), len(RANKING_SIGNS)),
            _nearest_of_kind(found, "out_of_scope", least),
            _nearest_of_kind(found, "not_covered", least),
            tuple(shown),
        )

    def section_to_show(self, article_id: str) -> Passage:
        """Return the passage to show when no section fits the question best."""
        sections = self._sections[article_id]
        return next((passage for passage in sections if passage.section == _SHOWN_FIRST), sections[0])

    def _section_of(self, article_id: str, hits: Sequence[ScoredPassage], words: Sequence[float]) -> Passage:
        weights = self._thresholds.ranking
        sections = [
            (weights.similarity * hit.similarity + weights.words * word, number)
            for number, (hit, word) in enumerate(zip(hits, words, strict=True))
            if hit.passage.kind == "section"
        ]
        return hits[max(sections)[1]].passage if sections else self.section_to_show(article_id)


def confidence_signs(evidence: Evidence, scores: npt.NDArray[np.float64]) -> Signs:
    """Return what tells whether an article answers, one row per article, one column per weight of the confidence."""
    shares = scores - scores.max()
    shares = shares - np.log(np.exp(shares).sum())
    similarities = evidence.signs[:, 0]
    leads = (similarities - evidence.out_of_scope, similarities - evidence.not_covered)
    return np.column_stack([scores, shares, similarities, *leads])


def _linear(weights: ConfidenceWeights) -> npt.NDArray[np.float64]:
    return np.array(msgspec.structs.astuple(weights)[:-1])


def _similarities(hits: Sequence[ScoredPassage], least: float) -> list[float]:
    questions = [hit.similarity for hit in hits if hit.passage.kind == "question"]  # the most similar first
    sections = [hit.similarity for hit in hits if hit.passage.kind == "section"]
    titles = [hit.similarity for hit in hits if hit.passage.id.endswith(".q0")]
    return [
        hits[0].similarity,
        questions[0] if questions else least,
        _mean_of_best(questions, least),
        sections[0] if sections else least,
        _mean_of_best(sections, least),
        titles[0] if titles else least,
    ]


def _mean_of_best(values: Sequence[float], otherwise: float) -> float:
    best = values[:_BEST]
    return (sum(best) + otherwise * (_BEST - len(best))) / _BEST


def _agreement(article: Article, named: Collection[str]) -> list[float]:
    agrees = bool(set(named) & set(article.complaints))
    return [float(agrees), float(bool(named) and bool(article.complaints) and not agrees)]


def _audience(article: Article, speaks_of_child: bool, speaks_of_pregnancy: bool) -> list[float]:
    oldest = article.audience.max_age_years
    for_children = oldest is not None and oldest < _CHILD_UP_TO_YEARS
    for_pregnant = article.audience.pregnancy == "pregnant_only"
    return [
        float(for_children and not speaks_of_child),
        float(for_children and speaks_of_child),
        float(for_pregnant and not speaks_of_pregnancy),
        float(for_pregnant and speaks_of_pregnancy),
    ]


def _nearest_of_kind(found: Sequence[ScoredPassage], kind: str, least: float) -> float:
    return _mean_of_best([hit.similarity for hit in found if hit.passage.kind == kind], least)


def _word_search(stems: Sequence[list[str]]) -> bm25s.BM25:
    search = bm25s.BM25()
    search.index([some or [""] for some in stems], show_progress=False)
    return search


def _word_scores(search: bm25s.BM25, stems: Sequence[str]) -> npt.NDArray[np.float32]:
    known = [stem for stem in stems if stem in search.vocab_dict]
    if not known:
        return np.zeros(search.scores["num_docs"], np.float32)
    scores: npt.NDArray[np.float32] = search.get_scores(known)
    best = float(scores.max())
    return scores / np.float32(best) if best > 0 else scores
