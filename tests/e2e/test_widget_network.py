"""The chat when the network, the server or the browser fails it: each message arrives once, and the patient is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, Route, expect

from tests.support.foreign import CUT, nothing_foreign_in
from tests.support.killing import KillableApp
from tests.support.served import NARROW, Served, served
from tests.support.widget import begin, count_of, expect_once, give_age, press, said, write

pytestmark = pytest.mark.slow

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
    while not held:  # the stream may be sooner than the answer; the fetch has a limit of its own
        page.wait_for_timeout(50)
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
