"""Pages in a real browser: nothing foreign, nothing blocked, readable on a narrow phone."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.support.installation import Running

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def sound_pages(nothing_foreign: None) -> None:
    """No page here asks for anything elsewhere, or breaks."""


def test_an_article_reads_well_on_a_phone(page: Page, installation: Running, pictures: Path):
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(f"{installation.url}/guidance/sore_throat")
    page.screenshot(path=pictures / "article.png", full_page=True)
    assert page.locator("h1").inner_text() == "Sore throat"
    assert page.locator("[role=note]").inner_text().startswith("This page has not yet been checked")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    headings = page.locator("h2").all_inner_texts()
    assert headings == [
        "What it is",
        "What you can do",
        "What to avoid",
        "Ask a pharmacist",
        "Get help today if",
        "Call an ambulance if",
        "Sources",
    ]


def test_the_start_page_says_what_to_do_in_danger(page: Page, installation: Running):
    page.goto(installation.url)
    assert "Call your local emergency number" in page.locator("main").inner_text()


def test_an_unknown_article_is_a_problem_with_the_emergency_number(installation: Running, page: Page):
    answer = page.request.get(f"{installation.url}/guidance/nothing")
    assert answer.status == 404
    assert "999" in answer.text() or "112" in answer.text()
