"""The list of the editors' console: all items in plain words, and who comes in at all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.console import ConsoleBrowser
from tests.support.desk import LIST, PEOPLE, Desk, desk

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk(tmp_path_factory.mktemp("desk")) as one:
        yield one


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
