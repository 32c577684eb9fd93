"""What a search came to and why, article by article: for those who write the articles, never for patients."""

from __future__ import annotations

import enum
from typing import Literal

from careline.guidance.article import Shape

Verdict = Literal["answer", "ask", "none"]


class Why(enum.StrEnum):
    """What decided the verdict.

    Attributes:
        NOTHING_ASKED: There are no words.
        NOBODY_LIKE_THIS: No article is for such a reader (language, age, pregnancy).
        NOT_SURE: The best article is less likely to answer than is needed even for asking back.
        HALF_SURE: It is likely enough to ask "is this about …?", not to be shown.
        SURE: It is likely enough to be shown.
        OTHER_TOPIC: The words name a topic that the best article does not speak of.
        DENIED_OR_AMOUNT: The words deny what the best article is about, or ask for an amount.
        OTHER_COMPLAINT: It is about another complaint than the consultation.
        WITHHELD: All that came near is withheld.
    """

    NOTHING_ASKED = "nothing_asked"
    NOBODY_LIKE_THIS = "nobody_like_this"
    NOT_SURE = "not_sure"
    HALF_SURE = "half_sure"
    SURE = "sure"
    OTHER_TOPIC = "other_topic"
    DENIED_OR_AMOUNT = "denied_or_amount"
    OTHER_COMPLAINT = "other_complaint"
    WITHHELD = "withheld"


class Withheld(enum.StrEnum):
    """Why an article that came near may not be shown."""

    OUT_OF_DATE = "out_of_date"
    NOT_SIGNED = "not_signed"
    TOO_CALM = "too_calm"


class TracedArticle(Shape, frozen=True, kw_only=True):
    """An article that came near.

    Attributes:
        section: Heading of the section that fits best.
        text: That section.
        similarity: The highest cosine of its passages and questions.
        score: What ranks; only differences within one search mean something.
        confidence: Log-odds that it answers.
        is_near: Whether it lies within the spread of the best, so that it could be shown beside it.
        withheld: None: it may be shown.
    """

    article_id: str
    title: str
    url: str
    section: str
    text: str
    similarity: float
    score: float
    confidence: float
    is_near: bool
    withheld: Withheld | None = None


class SearchTrace(Shape, frozen=True, kw_only=True):
    """A search and what it went by.

    Attributes:
        verdict: As patients get it.
        articles: The best first.
        answer_from, ask_from: Log-odds from which an article is shown, or asked about.
        spread: How far below the best score an article may lie and still be near.
    """

    verdict: Verdict
    why: Why
    articles: tuple[TracedArticle, ...]
    answer_from: float
    ask_from: float
    spread: float
