"""States of the chat that few patients see are as sound as the others: in a crisis, in Spanish, without its script."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.foreign import CUT, nothing_foreign_in
from tests.support.served import Served
from tests.support.widget import answer_without_worry, assert_sound, awaited, begin, give_age, press, until_next, write

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"
ENGLISH = {"the", "you", "your", "and", "with", "this", "call", "is", "have", "not", "of", "if", "are", "pain", "to"}

expect.set_options(timeout=20_000)  # a slow machine is no fault of the page's


@pytest.fixture
def chat_that_fails(browser: Browser) -> Iterator[Page]:
    """A page on a small phone in which a refusal or a cut network is no fault."""
    context = browser.new_context(viewport={"width": 320, "height": 568})
    context.set_default_timeout(20_000)
    with nothing_foreign_in(context, let_pass=CUT):
        yield context.new_page()
        context.close()


def test_a_crisis_is_met_with_people_to_call_and_the_chat_goes_on(chat: Page):
    chat.get_by_role("button", name="Start the chat").click()
    chat.locator("#reply [value=agree]").wait_for()
    assert_sound(chat)
    press(chat, "I agree")
    write(chat, "I want to kill myself")
    card = chat.locator("li.crisis")
    expect(card.get_by_role("alert")).to_contain_text("Please talk to someone now")
    assert {one.get_attribute("href") for one in card.locator(".numbers a").all()} >= {"tel:999", "tel:116123"}
    assert_sound(chat)
    press(chat, "Continue the questions")
    expect(chat.locator("#number")).to_be_visible()  # her own words said for whom it is


def test_same_day_help_is_advised_and_each_kind_of_question_on_the_way_is_sound(chat: Page):
    begin(chat)
    press(chat, "Me")
    give_age(chat)
    assert_sound(chat)  # a choice
    press(chat, "Female")
    press(chat, "Yes")  # she may be pregnant
    assert_sound(chat)  # in her own words
    was = awaited(chat)
    write(chat, "it burns when i pee")
    until_next(chat, was)
    chat.locator("details.why summary").last.click()
    assert_sound(chat)  # a checklist, and why it is asked
    answer_without_worry(chat)
    card = chat.locator("li.assessment")
    expect(card.locator(".band")).to_have_text("URGENT")
    expect(card.get_by_role("heading")).to_contain_text("today")
    assert_sound(chat)


def test_a_consultation_in_spanish_by_buttons_shows_no_english_word(chat: Page, house: Served):
    chat.goto(f"{house.url}/chat?lang=es&country=ES")
    chat.get_by_role("button", name="Empezar el chat").click()
    chat.locator("#reply [value=agree]").wait_for()
    press(chat, "Estoy de acuerdo")
    press(chat, "Para mí")
    give_age(chat)
    press(chat, "Hombre")
    assert_sound(chat)  # what the problem is, by buttons
    press(chat, "Resfriado o gripe")
    assert_sound(chat)
    answer_without_worry(chat)
    expect(chat.locator("li.assessment").get_by_role("heading")).to_have_text(
        "Vea a un médico o una enfermera en 3 días"
    )
    assert_sound(chat)
    words = set(re.findall(r"[a-z]+", chat.locator("body").inner_text().lower()))
    assert words & ENGLISH == set()
    chat.get_by_label("Escriba un mensaje").fill("Me duele mucho el pecho y se me va al brazo izquierdo")
    chat.get_by_role("button", name="Enviar", exact=True).click()
    expect(chat.locator("li.emergency h2")).to_have_text("EMERGENCIA: Llame ahora al número de emergencias")
    assert chat.locator("li.emergency .numbers a").first.get_attribute("href") == "tel:112"
    assert chat.locator("html").get_attribute("lang") == "es"


def test_a_language_that_is_not_read_is_answered_in_its_own_direction_with_the_number_and_a_person(chat: Page):
    begin(chat)
    was = awaited(chat)
    write(chat, "عندي ألم شديد في الصدر")
    until_next(chat, was)
    notice = chat.locator("li[lang=ar]")
    expect(notice).to_have_attribute("dir", "rtl")
    expect(notice).to_contain_text("999")
    expect(chat.locator("li[data-id]", has_text="I could not read your message")).to_have_count(1)
    expect(chat.locator("#waiting")).to_be_visible()
    assert_sound(chat)


def test_without_the_script_every_state_is_sound_too(chat_that_fails: Page, house: Served):
    page = chat_that_fails
    page.route("**/chat.js**", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{house.url}/chat")
    assert_sound(page)
    begin(page)
    press(page, "Me")
    page.locator("#number").fill("many")
    page.locator("#reply [value=years]").check()
    page.locator("#reply button.main").first.click()
    expect(page.get_by_role("alert")).to_contain_text("number")
    assert_sound(page)
    give_age(page)
    page.get_by_role("link", name="Change this answer (Me)").click()
    expect(page.locator("#reply")).to_contain_text("Change your answer")
    assert_sound(page)
    page.get_by_role("link", name="Keep it as it is").click()
    press(page, "Male")
    write(page, "sore throat for two days")
    page.locator("#reply .several").wait_for()
    assert_sound(page)
    write(page, ARM)
    page.locator("li.emergency").wait_for()
    assert_sound(page)


def test_what_goes_wrong_is_said_in_sound_words(chat_that_fails: Page, house: Served):
    page = chat_that_fails
    page.goto(f"{house.url}/chat")
    begin(page)
    press(page, "Me")
    page.locator("#number").fill("many")
    page.locator("#reply [value=years]").check()
    page.locator("#reply button.main").first.click()
    expect(page.locator("#status")).to_contain_text("number")
    assert_sound(page)
    page.context.set_offline(True)
    write(page, "are you there?")
    expect(page.locator("#outbox li")).to_have_count(1)
    expect(page.locator("#lost")).to_be_visible()
    assert_sound(page)
    page.context.set_offline(False)
    expect(page.locator("#outbox")).to_be_hidden()
    page.set_viewport_size({"width": 320, "height": 256})  # 400 % zoom
    page.get_by_label("Write a message").fill("it got worse")
    house.careline.conversations.erase(str(page.evaluate("document.body.dataset.conversation")))
    expect(page.locator("#lost")).to_contain_text("erased")
    expect(page.locator("#lost")).to_be_in_viewport()
    assert_sound(page)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("button", name="Start a new chat")).to_be_focused()  # what no longer works says where to go
