"""What an article's Markdown cannot do, whatever an editor pastes into it."""

from __future__ import annotations

import pytest

from careline.guidance.article_files import section_problems
from careline.guidance.page import safe_html
from tests.support.injected import injected, wrong_in


def test_there_are_many_and_no_two_are_the_same():
    assert len(set(injected())) == len(injected()) >= 400


def test_no_markdown_becomes_anything_but_words_lists_and_links():
    assert {case: wrong for case in injected() if (wrong := wrong_in(safe_html(case)))} == {}


def test_all_of_them_together_do_not_either():
    assert wrong_in(safe_html("\n\n".join(injected()))) == []


@pytest.mark.parametrize("html", ["<script>x</script>", "<p onclick=x>", '<a href="javascript:x">', "<!-- x -->"])
def test_the_look_at_the_html_sees_what_is_wrong(html: str):
    assert wrong_in(html)


def test_tags_and_foreign_schemes_are_refused_before_they_are_kept():
    assert list(section_problems("<script>window.ran=1</script>"))
    assert list(section_problems("[x](http://elsewhere.example)"))
