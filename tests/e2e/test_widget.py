"""The chat in a real browser: whole consultations by clicking, and what a patient can do with one; sound for axe."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from careline.app.services import utc_now
from careline.escalation.escalation import Clinician
from tests.support.served import NARROW, Served
from tests.support.widget import (
    answer_without_worry,
    assert_sound,
    awaited,
    begin,
    give_age,
    press,
    said,
    until_next,
    write,
)

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"
SMALL: ViewportSize = {"width": 320, "height": 568}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %

expect.set_options(timeout=20_000)  # a slow machine is no fault of the page's


def conversation_of(page: Page) -> str:
    return str(page.evaluate("document.body.dataset.conversation"))


def test_self_care_by_clicking_and_every_state_is_sound(chat: Page):
    assert_sound(chat)
    begin(chat)
    assert_sound(chat)
    press(chat, "Me")
    assert_sound(chat)
    give_age(chat)
    assert "You said: 34 years" in said(chat)
    press(chat, "Male")
    write(chat, "sore throat for two days")
    expect(chat.locator("#messages")).to_contain_text("sore throat for two days")
    expect(chat.locator("#reply .several")).to_be_visible()
    assert_sound(chat)
    answer_without_worry(chat)
    card = chat.locator("li.assessment")
    expect(card.locator(".band")).to_have_text("ROUTINE")
    expect(card.get_by_role("heading")).to_have_text("See a doctor or nurse within 3 days")
    assert_sound(chat)
    chat.locator("#menu summary").click()
    assert_sound(chat)
    chat.get_by_role("button", name="Summary to print or save").click()
    expect(chat.get_by_role("heading", name="Summary of your chat")).to_be_visible()
    assert_sound(chat)
    chat.get_by_role("link", name="Back to the chat").click()
    expect(chat.locator("li.assessment")).to_be_visible()


def test_the_summary_goes_where_the_patient_chooses_and_only_there(chat: Page):
    chat.add_init_script("navigator.share = (what) => { window.given = what; return Promise.resolve() }")
    begin(chat)
    write(chat, "my knee hurts")
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Summary to print or save").click()
    chat.get_by_role("button", name="Send it to yourself").click()
    given = chat.evaluate("window.given")
    assert list(given) == ["text"]  # no address, which could hold words
    assert given["text"].startswith("Summary of your chat\nMade on ")
    assert "There is no advice yet." in given["text"]


def test_where_the_device_cannot_share_the_summary_is_copied(chat: Page):
    chat.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.add_init_script("navigator.share = () => Promise.reject(new DOMException('', 'NotAllowedError'))")
    begin(chat)
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Summary to print or save").click()
    chat.get_by_role("button", name="Send it to yourself").click()
    expect(chat.locator("#status")).to_have_text("Copied. You can paste it into a message or a note of your own.")
    assert "There is no advice yet." in chat.evaluate("navigator.clipboard.readText()")
    assert_sound(chat)


def test_an_emergency_by_writing_is_said_at_once_with_the_number_to_press(chat: Page):
    chat.get_by_role("button", name="Start the chat").click()
    write(chat, ARM)
    card = chat.locator("li.emergency")
    expect(card.get_by_role("alert")).to_contain_text("EMERGENCY: Call the emergency number now")
    assert (card.locator("h2").text_content() or "").strip() == "EMERGENCY: Call the emergency number now"  # said once
    assert card.locator(".numbers a").first.get_attribute("href") == "tel:999"
    assert_sound(chat)
    press(chat, "I have called")
    expect(chat.locator("#messages")).to_contain_text("You did the right thing")
    assert_sound(chat)
    chat.reload()
    expect(chat.locator("li.emergency h2")).to_be_visible()
    assert chat.locator("li.emergency [role=alert]").count() == 0  # it alarms once


def test_a_card_is_read_from_its_beginning_when_the_page_is_opened_again(chat: Page):
    chat.get_by_role("button", name="Start the chat").click()
    write(chat, ARM)
    chat.locator("li.emergency").wait_for()
    for size in (SMALL, ZOOMED):
        chat.set_viewport_size(size)
        chat.reload()
        chat.wait_for_timeout(1_000)  # it scrolls smoothly
        expect(chat.locator("li.emergency h2")).to_be_in_viewport(ratio=1)
        expect(chat.locator("li.emergency .numbers a").first).to_be_in_viewport(ratio=1)


def test_the_day_it_began_is_picked_and_told_in_days(chat: Page):
    begin(chat)
    press(chat, "Me")
    give_age(chat)
    press(chat, "Male")
    was = awaited(chat)
    write(chat, "sore throat")
    until_next(chat, was)
    answer_without_worry(chat, until="#since")
    chat.get_by_text("Or choose the day it began").click()
    assert_sound(chat)
    chat.set_viewport_size(SMALL)
    assert_sound(chat)
    chat.set_viewport_size(NARROW)
    day = chat.get_by_label("The day it began")
    day.fill((utc_now() + dt.timedelta(days=3)).date().isoformat())
    sent = chat.locator("#reply details").get_by_role("button", name="Continue")
    sent.click()  # the browser itself does not send a day that has not come
    assert day.evaluate("it => it.validity.rangeOverflow")
    day.fill((utc_now() - dt.timedelta(days=4)).date().isoformat())
    was = awaited(chat)
    sent.click()
    until_next(chat, was)
    assert "You said: 4 days" in said(chat)


def test_the_standing_emergency_line_is_in_the_page_before_any_script_runs(browser: Browser, house: Served):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/chat")
    expect(page.locator("#standing")).to_have_text("In an emergency call 999.")
    context.close()


def test_the_whole_way_to_advice_without_script(browser: Browser, house: Served):
    context = browser.new_context(java_script_enabled=False, viewport=SMALL)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{house.url}/chat")
    page.get_by_role("button", name="Start the chat").click()
    page.get_by_role("button", name="I agree").click()
    page.get_by_role("button", name="Me", exact=True).click()
    page.locator("#number").fill("34")
    page.get_by_label("years").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Male", exact=True).click()
    page.get_by_label("Write a message").fill("sore throat for two days")
    page.get_by_role("button", name="Send", exact=True).click()
    for _ in range(40):
        if page.locator("#reply [value=see_summary]").count():
            break
        if page.locator("#reply input[value=none]").count():
            page.locator("#reply input[value=none]").check()
            page.locator("#reply").get_by_role("button", name="Continue").click()
        elif page.locator("#reply button[value=no]").count():
            page.locator("#reply button[value=no]").click()
        else:
            page.locator("#reply button[value=unsure]").click()
    expect(page.locator("li.assessment .band")).to_have_text("ROUTINE")
    assert page.locator("#larger").is_hidden()  # what needs script is not offered
    context.close()


def test_an_answer_is_changed_and_a_checklist_knows_what_stands_alone(chat: Page):
    begin(chat)
    press(chat, "Me")
    chat.get_by_role("link", name="Change this answer (Me)").click()
    expect(chat.locator("#reply")).to_contain_text("Change your answer")
    assert_sound(chat)
    press(chat, "A baby or child")
    expect(chat.locator("#messages li").last).to_contain_text("How old")
    give_age(chat, "8")
    press(chat, "Male")
    write(chat, "sore throat for two days")
    chat.locator("#reply .several").wait_for()
    boxes = chat.locator("#reply input[type=checkbox]")
    boxes.first.check()
    chat.locator("#reply input[value=none]").check()
    assert not boxes.first.is_checked()
    boxes.first.check()
    assert not chat.locator("#reply input[value=none]").is_checked()


def test_why_we_ask_can_be_read(chat: Page):
    begin(chat)
    last = chat.locator("#messages li").last
    last.get_by_text("Why we ask").click()
    expect(last.locator(".why p")).to_be_visible()


def test_an_article_is_read_inside_and_the_focus_comes_back(chat: Page):
    begin(chat)
    press(chat, "Me")
    give_age(chat)
    press(chat, "Male")
    write(chat, "sore throat for two days")
    chat.locator("#reply .several").wait_for()
    answer_without_worry(chat)
    link = chat.locator("a.article").first
    link.click()
    sheet = chat.get_by_role("dialog")
    expect(sheet.get_by_role("heading", level=2)).to_be_focused()
    assert_sound(chat)
    chat.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_waiting_for_a_clinician_is_told_as_it_is(chat: Page, house: Served):
    begin(chat)
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Ask for a clinician").click()
    expect(chat.locator("#waiting")).to_have_text(
        "Your chat is in the list for clinicians. Nobody has marked it as seen yet."
    )
    open_ones, _ = house.careline.desk.list(state=None, owner=None, after=None, limit=50)
    mine = next(one for one in open_ones if one.conversation_id == conversation_of(chat))
    ben = Clinician("sta_ben", "Ben Example", "nurse")
    house.careline.handling.claim(mine.id, ben)
    expect(chat.locator("#waiting")).to_have_text("Ben Example (nurse) is in this chat.")
    house.careline.handling.reply(mine.id, ben, "How are you now?")
    expect(chat.locator("li.clinician")).to_contain_text("Ben Example (nurse) said: How are you now?")
    house.careline.presence.type(conversation_of(chat), "clinician", on=True)
    expect(chat.get_by_role("status").first).to_have_text("Ben Example is writing.")
    assert_sound(chat)
    with chat.expect_response("**/chat/typing"):
        chat.get_by_label("Write a message").press_sequentially("bet")
    assert house.careline.presence.types(conversation_of(chat), "patient")


def test_who_may_be_watched_leaves_by_one_click_or_three_escapes(chat: Page, house: Served):
    for leave in (lambda: chat.get_by_role("link", name="Leave now").click(), lambda: escape_thrice(chat)):
        chat.goto(f"{house.url}/chat")
        chat.get_by_role("button", name="Start the chat").click()
        write(chat, "my husband hits me and i am scared of him")
        expect(chat.locator("#leave")).to_be_visible()
        assert_sound(chat)
        chat.wait_for_timeout(1_000)  # it scrolls smoothly to the card
        top = chat.locator(".top").bounding_box()
        heading = chat.locator("li.card h2").bounding_box()
        assert top is not None
        assert heading is not None
        assert heading["y"] >= top["y"] + top["height"]  # the way out covers nothing of it
        leave()
        chat.wait_for_url("**/healthz")
        chat.goto(f"{house.url}/chat")
        expect(chat.get_by_role("button", name="Start the chat")).to_be_visible()


def escape_thrice(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("Escape")


def test_end_and_wipe_leaves_nothing_on_the_device(chat: Page):
    begin(chat)
    chat.get_by_label("Write a message").fill("something private")
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="End and wipe").click()
    assert_sound(chat)
    chat.get_by_role("button", name="Forget it here and erase what I wrote").click()
    expect(chat.get_by_role("alert")).to_have_text("This device has forgotten the chat.")
    assert_sound(chat)
    assert chat.evaluate("sessionStorage.length + localStorage.length") == 0
    chat.go_back()
    chat.reload()
    assert "something private" not in chat.content()


def test_feedback_is_taken(chat: Page):
    chat.get_by_role("button", name="Start the chat").click()
    write(chat, ARM)
    chat.get_by_text("Was this chat helpful?").first.click()
    chat.get_by_label("Partly").check()
    assert_sound(chat)
    chat.get_by_role("button", name="Send feedback").click()
    expect(chat.locator("#feedback")).to_contain_text("We have kept your feedback")
    assert_sound(chat)
