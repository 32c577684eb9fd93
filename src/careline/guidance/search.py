"""Searching the guidance: an answer, a question back ("is this about …?"), or an honest "none"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal, Protocol

from careline.guidance.article import ACUITY_NAMES, AcuityName, Article, Shape, Source
from careline.guidance.audience import audience_sentence
from careline.guidance.encoder import Encoder
from careline.guidance.guards import TopicGuard
from careline.guidance.index import PassageIndex
from careline.guidance.passages import Passage, plain_text
from careline.guidance.ranking import RankedArticle, Ranker, Ranking
from careline.guidance.search_trace import SearchTrace, TracedArticle, Why, Withheld

Verdict = Literal["answer", "ask", "none"]

_MOST_LETTERS = 4000  # the encoder reads no more than its 256 tokens of it


class SearchFilter(Shape, frozen=True, kw_only=True):
    """For whom and when a search is made. None means unknown, never "no".

    Attributes:
        today: The day by which review dates are judged.
        language: Of the patient; only articles in it are found.
        age_years: Of the person with the symptoms.
        acuity: The acuity known so far; articles with a lower ceiling are withheld.
        complaint: The presenting complaint; an article about another one is confirmed first.
        named: Complaints that the question's own words name, where the caller can tell.
        signed_only: Whether only articles that a clinician has signed may be shown.
    """

    today: dt.date
    language: str = "en"
    age_years: float | None = None
    pregnant: bool | None = None
    acuity: AcuityName | None = None
    complaint: str | None = None
    named: tuple[str, ...] = ()
    signed_only: bool = False


class Hit(Shape, frozen=True, kw_only=True):
    """A passage that may be shown, with its sources; the HTTP contract's `Hit`.

    Attributes:
        score: Cosine of the article's best passage or question, in [-1, 1]; 1 for an article asked for by id.
        audience: For whom the article is, in a sentence; empty for everybody. Show it: age or pregnancy may be unknown.
        signed: Whether a clinician has signed the article; mark it when not.
    """

    passage_id: str
    article_id: str
    title: str
    section: str
    text: str
    score: float
    complaints: tuple[str, ...]
    url: str
    sources: tuple[Source, ...]
    reviewer: str
    reviewed_on: dt.date | None
    review_by: dt.date
    audience: str = ""
    signed: bool = False


class Suggestion(Shape, frozen=True, kw_only=True):
    """An article to ask about before it is shown."""

    article_id: str
    title: str
    url: str


class SearchResult(Shape, frozen=True, kw_only=True):
    """What a search found.

    Attributes:
        verdict: `answer`: show the hits; `ask`: ask whether it is about `suggest`; `none`: say that we do not know.
        release: The content release that answered.
        hits: Best first, one per article; empty unless `answer`.
        suggest: The article to ask about; only with `ask`.
    """

    verdict: Verdict
    release: str
    hits: tuple[Hit, ...] = ()
    suggest: Suggestion | None = None


class Guidance(Protocol):
    """The port through which the other rooms use guidance: one release, loaded whole, safe to share between threads."""

    @property
    def release(self) -> str:
        """The content release served."""
        ...

    def search(self, query: str, filters: SearchFilter, *, limit: int = 3) -> SearchResult:
        """Return what is known about a question in a patient's words. Nothing of it is logged."""
        ...

    def trace(self, query: str, filters: SearchFilter, *, limit: int = 6) -> SearchTrace:
        """Return what `search` comes to, and by which scores. Nothing of it is logged."""
        ...

    def hits_for(self, article_ids: Sequence[str], filters: SearchFilter) -> list[Hit]:
        """Return one hit (its "What you can do") per named article that may be shown, in the order given.

        `complaint` is not asked of these: whoever names an article knows what it is about.
        """
        ...

    def article(self, article_id: str, *, today: dt.date, signed_only: bool) -> Article | None:
        """Return the article for its page, or None when it is unknown, out of date, or unsigned where that matters."""
        ...


class GuidanceSearch:
    """Guidance on one snapshot of the index."""

    def __init__(self, index: PassageIndex, encoder: Encoder, *, release: str | None = None) -> None:
        """Serve the snapshot as part of a content release; without one, the snapshot's own name is given."""
        self.release: str = release or index.manifest.snapshot
        self._index = index
        self._ranker = Ranker(index, encoder)
        self._thresholds = index.manifest.rules.thresholds
        self._guard = TopicGuard(index.manifest.rules.guards)
        self._for_child = frozenset(
            article.id for article in index.articles.values() if self._guard.is_for_child(article)
        )
        self._by_language: dict[str, list[Article]] = {}
        for article in index.articles.values():
            self._by_language.setdefault(_plain_language(article.language), []).append(article)

    def search(self, query: str, filters: SearchFilter, *, limit: int = 3) -> SearchResult:
        """Return what is known about a question in a patient's words."""
        query = _readable(query)
        article_ids = self.articles_for(query, filters)
        if not query.strip() or not article_ids:
            return SearchResult(verdict="none", release=self.release)
        # Ranked before anything is withheld: the next best article must not pass for the one that is missing.
        return self.result(query, self._ranker.ranked(query, article_ids, filters.named), filters, limit=limit)

    def result(self, query: str, ranking: Ranking, filters: SearchFilter, *, limit: int = 3) -> SearchResult:
        """Return what a ranking of the articles for a question comes to."""
        near = self._near_the_best(ranking.articles, filters)
        verdict = self._verdict(query, near[0], filters) if near else "none"
        if verdict == "answer":
            shown = [near[0], *(each for each in near[1:] if self._may_go_along(query, each, filters))]
            hits = tuple(
                _hit(each.article, self._ranker.section_for(each.article, ranking.evidence), each.similarity)
                for each in shown[:limit]
            )
            return SearchResult(verdict="answer", hits=hits, release=self.release)
        if verdict == "ask":
            article = near[0].article
            suggest = Suggestion(article_id=article.id, title=article.title, url=article.url)
            return SearchResult(verdict="ask", suggest=suggest, release=self.release)
        return SearchResult(verdict="none", release=self.release)

    def trace(self, query: str, filters: SearchFilter, *, limit: int = 6) -> SearchTrace:
        """Return what `search` comes to, and by which scores."""
        query = _readable(query)
        article_ids = self.articles_for(query, filters) if query.strip() else []
        ranking = self._ranker.ranked(query, article_ids, filters.named) if article_ids else None
        ranked = ranking.articles if ranking is not None else ()
        near = self._near_the_best(ranked, filters)
        least = ranked[0].score - self._thresholds.spread if ranked else 0.0
        return SearchTrace(
            verdict=self._verdict(query, near[0], filters) if near else "none",
            why=self._why(query, ranked, near, filters),
            articles=tuple(self._traced(each, ranking, filters, is_near=each.score >= least) for each in ranked[:limit])
            if ranking is not None
            else (),
            answer_from=self._thresholds.answer,
            ask_from=self._thresholds.ask,
            spread=self._thresholds.spread,
        )

    def articles_for(self, query: str, filters: SearchFilter) -> list[str]:
        """Return the ids of the articles that may be for the person the question is about, shown or withheld."""
        suitable = [
            article
            for article in self._by_language.get(_plain_language(filters.language), ())
            if _is_for_person(article, filters)
        ]
        if filters.age_years is None and self._guard.names_child(query):
            suitable = [article for article in suitable if article.id in self._for_child]
        return [article.id for article in suitable]

    def hits_for(self, article_ids: Sequence[str], filters: SearchFilter) -> list[Hit]:
        """Return one hit per named article that may be shown, in the order given."""
        named = [self._index.articles[article_id] for article_id in article_ids if article_id in self._index.articles]
        return [
            _hit(article, self._ranker.section_to_show(article.id), 1.0)
            for article in named
            if is_for(article, filters) and may_be_shown(article, filters)
        ]

    def article(self, article_id: str, *, today: dt.date, signed_only: bool) -> Article | None:
        """Return the article for its page, or None."""
        article = self._index.articles.get(article_id)
        if article is None or not may_be_shown(article, SearchFilter(today=today, signed_only=signed_only)):
            return None
        return article

    def _near_the_best(self, ranked: Sequence[RankedArticle], filters: SearchFilter) -> list[RankedArticle]:
        if not ranked:
            return []
        least = ranked[0].score - self._thresholds.spread
        return [each for each in ranked if each.score >= least and may_be_shown(each.article, filters)]

    def _verdict(self, query: str, ranked: RankedArticle, filters: SearchFilter) -> Verdict:
        ceiling = self._guard.ceiling(query, ranked.article)
        if ceiling == "none" or ranked.confidence < self._thresholds.ask:
            return "none"
        if ceiling == "ask" or ranked.confidence < self._thresholds.answer:
            return "ask"
        return "ask" if _is_about_another_complaint(ranked.article, filters) else "answer"

    def _why(
        self, query: str, ranked: Sequence[RankedArticle], near: Sequence[RankedArticle], filters: SearchFilter
    ) -> Why:
        """Return what decided, in the order in which `_verdict` asks."""
        if not query.strip():
            return Why.NOTHING_ASKED
        if not near:
            return Why.WITHHELD if ranked else Why.NOBODY_LIKE_THIS
        best = near[0]
        ceiling = self._guard.ceiling(query, best.article)
        if ceiling == "none":
            return Why.OTHER_TOPIC
        if best.confidence < self._thresholds.ask:
            return Why.NOT_SURE
        if ceiling == "ask":
            return Why.DENIED_OR_AMOUNT
        if best.confidence < self._thresholds.answer:
            return Why.HALF_SURE
        return Why.OTHER_COMPLAINT if _is_about_another_complaint(best.article, filters) else Why.SURE

    def _traced(self, each: RankedArticle, ranking: Ranking, filters: SearchFilter, *, is_near: bool) -> TracedArticle:
        passage = self._ranker.section_for(each.article, ranking.evidence)
        return TracedArticle(
            article_id=each.article.id,
            title=each.article.title,
            url=each.article.url,
            section=passage.section,
            text=_whole_section(each.article, passage),
            similarity=round(each.similarity, 4),
            score=round(each.score, 4),
            confidence=round(each.confidence, 4),
            is_near=is_near,
            withheld=withheld_because(each.article, filters),
        )

    def _may_go_along(self, query: str, ranked: RankedArticle, filters: SearchFilter) -> bool:
        """Whether an article that comes nearly as near may be shown beside the one that answers."""
        return self._guard.ceiling(query, ranked.article) == "answer" and not _is_about_another_complaint(
            ranked.article, filters
        )


def _is_about_another_complaint(article: Article, filters: SearchFilter) -> bool:
    about = set(article.complaints)
    return filters.complaint is not None and bool(about) and not about & {filters.complaint, *filters.named}


def is_for(article: Article, filters: SearchFilter) -> bool:
    """Return whether the patient may belong to the article's readers: speaks its language, and is one it is for."""
    return _plain_language(article.language) == _plain_language(filters.language) and _is_for_person(article, filters)


def _is_for_person(article: Article, filters: SearchFilter) -> bool:
    """Return whether the article may be for the person, in whatever language; an unknown age or pregnancy may fit."""
    audience = article.audience
    if filters.age_years is not None:
        if audience.min_age_years is not None and filters.age_years < audience.min_age_years:
            return False
        if audience.max_age_years is not None and filters.age_years > audience.max_age_years:
            return False
    if filters.pregnant is None or audience.pregnancy == "any":
        return True
    return filters.pregnant is (audience.pregnancy == "pregnant_only")


def _plain_language(tag: str) -> str:
    return tag.partition("-")[0].lower()


def may_be_shown(article: Article, filters: SearchFilter) -> bool:
    """Return whether the article is in date, signed where that is asked for, and not too calm for the acuity."""
    return withheld_because(article, filters) is None


def withheld_because(article: Article, filters: SearchFilter) -> Withheld | None:
    """Return why the article may not be shown; None when it may."""
    if not article.is_in_date(filters.today):
        return Withheld.OUT_OF_DATE
    if filters.signed_only and not article.is_signed:
        return Withheld.NOT_SIGNED
    if filters.acuity is None:
        return None
    fits = ACUITY_NAMES.index(article.acuity_ceiling) <= ACUITY_NAMES.index(filters.acuity)
    return None if fits else Withheld.TOO_CALM


def _readable(query: str) -> str:
    # Half a surrogate pair is valid in JSON and in nothing else.
    return query[:_MOST_LETTERS].encode("utf-8", "replace").decode("utf-8")


def _whole_section(article: Article, passage: Passage) -> str:
    # A long section is found by its parts. A part of a list alone has lost the line that says what the list means.
    markdown = next((each.markdown for each in article.sections if each.heading == passage.section), None)
    return passage.text if markdown is None else plain_text(markdown)


def _hit(article: Article, passage: Passage, score: float) -> Hit:
    return Hit(
        passage_id=passage.id,
        article_id=article.id,
        title=article.title,
        section=passage.section,
        text=_whole_section(article, passage),
        score=round(score, 4),
        complaints=article.complaints,
        url=article.url,
        sources=article.sources,
        reviewer=article.reviewer,
        reviewed_on=article.reviewed_on,
        review_by=article.review_by,
        audience=audience_sentence(article),
        signed=article.is_signed,
    )
