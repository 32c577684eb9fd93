"""What an article must be besides well-formed: short, plain, free of doses and numbers, and at one with the others."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from careline.guidance.article import Article, Id, Shape
from careline.guidance.content_files import parse_yaml, read_text
from careline.guidance.errors import ArticleError
from careline.guidance.reading_grade import hard_words, reading_grade, words_per_sentence

# Numbers differ by country, and a person who reads another country's rings in vain; the emergency card knows them.
_TELEPHONE_NUMBER = re.compile(r"\b(?:999|112|911|111|000|988|116 ?123)\b|\d{5,}")
_DOSE = re.compile(
    r"\b(?:[\d.,]+ ?(?:mg|mcg|micrograms?|milligrams?|g|grams?|ml|millilitres?)"
    # With the medicine's name between, or "more": "two paracetamol tablets"; also "half a tablet".
    r"|(?:\d+|half an?|half|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"(?: or \w+)?(?: (?!of )\w+)?[ -]"
    r"(?:tablets?|caplets?|capsules?|puffs?|sachets?|(?:tea|table)?spoon(?:s?ful)?s?|lozenges?))\b",
    re.IGNORECASE,
)
_DIAGNOSIS = re.compile(r"\byou (?:have got|are suffering from|must have)\b", re.IGNORECASE)
_LINK_TO_ARTICLE = re.compile(r"\(/guidance/([a-z0-9_]+)\)")
_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\S", re.MULTILINE)
_NAMED = 6  # how many hard words a message names


class ArticleLimits(Shape, frozen=True, kw_only=True):
    """What every article is held to; `article_limits.yml`.

    Attributes:
        language: The one in which the checks below can read; articles in others are not published.
        min_words: Of all sections together, without title and summary.
        max_grade: Flesch-Kincaid grade.
        max_words_per_sentence: On average.
        max_days_to_review: From the day of its review (of a file never reviewed, from today) to its next.
        doses_allowed_in: Articles that may tell an amount of a medicine.
        known_words: Counted as one syllable each.
    """

    language: str
    min_words: Annotated[int, Meta(ge=1)]
    max_words: Annotated[int, Meta(ge=1)]
    max_grade: Annotated[float, Meta(gt=0)]
    max_words_per_sentence: Annotated[float, Meta(gt=0)]
    max_days_to_review: Annotated[int, Meta(ge=1)]
    doses_allowed_in: tuple[Id, ...]
    known_words: frozenset[str]


def load_limits(knowledge_dir: Path) -> ArticleLimits:
    """Return the limits in `article_limits.yml`.

    Raises:
        ArticleError: The file is missing or does not fit.
    """
    path = knowledge_dir / "article_limits.yml"
    return parse_yaml(read_text(path), ArticleLimits, path=path)


def check_articles(
    articles: Mapping[str, Article], limits: ArticleLimits, complaints: Collection[str], folder: Path, today: dt.date
) -> None:
    """Refuse articles that may not be published as they are; a draft need only fit in with the others.

    Args:
        articles: All of them by id, drafts included.
        limits: What each is held to.
        complaints: The presenting complaints that exist.
        folder: Where their files are, to name them.
        today: The day of the check.

    Raises:
        ArticleError: Names every problem with file, place and remedy.
    """
    problems = [
        f"{folder / article.id}.md: {problem}"
        for article in articles.values()
        if article.status != "draft"
        for problem in article_problems(article, limits, today=today)
    ]
    problems += [f"{folder / name}.md: {problem}" for name, problem in _problems_together(articles, limits, complaints)]
    if problems:
        raise ArticleError(*problems)


def article_problems(article: Article, limits: ArticleLimits, *, today: dt.date) -> Iterator[str]:
    """Yield what is wrong with one article, each with its remedy."""
    body = "\n".join(section.markdown for section in article.sections)
    whole = "\n".join((article.title, article.summary, body))
    if article.language.partition("-")[0] != limits.language.partition("-")[0]:
        yield (
            f"is in {article.language!r}, and these checks read {limits.language!r} alone: an amount or a diagnosis in "
            "other words would pass. Write it in that language."
        )
    yield from _problems_of_reading(body, limits)
    for number in _TELEPHONE_NUMBER.findall(whole):
        yield f"tells the number {number!r}. Write 'the emergency number': numbers differ by country."
    if article.id not in limits.doses_allowed_in:
        for dose in _DOSE.findall(whole):
            yield f"tells an amount, {dose!r}. Write 'follow the packet' or 'ask a pharmacist'."
    for claim in _DIAGNOSIS.findall(whole):
        yield f"diagnoses: {claim!r}. Write what it may be."
    if not _LIST_ITEM.search(article.sections[-1].markdown):
        heading = article.sections[-1].heading
        yield f"the section {heading!r} has no list. List each sign on a line that starts with '-'."
    yield from _problems_of_sources(article)
    written = article.reviewed_on or today
    if (article.review_by - written).days > limits.max_days_to_review:
        yield f"`$.review_by` is more than {limits.max_days_to_review} days away. Set an earlier day."


def _problems_of_reading(body: str, limits: ArticleLimits) -> Iterator[str]:
    words = len(body.split())
    if not limits.min_words <= words <= limits.max_words:
        yield f"has {words} words. Write {limits.min_words} to {limits.max_words}."
    grade = reading_grade(body, known_words=limits.known_words)
    if grade > limits.max_grade:
        hard = ", ".join(hard_words(body, known_words=limits.known_words)[:_NAMED])
        yield (
            f"has reading grade {grade:.1f}, the most is {limits.max_grade:g}. Shorten sentences, and replace: {hard}."
        )
    length = words_per_sentence(body)
    if length > limits.max_words_per_sentence:
        yield f"has {length:.1f} words in a sentence, the most is {limits.max_words_per_sentence:g}. Split the longest."


def _problems_of_sources(article: Article) -> Iterator[str]:
    for number, source in enumerate(article.sources):
        where = f"`$.sources[{number}]`"
        if source.read_as == "not read" and source.accessed is not None:
            yield f"{where} was not read, and yet has a day. Remove `accessed`, or say how it was read."
        if source.read_as == "live page" and (source.accessed is None or source.url is None):
            yield f"{where} was read as a live page. Add its `url` and the day as `accessed`."


def _problems_together(
    articles: Mapping[str, Article], limits: ArticleLimits, complaints: Collection[str]
) -> Iterator[tuple[str, str]]:
    asked = Counter(question.lower() for article in articles.values() for question in set(article.questions))
    for article in articles.values():
        for complaint in article.complaints:
            if complaint not in complaints:
                yield article.id, f"`$.complaints` names {complaint!r}, which no protocol is about. Mend or remove it."
        for link in sorted(_links(article) - articles.keys()):
            yield article.id, f"links to /guidance/{link}, which does not exist. Mend or remove the link."
        for question in article.questions:
            if asked[question.lower()] > 1:
                yield article.id, f"`$.questions` has {question!r}, as another article has. Leave it in one of them."
    for name in limits.doses_allowed_in:
        if name not in articles:
            yield name, "may tell a dose (article_limits.yml), but does not exist. Take it off that list."


def _links(article: Article) -> set[str]:
    return {link for section in article.sections for link in _LINK_TO_ARTICLE.findall(section.markdown)}
