"""The clinicians' console in a real browser: what is urgent appears by itself, nobody collides, keys are enough."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from careline.escalation.escalation import Acuity, Clinician, Closing, Reason
from careline.escalation.queue import View
from careline.storage.keys import keep_delivery_secret, load_or_make_keys
from tests.support.house import settings_for
from tests.support.installation import free_port
from tests.support.outbox import SECRET, webhook_file
from tests.support.served import NARROW, WIDE, Served, browsing, served

pytestmark = pytest.mark.slow

ARM = "I have chest pain going into my left arm"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
BEN = Clinician("sta_ben", "Ben Example", "nurse")

DUTY = """
time_zone: Europe/London
weekly:
  - {days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00", staff_id: n1, name: Day nurse}
  - {days: [fri, sat], from: "20:00", to: "06:00", staff_id: d1, name: Night doctor, order: 2}
exceptions:
  - {from: "2026-01-01 00:00", to: "2099-01-01 00:00", staff_id: d2, name: Doctor of the house}
"""

expect.set_options(timeout=30_000)  # a slow machine is no fault of the console's


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("cases"), example="Dr Example", lin="Nurse Sample") as one:
        yield one


@pytest.fixture(autouse=True)
def empty_queue(house: Served) -> None:
    """What earlier tests left is closed."""
    for one in house.careline.queue.rows(View.ALL, staff_id="nobody"):
        owner = one.owner or BEN
        house.careline.handling.close(one.id, owner, Closing("advised", "routine", "Come back."))


@pytest.fixture
def doctor(browser: Browser, house: Served) -> Iterator[Page]:
    with browsing(browser, house, "example") as page:
        yield page


def opened(house: Served, acuity: Acuity = Acuity.ROUTINE, note: str | None = None) -> str:
    return house.careline.desk.open(Reason.EXTERNAL, acuity, conversation_id=None, note=note).escalation.id


def queue_of(page: Page, house: Served, path: str = "/console/queue") -> None:
    page.goto(house.url + path)
    expect(page.locator("#connection")).to_have_text("Live")


def levels(page: Page) -> list[str]:
    return page.locator("#cases .case__level").all_inner_texts()


def test_a_red_flag_appears_in_an_open_queue_and_alarms(doctor: Page, house: Served):
    opened(house)
    queue_of(doctor, house)
    doctor.get_by_role("button", name="Sound for emergencies: off").click()
    expect(doctor.locator("#sound")).to_have_attribute("aria-pressed", "true")
    rung = int(doctor.locator("#sound").get_attribute("data-rung") or 0)
    doctor.locator("h1").click()
    house.patient().write(ARM)
    expect(doctor.locator("#news-alarm")).to_have_text("1 new emergency")
    expect(doctor.locator("#cases .case__level").first).to_have_text("Emergency now")
    assert levels(doctor) == ["Emergency now", "Routine"]
    assert doctor.title().startswith("(1 emergency)")
    expect(doctor.locator("#sound")).to_have_attribute("data-rung", str(rung + 1))


def test_rows_stand_still_under_the_focus_until_they_are_brought_in(doctor: Page, house: Served):
    opened(house)
    queue_of(doctor, house)
    doctor.locator(".case__link").first.focus()
    house.patient().write(ARM)
    expect(doctor.locator("#news-words")).to_have_text("1 new, 1 emergency")
    assert levels(doctor) == ["Routine"]
    assert doctor.evaluate("document.activeElement.className") == "case__link"
    doctor.get_by_role("button", name="Bring it in").click()
    expect(doctor.locator("#cases .case__level")).to_have_count(2)
    assert levels(doctor) == ["Emergency now", "Routine"]


def test_rows_stand_still_under_the_pointer(doctor: Page, house: Served):
    opened(house)
    queue_of(doctor, house)
    doctor.locator(".case__patient").first.hover()
    house.patient().write(ARM)
    expect(doctor.get_by_role("button", name="Bring it in")).to_be_visible()
    assert levels(doctor) == ["Routine"]


def test_of_two_who_claim_at_once_one_has_it_and_the_other_reads_who(browser: Browser, doctor: Page, house: Served):
    case = opened(house, Acuity.SAME_DAY)
    with browsing(browser, house, "lin") as nurse:
        for page in (doctor, nurse):
            page.goto(f"{house.url}/console/cases/{case}")
        doctor.get_by_role("button", name="Claim").click()
        nurse.get_by_role("button", name="Claim").click()
        expect(doctor.get_by_text("You have this case.")).to_be_visible()
        expect(nurse.get_by_role("alert")).to_contain_text(re.compile(r"Dr Example has this case since \d\d:\d\d UTC"))


def test_patient_and_clinician_read_each_other_and_see_each_other_typing(doctor: Page, house: Served):
    patient = house.patient()
    patient.write(ARM)
    doctor.goto(f"{house.url}/console/cases/{patient.turn['escalation']['id']}")
    doctor.get_by_role("button", name="Claim").click()
    expect(doctor.locator("#connection")).to_have_text("Live")
    answer = patient.client.post(f"{patient.path}/typing", json={"on": True}, headers=patient.headers)
    assert answer.status_code == 204
    expect(doctor.locator("#typing")).to_have_text("The patient is typing.")
    patient.write("it started an hour ago and I have asthma")
    expect(doctor.locator("#chat")).to_contain_text("it started an hour ago")
    expect(doctor.locator("#note")).to_contain_text("asthma")  # the handoff note grows meanwhile
    expect(doctor.locator("#note")).to_have_count(1)
    doctor.get_by_label("Reply to the patient").check()
    doctor.get_by_label("Ready-made reply").select_option(label="Is somebody with you?")
    doctor.get_by_role("button", name="Put it in").click()
    text = doctor.get_by_label("Reply: the patient reads this")
    assert text.input_value().startswith("Is there somebody with you")
    text.press("End")
    for _ in range(100):
        if house.careline.presence.types(patient.id, "clinician"):
            break
        doctor.wait_for_timeout(100)
    assert house.careline.presence.types(patient.id, "clinician")
    doctor.get_by_role("button", name="Send to the patient").click()
    expect(doctor.get_by_text("Sent to the patient.")).to_be_visible()
    expect(doctor.locator(".turn--clinician")).to_contain_text("Is there somebody with you")
    assert doctor.evaluate("document.activeElement.id") == "text"
    assert doctor.locator("#text").input_value() == ""
    said = [m["text"] for m in patient.read("messages")["messages"] if m["from"] == "clinician"]
    assert [words[:26] for words in said] == ["Is there somebody with you"]


def test_what_is_half_written_survives_a_reload(doctor: Page, house: Served):
    case = opened(house)
    doctor.goto(f"{house.url}/console/cases/{case}")
    with doctor.expect_response(lambda answer: answer.url.endswith("/draft")):
        doctor.get_by_label("Internal note: the patient does not see it").press_sequentially("called back, no ans")
    doctor.reload()
    assert doctor.locator("#text").input_value() == "called back, no ans"
    assert doctor.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_case_is_worked_from_queue_to_close_by_keyboard_alone(doctor: Page, house: Served):
    last = opened(house)
    first = opened(house, Acuity.SAME_DAY)
    queue_of(doctor, house)
    doctor.keyboard.press("c")  # the focus is not in the list: nothing happens
    assert house.careline.desk.read(first).owner is None
    for _ in range(60):
        doctor.keyboard.press("Tab")
        if "case__link" in doctor.evaluate("document.activeElement.className"):
            break
    doctor.keyboard.press("j")
    assert last in doctor.evaluate("document.activeElement.href")
    doctor.keyboard.press("k")
    assert first in doctor.evaluate("document.activeElement.href")
    doctor.keyboard.press("?")
    expect(doctor.get_by_role("dialog", name="Keys of the list")).to_be_visible()
    doctor.keyboard.press("Escape")
    doctor.keyboard.press("c")
    expect(doctor.get_by_text("You have this case.")).to_be_visible()
    doctor.locator("#close summary").focus()
    doctor.keyboard.press("Enter")
    doctor.keyboard.press("Tab")
    doctor.keyboard.press("ArrowDown")
    doctor.keyboard.press("Tab")
    doctor.keyboard.press("Tab")
    doctor.keyboard.type("Come back if it gets worse.")
    for _ in range(3):
        doctor.keyboard.press("Tab")
    doctor.keyboard.press("Enter")
    expect(doctor.get_by_role("heading", name="Closed")).to_be_visible()
    closing = house.careline.desk.read(first).closing
    assert closing is not None
    assert (closing.outcome, closing.safety_net) == ("advised", "Come back if it gets worse.")


def test_a_lost_connection_is_said_with_its_time_and_found_again(doctor: Page, house: Served):
    queue_of(doctor, house)
    doctor.context.set_offline(True)
    house.careline.wakeups.wake("escalations")
    expect(doctor.locator("#connection")).to_contain_text(
        re.compile(r"Reconnecting since \d\d:\d\d UTC"), timeout=60_000
    )
    doctor.context.set_offline(False)
    expect(doctor.locator("#connection")).to_have_text("Live", timeout=60_000)


def test_a_connection_that_never_came_about_is_tried_again(doctor: Page, house: Served):
    doctor.route("**/console/queue/stream", lambda route: route.abort(), times=1)
    doctor.goto(f"{house.url}/console/queue")
    expect(doctor.locator("#connection")).to_contain_text("Reconnecting since")
    expect(doctor.locator("#connection")).to_have_text("Live")


def test_without_script_the_pages_do_all_the_same(browser: Browser, house: Served):
    patient = house.patient()
    patient.write(ARM)
    with browsing(browser, house, "example", java_script_enabled=False) as page:
        page.goto(f"{house.url}/console/queue")
        assert "Reload this page to see what is new." in page.locator("#connection").inner_text()
        page.get_by_role("button", name="Claim").click()
        page.get_by_label("Reply to the patient").check()
        page.locator("#text").fill("I am reading.")
        page.get_by_role("button", name="Send to the patient").click()
        assert "I am reading." in page.locator("#chat").inner_text()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_sound(browser: Browser, house: Served, size):
    patient = house.patient()
    patient.write(ARM)
    case, theirs, shut = patient.turn["escalation"]["id"], opened(house, Acuity.SAME_DAY), opened(house, note="a word")
    house.careline.handling.claim(theirs, BEN)
    house.careline.handling.close(shut, BEN, Closing("spam", "none", ""))
    with browsing(browser, house, "example", viewport=size) as page:
        for path in (
            *(f"/console/queue?view={view}" for view in ("unclaimed", "mine", "all", "closed")),
            *(f"/console/cases/{one}" for one in (case, theirs, shut)),
            "/console/search",
            "/console/figures?days=7",
        ):
            page.goto(house.url + path)
            assert_sound(page)
        page.goto(f"{house.url}/console/cases/{case}")
        page.get_by_role("button", name="Claim").click()
        expect(page.get_by_text("You have this case.")).to_be_visible()
        for summary in page.locator("summary").all():
            summary.click()
        page.get_by_label("Reply to the patient").check()
        assert_sound(page)
        page.get_by_role("button", name="Close the case").click()
        expect(page.get_by_role("alert").first).to_contain_text("The case is not closed yet")
        assert_sound(page)
        page.goto(f"{house.url}/console/search")
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.get_by_role("heading", level=2).first).to_contain_text("cases fit")
        assert_sound(page)


@pytest.fixture(scope="module")
def telling_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """With duty hours, and a channel behind which nobody is."""
    folder = tmp_path_factory.mktemp("duty")
    settings = settings_for(folder)
    settings.data_dir.mkdir()
    load_or_make_keys(settings.keys_path)
    keep_delivery_secret(settings.keys_path, "hook", SECRET)
    settings.delivery_path.write_text(webhook_file(f"http://127.0.0.1:{free_port()}/"), encoding="utf-8")
    settings.duty_path.write_text(DUTY, encoding="utf-8")
    with served(folder, example="Dr Example") as one:
        yield one


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_duty_hours_and_the_attempts_to_tell_clinicians_are_sound_pages_without_script(
    browser: Browser, house: Served, telling_house: Served, size
):
    case = opened(telling_house)
    with browsing(browser, telling_house, "example", viewport=size, java_script_enabled=False) as page:
        page.goto(f"{telling_house.url}/console/duty")
        expect(page.get_by_role("heading", name="Every week")).to_be_visible()
        until_reloaded(page, f"{telling_house.url}/console/cases/{case}", "failed, is tried again")
        line = page.get_by_text("Hook: failed, is tried again")
        expect(page.get_by_text("the receiver could not be reached")).to_be_hidden()
        line.click()
        expect(page.get_by_text("the receiver could not be reached").first).to_be_visible()
        expect(page.get_by_text(re.compile("^Tried again "))).to_be_visible()
    with browsing(browser, telling_house, "example", viewport=size) as page:
        page.goto(f"{telling_house.url}/console/duty")
        assert_sound(page)
        page.goto(f"{telling_house.url}/console/cases/{case}")
        page.get_by_text("Hook: failed, is tried again").click()
        assert_sound(page)
    with browsing(browser, house, "example", viewport=size) as page:
        page.goto(f"{house.url}/console/duty")
        expect(page.get_by_role("heading", name="No duty hours are set")).to_be_visible()
        assert_sound(page)


def until_reloaded(page: Page, url: str, text: str) -> None:
    """Load a page again until the worker has got so far."""
    for _ in range(40):
        page.goto(url)
        if text in page.content():
            return
        time.sleep(0.5)
    raise AssertionError(page.content())


def assert_sound(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
