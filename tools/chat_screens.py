"""Takes a picture of every state of the chat, on a phone and on a desktop, and puts them on one sheet each to look at.

Run: make screens. Needs the browser of `make test`. Writes `<data dir>/screens/`; the words in them are invented.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from careline.escalation.escalation import Clinician
from tests.support.chromium import ARGUMENTS, installed_chromium
from tests.support.guidance import article, guidance_of
from tests.support.served import NARROW, WIDE, Served, served
from tests.support.widget import answer_without_worry, begin, expect_once, give_age, press, until_next, write

Shoot = Callable[[Page, str], None]

_EMERGENCY = "I have chest pain going into my left arm"
_CRISIS = "I want to kill myself"
_WATCHED = "my husband hits me and i am scared of him"
_SHEET_WIDTH, _COLUMNS = 2600, {"phone": 8, "desktop": 4}
_LABEL_HEIGHT, _GAP = 22, 8
_SETTLE_MS = 700  # the page scrolls smoothly to what is new


def main() -> int:
    """Take them all; return 0."""
    into = Path(os.environ.get("CARELINE_DATA_DIR") or "var") / "screens"
    into.mkdir(parents=True, exist_ok=True)
    pages = guidance_of(article("sore_throat", text="Drink often. Ask a pharmacist about paracetamol."))
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), guidance=pages) as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=installed_chromium(), args=list(ARGUMENTS))
        for device, size in (("phone", NARROW), ("desktop", WIDE)):
            taken: list[Path] = []
            _take_all(browser, house, size, _shooter(into, device, taken))
            _sheet(taken, into / f"all-{device}.png", _COLUMNS[device])
        browser.close()
    return 0


def _take_all(browser: Browser, house: Served, size: ViewportSize, shoot: Shoot) -> None:
    for states in (_consultation, _cards, _side_pages, _network, _clinician, _watched, _looks):
        context = browser.new_context(viewport=size)
        context.set_default_timeout(60_000)
        states(context, house, shoot)
        context.close()


def _opened(context: BrowserContext, house: Served, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{house.url}/chat{query}")
    return page


def _consultation(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    shoot(page, "start")
    page.get_by_role("button", name="Start the chat").click()
    page.locator("#reply [value=agree]").wait_for()
    shoot(page, "consent")
    press(page, "I agree")
    shoot(page, "for-whom")
    press(page, "Me")
    shoot(page, "age")
    give_age(page)
    shoot(page, "buttons")
    press(page, "Male")
    shoot(page, "in-own-words")
    was = str(page.evaluate("document.body.dataset.reply"))
    write(page, "sore throat")
    until_next(page, was)
    shoot(page, "checklist")
    page.locator("details.why summary").last.click()
    shoot(page, "why-we-ask")
    page.locator("a.change").last.click()
    page.locator("#reply").get_by_text("Keep it as it is").wait_for()
    shoot(page, "change-an-answer")
    page.locator("#reply").get_by_text("Keep it as it is").click()
    page.locator("#reply-heading").wait_for(state="detached")
    answer_without_worry(page, until="#since")
    page.locator("#reply details summary").click()
    shoot(page, "day-it-began")
    answer_without_worry(page)
    shoot(page, "advice")
    page.get_by_label("Write a message").fill("what helps with a sore throat?")
    page.get_by_role("button", name="Send", exact=True).click()
    page.locator("a.article").first.wait_for()
    shoot(page, "guidance")
    page.locator("a.article").first.click()
    page.locator("#sheet-title").wait_for()
    shoot(page, "article-inside")
    page.locator("#sheet .term").first.click()
    shoot(page, "hard-word")


def _cards(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    page.get_by_role("button", name="Start the chat").click()
    write(page, _EMERGENCY)
    page.locator("li.emergency").wait_for()
    shoot(page, "emergency")
    press(page, "I have called")
    shoot(page, "emergency-called")
    page.locator("#menu summary").click()
    shoot(page, "menu")
    context.clear_cookies()
    page = _opened(context, house)
    begin(page)
    write(page, _CRISIS)
    page.locator("li.crisis").wait_for()
    shoot(page, "crisis")


def _side_pages(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    begin(page)
    write(page, "my knee hurts")
    expect_once(page, "my knee hurts")
    for title, name in (("Summary to print or save", "summary"), ("End and wipe", "leaving")):
        page.locator("#menu summary").click()
        page.get_by_role("button", name=title).click()
        page.wait_for_load_state()
        shoot(page, name)
        page.get_by_role("link", name="Back to the chat").click()
        page.locator("#messages").wait_for()
    house.careline.conversations.erase(str(page.evaluate("document.body.dataset.conversation")))
    page.locator("#lost form").wait_for()
    shoot(page, "erased")


def _network(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    begin(page)
    context.set_offline(True)
    page.evaluate("dispatchEvent(new Event('offline'))")
    write(page, "are you there?")
    page.locator("#outbox li").wait_for()
    shoot(page, "not-sent-yet")
    context.set_offline(False)
    page.locator("#lost").wait_for(state="hidden")
    shoot(page, "back-again")


def _clinician(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    begin(page)
    page.locator("#menu summary").click()
    page.get_by_role("button", name="Ask for a clinician").click()
    page.locator("#waiting").wait_for()
    shoot(page, "waiting-for-a-clinician")
    number = str(page.evaluate("document.body.dataset.conversation"))
    found, _ = house.careline.desk.list(state=None, owner=None, after=None, limit=50)
    mine = next(one for one in found if one.conversation_id == number)
    house.careline.handling.claim(mine.id, Clinician("sta_example", "Dr Example", "nurse"))
    page.locator("#waiting", has_text="Dr Example").wait_for()
    shoot(page, "clinician-here")


def _watched(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house)
    begin(page)
    write(page, _WATCHED)
    page.locator("#leave").wait_for()
    shoot(page, "quick-exit")


def _looks(context: BrowserContext, house: Served, shoot: Shoot) -> None:
    page = _opened(context, house, "?lang=es&country=US")
    shoot(page, "spanish")
    page.get_by_role("button", name="Empezar").click()
    page.locator("#reply [value=agree]").click()
    page.locator("#reply [value=self]").wait_for()
    shoot(page, "spanish-question")
    context.clear_cookies()
    page.emulate_media(color_scheme="dark")
    page.goto(f"{house.url}/chat")
    begin(page)
    shoot(page, "by-night")
    page.emulate_media(color_scheme="light", forced_colors="active")
    shoot(page, "forced-colours")
    page.emulate_media(forced_colors="none")
    page.locator("#menu summary").click()
    page.locator("#larger").click()
    page.locator("#menu summary").click()
    shoot(page, "larger")


def _shooter(into: Path, device: str, taken: list[Path]) -> Shoot:
    def shoot(page: Page, name: str) -> None:
        page.wait_for_timeout(_SETTLE_MS)
        path = into / f"{len(taken) + 1:02}-{name}-{device}.png"
        page.screenshot(path=path)
        taken.append(path)
        print(path)

    return shoot


def _sheet(pictures: list[Path], path: Path, columns: int) -> None:
    """Put small pictures with their names side by side."""
    width = _SHEET_WIDTH // columns - _GAP
    small = []
    for picture in pictures:
        with Image.open(picture) as one:
            small.append(one.convert("RGB").resize((width, one.height * width // one.width)))
    height = max(image.height for image in small) + _LABEL_HEIGHT + _GAP
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (_SHEET_WIDTH, rows * height), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (image, picture) in enumerate(zip(small, pictures, strict=True)):
        left, top = number % columns * (width + _GAP), number // columns * height
        draw.text((left, top + 4), picture.stem, fill="black")
        sheet.paste(image, (left, top + _LABEL_HEIGHT))
    sheet.save(path)
    print(path)


if __name__ == "__main__":
    sys.exit(main())
