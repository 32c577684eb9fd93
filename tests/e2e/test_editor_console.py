"""The editors' console in a real browser: written by one, signed by another; nobody overwrites, and nothing runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, expect

from careline.editorial.life_cycle import Actor, State
from careline.guidance.article import SECTION_HEADINGS, Section
from tests.support.desk import PEOPLE, take_in
from tests.support.editorial import ARTICLE, PROTOCOL
from tests.support.guidance import article, guidance_of
from tests.support.injected import injected, wrong_in
from tests.support.served import NARROW, WIDE, Served, browsing, served

pytestmark = pytest.mark.slow

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
LIST = "/console/content"
CASES = injected()
PER_SECTION = -(-len(CASES) // len(SECTION_HEADINGS))
PARTS = [
    "\n\n".join(CASES[start : start + PER_SECTION])
    for start in range(0, PER_SECTION * len(SECTION_HEADINGS), PER_SECTION)
]

expect.set_options(timeout=30_000)  # a slow machine is no fault of the console's


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("desk")
    sections = tuple(Section(heading=name, markdown=text) for name, text in zip(SECTION_HEADINGS, PARTS, strict=True))
    pasted = article("pasted", title="Pasted <img src=x onerror=window.ran=1>", sections=sections)
    roles = {user: given for user, (_, given) in PEOPLE.items()}
    names: dict[str, Any] = {user: name for user, (name, _) in PEOPLE.items()}
    with served(folder, guidance=guidance_of(pasted), roles=roles, **names) as one:
        take_in(one.careline, folder)
        yield one


@pytest.fixture
def editor(browser: Browser, house: Served) -> Iterator[Page]:
    with browsing(browser, house, "eddie") as page:
        yield page


def item(page: Page, house: Served, path: str) -> None:
    page.goto(f"{house.url}{LIST}/item?path={path}")


def newest(house: Served, path: str):
    one = house.careline.editorial.editing.item(path)
    return one.revision(one.newest)


def edit(house: Served, path: str, old: str, new: str, *, by: str) -> None:
    """Somebody saves a text in which some words are others."""
    before = newest(house, path)
    assert old in before.text
    actor = Actor.of(house.people[by].account)
    house.careline.editorial.editing.save(actor, path, before.text.replace(old, new), base=before.number)


def write_article(page: Page, house: Served, name: str, title: str) -> str:
    """Write a new article in the form, as somebody at the keyboard; return its path."""
    page.goto(house.url + LIST)
    page.get_by_role("link", name="Start an article").click()
    page.get_by_label("Title", exact=True).first.fill(title)
    page.get_by_label("Summary").fill("How to care for a blister at home.")
    for heading in SECTION_HEADINGS:
        page.get_by_label(heading).fill(f"- What belongs to: {heading.lower()}.")
    page.get_by_label("Name in addresses").fill(name)
    page.get_by_label("Keywords").fill("blister\nrubbed heel")
    page.get_by_label("Questions that it answers").fill("\n".join(f"blister question {n}" for n in range(6)))
    page.locator("#source_0_title").fill("General medical knowledge")
    page.locator("#source_0_organisation").fill("The clinic")
    page.get_by_role("button", name="Save as a draft").last.click()
    expect(page.get_by_role("status")).to_have_text("Your text is saved as a draft. Patients do not see it yet.")
    return f"articles/{name}.md"


def test_an_editor_writes_an_article_and_a_second_person_signs_it(browser: Browser, editor: Page, house: Served):
    path = write_article(editor, house, "blisters", "Blisters")
    editor.get_by_role("button", name="Send to a clinician for review").click()
    expect(editor.get_by_text("Waits for a clinician", exact=True).first).to_be_visible()
    with browsing(browser, house, "doctor") as doctor:
        doctor.goto(f"{house.url}{LIST}?waits=sign")
        doctor.get_by_role("link", name="Blisters").click()
        expect(doctor.get_by_role("region", name="Source, new")).to_be_hidden()
        expect(doctor.locator(".desk-article").first).to_contain_text("What belongs to: what to avoid.")
        doctor.get_by_role("button", name="Sign this text").click()
        expect(doctor.get_by_role("status")).to_contain_text("You have signed this text.")
    signed = newest(house, path)
    assert signed.state is State.SIGNED
    assert signed.sign_off is not None
    assert signed.sign_off.account_id == house.people["doctor"].account.id


def test_whoever_wrote_it_reads_why_they_cannot_sign(browser: Browser, house: Served):
    with browsing(browser, house, "both") as page:
        path = write_article(page, house, "own_words", "Own words")
        page.get_by_role("button", name="Send to a clinician for review").click()
        expect(page.locator(".desk-why")).to_contain_text("You cannot sign this text: you wrote it")
        expect(page.get_by_role("button", name="Sign this text")).to_have_count(0)
    assert newest(house, path).state is State.IN_REVIEW


def test_two_editors_of_one_article_see_the_difference_and_nothing_is_lost(editor: Page, house: Served):
    item(editor, house, ARTICLE)
    editor.get_by_role("link", name="Write a new text").click()
    edit(house, ARTICLE, "can be sharp", "can be very sharp", by="otto")
    editor.get_by_label("Summary").fill("How to ease earache.")
    editor.get_by_role("button", name="Save as a draft").last.click()
    conflict = editor.get_by_role("alert")
    expect(conflict).to_contain_text("Otto Example saved this article while you wrote")
    expect(conflict.locator("del").filter(has_text="very")).to_be_visible()
    expect(editor.get_by_label("Summary")).to_have_value("How to ease earache.")
    assert "very sharp" in newest(house, ARTICLE).text
    editor.get_by_role("button", name="Take in what they changed").click()
    expect(editor.get_by_label("What it is")).to_have_value(re.compile("can be very sharp"))
    expect(editor.get_by_label("Summary")).to_have_value("How to ease earache.")
    editor.get_by_role("button", name="Save as a draft").last.click()
    expect(editor.get_by_role("status")).to_contain_text("saved as a draft")
    text = newest(house, ARTICLE).text
    assert "very sharp" in text
    assert "How to ease earache." in text


def test_a_broken_protocol_is_refused_in_words_that_say_what_to_do(editor: Page, house: Served):
    item(editor, house, PROTOCOL)
    editor.get_by_role("link", name="Write a new text").click()
    field = editor.get_by_label("The whole text")
    broken = field.input_value().replace("if_unknown: same_day", "if_unknown: sometime", 1)
    field.fill(broken)
    editor.get_by_role("button", name="Check, and save as a draft").click()
    problem = editor.get_by_role("alert")
    expect(problem).to_contain_text(f"Not saved: {PROTOCOL} cannot be used as it is.")
    expect(problem).to_contain_text("'sometime' is none of the words that can stand here. Mend its spelling.")
    expect(problem).to_contain_text("'if_unknown'")
    assert field.input_value() == broken
    assert newest(house, PROTOCOL).number == 1
    field.fill(broken.replace("sometime", "ed_now"))
    editor.get_by_role("button", name="Check, and save as a draft").click()
    expect(editor.get_by_role("status")).to_contain_text("saved as a draft")


def test_the_preview_follows_what_is_written_and_nothing_that_is_pasted_runs(editor: Page, house: Served):
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    editor.on("dialog", note)
    editor.goto(f"{house.url}{LIST}/article")
    editor.get_by_label("What it is").fill("It **hurts**.")
    expect(editor.locator("#preview strong")).to_have_text("hurts")
    editor.get_by_label("Title", exact=True).first.fill("Pasted <img src=x onerror=window.ran=1>")
    for heading, text in zip(SECTION_HEADINGS, PARTS, strict=True):
        with editor.expect_response("**/article/preview") as answered:
            editor.get_by_label(heading).fill(text)
        assert answered.value.ok
    editor.wait_for_load_state("networkidle")
    nothing_ran(editor, "#preview .desk-article")
    assert editor.locator("#preview a").count() > 20  # what is harmless stays
    editor.get_by_role("button", name="Save as a draft").last.click()
    expect(editor.get_by_role("alert")).to_contain_text("Not saved yet.")
    nothing_ran(editor, "#preview .desk-article")
    assert editor.get_by_label(SECTION_HEADINGS[0]).input_value().startswith("<script>")
    assert dialogs == []


@pytest.mark.parametrize("page_of", ["/guidance/pasted", "/chat/articles/pasted"])
def test_nothing_that_was_pasted_runs_on_an_articles_page(browser: Browser, house: Served, page_of: str):
    with browsing(browser, house, "eddie") as page:
        page.goto(house.url + page_of)
        expect(page.get_by_role("heading", name="What to avoid")).to_be_visible()
        page.wait_for_load_state("networkidle")
        nothing_ran(page)
        assert page.locator("img, iframe, object, embed, form[action^=javascript], svg, style").count() == 0
        assert page.locator("main a").count() > 20


def test_what_was_pasted_into_a_draft_is_text_on_every_page(browser: Browser, editor: Page, house: Served):
    """Also where a draft came in another way than by the form, which would have refused it."""
    path = "articles/pasted_draft.md"
    text = newest(house, ARTICLE).text.replace("id: ear_pain", "id: pasted_draft")
    text = text.replace("title: Earache", "title: <img src=x onerror=window.ran=1>")
    editing, actor = house.careline.editorial.editing, Actor.of(house.people["otto"].account)
    editing.save(actor, path, text, base=None)
    editing.save(actor, path, f"{text}\n\n" + "\n\n".join(CASES).replace("\x00", ""), base=1)
    editing.comment(actor, path, 2, "\n".join(CASES)[:3_900].replace("\x00", ""))
    for place in (f"/item?path={path}", f"/compare?path={path}&old=1&new=2", "?q=pasted", f"/article?path={path}"):
        editor.goto(f"{house.url}{LIST}{place}")
        editor.wait_for_load_state("networkidle")
        assert editor.evaluate("window.ran") is None
        assert editor.locator("main img, main iframe, main svg, main script").count() == 0


def nothing_ran(page: Page, inside: str = "") -> None:
    """No script of the cases ran, and the page holds nothing that could; a foreign request fails the test by itself."""
    assert page.evaluate("window.ran") is None
    for part in page.locator(inside).all() if inside else ():
        assert wrong_in(re.sub(r' class="desk-article__\w+"', "", part.inner_html())) == []


def test_a_translation_is_begun_by_the_keyboard_alone_and_what_is_not_saved_is_there_again(editor: Page, house: Served):
    path = f"translations/es/{PROTOCOL}"
    item(editor, house, PROTOCOL)
    editor.get_by_role("link", name="Begin the translation into Spanish").focus()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("heading", level=1)).to_have_text("Cough in Spanish")
    with editor.expect_response("**/translation/keep"):
        editor.get_by_label("Cough", exact=True).focus()
        editor.keyboard.type("Tos")
        editor.keyboard.press("Tab")
        editor.keyboard.type("Casi todas las toses mejoran.")
    editor.reload()
    editor.get_by_role("link", name="Take it up again").click()
    expect(editor.get_by_label("Cough", exact=True)).to_have_value("Tos")
    expect(editor.get_by_label("Most coughs get better.")).to_have_value("Casi todas las toses mejoran.")
    editor.get_by_role("button", name="Check, and save as a draft").last.focus()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("status").first).to_contain_text("saved as a draft")
    assert_sound(editor, "Cough (es)")
    assert "Casi todas las toses mejoran." in newest(house, path).text


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_sound(browser: Browser, house: Served, size, pictures: Path):
    edit(house, "red_flags/all.yml", "title: ", "title:  ", by="otto")
    with browsing(browser, house, "eddie", viewport=size) as page:
        for name, path, heading in (
            ("list", LIST, "All content"),
            ("coverage", f"{LIST}/coverage", "Coverage"),
            ("files", f"{LIST}/files", "Files"),
            ("item", f"{LIST}/item?path={ARTICLE}", "Earache"),
            ("flags", f"{LIST}/item?path=red_flags/all.yml", "All"),
            ("article", f"{LIST}/article?path={ARTICLE}", "Earache"),
            ("new", f"{LIST}/article", "A new article"),
            ("text", f"{LIST}/text?path={PROTOCOL}", "Cough"),
            ("begin", f"{LIST}/begin", "Begin something else"),
            ("begun", f"{LIST}/text?path=protocols/itching.yml&new=yes", "TITLE OF THE COMPLAINT"),
            ("translation", f"{LIST}/translation?of={PROTOCOL}&language=es", "Cough in Spanish"),
            ("compare", f"{LIST}/compare?path=red_flags/all.yml&old=1&new=2", "From revision 1 to 2"),
        ):
            page.goto(house.url + path)
            assert_sound(page, heading)
            page.screenshot(path=pictures / f"editor-{name}-{size['width']}.png")
        page.goto(f"{house.url}{LIST}/text?path={PROTOCOL}")
        page.get_by_role("button", name="Begin").click()
        expect(page.locator("#trial")).to_contain_text("Level now:")
        assert_sound(page, "Cough")
        page.goto(f"{house.url}{LIST}/article")
        page.get_by_role("button", name="Save as a draft").last.click()
        expect(page.get_by_role("alert")).to_contain_text("All that you wrote is still here.")
        assert_sound(page, "A new article")
        page.screenshot(path=pictures / f"editor-errors-{size['width']}.png")


def assert_sound(page: Page, heading: str) -> None:
    """The page is the one meant, axe finds nothing, and nothing sticks out."""
    page.get_by_role("heading", level=1, name=heading).wait_for()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
