"""What decides whether a search may answer: thresholds fitted by measurement, and words that guard a topic."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from careline.guidance.article import Line, Shape
from careline.guidance.content_files import parse_yaml, read_text

Phrase = Annotated[str, Meta(pattern=r"^[a-z0-9 ]+$", max_length=60)]


class RankingWeights(Shape, frozen=True, kw_only=True):
    """What each sign that an article answers a question adds to its score. Cosines lie in [-1, 1], all else in [0, 1].

    Attributes:
        similarity: Cosine of its best passage or question.
        question: Cosine of its best question, its title among them.
        questions: Mean cosine of its three best questions.
        many_questions: Mean cosine of its eight best questions.
        section: Cosine of its best section.
        sections: Mean cosine of its three best sections.
        title: Cosine of its title.
        words: BM25 of its best passage, divided by the best of all.
        passages_words: Mean of that over its three best passages.
        article_words: BM25 of its whole text, divided by the best of all.
        named: Share of the question's words that stand in its title or keywords.
        covered: Share of the question's words that stand anywhere in it, each weighed by how rare it is.
        covered_name: The same of those in its title or keywords.
        covered_questions: The same of those in its title, keywords or questions.
        complaint: It is about a complaint that the question's words name.
        other_complaint: The words name complaints, and it is about others.
        child_unnamed: It is for children alone, and the words name none.
        child_named: It is for children alone, and the words name one.
        pregnancy_unnamed: It is for pregnant patients alone, and the words do not speak of pregnancy.
        pregnancy_named: It is for pregnant patients alone, and they do.
    """

    similarity: float = 0.0
    question: float = 0.0
    questions: float = 0.0
    many_questions: float = 0.0
    section: float = 0.0
    sections: float = 0.0
    title: float = 0.0
    words: float = 0.0
    passages_words: float = 0.0
    article_words: float = 0.0
    named: float = 0.0
    covered: float = 0.0
    covered_name: float = 0.0
    covered_questions: float = 0.0
    complaint: float = 0.0
    other_complaint: float = 0.0
    child_unnamed: float = 0.0
    child_named: float = 0.0
    pregnancy_unnamed: float = 0.0
    pregnancy_named: float = 0.0


class ConfidenceWeights(Shape, frozen=True, kw_only=True):
    """How sure we are that an article answers: the log-odds are the sum of these, and `intercept`.

    Attributes:
        signs: Of each sign that ranked it.
        score: Of its score.
        share: Of the logarithm of its share among all articles: e to its score, by the sum over all of them.
        doubt: Of how evenly the shares are spread over the articles (entropy).
        lead: Of how far its score is above the best of the others'; below 0 when it is not the first.
        question_lead: Likewise of the cosine of its best question.
        covered_lead: Likewise of the share of the question's words that stand in it.
        lead_out_of_scope: Of how much more similar it is than questions that are not ours to answer (mean of the
            nearest three).
        lead_not_covered: Of how much more similar it is than health questions that no article answers (likewise).
        question_lead_out_of_scope: Of how much more similar its best question is than the nearest of the former.
        question_lead_not_covered: Of how much more similar its best question is than the nearest of the latter.
        first_by_similarity: No other article is more similar.
        first_by_questions: No other article's three best questions are more similar.
        first_by_words: No other article's whole text has more of the words (BM25).
        first_by_covered_questions: No other article's names and questions hold more of the words.
        nearer_by_question: Of the logarithm of 1 and the number of articles with a more similar question.
        nearer_by_section: Likewise with a more similar section.
        asked: Of the logarithm of 1 and the number of words that say something about a topic.
        weight: Of the sum of how rare these words are.
        best_words: Of the logarithm of 1 and the best BM25 of any passage.
        best_article_words: Likewise of any article's whole text.
    """

    signs: RankingWeights = RankingWeights()
    score: float = 0.0
    share: float = 0.0
    doubt: float = 0.0
    lead: float = 0.0
    question_lead: float = 0.0
    covered_lead: float = 0.0
    lead_out_of_scope: float = 0.0
    lead_not_covered: float = 0.0
    question_lead_out_of_scope: float = 0.0
    question_lead_not_covered: float = 0.0
    first_by_similarity: float = 0.0
    first_by_questions: float = 0.0
    first_by_words: float = 0.0
    first_by_covered_questions: float = 0.0
    nearer_by_question: float = 0.0
    nearer_by_section: float = 0.0
    asked: float = 0.0
    weight: float = 0.0
    best_words: float = 0.0
    best_article_words: float = 0.0
    intercept: float = 0.0


class Thresholds(Shape, frozen=True, kw_only=True):
    """How near is near enough. None of these is a safety control: red flags are found before, and without them.

    Attributes:
        fitted_on: The day of the fit.
        model_hash: The encoder they were fitted with; they mean nothing with another.
        chunker_version: How the passages were cut then.
        how: How they were fitted, for whoever fits them again.
        ranking: What puts the articles in order.
        confidence: How sure we are of the best one.
        answer: From this confidence on (log-odds) the article is shown.
        ask: From here on the patient is asked whether it is about the article; below, we say that we do not know.
        spread: How far below the best article's score another one may lie and still be shown with it.
    """

    fitted_on: dt.date
    model_hash: str
    chunker_version: int
    how: str
    ranking: RankingWeights
    confidence: ConfidenceWeights
    answer: float
    ask: float
    spread: Annotated[float, Meta(ge=0)]


class Guards(Shape, frozen=True, kw_only=True):
    """Words that similarity is blind to, in small letters without apostrophes.

    Attributes:
        topic_words: A question with one of them is answered only by an article that has the word too.
        denials: What goes before a thing that the patient does not have.
        dosage: What asks for an amount: answered only by an article whose title or keywords the question names.
        child_words: What tells that a question is about a child, while the age is not known.
        child_max_age_years: An article for people older than this is then left out.
        pregnancy_words: What tells that a question is about pregnancy.
    """

    topic_words: tuple[Phrase, ...]
    denials: tuple[Phrase, ...]
    dosage: tuple[Phrase, ...]
    child_words: tuple[Phrase, ...]
    child_max_age_years: Annotated[float, Meta(ge=0, le=18)]
    pregnancy_words: tuple[Phrase, ...] = ()


class SearchRules(Shape, frozen=True, kw_only=True):
    """All that decides about an answer besides the articles; part of the snapshot, so that a release is whole."""

    thresholds: Thresholds
    guards: Guards


class NotCovered(Shape, frozen=True, kw_only=True):
    """Questions that no article answers, by kind.

    Attributes:
        health: Health questions, by what they are about.
        out_of_scope: Questions that are not ours to answer, whatever is written some day.
    """

    language: str
    health: dict[str, tuple[Line, ...]]
    out_of_scope: dict[str, tuple[Line, ...]]


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


def load_not_covered(folder: Path) -> NotCovered:
    """Return the questions in `not_covered.yml` of a folder.

    Raises:
        ArticleError: The file is missing or does not fit.
    """
    path = folder / "not_covered.yml"
    return parse_yaml(read_text(path), NotCovered, path=path)
