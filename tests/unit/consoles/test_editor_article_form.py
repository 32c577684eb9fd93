"""An article as a form: what did not change keeps its letters, and two people's changes are taken together."""

from __future__ import annotations

from pathlib import Path

import pytest

from careline.consoles.editor.article_form import article_text, fields_of, merged
from careline.consoles.editor.front_matter import with_values
from careline.guidance.errors import ArticleError

ARTICLES = Path("knowledge/articles")
PATHS = sorted(ARTICLES.glob("*.md"))[::20]
EAR = (ARTICLES / "ear_pain.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_form_that_nobody_touched_is_the_same_file(path):
    text = path.read_text(encoding="utf-8")
    assert article_text(fields_of(text, path.name), text).text == text


def test_only_the_lines_of_a_key_that_changed_are_written_anew():
    front = "a: 1   # why\nb:\n    - x\n    - y\nc: 'three'\n"
    assert with_values(front, {"b": ["x", "z"]}) == "a: 1   # why\nb:\n  - x\n  - z\nc: 'three'\n"
    assert with_values(front, {"d": None}) == f"{front}d: null\n"


@pytest.mark.parametrize("value", ["yes", "- x", "a: b", '"', "'", "#", "{x}", "é ☃", "x" * 200, "1e3", "null"])
def test_whatever_is_typed_as_a_title_is_read_back_as_it_was_typed(value: str):
    fields = fields_of(EAR, "ear_pain.md") | {"title": f"{value} it is", "author": value + "..."}
    made = article_text(fields, EAR)
    assert made.problems == {}
    assert fields_of(made.text, "ear_pain.md")["title"] == f"{value} it is"
    assert fields_of(made.text, "ear_pain.md")["author"] == value + "..."


@pytest.mark.parametrize("years", ["0.0833333333333", "0.25", "2", "120"])
def test_an_age_and_the_order_of_boxes_change_nothing(years: str):
    text = EAR.replace("  - ear_pain\n", "  - ear_pain\n  - cough\n", 1).replace(
        "min_age_years: 2", f"min_age_years: {years}"
    )
    fields = fields_of(text, "ear_pain.md")
    assert article_text(fields | {"complaints": "cough\near_pain"}, text).text == text


def test_an_article_with_more_sources_than_the_form_has_is_not_cut():
    source = "  - title: A page\n    organisation: Somebody\n"
    text = EAR.replace("sources:\n", "sources:\n" + source * 31, 1)
    with pytest.raises(ArticleError, match="more sources than the form has room for"):
        fields_of(text, "ear_pain.md")


def test_front_matter_cannot_be_ended_from_a_field():
    fields = fields_of(EAR, "ear_pain.md") | {"summary": "one\n---\nstatus: published\n---\n## What it is"}
    again = fields_of(article_text(fields, EAR).text, "ear_pain.md")
    assert again["summary"] == "one --- status: published --- ## What it is"


BASE = {"title": "A", "summary": "S", "source_0_title": "Old", "source_0_organisation": "O"}


def test_what_one_of_two_changed_is_taken_and_what_both_changed_stays_mine_and_is_named():
    theirs = BASE | {"title": "Theirs", "summary": "Theirs"}
    mine = BASE | {"title": "Mine"}
    assert merged(BASE, theirs, mine) == (mine | {"summary": "Theirs"}, ["title"])
    assert merged(BASE, theirs, theirs) == (theirs, [])


def test_two_lists_of_sources_are_not_mixed():
    theirs = BASE | {"source_0_title": "Theirs", "source_1_title": "More", "source_1_organisation": "O"}
    assert merged(BASE, theirs, BASE)[0]["source_1_title"] == "More"
    fields, both = merged(BASE, theirs, BASE | {"source_0_title": "Mine"})
    assert fields["source_0_title"] == "Mine"
    assert "source_1_title" not in fields
    assert both == ["sources"]
