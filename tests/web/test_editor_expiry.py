"""The day after a review date in the console: an article is hidden and says so, rules stay and are an alarm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import LIST, Desk, desk
from tests.support.editorial import ARTICLE, FLAGS, OVERDUE

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def late(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk on the day after the review date of all its content."""
    folder: Path = tmp_path_factory.mktemp("desk")
    with desk(folder) as house:
        for who in ("eddie", "doctor"):
            assert "past the review date" not in house.of(who).open(LIST).text
        assert "What patients see" in house.open("eddie", ARTICLE).text
        house.clock.now = OVERDUE
        house.careline.editorial.expiry.act()
        for who in ("eddie", "doctor"):
            house.of(who).sign_in(house.people[who])
        yield house


@pytest.mark.parametrize("who", ["eddie", "doctor"])
def test_all_who_open_the_content_are_told_and_led_to_the_reviews(late: Desk, who: str):
    browser = late.of(who)
    browser.open(LIST)
    due = late.careline.editorial.expiry.due()
    alarms = sum(one.is_alarm for one in due)
    assert f"{alarms} files of red flags or rules are past the review date, and in force." in browser.text
    assert "1 article is past the review date, and hidden from patients." in browser.text
    assert 'href="/console/releases/reviews"' in browser.page.text
    browser.open("/console/releases/reviews")
    assert {ARTICLE, FLAGS} <= {one.path for one in due if one.path in browser.page.text}


def test_the_page_of_a_hidden_article_does_not_say_that_patients_see_it(late: Desk):
    browser = late.open("eddie", ARTICLE)
    assert "What patients saw" in browser.text
    assert "Patients are shown it no more." in browser.text
    assert "What patients see " not in browser.text
    assert "What patients see" in late.open("eddie", FLAGS).text


def test_a_complaint_whose_only_article_is_hidden_counts_as_without_one(late: Desk):
    """Nor does one count that was never published."""
    browser = late.of("eddie")
    browser.open(f"{LIST}/coverage")
    counts = re.search(r"(\d+) complaints\. For (\d+) there is no article that patients can read\.", browser.text)
    assert counts is not None, browser.text[:400]
    assert counts[1] == counts[2]
    assert "Earache" in browser.text
