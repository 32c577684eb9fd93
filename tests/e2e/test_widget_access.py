"""The chat for everybody in a real browser: keys, screen readers, small screens, zoom, colours, read aloud."""

from __future__ import annotations

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, ViewportSize, expect

from tests.support.served import WIDE, Served
from tests.support.widget import assert_fits, assert_sound, begin, gap_after, press, write

pytestmark = pytest.mark.slow

SMALL: ViewportSize = {"width": 320, "height": 568}
ZOOMED: ViewportSize = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %

expect.set_options(timeout=20_000)  # a slow machine is no fault of the page's


def test_a_hard_word_opens_its_meaning_at_a_press_and_escape_closes_only_that(chat: Page, house: Served):
    chat.goto(f"{house.url}/chat/articles/sore_throat")
    word = chat.get_by_role("button", name="pharmacist")
    meaning = chat.get_by_text("A person who is trained in medicines.")
    expect(meaning).to_be_hidden()
    word.click()
    expect(meaning).to_be_visible()
    assert_sound(chat)
    chat.keyboard.press("Escape")
    expect(meaning).to_be_hidden()
    expect(word).to_be_focused()


def test_a_run_by_keyboard_alone_and_the_focus_is_never_lost(chat: Page):
    def tab_to(text: str) -> None:
        for _ in range(40):
            chat.keyboard.press("Tab")
            if chat.evaluate("document.activeElement.innerText || document.activeElement.value || ''").strip() == text:
                return
        raise AssertionError(f"no way to {text!r} by Tab")

    tab_to("Start the chat")
    chat.keyboard.press("Enter")
    chat.locator("#reply [value=agree]").wait_for()
    tab_to("I agree")
    chat.keyboard.press("Enter")
    expect(chat.locator("#reply [value=self]")).to_be_visible()
    assert chat.evaluate("document.activeElement.id") == "reply"  # led to what is asked, not thrown to the top
    chat.keyboard.press("Tab")
    assert chat.evaluate("document.activeElement.innerText") == "Me"
    chat.keyboard.press("Enter")
    chat.locator("#number").wait_for()
    chat.keyboard.press("Tab")
    chat.keyboard.type("34")
    chat.keyboard.press("Tab")
    chat.keyboard.press("Space")
    assert chat.evaluate("document.activeElement.value") == "years"
    chat.keyboard.press("Enter")
    expect(chat.locator("#reply [value=male]")).to_be_visible()
    box = chat.evaluate(
        "(() => { const b = document.activeElement.getBoundingClientRect(); return [b.top, b.bottom] })()"
    )
    assert box[1] > 0


def test_what_arrives_moves_no_focus_and_takes_no_word(chat: Page, house: Served):
    begin(chat)
    chat.get_by_label("Write a message").click()
    chat.keyboard.type("half a sent")
    other = chat.context.new_page()
    other.goto(f"{house.url}/chat")
    press(other, "Me")
    other.close()
    expect(chat.locator("#number")).to_be_visible()
    assert chat.evaluate("document.activeElement.id") == "text"
    assert chat.get_by_label("Write a message").input_value() == "half a sent"


def test_an_answer_begun_before_the_turn_has_ended_is_kept(chat: Page):
    begin(chat)
    held: list[tuple[Route, APIResponse]] = []
    own = {"sec-fetch-site": "same-origin"}  # as the browser says it
    chat.route(
        "**/chat/send", lambda route: held.append((route, route.fetch(headers={**route.request.headers, **own})))
    )
    chat.locator("#reply").get_by_role("button", name="Me", exact=True).click()
    chat.locator("#number").fill("34")  # the question came down the stream
    route, answer = held[0]
    route.fulfill(response=answer)
    expect(chat.locator("#outbox")).to_be_hidden()
    assert chat.locator("#number").input_value() == "34"
    assert chat.evaluate("document.activeElement.id") == "number"


def test_the_live_region_holds_whole_messages_with_who_says_them(chat: Page):
    begin(chat)
    chat.locator("#reply [value=self]").wait_for()  # all that follows consent has come
    log = chat.get_by_role("log")
    assert log.get_attribute("aria-live") == "polite"
    assert chat.locator("ol[role], ol[aria-live]").count() == 0
    chat.evaluate(
        """() => { window.heard = []; new MutationObserver(all => all.forEach(one => one.addedNodes.forEach(
        node => node.nodeType === 1 && heard.push(node.innerText.replace(/\\s+/g, ' ').trim())))).observe(
        document.getElementById('log'), {childList: true, subtree: true}) }"""
    )
    press(chat, "Me")
    chat.locator("#number").wait_for()
    heard = chat.evaluate("heard")
    assert len(heard) == 2
    assert heard[0].startswith("You said: Me")
    assert heard[1].startswith("Assistant said: How old are you?")


@pytest.mark.parametrize("size", [SMALL, ZOOMED, WIDE], ids=["320 px", "400 %", "desktop"])
def test_nothing_sticks_out_or_is_too_small_to_press(chat: Page, size):
    chat.set_viewport_size(size)
    begin(chat)
    press(chat, "Me")
    write(chat, "a" * 300)
    chat.locator("#messages li.patient", has_text="aaa").wait_for()
    assert_fits(chat)


def test_the_field_in_use_is_never_covered(chat: Page):
    chat.set_viewport_size(SMALL)
    begin(chat)
    chat.keyboard.press("Tab")
    for _ in range(12):
        chat.keyboard.press("Shift+Tab")
        seen = chat.evaluate(
            """() => { const it = document.activeElement, b = it.getBoundingClientRect();
            if (it === document.body || it.id === 'log' || it.id === 'reply') return true;
            const at = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
            return it.contains(at) || at?.contains(it) || false }"""
        )
        assert seen, chat.evaluate("document.activeElement.outerHTML")


def test_larger_text_stays_larger_and_fits(chat: Page):
    chat.set_viewport_size(SMALL)
    begin(chat)
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Larger text").click()
    assert chat.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 24
    chat.reload()
    assert chat.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)") == 24
    assert_sound(chat)


@pytest.mark.parametrize("how", [{"forced_colors": "active"}, {"color_scheme": "dark"}, {"reduced_motion": "reduce"}])
def test_it_is_sound_in_the_colours_and_with_the_rest_that_a_patient_needs(chat: Page, how):
    chat.emulate_media(**how)
    begin(chat)
    assert_sound(chat)
    moving = chat.evaluate("document.getAnimations().length")
    assert moving == 0


def test_reading_aloud_speaks_new_messages(chat: Page):
    chat.add_init_script(
        """window.spoken = []; Object.defineProperty(window, 'speechSynthesis', {value: {
        speak: one => spoken.push([one.lang, one.text]), cancel() { spoken.length = 0 }}})"""
    )
    begin(chat)
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Read new messages aloud").click()
    chat.locator("#menu summary").click()
    press(chat, "Me")
    (spoken,) = chat.evaluate("spoken")
    assert spoken[0] == "en"
    assert " ".join(spoken[1].split()) == (  # and not the reason, which is folded away
        "Assistant said: How old are you? For a baby, give weeks or months. Why we ask"
    )
    write(chat, "I have chest pain going into my left arm")
    chat.locator("li.emergency").wait_for()
    first, *_ = chat.evaluate("spoken")  # what was still to be read is dropped
    assert "EMERGENCY: Call the emergency number now" in first[1]
    assert "999" in first[1]


def test_the_full_stop_stands_right_after_the_emergency_number(chat: Page):
    assert chat.locator("#standing").inner_text() == "In an emergency call 999."
    assert gap_after(chat.locator("#standing a")) < 1
    assert_fits(chat)  # and the number is still large enough to press


def test_on_a_small_screen_what_a_number_is_for_stands_beside_its_button_or_below_it(chat: Page):
    chat.set_viewport_size(SMALL)
    begin(chat)
    write(chat, "I want to kill myself")
    numbers = chat.locator("li.crisis .numbers li")
    expect(numbers.first).to_be_visible()
    for number in numbers.all():
        # Both at once: the chat may still be scrolling.
        button, label = number.evaluate(
            "(li) => [...li.querySelectorAll('a, span')].map((each) => each.getBoundingClientRect().toJSON())"
        )
        assert button["height"] < 60  # on one line
        assert label["left"] >= button["right"] or label["top"] >= button["bottom"]
    assert_fits(chat)


@pytest.mark.parametrize("has_keys", [True, False])
def test_the_way_out_speaks_of_the_escape_key_only_where_there_may_be_one(
    browser: Browser, house: Served, has_keys: bool
):
    context = browser.new_context(has_touch=not has_keys, is_mobile=not has_keys, viewport=SMALL)
    page = context.new_page()
    page.goto(f"{house.url}/chat?lang=en&country=GB")
    begin(page)
    write(page, "my husband hits me and i am scared of him")
    leave = page.locator("#leave")
    expect(leave).to_be_visible()
    assert ("Escape" in leave.inner_text()) == has_keys
    assert "history" in leave.inner_text()
    context.close()
