"""What an editor wants to know of all articles at a glance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from careline.guidance.article import Article, Shape
from careline.guidance.article_check import ArticleLimits
from careline.guidance.passages import article_passages
from careline.guidance.reading_grade import reading_grade


class ArticleFigures(Shape, frozen=True, kw_only=True):
    """One article in figures.

    Attributes:
        words: Of its sections.
        grade: Flesch-Kincaid.
        state: `overdue` when it is published and its review is; else its status.
    """

    id: str
    words: int
    grade: float
    questions: int
    passages: int
    status: str
    state: str
    signed: bool
    review_by: dt.date


def article_figures(article: Article, limits: ArticleLimits, *, today: dt.date) -> ArticleFigures:
    """Return an article in figures."""
    body = "\n".join(section.markdown for section in article.sections)
    is_overdue = article.status == "published" and not article.is_in_date(today)
    return ArticleFigures(
        id=article.id,
        words=len(body.split()),
        grade=round(reading_grade(body, known_words=limits.known_words), 2),
        questions=len(article.questions),
        passages=sum(passage.kind == "section" for passage in article_passages(article)),
        status=article.status,
        state="overdue" if is_overdue else article.status,
        signed=article.is_signed,
        review_by=article.review_by,
    )


def complaints_without_article(articles: Iterable[Article], complaints: Iterable[str]) -> list[str]:
    """Return the presenting complaints that no published article is about."""
    written = {complaint for article in articles if article.status == "published" for complaint in article.complaints}
    return sorted(set(complaints) - written)
