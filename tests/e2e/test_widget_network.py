"""The chat when the network, the server or the browser fails it: each message arrives once, and the patient is told."""

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
from playwright.sync_api import APIResponse, Browser, BrowserContext, Frame, Page, Route, expect

from careline.app.web import create_app
from tests.support.foreign import CUT, nothing_foreign_in
from tests.support.house import furnished, scripted
from tests.support.installation import free_port
from tests.support.killing import KillableApp
from tests.support.served import NARROW, Served, WallClock, served
from tests.support.widget import begin, count_of, expect_once, give_age, host_page, press, said, write

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"
LOST = "The connection is lost. In an emergency call 999."

expect.set_options(timeout=30_000)  # a slow machine is no fault of the page's


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("network")) as one:
        yield one


@pytest.fixture
def patient(browser: Browser) -> Iterator[BrowserContext]:
    """A patient's browser."""
    opened = browser.new_context(viewport=NARROW)
    opened.set_default_timeout(30_000)
    with nothing_foreign_in(opened, let_pass=(*CUT, "status of 5")):
        yield opened
        opened.close()


@pytest.fixture
def chat(patient: BrowserContext, house: Served) -> Page:
    page = patient.new_page()
    page.goto(f"{house.url}/chat")
    begin(page)
    return page


def test_what_is_typed_without_a_network_is_sent_once_when_it_is_back(chat: Page, patient: BrowserContext):
    patient.set_offline(True)
    expect(chat.locator("#lost")).to_have_text(LOST)
    write(chat, "my knee hurts")
    write(chat, "and it is swollen")
    expect(chat.locator("#outbox li")).to_have_count(2)
    expect(chat.locator("#outbox li").first).to_contain_text("Not sent yet")
    assert chat.get_by_label("Write a message").input_value() == ""
    patient.set_offline(False)
    expect_once(chat, "my knee hurts")
    expect_once(chat, "and it is swollen")
    expect(chat.locator("#lost")).to_be_hidden()
    lines = said(chat)
    assert lines.index("You said: my knee hurts") < lines.index("You said: and it is swollen")


def test_what_waits_to_be_sent_survives_a_reload(chat: Page, patient: BrowserContext):
    chat.route("**/chat/send", lambda route: route.abort())
    write(chat, "my knee hurts")
    expect(chat.locator("#outbox li")).to_have_count(1)
    chat.unroute("**/chat/send")
    chat.reload()
    expect_once(chat, "my knee hurts")


def test_a_message_whose_answer_was_lost_is_not_doubled(chat: Page):
    lost = []

    def lose_the_answer(route):
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # it reaches the server
            route.abort()

    chat.route("**/chat/send", lose_the_answer)
    write(chat, "my knee hurts")
    expect_once(chat, "my knee hurts")
    assert len(lost) == 1
    chat.reload()
    expect_once(chat, "my knee hurts")


def test_a_server_that_is_not_well_or_busy_is_tried_again(chat: Page):
    answers = [503, 429, 500]
    chat.route("**/chat/send", lambda route: route.fulfill(status=answers.pop()) if answers else route.continue_())
    write(chat, "my knee hurts")
    expect_once(chat, "my knee hurts")
    assert answers == []


def test_two_tabs_show_the_same_and_double_nothing(chat: Page, patient: BrowserContext, house: Served):
    other = patient.new_page()
    other.goto(f"{house.url}/chat")
    write(chat, "my knee hurts")
    expect_once(chat, "my knee hurts")
    expect_once(other, "my knee hurts")
    give_age(other)
    expect(chat.locator("#reply [value=male]")).to_be_visible()
    assert said(chat) == said(other)


def test_a_chat_is_there_again_after_the_tab_was_closed(chat: Page, patient: BrowserContext, house: Served):
    press(chat, "Me")
    chat.close()
    again = patient.new_page()
    again.goto(f"{house.url}/chat")
    expect(again.locator("#number")).to_be_visible()
    assert count_of(again, "You said: Me") == 1


def test_a_chat_that_is_over_says_so_and_keeps_what_was_typed(chat: Page, house: Served):
    house.careline.conversations.erase(str(chat.evaluate("document.body.dataset.conversation")))
    expect(chat.locator("#lost")).to_contain_text("Your last chat was erased. You can start a new one.")
    chat.get_by_label("Write a message").fill("it got worse")
    chat.get_by_role("button", name="Start a new chat").click()
    expect(chat.get_by_label("What you typed before is kept here")).to_have_value("it got worse")
    chat.get_by_role("button", name="Start the chat").click()
    expect_once(chat, "it got worse")


def test_a_slow_answer_is_explained(patient: BrowserContext, house: Served):
    page = patient.new_page()
    page.clock.install()
    page.goto(f"{house.url}/chat")
    page.get_by_role("button", name="Start the chat").click()
    held: list[Route] = []
    page.route("**/chat/send", lambda route: held.append(route))
    write(page, "my knee hurts")
    expect(page.locator("#outbox li")).to_have_count(1)
    page.clock.run_for(600)
    status = page.locator("#status")
    expect(status).to_have_text("Sending")  # not that it has arrived: it has not
    page.clock.run_for(8_000)
    expect(status).to_contain_text("This takes longer than usual. Your message is on its way")
    held[0].continue_()
    expect_once(page, "my knee hurts")
    expect(status).to_be_empty()


def test_that_a_message_has_arrived_is_said_only_when_it_has(patient: BrowserContext, house: Served):
    page = patient.new_page()
    page.clock.install()
    page.goto(f"{house.url}/chat")
    page.get_by_role("button", name="Start the chat").click()
    held: list[tuple[Route, APIResponse]] = []
    own = {"sec-fetch-site": "same-origin"}  # as the browser says it
    page.route(
        "**/chat/send", lambda route: held.append((route, route.fetch(headers={**route.request.headers, **own})))
    )
    write(page, "my knee hurts")
    expect(page.locator("#messages > li", has_text="my knee hurts")).to_have_count(1)  # by the stream
    page.clock.run_for(600)
    status = page.locator("#status")
    expect(status).to_have_text("The assistant is writing.")
    page.clock.run_for(8_000)
    expect(status).to_contain_text("Your message has arrived.")
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(status).to_be_empty()


def test_what_can_no_longer_be_sent_is_back_in_the_field_and_nothing_says_sending(chat: Page, patient: BrowserContext):
    patient.clear_cookies()
    write(chat, "it got worse")
    expect(chat.locator("#lost")).to_contain_text("What you typed is still here.")
    expect(chat.get_by_label("Write a message")).to_have_value("it got worse")
    expect(chat.locator("#outbox")).to_be_hidden()


def test_a_connection_cut_in_silence_is_noticed(patient: BrowserContext, house: Served):
    page = patient.new_page()
    page.clock.install()
    page.goto(f"{house.url}/chat")
    with page.expect_response("**/chat/events**"):
        page.get_by_role("button", name="Start the chat").click()
    page.route("**/chat/events**", lambda route: route.abort())
    page.clock.run_for(45_000)  # longer than any ping is apart
    page.clock.run_for(2_000)
    expect(page.locator("#lost")).to_have_text(LOST)


def test_a_connection_that_never_answers_is_noticed(patient: BrowserContext, house: Served):
    page = patient.new_page()
    page.clock.install()
    page.goto(f"{house.url}/chat")
    held: list[Route] = []
    page.route("**/chat/events**", lambda route: held.append(route))  # and never let go on
    with page.expect_request("**/chat/events**"):
        page.get_by_role("button", name="Start the chat").click()
    for _ in range(2):  # the first time may be a page that is slow; the second is told
        page.clock.run_for(45_000)
        page.wait_for_timeout(200)
    expect(page.locator("#lost")).to_have_text(LOST)


class TestKilled:
    def test_a_chat_goes_on_where_it_was_without_loss_or_doubling(self, patient: BrowserContext, tmp_path: Path):
        app = KillableApp(tmp_path)
        try:
            app.do("start")
            app.wait_until_it_answers()
            page = patient.new_page()
            page.goto(f"http://127.0.0.1:{app.port}/chat")
            begin(page)
            write(page, "my knee hurts")
            expect_once(page, "my knee hurts")
            app.do("kill")
            expect(page.locator("#lost")).to_have_text(LOST)
            write(page, "and it is swollen")
            expect(page.locator("#outbox li")).to_contain_text("Not sent yet")
            app.do("start")
            app.wait_until_it_answers()
            expect_once(page, "and it is swollen")
            expect_once(page, "my knee hurts")
            expect(page.locator("#lost")).to_be_hidden()
            before = said(page)
            page.reload()
            assert said(page) == before
        finally:
            app.end()

    def test_in_the_middle_of_sending_each_message_is_there_once(self, patient: BrowserContext, tmp_path: Path):
        app = KillableApp(tmp_path)
        try:
            app.do("start")
            app.wait_until_it_answers()
            page = patient.new_page()
            page.goto(f"http://127.0.0.1:{app.port}/chat")
            begin(page)
            for number in range(4):
                write(page, f"part {number} of my story")
                time.sleep(0.1 * number)
                app.do("kill")
                app.do("start")
                app.wait_until_it_answers()
            for number in range(4):
                expect_once(page, f"part {number} of my story")
            own = [line for line in said(page) if "of my story" in line]
            assert own == [f"You said: part {number} of my story" for number in range(4)]
        finally:
            app.end()


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
        expect(page.get_by_role("dialog").get_by_role("link", name="999")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_text("The chat cannot be reached right now.")
    context.close()
