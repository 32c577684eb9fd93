"""Reading articles: what fits is taken whole, what does not is named with file, key and remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from careline.guidance.article import SECTION_HEADINGS
from careline.guidance.article_files import article_markdown, load_articles, read_article
from careline.guidance.errors import ArticleError

FRONT = """\
id: cough
title: Cough
summary: What helps with a cough.
language: en
complaints: [cough]
audience: {min_age_years: 5, pregnancy: any}
acuity_ceiling: gp_soon
keywords: [cough, GP]
questions: [how long does a cough last, dry cough, wet cough, tickly cough, cough at night, coff]
sources:
  - {title: Cough, organisation: A health service, url: "https://example.org/cough", accessed: null, read_as: not read}
author: Careline contributors
reviewer: unreviewed
reviewed_on: null
review_by: 2027-05-21
status: published
"""
BODY = "\n\n".join(f"## {heading}\n\nSome words about it." for heading in SECTION_HEADINGS)


def written(folder: Path, front: str = FRONT, body: str = BODY, name: str = "cough.md") -> Path:
    path = folder / name
    path.write_text(f"---\n{front}---\n\n{body}\n", encoding="utf-8")
    return path


def problems_of(path: Path) -> str:
    with pytest.raises(ArticleError) as caught:
        read_article(path)
    assert all(str(path) in problem for problem in caught.value.problems)
    return str(caught.value)


def test_an_article_is_read_whole(tmp_path):
    article = read_article(written(tmp_path))
    assert article.title == "Cough"
    assert article.audience.min_age_years == 5
    assert article.review_by == dt.date(2027, 5, 21)
    assert [section.heading for section in article.sections] == list(SECTION_HEADINGS)
    assert article.sections[0].markdown == "Some words about it."


def test_an_article_written_and_read_again_is_the_same(tmp_path):
    article = read_article(written(tmp_path))
    again = tmp_path / "again" / "cough.md"
    again.parent.mkdir()
    again.write_text(article_markdown(article), encoding="utf-8")
    assert read_article(again) == article


def test_line_ends_of_windows_are_read(tmp_path):
    path = written(tmp_path)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_article(path).title == "Cough"


@pytest.mark.parametrize(
    ("before", "after", "named", "remedy"),
    [
        ("title: Cough\n", "", "`title`", "Add it."),
        ("title: Cough\n", "titel: Cough\n", "`titel`", "Remove it or mend its spelling."),
        ("status: published", "status: live", "$.status", "Mend the value."),
        ("acuity_ceiling: gp_soon", "acuity_ceiling: urgent", "$.acuity_ceiling", "Mend the value."),
        ("language: en", "language: no", "$.language", "Put yes, no, on and off in quotes."),
        ("review_by: 2027-05-21", "review_by: soon", "$.review_by", "Mend the value."),
        ("id: cough", "id: coff", "`$.id`", "Give the file the name coff.md"),
        ("reviewer: unreviewed", "reviewer: A clinician", "`$.reviewed_on`", "Name the reviewer and the day"),
        ("min_age_years: 5", "min_age_years: 5, max_age_years: 2", "`$.audience.min_age_years`", "Swap them."),
        ("title: Cough\n", "title: Cough\ntitle: Cold\n", "'title' stands twice", "Mend that line."),
        ("tickly cough, cough at night, coff]", "tickly cough]", "$.questions", "Mend the value."),
        ("url: \"https://example.org/cough\"", "url: \"javascript:alert(1)\"", "$.sources[0].url", "Mend the value."),
    ],
)  # fmt: skip
def test_a_fault_in_the_front_matter_is_named_with_its_remedy(tmp_path, before, after, named, remedy):
    assert before in FRONT
    problem = problems_of(written(tmp_path, FRONT.replace(before, after)))
    assert named in problem
    assert remedy in problem


def test_a_review_before_the_signature_is_refused(tmp_path):
    front = FRONT.replace("reviewer: unreviewed\nreviewed_on: null", "reviewer: A clinician\nreviewed_on: 2028-01-01")
    assert "`$.review_by` is before `$.reviewed_on`" in problems_of(written(tmp_path, front))


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (BODY.replace("## What to avoid", "## What to shun"), "What to shun"),
        (BODY.replace("## What to avoid", "### What to avoid"), "h3 What to avoid"),
        (BODY.replace("## What it is\n\nSome words about it.\n\n", ""), "the headings are"),
        (f"Hello.\n\n{BODY}", "text before the first heading"),
        (BODY.replace("What you can do\n\nSome words about it.", "What you can do\n"), "'What you can do' is empty"),
        (BODY.replace("Some words", "<b>Some</b> words", 1), "raw HTML"),
        (BODY.replace("Some words", "<script>alert(1)</script>", 1), "raw HTML"),
        (BODY.replace("Some words", "![a picture](https://example.org/a.png)", 1), "an image"),
        (BODY.replace("Some words", "[here](http://example.org)", 1), "'http://example.org'"),
    ],
)
def test_a_fault_in_the_text_is_named(tmp_path, body, named):
    assert named in problems_of(written(tmp_path, body=body))


def test_a_file_without_front_matter_is_refused(tmp_path):
    path = tmp_path / "cough.md"
    path.write_text("## What it is\n", encoding="utf-8")
    assert "Start the file with '---'" in problems_of(path)


def test_a_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "cough.md"
    path.write_bytes(b"---\nid: caf\xe9\n---\n")
    assert "Save the file as UTF-8." in problems_of(path)


def test_all_faults_of_all_files_are_told_at_once(tmp_path):
    written(tmp_path, FRONT.replace("status: published", "status: live"))
    written(tmp_path, FRONT.replace("title: Cough\n", ""), name="cold.md")
    with pytest.raises(ArticleError) as caught:
        load_articles(tmp_path)
    assert len(caught.value.problems) == 2


def test_a_folder_without_articles_is_refused(tmp_path):
    with pytest.raises(ArticleError, match="holds no article"):
        load_articles(tmp_path)


def test_drafts_are_loaded_with_the_others(tmp_path):
    written(tmp_path, FRONT.replace("status: published", "status: draft"))
    assert load_articles(tmp_path)["cough"].status == "draft"
