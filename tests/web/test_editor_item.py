"""One item's page: each step is offered to whom it is open to, and says why to whom it is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from careline.editorial.life_cycle import TERMINAL, State
from careline.staff.audit import read_lines
from tests.support.desk import LIST, PEOPLE, Desk
from tests.support.editorial import ARTICLE, PROTOCOL, alter, small_content

pytestmark = pytest.mark.slow

OWN = "You cannot sign this text: you wrote it, or a part of it"
SIGN = "Sign this text"


def offered(house: Desk, who: str, path: str) -> set[str]:
    """The steps whose forms stand on somebody's page."""
    page = house.open(who, path).page.text
    return {step for step in re.findall(rf'action="{LIST}/([a-z-]+)"', page) if step != "comment"}


def test_each_step_is_a_button_for_whom_it_is_open_to_and_nobody_else(house: Desk):
    path = house.copy("steps")
    editor, doctor = {"discard"}, set[str]()
    assert offered(house, "eddie", path) == editor | {"submit"}
    assert offered(house, "doctor", path) == doctor
    assert offered(house, "ada", path) == set()
    house.submit(path)
    assert offered(house, "eddie", path) == editor | {"send-back"}
    assert offered(house, "doctor", path) == {"sign", "send-back"}
    assert offered(house, "ada", path) == set()
    house.sign(path)
    assert offered(house, "doctor", path) == {"send-back"}
    assert offered(house, "ada", path) == {"schedule"}


def test_whoever_wrote_a_text_reads_why_they_cannot_sign_it(house: Desk):
    path = house.copy("own_work", by="both")
    house.submit(path, by="both")
    both = house.open("both", path)
    assert OWN in both.text
    assert SIGN not in both.text
    assert SIGN in house.open("doctor", path).text


def test_whoever_wrote_a_part_of_it_reads_so_too_and_a_form_sent_all_the_same_is_refused(house: Desk):
    path = house.copy("part", by="both")
    house.edit(path, "status: ", "status:  ", by="eddie")
    house.submit(path)
    assert OWN in house.open("both", path).text
    answer = house.step("both", path, "sign")
    assert answer.page.status_code == 403
    assert "Ask another clinician." in answer.text
    assert house.newest(path).state is State.IN_REVIEW


def test_an_editor_reads_who_can_sign(house: Desk):
    path = house.copy("asks", by="otto")
    house.submit(path, by="otto")
    text = house.open("eddie", path).text
    assert "A clinician has to sign it, who wrote no part of it. It was written by: Otto Example." in text


def test_the_way_of_a_text_through_the_page(house: Desk):
    path = house.copy("way")
    assert "waits for a clinician" in house.step("eddie", path, "submit").text
    assert "is a draft again" in house.step("doctor", path, "send-back", why="Say when to call.").text
    assert "Say when to call." in house.open("eddie", path).text
    house.step("eddie", path, "submit")
    assert "You have signed this text." in house.step("doctor", path, "sign").text
    assert "Signed by Dr Example, GP on duty" in house.open("eddie", path).text
    house.step("ada", path, "schedule", at="2027-01-31T08:00")
    assert house.newest(path).state is State.SCHEDULED
    assert "Goes out on 31 January 2027, 08:00 UTC" in house.open("eddie", path).text
    done = [line.action for line in reversed(read_lines(house.careline.database, object=path, most=50))]
    assert done == [
        "content_saved",
        "content_submitted",
        "content_sent_back",
        "content_submitted",
        "content_signed",
        "content_scheduled",
    ]


def test_an_article_is_withdrawn_from_its_page(house: Desk):
    assert "withdraw" not in offered(house, "eddie", ARTICLE)
    assert "withdraw" in offered(house, "doctor", ARTICLE)
    assert "withdraw" not in offered(house, "doctor", PROTOCOL)
    page = house.step("doctor", ARTICLE, "withdraw")
    assert "The article is withdrawn: patients see it no more." in page.text
    assert house.newest(ARTICLE).state is State.WITHDRAWN
    refused = house.step("doctor", PROTOCOL, "withdraw")
    assert refused.page.status_code == 403
    assert "only articles are withdrawn" in refused.text


def test_what_is_signed_is_what_was_on_the_screen(house: Desk):
    path = house.copy("screen")
    house.submit(path)
    seen = house.newest(path).text_hash
    house.edit(path, "status: ", "status:   ")
    house.submit(path)
    answer = house.step("doctor", path, "sign", read=seen)
    assert answer.page.status_code == 409
    assert "The text is not the one that was on your screen." in answer.text


def test_what_was_typed_stays_when_a_step_is_refused(house: Desk):
    path = house.copy("typed")
    house.submit(path)
    words = "Long words. " * 500
    answer = house.step("doctor", path, "send-back", why=words)
    assert answer.page.status_code == 422
    assert "Write a comment of 1 to 4,000 characters." in answer.text
    assert words.strip() in answer.text
    answer = house.step("doctor", path, "comment", text="")
    assert answer.page.status_code == 422


def test_a_day_that_is_none_is_refused_in_words(house: Desk):
    path = house.copy("days")
    house.submit(path)
    house.sign(path)
    answer = house.step("ada", path, "schedule", at="tomorrow")
    assert answer.page.status_code == 422
    assert "Give day and time" in answer.text


def test_comments_stand_with_their_author_and_are_text_alone(house: Desk):
    path = house.copy("comments")
    house.step("ada", path, "comment", text="<b>bold</b> & more")
    page = house.open("eddie", path)
    assert "<b>bold</b> & more" in page.text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in page.page.text
    assert "Ada Example" in page.text


def test_two_revisions_are_compared_word_by_word(house: Desk):
    path = house.copy("compared")
    house.edit(path, "can be sharp", "can be very sharp")
    page = house.of("doctor")
    page.open(f"{LIST}/compare?path={path}&old=1&new=2")
    assert page.heading == "From revision 1 to 2"
    assert re.search(r"<ins>.{1,99}very", page.page.text)
    page.open(f"{LIST}/compare?path={path}&old=2&new=2")
    assert "The two texts are the same." in page.text


def test_an_article_is_shown_as_patients_read_it_and_a_protocol_as_it_is_kept(house: Desk):
    page = house.open("doctor", ARTICLE).page.text
    assert '<div class="desk-article">' in page
    assert "<ul>" in page
    assert '<div class="desk-article">' not in house.open("doctor", PROTOCOL).page.text


def test_a_newer_text_of_the_program_waits_beside_ours_until_somebody_decides(house: Desk, tmp_path: Path):
    path = "protocols/general.yml"
    house.edit(path, "title: ", "title:  ")
    newer = small_content(tmp_path / "newer")
    alter(newer / path, "title: ", "title:   ")
    house.careline.editorial.folder.import_from(TERMINAL, newer)
    page = house.open("eddie", path)
    assert "A newer text came with an update of the program" in page.text
    assert "Take it into our text" in page.text
    offered_number = house.careline.editorial.editing.item(path).offered[0]
    house.step("eddie", path, "discard")
    assert "Send the program's text to a clinician" in house.open("eddie", path).text
    house.step("eddie", path, "submit", number=offered_number)
    assert house.newest(path).number == offered_number
    assert SIGN in house.open("doctor", path).text


@pytest.mark.parametrize("path", ["articles/none.md", "", "../../etc/passwd"])
def test_an_item_that_is_not_there_is_said_so(house: Desk, path: str):
    assert house.open("eddie", path).page.status_code == 404


@pytest.mark.parametrize("who", PEOPLE)
def test_a_step_that_is_not_open_to_ones_role_is_refused_at_the_door(house: Desk, who: str):
    path = house.copy(f"door_{who}")
    closed = {
        "eddie": ("sign", "schedule", "withdraw"),
        "otto": ("sign", "schedule", "withdraw"),
        "doctor": ("submit", "discard", "schedule"),
        "both": ("schedule",),
        "ada": ("submit", "discard", "sign", "send-back"),
    }[who]
    for step in closed:
        assert house.step(who, path, step).page.status_code == 403
    assert house.newest(path).state is State.DRAFT
