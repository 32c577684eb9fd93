"""The articles in knowledge/articles: complete, sourced, safe to publish, and found by their own readers."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path

import pytest
import yaml

from careline.clinical.acuity import Acuity
from careline.clinical.content import FALLBACK_PROTOCOL
from careline.guidance.article_check import check_articles, load_limits
from careline.guidance.index_build import snapshot_content
from careline.guidance.search_rules import load_not_covered, load_search_rules
from careline.guidance.words import plain_words
from tests.support.house import KNOWLEDGE, articles, rule_book

pytestmark = pytest.mark.slow  # reads every article and question that there is

ARTICLES = articles()
FITTED_WITH = KNOWLEDGE / "retrieval" / "queries.yml"
JUDGED_WITH = KNOWLEDGE / "retrieval" / "judged.yml"


@functools.cache
def queries(path: Path) -> list[dict]:
    return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)["queries"]


def same_words(text: str) -> str:
    return " ".join(plain_words(text))


def test_the_library_is_large_enough_to_be_of_use():
    assert len(ARTICLES) >= 110


def test_every_article_is_found_by_many_ways_of_asking():
    """One that few questions lead to loses against its siblings, whatever it says."""
    assert {name for name, article in ARTICLES.items() if len(article.questions) < 25} == set()


def test_every_article_may_be_published_as_it_is():
    """Length, reading grade, sources, numbers, doses, links, questions: see careline.guidance.article_check."""
    check_articles(
        ARTICLES, load_limits(KNOWLEDGE), rule_book().protocols, KNOWLEDGE / "articles", dt.date(2026, 11, 29)
    )


def test_every_complaint_that_may_stay_at_home_has_an_article_of_its_own():
    written = {complaint for article in ARTICLES.values() for complaint in article.complaints}
    calm = {name for name, each in rule_book().protocols.items() if each.protocol.baseline is Acuity.SELF_CARE}
    assert calm - written - {FALLBACK_PROTOCOL} == set()


def test_passages_thresholds_guards_and_what_is_not_covered_can_be_read_together():
    rules = load_search_rules(KNOWLEDGE / "retrieval")
    assert load_not_covered(KNOWLEDGE / "retrieval").out_of_scope
    assert rules.thresholds.ask <= rules.thresholds.answer


@pytest.mark.parametrize("path", [FITTED_WITH, JUDGED_WITH], ids=lambda path: path.stem)
def test_the_questions_that_measure_the_search_name_articles_that_exist(path: Path):
    assert {article_id for query in queries(path) for article_id in query["right"]} - ARTICLES.keys() == set()


@pytest.mark.parametrize("path", [FITTED_WITH, JUDGED_WITH], ids=lambda path: path.stem)
def test_only_questions_without_an_article_are_of_a_kind_that_has_none(path: Path):
    without = {"uncovered", "out_of_scope"}
    assert [query["text"] for query in queries(path) if bool(query["right"]) == (query["kind"] in without)] == []


@pytest.mark.parametrize("path", [FITTED_WITH, JUDGED_WITH], ids=lambda path: path.stem)
def test_no_question_that_measures_the_search_stands_in_what_it_searches(path: Path):
    """Otherwise the measurement would flatter."""
    content = snapshot_content(ARTICLES.values(), load_not_covered(KNOWLEDGE / "retrieval"))
    searched = {same_words(passage.encoded) for passage in content.passages}
    assert [query["text"] for query in queries(path) if same_words(query["text"]) in searched] == []


def test_no_question_that_judges_the_search_has_fitted_it():
    """Nor does one stand in it twice."""
    fitted = {same_words(query["text"]) for query in queries(FITTED_WITH)}
    judged = [same_words(query["text"]) for query in queries(JUDGED_WITH)]
    assert fitted & set(judged) == set()
    assert len(judged) == len(set(judged))


def test_every_article_is_asked_for_in_the_measurement():
    assert ARTICLES.keys() - {article_id for query in queries(FITTED_WITH) for article_id in query["right"]} == set()
