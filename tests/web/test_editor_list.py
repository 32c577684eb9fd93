"""The list of the editors' console: all items in plain words, and who comes in at all."""

from __future__ import annotations

import html
import re

import pytest

from tests.support.console import ConsoleBrowser
from tests.support.desk import LIST, PEOPLE, Desk
from tests.support.editorial import ARTICLE

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("who", PEOPLE)
def test_everybody_on_the_staff_sees_all_content(house: Desk, who: str):
    browser = house.of(who)
    assert browser.open(LIST).status_code == 200
    assert browser.heading == "All content"
    assert "Earache" in browser.text
    assert f'href="{LIST}"' in browser.page.text


def test_nobody_sees_it_who_is_not_signed_in(house: Desk):
    stranger = ConsoleBrowser(house.of("eddie").client)
    stranger.open(LIST)
    assert stranger.heading == "Sign in"


def test_only_an_editor_is_offered_to_write(house: Desk):
    for who, may in {"eddie": True, "both": True, "doctor": False, "ada": False}.items():
        house.of(who).open(LIST)
        assert ("Start an article" in house.of(who).text) is may


def titles(house: Desk, choice: str) -> set[str]:
    """The paths that the list shows for a choice."""
    house.of("eddie").open(f"{LIST}?{choice}")
    return set(re.findall(r'class="desk-path">([^<]*)<', house.of("eddie").page.text))


def test_the_list_is_searched_and_filtered(house: Desk):
    path = house.copy("filtered")
    assert titles(house, "q=EARACHE") == {ARTICLE}
    assert titles(house, "q=nothing+of+the+kind") == set()
    assert titles(house, "kind=protocol") == {"protocols/cough.yml", "protocols/general.yml"}
    assert titles(house, "complaint=ear_pain") == {ARTICLE, path}
    assert titles(house, "state=draft") == titles(house, "waits=mine") == {path}
    assert titles(house, "waits=sign") == set()
    house.submit(path)
    assert titles(house, "waits=sign") == {path}
    assert titles(house, "kind=nonsense&page=x&state=%00") == titles(house, "")


def test_what_is_overdue_is_found(house: Desk):
    path = house.copy("overdue")
    text = re.sub(r"review_by: .*", "review_by: 2026-11-01", house.newest(path).text)
    house.careline.editorial.editing.save(house.actor("eddie"), path, text, base=1)
    assert path in titles(house, "review=overdue")
    assert ARTICLE not in titles(house, "review=overdue")
    assert "1 November 2026 Overdue" in house.of("eddie").text


def test_who_has_an_item_is_said(house: Desk):
    path = house.copy("holder", by="otto")
    for words, step in (
        ("Otto Example", lambda: house.submit(path, by="otto")),
        ("A clinician other than Otto Example", lambda: house.sign(path)),
        ("An admin", lambda: None),
    ):
        house.of("eddie").open(f"{LIST}?q=holder")
        assert words in house.of("eddie").text
        step()


def test_a_long_list_has_pages(house: Desk):
    for number in range(45):
        house.copy(f"many_{number}")
    first, second = titles(house, ""), titles(house, "page=2")
    assert len(first) == 50
    assert second
    assert not first & second
    assert first | second == {line.path for line in house.careline.editorial.editing.items()}


def test_coverage_says_what_a_complaint_has(house: Desk):
    house.of("doctor").open(f"{LIST}/coverage")
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', house.of("doctor").page.text, re.DOTALL)
    found = {title: row for title, row in rows}
    assert "protocols/cough.yml" in html.unescape(found["Cough"]).replace("%2F", "/")
    assert "None" in found["Cough"]  # the small content has no article about it
