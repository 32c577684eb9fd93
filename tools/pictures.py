"""Takes the pictures of the README: the console and the chat in a real browser, on the invented cases of the demo.

Run: make pictures. Needs the browser of `make test`.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.server
import io
import os
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from careline.app.migrations import migrate
from careline.app.services import Careline, build, open_database
from careline.app.web import create_app
from careline.settings import Settings
from careline.staff.sessions import Visitor
from tools.fill_demo import DemoPerson, InProcess, fill

INTO = Path("docs/pictures")
WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
_CLINIC_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Example Clinic</title>
<body style="font:1.1rem/1.6 system-ui;margin:0;color:#222"><header style="background:#e8f1ec;padding:1.5rem 4rem">
<strong style="font-size:1.6rem">Example Clinic</strong></header><main style="padding:2rem 4rem;max-width:44rem">
<h1>Welcome</h1><p>We are a clinic for families in the valley. Find opening hours, our team, and how to reach us.</p>
<h2>Opening hours</h2><p>Monday to Friday, 8 am to 6 pm. Closed on public holidays.</p>
<h2>Repeat prescriptions</h2><p>Order by phone before 11 am, and collect the next day.</p></main>
<script src="{url}/widget/loader.js?site=clinic" async></script>"""
_SITES = """sites:
  - id: clinic
    origins: ["{clinic}"]
    name: Example Clinic
    colours: {{button: "#00573f", button_text: "#ffffff", page: "#ffffff", text: "#1b1f23"}}
    country: GB
"""
_COLOURS = 256  # enough for flat pages, and a third of the bytes


def main() -> int:
    """Take them all."""
    INTO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _clinic() as clinic, _console(Path(folder), clinic.url) as running:
        careline, url, people = running
        clinic.page = _CLINIC_PAGE.format(url=url).encode()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox", "--disable-gpu"])
            _take(_signed_in(browser, careline, url, people[0]), careline, url)
            _take_chat(browser, url, clinic.url)
            _take_content(_signed_in(browser, careline, url, people[2]), url)
            browser.close()
    return 0


def _signed_in(browser: Browser, careline: Careline, url: str, person: DemoPerson) -> Page:
    """Open a browser in which somebody is signed in."""
    visitor = Visitor("127.0.0.1", "pictures")
    passed = careline.staff.sign_in.with_password(person.user_name, person.password, visitor)
    passed = careline.staff.sign_in.with_code(passed.token, person.codes[0], visitor)
    context = browser.new_context(viewport=WIDE)  # type: ignore[arg-type]  # a dictionary of two numbers
    context.add_cookies([{"name": "careline-staff", "value": passed.token, "url": url}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    return page


def _take(page: Page, careline: Careline, url: str) -> None:
    chatting, urgent = _case(careline, "nappy"), _case(careline, "left arm")
    for case_id in (chatting, urgent):
        careline.presence.see(careline.desk.read(case_id).conversation_id or "")
    page.goto(f"{url}/console/queue?view=all")
    page.get_by_text("Live", exact=True).wait_for()
    _shoot(page, "queue")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{url}/console/queue")
    page.get_by_text("Live", exact=True).wait_for()
    _shoot(page, "queue-phone")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.goto(f"{url}/console/cases/{urgent}")
    page.get_by_text("Live", exact=True).wait_for()
    _shoot(page, "case")
    page.goto(f"{url}/console/cases/{chatting}")
    page.get_by_text("Live", exact=True).wait_for()
    page.get_by_text("Reply to the patient").click()
    page.locator("#text").fill("Good that he is playing. Please offer small sips often.")
    page.locator("#chat-title").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('chat-title').scrollIntoView()")
    _shoot(page, "chat")
    page.goto(f"{url}/console/figures")
    _shoot(page, "figures")


def _take_chat(browser: Browser, url: str, clinic: str) -> None:
    """Take the chat on a phone, and in a page of a clinic."""
    phone = browser.new_context(viewport=PHONE, device_scale_factor=1).new_page()  # type: ignore[arg-type]
    phone.goto(f"{url}/chat")
    phone.get_by_role("button", name="Start the chat").click()
    for title in ("I agree", "Me"):
        phone.get_by_role("button", name=title, exact=True).click()
    phone.locator("#number").wait_for()
    _settle(phone)
    _shoot(phone, "widget-phone")
    wide = browser.new_context(viewport=WIDE).new_page()  # type: ignore[arg-type]
    wide.goto(clinic)
    wide.get_by_role("button", name="Get health help").click()
    chat = wide.frame_locator("iframe")
    chat.get_by_role("button", name="Start the chat").click()
    chat.get_by_role("button", name="I agree", exact=True).click()
    chat.locator("#reply [value=self]").wait_for()
    chat.get_by_label("Write a message").fill("my dad is 58 and has chest pain going into his left arm")
    chat.get_by_role("button", name="Send", exact=True).click()
    chat.locator("li.emergency").wait_for()
    _settle(wide)
    _shoot(wide, "widget")


def _take_content(page: Page, url: str) -> None:
    """Take the editors' pages: all content, a changed article, writing it, and a protocol that is refused."""
    page.goto(f"{url}/console/content/article?path=articles/ear_pain.md")
    page.get_by_label("What you can do").fill(
        "- Take or give paracetamol, if it suits the person. **Follow the packet.**"
    )
    page.locator("#preview strong").wait_for()
    page.get_by_label("What you can do").scroll_into_view_if_needed()
    _settle(page)
    _shoot(page, "content-writing")
    page.get_by_role("button", name="Save as a draft").last.click()
    page.get_by_role("button", name="Send to a clinician for review").click()
    page.get_by_text("Send it back to the writer").wait_for()
    _shoot(page, "content-item")
    page.goto(f"{url}/console/content?q=ear")
    _shoot(page, "content-list")
    page.goto(f"{url}/console/content/files")
    _shoot(page, "content-files")
    page.goto(f"{url}/console/content/text?path=protocols/ear_pain.yml")
    field = page.get_by_label("The whole text")
    field.fill(field.input_value().replace("if_unknown: same_day", "if_unknown: sometime", 1))
    page.get_by_role("button", name="Check, and save as a draft").click()
    page.get_by_role("alert").wait_for()
    _shoot(page, "content-refused")


class _Clinic(http.server.ThreadingHTTPServer):
    """Serves the page of a clinic."""

    page = b""

    @property
    def url(self) -> str:
        """The address of the page: another site than the app's."""
        return f"http://clinic.localhost:{self.server_port}"


class _ClinicPage(http.server.BaseHTTPRequestHandler):
    server: _Clinic

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(self.server.page)

    def log_message(self, *_given: object) -> None:
        """Say nothing of each request."""


@contextlib.contextmanager
def _clinic() -> Iterator[_Clinic]:
    """Serve the page of a clinic, on a port that is free."""
    server = _Clinic(("127.0.0.1", 0), _ClinicPage)
    threading.Thread(target=server.serve_forever).start()
    try:
        yield server
    finally:
        server.shutdown()


def _settle(page: Page) -> None:
    page.wait_for_timeout(1500)  # the page scrolls smoothly to what is new


def _case(careline: Careline, words: str) -> str:
    """Return the newest case in whose conversation somebody wrote these words."""
    escalations, _ = careline.desk.list(state=None, owner=None, after=None, limit=50)
    for one in reversed(escalations):
        messages = careline.conversations.history(one.conversation_id, 0)["messages"] if one.conversation_id else ()
        if any(words in message["text"] for message in messages):
            return one.id
    raise LookupError(words)


def _shoot(page: Page, name: str) -> None:
    page.mouse.move(0, 0)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    path = INTO / f"{name}.png"
    picture.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


@contextlib.contextmanager
def _console(folder: Path, clinic: str) -> Iterator[tuple[Careline, str, list[DemoPerson]]]:
    """Fill a folder as `make demo` does, and serve it to staff, patients and a clinic's page."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings = Settings(_env_file=None, data_dir=folder / "var", port=port, operator="Demo Clinic", country="GB")
    models = Path(os.environ.get("CARELINE_DATA_DIR") or "var") / "models"
    if models.is_dir():
        settings.data_dir.mkdir(parents=True)
        (settings.data_dir / "models").symlink_to(models.resolve())
    database, _ = open_database(settings)
    migrate(database)
    database.close()
    people = asyncio.run(fill(settings))
    settings.sites_path.write_text(_SITES.format(clinic=clinic), encoding="utf-8")
    dialogue = InProcess()
    careline = build(settings, dialogue)
    dialogue.actions = careline.turns
    server = uvicorn.Server(uvicorn.Config(create_app(careline), port=port, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield careline, settings.address, people
    finally:
        server.should_exit = True
        thread.join()


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM_PATH")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


if __name__ == "__main__":
    sys.exit(main())
