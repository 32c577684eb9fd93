"""The chat in a page of another site: a frame that the page cannot read, for listed pages alone."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import Browser, Frame, Locator, Page, expect

from careline.app.web import create_app
from tests.support.foreign import CUT, nothing_foreign_in
from tests.support.house import furnished, scripted
from tests.support.installation import free_port
from tests.support.served import Served, WallClock, served
from tests.support.widget import assert_axe_finds_nothing, assert_sound, begin, gap_after, host_page, press, write

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"

expect.set_options(timeout=30_000)  # a slow machine is no fault of the page's


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("embedding")) as one:
        yield one


class Embedded:
    """The chat in a page of another site, on a host of its own."""

    def __init__(self, page: Page, hospital: str) -> None:
        self.page = page
        self.hospital = hospital

    @property
    def launcher(self):
        return self.page.get_by_role("button", name="Get health help")

    def frame(self) -> Frame:
        self.page.wait_for_function("true")
        for _ in range(200):
            found = [one for one in self.page.frames if "/chat" in one.url]
            if found:
                return found[0]
            self.page.wait_for_timeout(50)
        raise AssertionError("there is no frame")


@pytest.fixture(params=["http", "https"])
def embedded(request, browser: Browser, tmp_path: Path) -> Iterator[Embedded]:
    """Over plain HTTP the frame of another site gets no cookie; over TLS it gets a partitioned one."""
    scheme, port, host_port = request.param, free_port(), free_port()
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "sites.yml").write_text(
        f"sites: [{{id: front, origins: ['http://hospital.localhost:{host_port}'], name: Example Hospital}}]", "utf-8"
    )
    home = f"{scheme}://triage.localhost:{port}"
    address: dict[str, Any] = {"public_url": home} if scheme == "https" else {}
    address["quick_exit_url"] = f"http://hospital.localhost:{host_port}/weather"
    careline = furnished(tmp_path, scripted(), clock=WallClock(), country="GB", **address)
    tls: dict[str, Any] = (
        dict(zip(("ssl_certfile", "ssl_keyfile"), certificate(tmp_path), strict=True)) if scheme == "https" else {}
    )
    server = uvicorn.Server(uvicorn.Config(create_app(careline), port=port, log_config=None, access_log=False, **tls))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    context = browser.new_context(ignore_https_errors=True)
    context.set_default_timeout(30_000)
    try:
        with (
            host_page(host_port, f"{home}/widget/loader.js?site=front", home) as hospital,
            nothing_foreign_in(context, let_pass=CUT),
        ):
            page = context.new_page()
            page.goto(hospital)
            yield Embedded(page, hospital)
            context.close()
    finally:
        careline.wakeups.stop()
        server.should_exit = True
        thread.join()
        careline.database.close()


def certificate(folder: Path) -> tuple[str, str]:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "triage.localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("triage.localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(*paths)
    return str(paths[0]), str(paths[1])


def tab_until(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Go on by a key until something has the focus."""
    for _ in range(30):
        page.keyboard.press(key)
        page.wait_for_timeout(60)  # between two processes it goes from frame to frame in its own time
        if wanted.evaluate("it => it.ownerDocument.hasFocus() && it.getRootNode().activeElement === it"):
            return
    raise AssertionError(f"no way to {wanted} by {key}")


class TestEmbedded:
    def test_a_chat_in_another_sites_page_from_launcher_to_emergency(self, embedded: Embedded):
        page = embedded.page
        expect(embedded.launcher).to_have_attribute("aria-expanded", "false")
        embedded.launcher.click()
        expect(page.get_by_role("heading", name="Chat with Example Hospital")).to_be_focused()
        frame = embedded.frame()
        begin(frame)
        write(frame, ARM)
        expect(frame.locator("li.emergency h2")).to_contain_text("Call the emergency number now")
        assert_axe_finds_nothing(page)  # the panel
        assert_sound(frame)
        frame.get_by_text("Was this chat helpful?").first.click()
        frame.get_by_label("I called the emergency number").check()
        frame.get_by_role("button", name="Send feedback").click()
        expect(frame.get_by_text("We have kept your feedback")).to_be_in_viewport()
        assert "session" not in frame.url
        assert page.evaluate("document.cookie + Object.keys(localStorage)") == ""
        page.get_by_role("button", name="Close the chat").click()
        expect(embedded.launcher).to_be_focused()

    def test_the_host_page_cannot_read_the_chat(self, embedded: Embedded):
        embedded.launcher.click()
        begin(embedded.frame())
        read = embedded.page.evaluate(
            """() => { const panel = [...document.body.children].find(one => one.shadowRoot).shadowRoot;
            try { return panel.querySelector('iframe').contentWindow.document.title } catch (e) { return e.name } }"""
        )
        assert read == "SecurityError"

    def test_escape_in_the_chat_closes_it_and_the_focus_returns(self, embedded: Embedded):
        embedded.launcher.click()
        frame = embedded.frame()
        begin(frame)
        frame.get_by_label("Write a message").click()
        embedded.page.keyboard.press("Escape")
        expect(embedded.launcher).to_be_focused()
        embedded.launcher.click()
        expect(frame.get_by_label("Write a message")).to_be_visible()

    def test_by_key_alone_it_is_opened_gone_through_left_and_closed(self, embedded: Embedded):
        page = embedded.page
        page.keyboard.press("Tab")  # the link of the page itself
        page.keyboard.press("Tab")
        expect(embedded.launcher).to_be_focused()
        page.keyboard.press("Enter")
        frame = embedded.frame()
        start = frame.get_by_role("button", name="Start the chat")
        start.wait_for()
        closer = page.get_by_role("button", name="Close the chat")
        tab_until(page, closer)
        tab_until(page, start)
        page.keyboard.press("Enter")
        agree = frame.get_by_role("button", name="I agree")
        agree.wait_for()
        tab_until(page, agree)
        page.keyboard.press("Enter")
        frame.locator("#reply [value=self]").wait_for()
        tab_until(page, closer, "Shift+Tab")
        tab_until(page, page.get_by_role("link", name="A link"), "Shift+Tab")  # no trap: the page itself is reached
        closer.focus()
        page.keyboard.press("Enter")
        expect(embedded.launcher).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")  # from its heading
        expect(embedded.launcher).to_be_focused()

    def test_who_may_be_watched_leaves_the_hosts_page_altogether(self, embedded: Embedded):
        embedded.launcher.click()
        frame = embedded.frame()
        begin(frame)
        write(frame, "my husband hits me and i am scared of him")
        expect(frame.locator("#leave")).to_be_visible()
        frame.get_by_label("Write a message").click()
        for _ in range(3):
            embedded.page.keyboard.press("Escape")
        embedded.page.wait_for_url("**/weather")

    def test_a_reload_keeps_the_chat_where_there_is_a_cookie_and_says_where_there_is_none(self, embedded: Embedded):
        embedded.launcher.click()
        frame = embedded.frame()
        begin(frame)
        press(frame, "Me")
        if embedded.page.frames[1].url.startswith("https"):
            assert frame.get_by_role("button", name="Continue in a new tab").count() == 0
            embedded.page.reload()
            embedded.launcher.click()
            expect(embedded.frame().locator("#number")).to_be_visible()
        else:
            with embedded.page.context.expect_page() as opened:
                frame.get_by_role("button", name="Continue in a new tab").click()
            expect(opened.value.locator("#number")).to_be_visible()
            opened.value.reload()
            expect(opened.value.locator("#number")).to_be_visible()

    def test_on_a_phone_it_fills_the_screen(self, embedded: Embedded):
        embedded.page.set_viewport_size({"width": 320, "height": 568})
        embedded.launcher.click()
        box = embedded.page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 320, 568)
        begin(embedded.frame())
        heading = embedded.page.get_by_role("heading", name="Chat with Example Hospital")
        heading.focus()
        for key in ("Shift+Tab", "Shift+Tab", *["Tab"] * 30):  # what it covers is not reached
            embedded.page.keyboard.press(key)
            assert embedded.page.evaluate("document.activeElement.tagName") != "A", key
        embedded.page.keyboard.press("Escape")
        expect(embedded.launcher).to_be_focused()


def test_a_page_that_is_not_on_the_list_cannot_embed_the_chat(browser: Browser, house: Served):
    context = browser.new_context()
    with host_page(free_port(), f"{house.url}/widget/loader.js", house.url) as foreign:
        page = context.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(foreign)
        page.get_by_role("button", name="Get health help").click()
        for _ in range(100):
            if any("frame-ancestors" in one for one in refused):
                break
            page.wait_for_timeout(100)
        assert any("frame-ancestors 'none'" in one for one in refused)
        expect(page.get_by_role("dialog")).to_contain_text("In an emergency call 999.")
    context.close()


def test_with_the_service_down_the_button_still_shows_the_emergency_number(browser: Browser, house: Served):
    context = browser.new_context()
    with host_page(free_port(), f"{house.url}/widget/loader.js", house.url) as hospital:
        page = context.new_page()
        page.goto(hospital)
        context.route("**/chat**", lambda route: route.abort())
        page.get_by_role("button", name="Get health help").click()
        number = page.get_by_role("dialog").get_by_role("link", name="999")
        expect(number).to_be_visible()
        assert gap_after(number) < 1  # the full stop stands right after it
        expect(page.get_by_role("alert")).to_have_text("The chat cannot be reached right now.")
    context.close()


@pytest.mark.parametrize(("position", "left"), [("left", 16), ("middle", None)])
def test_a_page_moves_the_button_to_a_side_and_what_is_no_side_is_passed_over(
    page: Page, house: Served, position, left
):
    with host_page(free_port(), f"{house.url}/widget/loader.js", house.url, f' data-position="{position}"') as hospital:
        page.set_viewport_size({"width": 1000, "height": 600})
        page.goto(hospital)
        box = page.get_by_role("button", name="Get health help").bounding_box()
        assert box is not None
        assert box["x"] == (1000 - 16 - box["width"] if left is None else left)
