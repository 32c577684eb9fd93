"""The articles in knowledge/articles: complete, sourced, safe to publish, and found by their own readers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from careline.guidance.article import Article
from careline.guidance.article_files import load_articles
from careline.guidance.index_build import read_content
from careline.guidance.page import page_sections
from careline.guidance.words import plain_words

KNOWLEDGE = Path(__file__).parents[2] / "knowledge"
ARTICLES = load_articles(KNOWLEDGE / "articles")
CONTENT = read_content(KNOWLEDGE)
EACH = pytest.mark.parametrize("article", ARTICLES.values(), ids=ARTICLES.keys())


def text_of(article: Article) -> str:
    return "\n".join((article.title, article.summary, *(section.markdown for section in article.sections)))


def queries() -> Iterator[dict]:
    yield from yaml.load((KNOWLEDGE / "retrieval" / "queries.yml").read_bytes(), Loader=yaml.CSafeLoader)["queries"]


def test_the_library_is_large_enough_to_be_of_use():
    assert len(ARTICLES) >= 27


@EACH
def test_an_article_is_neither_too_short_nor_too_long(article):
    assert 180 <= len(text_of(article).split()) <= 800


@EACH
def test_an_article_names_at_least_one_source_and_no_reading_that_did_not_happen(article):
    for source in article.sources:
        if source.read_as == "not read":
            assert source.accessed is None, source.title
        if source.read_as == "live page":
            assert source.accessed is not None, source.title
            assert source.url is not None, source.title


@EACH
def test_an_article_is_reviewed_again_within_a_year(article):
    written = article.reviewed_on or dt.date(2026, 11, 21)
    assert written < article.review_by <= written + dt.timedelta(days=366)


@EACH
def test_an_article_tells_no_telephone_number(article):
    """Numbers differ by country; the emergency card knows them."""
    assert re.findall(r"\b(?:999|112|911|111|000|988|116 ?123)\b|\d{5,}", text_of(article)) == []


@EACH
def test_an_article_tells_no_dose(article):
    """The one exception is the most paracetamol that an adult may take in a day."""
    doses = re.findall(
        r"\b[\d.,]+ ?(?:mg|mcg|micrograms?|milligrams?|g|grams?|ml|millilitres?)\b", text_of(article), re.I
    )
    if article.id != "paracetamol":
        assert doses == []


@EACH
def test_an_article_lists_when_to_call_an_ambulance(article):
    by_heading = {section.heading: section.html for section in page_sections(article)}
    assert "<li>" in by_heading["Call an ambulance if"]


@EACH
def test_an_article_makes_no_diagnosis(article):
    assert re.findall(r"\byou (?:have got|are suffering from|must have)\b", text_of(article), re.I) == []


@EACH
def test_sentences_are_short(article):
    """On average: reading gets harder with the length of sentences."""
    sentences = [part for part in re.split(r"[.!?:]\s|\n", text_of(article)) if part.strip()]
    assert sum(len(sentence.split()) for sentence in sentences) / len(sentences) <= 14


def test_articles_that_point_to_each_other_point_somewhere():
    links = {link for article in ARTICLES.values() for link in re.findall(r"\(/guidance/([a-z_]+)\)", text_of(article))}
    assert links - ARTICLES.keys() == set()


def test_passages_thresholds_guards_and_what_is_not_covered_can_be_read_together():
    content, rules = CONTENT
    assert {article.id for article in content.articles} <= ARTICLES.keys()
    assert rules.thresholds.ask.similarity <= rules.thresholds.answer.similarity
    assert rules.thresholds.ask.lead <= rules.thresholds.answer.lead


def test_the_questions_that_measure_the_search_name_articles_that_exist():
    assert {article_id for query in queries() for article_id in query["right"]} - ARTICLES.keys() == set()


def test_no_question_that_measures_the_search_stands_in_what_it_searches():
    """Otherwise the measurement would flatter."""
    content, _ = CONTENT
    searched = {" ".join(plain_words(passage.encoded)) for passage in content.passages}
    assert [query["text"] for query in queries() if " ".join(plain_words(query["text"])) in searched] == []


def test_every_article_is_asked_for_in_the_measurement():
    assert ARTICLES.keys() - {article_id for query in queries() for article_id in query["right"]} == set()
