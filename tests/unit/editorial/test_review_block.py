"""What is served says who signed, and otherwise word for word what was signed."""

import datetime as dt

import pytest

from careline.editorial.errors import TextError
from careline.editorial.item import Kind, SignOff
from careline.editorial.life_cycle import State
from careline.editorial.review_block import require_signable, review_by, served_text

TODAY = dt.date(2026, 11, 21)
SIGNED = SignOff("sta_1", 'Dr "Ann" Exämple', "GP", dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC), "")
PROTOCOL = "protocols/cough.yml"
ARTICLE = "articles/cough.md"
PAGE = """---
id: cough
reviewer: unreviewed   # nobody yet
reviewed_on: null
review_by: 2027-05-21
status: draft
---

## What it is

reviewer: these are words, and stay.
"""


def served(text, *, path=PROTOCOL, kind=Kind.PROTOCOL, sign_off=SIGNED, state=State.PUBLISHED):
    return served_text(path, kind, text, sign_off, state)


def test_an_article_names_its_reviewer_and_is_published_and_no_other_word_is_altered():
    assert served(PAGE, path=ARTICLE, kind=Kind.ARTICLE) == PAGE.replace(
        "reviewer: unreviewed ", 'reviewer: "Dr \\"Ann\\" Exämple, GP" ', 1
    ).replace("reviewed_on: null", "reviewed_on: 2026-11-20").replace("status: draft", "status: published")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            "review: {review_by: 2027-05-21, effective_from: 2026-11-21}",
            'review: {reviewer: "Dr \\"Ann\\" Exämple, GP", reviewed_on: 2026-11-20, review_by: 2027-05-21, '
            "effective_from: 2026-11-21}",
        ),
        (
            "review:\n  # by whom\n  review_by: 2027-05-21\n  effective_from: 2026-11-21",
            'review:\n  # by whom\n  reviewer: "Dr \\"Ann\\" Exämple, GP"\n  reviewed_on: 2026-11-20\n'
            "  review_by: 2027-05-21\n  effective_from: 2026-11-21",
        ),
        (
            "review: {reviewer: Dr Somebody, reviewed_on: 2020-01-01, review_by: 2027-05-21}",
            'review: {reviewer: "Dr \\"Ann\\" Exämple, GP", reviewed_on: 2026-11-20, review_by: 2027-05-21}',
        ),
    ],
    ids=["on one line", "on several lines", "a name that an author typed"],
)
def test_a_file_of_rules_names_who_signed_it_and_keeps_every_other_sign(block, expected):
    text = f"# Cough\nid: cough\n{block}\nquestions: []  # none\n"
    written = served(text)
    assert sorted(written.replace(expected, block).splitlines()) == sorted(text.splitlines())
    assert served(written) == written


def test_windows_line_ends_stay():
    text = PAGE.replace("\n", "\r\n")
    written = served(text, path=ARTICLE, kind=Kind.ARTICLE)
    assert written.count("\r\n") == written.count("\n") == text.count("\n")


def test_what_came_with_the_program_is_served_as_it_came():
    assert served(PAGE, path=ARTICLE, kind=Kind.ARTICLE, sign_off=None) == PAGE


def test_a_withdrawn_article_says_so():
    assert "status: withdrawn" in served(PAGE, path=ARTICLE, kind=Kind.ARTICLE, sign_off=None, state=State.WITHDRAWN)


def test_words_of_patients_have_no_review_block_and_are_served_as_they_are():
    assert served("hello = Hello\n", path="wording/en/a.ftl", kind=Kind.WORDING) == "hello = Hello\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id: cough\n", "has no `review`"),
        ("id: [cough\n", "is not valid YAML"),
        ("review: {review_by: 2026-11-21}\n", "after today"),
        ("review: {review_by: soon}\n", "`review_by` is missing"),
        ("review: {review_by: 2027-05-21}\nreview: {review_by: 2028-05-21}\n", "cannot be written into it"),
    ],
)
def test_a_text_that_no_sign_off_can_be_written_into_is_not_signed(text, says):
    with pytest.raises(TextError, match=says):
        require_signable(PROTOCOL, Kind.PROTOCOL, text, today=TODAY)


def test_an_article_without_a_line_for_the_reviewer_is_not_signed():
    with pytest.raises(TextError, match=r"`reviewer` is missing\. Add it"):
        require_signable(ARTICLE, Kind.ARTICLE, PAGE.replace("reviewer: unrev", "x: unrev"), today=TODAY)


def test_the_review_date_is_read_and_a_text_that_cannot_be_read_has_none():
    assert review_by(ARTICLE, Kind.ARTICLE, PAGE) == dt.date(2027, 5, 21)
    assert review_by(ARTICLE, Kind.ARTICLE, "no front matter") is None
    assert review_by(PROTOCOL, Kind.PROTOCOL, "review: {review_by: soon}") is None
