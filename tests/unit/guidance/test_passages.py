"""Cutting articles into passages: nothing is lost, nothing grows too long, each says what it is about."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.guidance.article import Section
from careline.guidance.passages import MAX_WORDS, article_passages, plain_lines, unanswered_passages
from tests.support.guidance import article

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=400)
PARAGRAPHS = st.lists(WORDS.map(" ".join), min_size=1, max_size=6)


def sections_of(some):
    return [passage for passage in article_passages(some) if passage.kind == "section"]


def test_each_section_is_found_under_its_title_and_heading():
    passage = sections_of(article("cough", text="Drink honey."))[1]
    assert passage.encoded == "Cough > What you can do\nDrink honey."
    assert passage.text == "Drink honey."
    assert passage.id == "cough.1.0"


def test_lay_questions_and_the_title_lead_to_the_article_and_are_never_shown():
    questions = [passage for passage in article_passages(article("cough")) if passage.kind == "question"]
    assert [passage.encoded for passage in questions][:2] == ["Cough", "cough question 0"]
    assert {passage.article_id for passage in questions} == {"cough"}
    assert {passage.text for passage in questions} == {""}


def test_questions_that_are_not_covered_lead_to_no_article():
    (passage,) = unanswered_passages("not_covered", ["gout in my toe"])
    assert (passage.article_id, passage.kind, passage.encoded) == (None, "not_covered", "gout in my toe")


def test_markdown_becomes_plain_lines_with_bullets_and_numbers():
    markdown = "Do **this**\nnow:\n\n- rest\n- see [a page](https://example.org)\n\n1. first\n2. second"
    assert plain_lines(markdown) == ["Do this now:", "• rest", "• see a page", "1. first", "2. second"]


@settings(deadline=None)
@pytest.mark.slow  # a hundred sections
@given(PARAGRAPHS)
def test_no_passage_is_longer_than_the_limit_and_no_word_is_lost(paragraphs):
    long_article = msgspec.structs.replace(
        article("cough"), sections=(Section(heading="What it is", markdown="\n\n".join(paragraphs)),)
    )
    passages = sections_of(long_article)
    assert all(len(passage.encoded.split()) <= MAX_WORDS for passage in passages)
    assert " ".join(passage.text for passage in passages).split() == " ".join(paragraphs).split()


@settings(deadline=None)
@pytest.mark.slow  # a hundred sections
@given(PARAGRAPHS)
def test_every_passage_has_an_id_of_its_own(paragraphs):
    long_article = msgspec.structs.replace(
        article("cough"), sections=(Section(heading="What it is", markdown="\n\n".join(paragraphs)),)
    )
    ids = [passage.id for passage in article_passages(long_article)]
    assert len(set(ids)) == len(ids)
