"""Publishing in a real browser: prepared, published, gone back, refused; and what is past its review date goes.

On the repository's content with the invented patients of one complaint, and the real encoder.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from careline.app.release_folder import load_encoder, release_files, vector_cache
from careline.app.services import Careline, build, load_content, utc_now
from careline.editorial.life_cycle import TERMINAL, Actor
from careline.guidance.index_build import build_index
from tests.support.dialogue import ScriptedDialogueEngine
from tests.support.house import KNOWLEDGE, Clock, migrated_file, settings_for
from tests.support.installation import take_built_models
from tests.support.served import NARROW, WIDE, Served, browsing, served

pytestmark = pytest.mark.slow

ARTICLE, PROTOCOL, PATIENTS = "articles/cough.md", "protocols/cough.yml", "vignettes/cough.yml"
QUESTIONS, FIRST_LINES = "retrieval/queries.yml", 60  # of the questions that the search is measured with
SENTENCE = "Honey in warm water is a pleasant thing to sip."
MINUTES = 60_000
ADMIN, WRITER, SIGNER = "ada", "eddie", "doctor"


class MovableClock(Clock):
    """The real clock, moved ahead by tests."""

    def __init__(self) -> None:
        super().__init__()
        self.ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return utc_now() + self.ahead


def furnished_with_content(folder: Path, dialogue: ScriptedDialogueEngine, *, clock: Clock, **more: Any) -> Careline:
    """An app whose content is edited in its database, with search."""
    more.pop("guidance")
    knowledge = folder / "knowledge"
    shutil.copytree(KNOWLEDGE, knowledge, ignore=shutil.ignore_patterns("vignettes"))
    (knowledge / "vignettes").mkdir()
    shutil.copy(KNOWLEDGE / PATIENTS, knowledge / PATIENTS)
    measured = (KNOWLEDGE / QUESTIONS).read_text(encoding="utf-8").splitlines(keepends=True)
    (knowledge / QUESTIONS).write_text("".join(measured[:FIRST_LINES]), encoding="utf-8")
    settings = settings_for(folder, knowledge_dir=knowledge, **more)
    take_built_models(settings.data_dir, vector_cache(settings))
    (settings.data_dir / "careline.db").write_bytes(migrated_file())
    encoder = load_encoder(settings)
    assert encoder is not None
    release_files(settings).publish(lambda copied, to: build_index(copied, to, vector_cache(settings), encoder))
    careline = build(settings, dialogue, content=load_content(settings), now=clock)
    dialogue.actions = careline.turns
    careline.editorial.folder.import_from(TERMINAL, knowledge)
    assert careline.editorial.publishing.adopt()
    return careline


@pytest.fixture(scope="module")
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, clock: MovableClock) -> Iterator[Served]:
    roles = {ADMIN: ("admin",), WRITER: ("editor",), SIGNER: ("clinician",), "later": ("admin",)}
    with served(
        tmp_path_factory.mktemp("publishing"),
        clock,
        furnished_with_content,
        roles=roles,
        ada="Ada Example",
        eddie="Eddie Example",
        doctor="Dr Example",
        later="Lee Example",
    ) as running:
        yield running


def actor(house: Served, name: str) -> Actor:
    return Actor.of(house.people[name].account)


def signed(house: Served, path: str, old: str, new: str, *, after: str = "") -> None:
    """A text of which every `old` after a place is another word, signed by somebody who did not write it."""
    editing = house.careline.editorial.editing
    item = editing.item(path)
    text = item.revision(item.newest).text
    at = text.index(after)
    assert old in text[at:]
    draft = editing.save(actor(house, WRITER), path, text[:at] + text[at:].replace(old, new), base=item.newest)
    editing.submit(actor(house, WRITER), path, draft.number)
    editing.sign(actor(house, SIGNER), path, draft.number, read=draft.text_hash)


def prepared(page: Page, house: Served) -> None:
    """The page of preparing, once the checks have ended."""
    page.goto(f"{house.url}/console/releases/prepare")
    page.get_by_role("button", name="Check and prepare").click()
    expect(page.get_by_role("heading", name=re.compile("Ready to be published|Refused"))).to_be_visible(
        timeout=8 * MINUTES
    )


def pictured(page: Page, name: str) -> None:
    """Keep pictures of a page, wide and narrow, where somebody asks for them."""
    folder = os.environ.get("CARELINE_PICTURES")
    if folder:
        for width, size in (("wide", WIDE), ("narrow", NARROW)):
            page.set_viewport_size(size)
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    page.set_viewport_size(NARROW)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "nothing is wider than a phone"
    page.set_viewport_size(WIDE)


def article(house: Served, browser: Browser) -> str:
    """What a patient reads on the article's page."""
    opened = browser.new_context()
    page = opened.new_page()
    page.goto(f"{house.url}/guidance/{Path(ARTICLE).stem}")
    text = page.locator("body").inner_text()
    opened.close()
    return text


def test_what_is_published_is_live_at_once_and_the_way_back_is_one_press_and_a_yes(house, browser):
    under_way = house.patient()
    began_with = under_way.read("summary")["versions"]["content"]
    signed(house, ARTICLE, "## What you can do\n", f"## What you can do\n\n{SENTENCE}\n")
    with browsing(browser, house, ADMIN) as page:
        page.goto(f"{house.url}/console/releases/prepare")
        expect(page.get_by_text("Cough", exact=False).first).to_be_visible()
        prepared(page, house)
        expect(page.get_by_text("All checks were passed.")).to_be_visible()
        expect(page.locator("#preparation")).to_contain_text(re.compile(rf"changed {ARTICLE}: .*What you can do"))
        pictured(page, "prepare-ready")
        assert SENTENCE not in article(house, browser)

        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_text("Published. Patients see it now.")).to_be_visible()
        assert SENTENCE in article(house, browser)
        assert under_way.read("summary")["versions"]["content"] == began_with
        assert house.patient().read("summary")["versions"]["content"] != began_with
        pictured(page, "releases")

        page.get_by_text("Go back to 1", exact=True).click()
        page.get_by_role("button", name="Yes, go back to release 1").click()
        expect(page.get_by_text("You went back.")).to_be_visible()
        assert SENTENCE not in article(house, browser)
        assert house.patient().read("summary")["versions"]["content"] == began_with


def test_a_release_that_would_tell_a_patient_less_than_they_need_is_refused_and_says_why(house, browser):
    signed(house, PROTOCOL, "acuity: gp_soon", "acuity: routine", after="\nrules:")
    with browsing(browser, house, ADMIN) as page:
        prepared(page, house)
        expect(page.get_by_role("heading", name="Refused: this must not come before patients")).to_be_visible()
        expect(page.locator(".desk-problems")).to_contain_text("UNDER-TRIAGE. This patient needs gp_soon")
        expect(page.get_by_role("button", name="Publish")).to_have_count(0)
        pictured(page, "prepare-refused")
    assert house.careline.releases.newest.book.protocols["cough"].rules == (
        house.careline.releases.of(house.careline.editorial.publishing.history(1)[0].release_id).book
        .protocols["cough"].rules
    )  # fmt: skip


def test_past_its_review_date_an_article_goes_and_red_flags_stay_and_are_an_alarm(house, browser, clock):
    before = house.careline.releases.newest
    clock.ahead = dt.timedelta(days=3 * 365)
    try:
        house.careline.editorial.expiry.act()
        assert SENTENCE not in article(house, browser)
        assert "What you can do" not in article(house, browser)
        with browsing(browser, house, "later") as page:
            page.goto(f"{house.url}/console/releases/reviews")
            expect(page.get_by_role("heading", name="Rules past their review date, and in force")).to_be_visible()
            expect(page.get_by_role("region", name="Rules past their review date")).to_contain_text("red_flags/")
            pictured(page, "reviews")
        patient = house.patient()
        card = patient.write("I have crushing chest pain and I am sweating")["messages"][0]
        assert card["kind"] == "emergency"
        assert house.careline.releases.newest is before
    finally:
        clock.ahead = dt.timedelta()
