"""The editors' pages of how content does, in a real browser: their main paths, axe, and nothing that sticks out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from careline.escalation.escalation import Clinician, Closing, Verdict
from careline.escalation.tables import EscalationRow
from tests.support.desk import take_in
from tests.support.guidance import article, guidance_of
from tests.support.served import NARROW, WIDE, Served, browsing, served

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
DOCTOR = Clinician("sta_doctor", "Dr Example", "GP")
CONTENT = "/console/content"

STICKING_OUT = """(width) => [...document.querySelectorAll("main *, header *")]
  .filter((one) => one.getBoundingClientRect().right > width + 1)
  .filter((one) => !one.closest(".console-scroll, .nhsuk-u-visually-hidden"))
  .map((one) => one.outerHTML.slice(0, 80))"""

expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    guidance = guidance_of(article("earache", text="A warm flannel helps an earache."), article("piles"))
    with served(folder, guidance=guidance, roles={"eddie": ("editor",)}, eddie="Eddie Example") as one:
        take_in(one.careline, folder)
        yield one


@pytest.fixture(scope="module", autouse=True)
def patients(house: Served) -> None:
    """Three questions, two of them in vain; votes; an emergency that a clinician called too high."""
    for question in ("what helps an earache?", "how is a fungal nail treated?", "is a fungal nail treated with cream?"):
        patient = house.patient()
        patient.write(question)
        patient.client.post(f"{patient.path}/feedback", json={"helpful": "yes"}, headers=patient.headers)
    house.patient().write("crushing chest pain going into my left arm")
    with house.careline.database.read() as session:
        case = session.scalars(select(EscalationRow.id)).one()
    house.careline.handling.claim(case, DOCTOR)
    closing = Closing(
        "advised", "routine", "Come back if worse.", Verdict.TOO_HIGH, "only a pulled muscle, says Mr Quill"
    )
    house.careline.handling.close(case, DOCTOR, closing)


@pytest.fixture
def editor(browser: Browser, house: Served) -> Iterator[Page]:
    with browsing(browser, house, "eddie") as page:
        yield page


def test_what_is_typed_at_the_bench_is_taken_apart(editor: Page, house: Served):
    editor.goto(f"{house.url}{CONTENT}/bench")
    editor.get_by_label("A patient's words").fill("crushing chest pain going into my left arm. what helps an earache?")
    editor.get_by_label("Age in years").fill("61")
    editor.get_by_label("Country").select_option("GB")
    editor.get_by_role("button", name="See what happens").click()
    flags = editor.get_by_role("region", name="Red flags found")
    expect(flags).to_contain_text("rf_heart_attack")
    expect(editor.get_by_role("region", name="Articles found")).to_contain_text("Earache")
    assert "earache" not in editor.url


def test_a_gap_is_looked_at_begun_as_an_article_and_decided(editor: Page, house: Served):
    editor.goto(f"{house.url}{CONTENT}/gaps")
    expect(editor.get_by_text("Asked 2 times")).to_be_visible()
    editor.get_by_role("link", name="Start an article about").first.click()
    expect(editor.locator("[name=title]")).not_to_have_value("")
    expect(editor.locator("[name=questions]")).to_have_value(
        "is a fungal nail treated with cream?\nhow is a fungal nail treated?"
    )
    assert "nail" not in editor.url
    editor.goto(f"{house.url}{CONTENT}/gaps")
    editor.get_by_label("Why, or which article").first.fill("foot clinics do this")
    editor.get_by_role("button", name="Not for us").first.click()
    expect(editor.get_by_text("Nothing waits here")).to_be_visible()
    editor.get_by_role("link", name="Decided (1)").click()
    editor.get_by_role("button", name="Open it again").click()
    expect(editor.get_by_text("Nothing has been decided yet")).to_be_visible()


def test_a_verdict_leads_to_the_item_of_its_rule_and_is_answered(editor: Page, house: Served):
    editor.goto(f"{house.url}{CONTENT}/verdicts")
    expect(editor.get_by_role("region", name="Rules that held, case 1")).to_contain_text("rf_heart_attack")
    expect(editor.locator("main")).not_to_contain_text("Quill")
    editor.get_by_text("What I did about it").click()
    editor.get_by_label("Done").select_option("looked_at")
    editor.get_by_label("Why, or a note").fill("the flag is meant to be careful")
    editor.get_by_role("button", name="Keep").click()
    expect(editor.get_by_text("Looked at: Eddie Example")).to_be_visible()


def test_a_protocol_is_tried_with_the_keyboard_alone(editor: Page, house: Served):
    editor.goto(f"{house.url}{CONTENT}/try")
    editor.get_by_label("Protocol").select_option("sore_throat")
    editor.get_by_role("button", name="Begin").press("Enter")
    expect(editor.get_by_role("heading", name="Sore throat")).to_be_visible()
    editor.get_by_role("button", name="Me", exact=True).press("Enter")
    expect(editor.get_by_role("region", name="Answers so far")).to_contain_text("Me")
    editor.get_by_role("button", name="Take the last answer back").press("Enter")
    expect(editor.get_by_role("region", name="Answers so far")).to_have_count(0)


@pytest.mark.parametrize("size", ["wide", "narrow"])
@pytest.mark.parametrize("what", ["bench", "gaps", "verdicts", "figures", "try"])
def test_axe_finds_nothing_and_nothing_sticks_out(
    browser: Browser, house: Served, pictures: Path, what: str, size: str
):
    with browsing(browser, house, "eddie", viewport=WIDE if size == "wide" else NARROW) as page:
        page.goto(f"{house.url}{CONTENT}/{what}")
        if what == "bench":
            page.get_by_label("A patient's words").fill(
                "no fever but chest pain in my left arm, what helps an earache?"
            )
            page.get_by_role("button", name="See what happens").click()
            expect(page.get_by_role("heading", name="Findings")).to_be_visible()
        if what == "try":
            page.get_by_label("Protocol").select_option("sore_throat")
            page.get_by_role("button", name="Begin").click()
            page.get_by_role("button", name="Me", exact=True).click()
            expect(page.get_by_role("region", name="Answers so far")).to_be_visible()
        page.screenshot(path=pictures / f"{what}-{size}.png", full_page=True)
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate(STICKING_OUT, (WIDE if size == "wide" else NARROW)["width"]) == []
