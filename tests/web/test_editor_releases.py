"""Pages of releases: everybody reads them, an admin prepares, publishes and goes back."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest

from tests.support.desk import Desk, desk
from tests.support.editorial import ARTICLE, PROTOCOL

pytestmark = pytest.mark.slow

RELEASES = "/console/releases"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk at which the text of one article is signed."""
    with desk(tmp_path_factory.mktemp("desk")) as one:
        one.edit(ARTICLE, "title: Earache", "title: My earache")
        one.submit(ARTICLE)
        one.sign(ARTICLE)
        yield one


def shown(house: Desk, who: str, path: str) -> str:
    browser = house.of(who)
    browser.open(f"{RELEASES}{path}")
    return browser.page.text


@pytest.mark.parametrize("who", ["eddie", "doctor", "ada"])
def test_all_staff_read_releases_and_reviews_and_what_is_signed(house: Desk, who: str):
    assert "Nothing has been published from here yet" in shown(house, who, "")
    assert "Within 60 days" in shown(house, who, "/reviews")
    assert "Signed, and not published" in shown(house, who, "/prepare")


def test_what_is_signed_can_be_chosen_by_an_admin_and_is_only_shown_to_others(house: Desk):
    assert "Check and prepare" in shown(house, "ada", "/prepare")
    others = shown(house, "doctor", "/prepare")
    assert ARTICLE in others
    assert "Check and prepare" not in others


def test_what_the_checks_refuse_is_said_in_the_page_and_cannot_be_published(house: Desk):
    house.edit(PROTOCOL, "title: Cough", "nonsense: 1\ntitle: Cough")
    house.submit(PROTOCOL)
    house.sign(PROTOCOL)
    ada = house.of("ada")
    ada.open(f"{RELEASES}/prepare")
    ada.send(f"{RELEASES}/prepare", paths=PROTOCOL)
    ends_at = time.monotonic() + 120
    while "Being checked" in shown(house, "ada", "/prepare") and time.monotonic() < ends_at:
        time.sleep(0.2)
    page = shown(house, "ada", "/prepare")
    assert "Refused: this must not come before patients" in page
    assert "nonsense" in page
    refused = house.careline.editorial.publishing.preparations.newest()
    assert refused is not None
    ada.send(f"{RELEASES}/publish", number=refused.id)
    assert ada.page.status_code == 409
    assert "not ready" in ada.page.text


def test_the_way_back_from_nothing_is_refused_in_plain_words(house: Desk):
    ada = house.of("ada")
    ada.open(RELEASES)
    ada.send(f"{RELEASES}/back", number=7)
    assert ada.page.status_code == 409
    assert re.search("There is no (way back|earlier release)", ada.page.text)
