"""What decides whether a search may answer: thresholds fitted by measurement, and words that guard a topic."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text

Cosine = Annotated[float, Meta(ge=-1, le=1)]
Phrase = Annotated[str, Meta(pattern=r"^[a-z0-9 ]+$", max_length=60)]


class Band(Shape, frozen=True, kw_only=True):
    """What the best article must reach.

    Attributes:
        similarity: Cosine of the best of its passages and questions.
        lead: How much more similar it must be than the nearest question that no article answers; may be negative.
    """

    similarity: Cosine
    lead: Cosine


class Thresholds(Shape, frozen=True, kw_only=True):
    """How near is near enough. None of these is a safety control: red flags are found before, and without them.

    Attributes:
        fitted_on: The day of the fit.
        model_hash: The encoder they were fitted with; they mean nothing with another.
        chunker_version: How the passages were cut then.
        how: How they were fitted, for whoever fits them again.
        dense_weight: Share of the cosine in the score that ranks; the rest is BM25 divided by its maximum.
        answer: From here on the article is shown.
        ask: From here on the patient is asked whether it is about the article; below, we say that we do not know.
        spread: How far below the best article's score another one may lie and still be shown with it.
    """

    fitted_on: dt.date
    model_hash: str
    chunker_version: int
    how: str
    dense_weight: Annotated[float, Meta(ge=0, le=1)]
    answer: Band
    ask: Band
    spread: Annotated[float, Meta(ge=0, le=1)]


class Guards(Shape, frozen=True, kw_only=True):
    """Words that similarity is blind to, in small letters without apostrophes.

    Attributes:
        topic_words: A question with one of them is answered only by an article that has the word too.
        denials: What goes before a thing that the patient does not have.
        dosage: What asks for an amount: answered only by an article whose title or keywords the question names.
        child_words: What tells that a question is about a child, while the age is not known.
        child_max_age_years: An article for people older than this is then left out.
    """

    topic_words: tuple[Phrase, ...]
    denials: tuple[Phrase, ...]
    dosage: tuple[Phrase, ...]
    child_words: tuple[Phrase, ...]
    child_max_age_years: Annotated[float, Meta(ge=0, le=18)]


class SearchRules(Shape, frozen=True, kw_only=True):
    """All that decides about an answer besides the articles; part of the snapshot, so that a release is whole."""

    thresholds: Thresholds
    guards: Guards


class NotCovered(Shape, frozen=True, kw_only=True):
    """Questions that no article answers, by kind."""

    language: str
    questions: dict[str, tuple[Line, ...]]


def load_search_rules(folder: Path) -> SearchRules:
    """Return the rules in `thresholds.yml` and `guards.yml` of a folder.

    Raises:
        ArticleError: A file is missing or does not fit.
    """
    thresholds, guards = folder / "thresholds.yml", folder / "guards.yml"
    return SearchRules(
        thresholds=parse_yaml(read_text(thresholds), Thresholds, path=thresholds),
        guards=parse_yaml(read_text(guards), Guards, path=guards),
    )


def load_not_covered(folder: Path) -> tuple[str, ...]:
    """Return the questions in `not_covered.yml` of a folder.

    Raises:
        ArticleError: The file is missing or does not fit.
    """
    path = folder / "not_covered.yml"
    listed = parse_yaml(read_text(path), NotCovered, path=path)
    return tuple(question for questions in listed.questions.values() for question in questions)
