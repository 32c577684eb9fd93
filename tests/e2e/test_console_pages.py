"""The consoles' shared pages in a real browser: axe finds nothing, nothing is foreign, nothing sticks out."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from careline.app.services import utc_now
from careline.app.web import create_app
from careline.staff.accounts import Details
from tests.support.foreign import nothing_foreign_in
from tests.support.house import Clock, furnished, scripted
from tests.support.installation import free_port
from tests.support.staff import PASSWORD, Person, person

pytestmark = pytest.mark.slow

WIDE, NARROW = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}


class WallClock(Clock):
    """The real clock, as the app's own."""

    def __call__(self):
        return utc_now()

    def pass_by(self, **_time: float) -> None:
        """Time passes by itself."""


@dataclass
class Console:
    url: str
    boss: Person
    used_step: int = 0  # of the last code: each works once


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    clock = WallClock()
    house = furnished(tmp_path_factory.mktemp("console"), scripted(), clock=clock)
    boss = person(house.staff, clock, "admin", "clinician", user_name="boss", name="Ada Boss")
    house.staff.accounts.add("terminal", "amy", Details("Ann Sample", "", ["editor"]), password="my own long password")
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(house), port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield Console(f"http://127.0.0.1:{port}", boss)
    server.should_exit = True
    thread.join()
    house.database.close()


@pytest.fixture(autouse=True)
def sound_pages(page: Page) -> Iterator[None]:
    """No page here asks for anything elsewhere, or breaks."""
    with nothing_foreign_in(page, let_pass=("status of 4",)):  # a refusal is no error of the page
        yield


def assert_sound(page: Page, heading: str) -> None:
    """The page is the one meant, axe finds nothing, and nothing sticks out."""
    page.get_by_role("heading", level=1, name=heading).wait_for()
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def sign_in(page: Page, console: Console) -> None:
    page.goto(f"{console.url}/console/sign-in")
    page.get_by_label("User name").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert_sound(page, "Your code")
    if console.used_step == int(time.time()) // 30:
        time.sleep(30.1 - time.time() % 30)
    console.used_step = int(time.time()) // 30
    page.get_by_label("Code from your app").fill(pyotp.TOTP(console.boss.secret).now())
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_an_admin_signs_in_and_finds_every_page_sound(page: Page, console: Console, size):
    page.set_viewport_size(size)
    page.goto(f"{console.url}/console")
    assert_sound(page, "Sign in")
    sign_in(page, console)
    assert_sound(page, "Queue")
    for path, heading in (
        ("/console/staff", "Staff"),
        ("/console/staff/new", "Add a person"),
        (f"/console/staff/{console.boss.account.id}", "Ada Boss"),
        ("/console/account", "My account"),
        ("/console/audit?check=yes", "Audit trail"),
        ("/console/duty", "Duty"),
        ("/console/nothing", "There is no such thing here"),
    ):
        page.goto(console.url + path)
        assert_sound(page, heading)
    page.goto(f"{console.url}/console/account")
    page.get_by_role("button", name="Make new recovery codes").click()
    assert_sound(page, "Your recovery codes")
    page.get_by_role("button", name="Sign out", exact=True).click()
    assert_sound(page, "Sign in")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_what_is_refused_is_said_and_read_out(page: Page, console: Console, size):
    page.set_viewport_size(size)
    page.goto(f"{console.url}/console/sign-in")
    page.get_by_label("User name").fill("nobody")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Continue").click()
    assert_sound(page, "Sign in")
    assert page.get_by_role("alert").inner_text().startswith("That is not right")


def test_the_app_is_set_up_by_the_keyboard_alone(page: Page, console: Console):
    page.goto(f"{console.url}/console/sign-in")
    page.get_by_label("User name").focus()
    page.keyboard.type("amy")
    page.keyboard.press("Tab")
    page.keyboard.type("my own long password")
    page.keyboard.press("Enter")
    assert_sound(page, "Set up your app")
    secret = page.locator(".console-key").inner_text().replace(" ", "")
    page.get_by_label("Code from your app").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    assert_sound(page, "Set up your app")
    page.get_by_label("Code from your app").focus()
    page.keyboard.type(pyotp.TOTP(secret).now())
    page.keyboard.press("Enter")
    assert_sound(page, "Your recovery codes")


def test_it_all_works_without_script(browser, console: Console):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{console.url}/console/sign-in")
    page.get_by_label("User name").fill("boss")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert page.locator("h1").inner_text() == "Your code"
    context.close()
