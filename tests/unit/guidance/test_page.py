"""An article's page: safe HTML, whatever its Markdown holds."""

from __future__ import annotations

import pytest

from careline.guidance.page import page_sections, safe_html
from tests.support.guidance import article


def test_sections_come_with_anchor_heading_and_text():
    section = page_sections(article("cough", text="- Drink **honey**."))[1]
    assert (section.anchor, section.heading) == ("what_you_can_do", "What you can do")
    assert "<li>Drink <strong>honey</strong>.</li>" in section.html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "[click](http://example.org)",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
    ],
)
def test_nothing_that_could_do_harm_comes_out(markdown):
    html = safe_html(markdown)
    for forbidden in ("<script", "<img", "<style", 'href="javascript', 'href="data', 'href="http:', "<a href"):
        assert forbidden not in html


def test_a_link_to_elsewhere_does_not_say_where_the_reader_came_from():
    html = safe_html("[the service](https://example.org/)")
    assert '<a href="https://example.org/" rel="noopener noreferrer nofollow">the service</a>' in html


def test_a_link_to_another_article_stays():
    assert 'href="/guidance/cough"' in safe_html("[cough](/guidance/cough)")
