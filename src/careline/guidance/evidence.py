"""What is known of a question and the articles before any weight: meaning, words, and for whom each article is."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from careline.guidance.article import Article
from careline.guidance.encoder import Encoder
from careline.guidance.guards import name_stems, names_child, names_pregnancy, question_stems, whole_text
from careline.guidance.index import PassageIndex
from careline.guidance.index_kind import Numbers, Similarities
from careline.guidance.search_rules import RankingWeights
from careline.guidance.spelling import Spelling
from careline.guidance.word_evidence import Holders, shares, word_scores, word_search
from careline.guidance.words import topic_stems

_POOL = 1000  # passages looked at by meaning: what lies further off tells nothing
_FEW, _MANY = 3, 8  # passages whose mean counts
_CHILD_UP_TO_YEARS = 18  # an article up to this age is for children alone

RANKING_SIGNS = RankingWeights.__struct_fields__
Signs = npt.NDArray[np.float64]  # shape (articles, signs)
Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Evidence:
    """What is known of a question and the articles, before any weight.

    Attributes:
        articles: In the order of the rows.
        signs: One column per field of `RankingWeights`.
        out_of_scope: Cosines of the nearest question that is not ours to answer, and mean of the nearest three.
        not_covered: Likewise of the health questions that no article answers.
        asked: How many different words of the question say something about a topic.
        weight: Of these words: the sum of how rare each is among the articles.
        best_words: BM25 of the passage, and of the article, that comes nearest by words; not divided by anything.
        passages: Places of the passages that came near by meaning, the most similar first.
        similarities: Their cosines.
        words: BM25 of every passage, divided by the best of those looked at.
    """

    articles: tuple[Article, ...]
    signs: Signs
    out_of_scope: tuple[float, float]
    not_covered: tuple[float, float]
    asked: int
    weight: float
    best_words: tuple[float, float]
    passages: Numbers
    similarities: Similarities
    words: Similarities


class EvidenceReader:
    """Reads the evidence from one snapshot; safe to share between threads.

    Everything is counted in arrays, one place per passage or article: a search must cost little beside its embedding.
    """

    def __init__(self, index: PassageIndex, encoder: Encoder, *, pool: int = _POOL) -> None:
        """Prepare the arrays.

        Args:
            index: The snapshot.
            encoder: The one that the snapshot was built with.
            pool: How many of the most similar passages are looked at.
        """
        self._index = index
        self._encoder = encoder
        self._pool = pool
        self._guards = index.manifest.rules.guards
        self.articles = list(index.articles.values())
        self.rows = {article.id: row for row, article in enumerate(self.articles)}
        # Row of each passage's article; -1, the last place of a mask, where there is none.
        self.owners = np.array([self.rows.get(each.article_id or "", -1) for each in index.passages], np.int64)
        self.is_section = _are(index, "section")
        self._is_question = _are(index, "question")
        self._is_out_of_scope = _are(index, "out_of_scope")
        self._is_not_covered = _are(index, "not_covered")
        self._is_title = np.array([each.id.endswith(".q0") for each in index.passages], np.bool_)
        self._words = word_search([topic_stems(each.encoded) for each in index.passages])
        whole = [topic_stems(whole_text(article)) for article in self.articles]
        self._article_words = word_search(whole)
        self._holders = Holders(whole)
        names = [name_stems(article) for article in self.articles]
        self._named = Holders(names)
        self._asked = Holders([names[row] | question_stems(each) for row, each in enumerate(self.articles)])
        self._spelling = Spelling(
            (passage.encoded for passage in index.passages if passage.kind == "section"),
            kept=[*self._guards.topic_words, *(passage.encoded for passage in index.passages)],
            is_word=encoder.knows_word,
        )
        complaints = {complaint for article in self.articles for complaint in article.complaints}
        self._about = {
            complaint: np.array([complaint in article.complaints for article in self.articles])
            for complaint in complaints
        }
        self._has_complaints = np.array([bool(article.complaints) for article in self.articles], np.bool_)
        self._for_children = np.array([_is_for_children(article) for article in self.articles], np.bool_)
        self._for_pregnant = np.array(
            [article.audience.pregnancy == "pregnant_only" for article in self.articles], np.bool_
        )

    def evidence(
        self, query: str, article_ids: Collection[str], named: Collection[str] = (), *, without: int | None = None
    ) -> Evidence:
        """Return what is known of the query and those of the articles that come near it.

        Args:
            query: In a patient's words.
            article_ids: The articles that may be for the person.
            named: Complaints that the words name, where the caller can tell.
            without: Place of a passage to leave out: for a fit that asks what stands in the index.
        """
        mask = np.zeros(len(self.articles) + 1, np.bool_)
        mask[[self.rows[article_id] for article_id in article_ids]] = True
        mask[-1] = True  # what belongs to no article
        looked_at = mask[self.owners]
        if without is not None:
            looked_at[without] = False
        mended = self._spelling.mended(query)
        similarities, numbers = self._index.nearest_numbers(
            self._encoder.encode([mended])[0],
            limit=self._pool,
            among=None if looked_at.all() else np.flatnonzero(looked_at),
        )
        least = float(similarities[-1]) if len(similarities) else -1.0  # what lies outside the pool is no nearer
        stems = topic_stems(mended)
        asked = sorted(set(stems))
        near = _Near(self.owners[numbers], similarities, len(self.articles), least)
        words, most_words = shares(word_scores(self._words, stems), looked_at & (self.owners >= 0))
        whole_words, most_whole_words = shares(word_scores(self._article_words, stems), mask[:-1])
        columns: list[Values] = [
            *self._by_meaning(near, numbers),
            *self._by_words(words),
            whole_words.astype(np.float64),
            self._named.share(asked),
            *(self._holders.weighted_share(asked, holders) for holders in (self._holders, self._named, self._asked)),
            *self._by_complaint(named),
            *self._by_audience(mended),
        ]
        kept = np.flatnonzero(near.has_any & mask[:-1])
        return Evidence(
            articles=tuple(self.articles[row] for row in kept.tolist()),
            signs=np.stack(columns, axis=1)[kept],
            out_of_scope=near.highest(self._is_out_of_scope[numbers]),
            not_covered=near.highest(self._is_not_covered[numbers]),
            asked=len(asked),
            weight=self._holders.weight(asked),
            best_words=(most_words, most_whole_words),
            passages=numbers,
            similarities=similarities,
            words=words,
        )

    def _by_meaning(self, near: _Near, numbers: Numbers) -> Iterator[Values]:
        question, section = near.best(self._is_question[numbers]), near.best(self.is_section[numbers])
        nearest_question, nearest_section = question.mean(1), section.mean(1)
        yield np.maximum(nearest_question, nearest_section)
        yield nearest_question
        for count in (_FEW, _MANY):
            yield question.mean(count)
        yield nearest_section
        yield section.mean(_FEW)
        yield near.best(self._is_title[numbers]).mean(1)

    def _by_words(self, words: Similarities) -> Iterator[Values]:
        known = np.flatnonzero((words > 0) & (self.owners >= 0))
        found = _Best(self.owners[known], words[known], len(self.articles), 0.0)
        for count in (1, _FEW):
            yield found.mean(count)

    def _by_complaint(self, named: Collection[str]) -> Iterator[Values]:
        agrees = np.zeros(len(self.articles), np.bool_)
        for complaint in named:
            agrees = agrees | self._about.get(complaint, False)
        yield agrees.astype(np.float64)
        yield (bool(named) & self._has_complaints & ~agrees).astype(np.float64)

    def _by_audience(self, query: str) -> Iterator[Values]:
        speaks_of_child = names_child(query, self._guards)
        speaks_of_pregnancy = names_pregnancy(query, self._guards)
        for has_audience, speaks in ((self._for_children, speaks_of_child), (self._for_pregnant, speaks_of_pregnancy)):
            yield (has_audience & (not speaks)).astype(np.float64)
            yield (has_audience & speaks).astype(np.float64)


@dataclass(frozen=True)
class _Near:
    """Passages that came near, the nearest first: their articles' rows (-1: none), and values."""

    owners: Numbers
    values: Similarities
    articles: int
    least: float

    @property
    def has_any(self) -> npt.NDArray[np.bool_]:
        return np.bincount(self.owners[self.owners >= 0], minlength=self.articles) > 0

    def best(self, chosen: npt.NDArray[np.bool_]) -> _Best:
        """Return the chosen passages by article."""
        chosen = chosen & (self.owners >= 0)
        return _Best(self.owners[chosen], self.values[chosen], self.articles, self.least)

    def highest(self, chosen: npt.NDArray[np.bool_]) -> tuple[float, float]:
        """Return the best chosen value, and the mean of the best three."""
        best = self.values[chosen][:_FEW].tolist()
        best += [self.least] * (_FEW - len(best))
        return best[0], sum(best) / _FEW


class _Best:
    """Values of passages by their article, the highest first."""

    def __init__(self, owners: Numbers, values: Similarities, articles: int, least: float) -> None:
        """Sort the values once for all that is asked of them.

        Args:
            owners: Row of each passage's article.
            values: In [-1, 1].
            articles: How many there are.
            least: What a passage counts that an article lacks; no value is lower.
        """
        order = np.argsort(4.0 * owners - values)  # by article, and the values fall: no two articles meet
        self._owners, self._values = owners[order], values[order]
        self._held = np.bincount(owners, minlength=articles)
        first = np.cumsum(self._held) - self._held
        self._places = np.arange(len(order)) - first[self._owners]
        self._least = least

    def mean(self, count: int) -> Values:
        """Return for each article the mean of its best `count` values."""
        counted = self._places < count
        sums = np.bincount(self._owners[counted], self._values[counted], len(self._held))
        return (sums + self._least * np.maximum(count - self._held, 0)) / count


def _are(index: PassageIndex, kind: str) -> npt.NDArray[np.bool_]:
    return np.array([passage.kind == kind for passage in index.passages], np.bool_)


def _is_for_children(article: Article) -> bool:
    oldest = article.audience.max_age_years
    return oldest is not None and oldest < _CHILD_UP_TO_YEARS
