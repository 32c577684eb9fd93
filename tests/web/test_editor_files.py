"""Content as files in the console: what is given out, what becomes of what somebody brings, and who may."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from careline.consoles.editor.files_pages import MOST_UPLOAD_BYTES, UPLOAD
from careline.editorial.life_cycle import State
from careline.editorial.zip_files import texts_of_zip, zipped
from tests.support.console import FORM, ConsoleBrowser, signed_in_browser
from tests.support.desk import LIST, PEOPLE, Desk
from tests.support.editorial import ARTICLE, FLAGS, NEW, OLD, PROTOCOL, WORDS, alter, small_content
from tests.support.house import Clock, client_for, furnished, scripted
from tests.support.staff import person

pytestmark = pytest.mark.slow

FILES = f"{LIST}/files"
TEXT = f"{LIST}/text"


@pytest.fixture
def eddie(house: Desk) -> Iterator[ConsoleBrowser]:
    """An editor's browser; what was begun in it is given up at the end."""
    browser = house.of("eddie")
    browser.open(FILES)
    yield browser
    for line in house.careline.editorial.editing.items():
        if line.state is State.DRAFT:
            house.careline.editorial.editing.discard(house.actor("eddie"), line.path, line.newest)


def bring(browser: ConsoleBrowser, data: bytes, *, decision: str = "take", name: str = "mine.zip") -> None:
    sent = {"form_token": browser.form_token, "decision": decision}
    browser.request("POST", UPLOAD, data=sent, files={"file": (name, data, "application/zip")}, headers=FORM)


def published(house: Desk) -> dict[str, str]:
    return dict(house.careline.editorial.folder.published())


@pytest.mark.parametrize("who", PEOPLE)
def test_all_who_work_on_content_get_what_is_published_as_the_command_writes_it(house: Desk, tmp_path: Path, who: str):
    answer = house.of(who).request("GET", f"{FILES}/export")
    assert answer.headers["content-type"] == "application/zip"
    assert "attachment" in answer.headers["content-disposition"]
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)
    house.careline.editorial.folder.export_to(tmp_path / "by_command")
    for path in published(house):
        assert (tmp_path / "knowledge" / path).read_bytes() == (tmp_path / "by_command" / path).read_bytes()


def test_what_was_given_out_and_is_brought_back_is_nothing_new(house: Desk, eddie: ConsoleBrowser):
    bring(eddie, house.of("eddie").request("GET", f"{FILES}/export").content)
    eddie.open(FILES)
    bring(eddie, zipped(published(house)))
    assert "Nothing in it is new here." in eddie.text
    assert f"{len(published(house))} files are the same as here." in eddie.text


def test_a_file_that_differs_is_a_draft_and_it_is_looked_at_first(house: Desk, eddie: ConsoleBrowser):
    data = zipped({ARTICLE: published(house)[ARTICLE].replace(OLD, NEW)})
    bring(eddie, data, decision="look")
    assert "What would be taken in" in eddie.text
    assert house.newest(ARTICLE).state is State.PUBLISHED
    bring(eddie, data)
    assert "These are drafts of yours now." in eddie.text
    assert (house.newest(ARTICLE).state, house.newest(ARTICLE).author) == (State.DRAFT, house.actor("eddie").id)


def test_files_that_cannot_be_used_are_named_in_plain_words_and_none_is_taken_in(house: Desk, eddie: ConsoleBrowser):
    texts = published(house)
    bring(
        eddie,
        zipped(
            {
                ARTICLE: texts[ARTICLE].replace(OLD, NEW),
                FLAGS: texts[FLAGS].replace("red_flags:", "red_flag:"),
                WORDS: texts[WORDS] + "\nsomething-new = Nobody says this.\n",
            }
        ),
    )
    assert eddie.page.status_code == 422
    assert "Nothing was taken in" in eddie.text
    assert f"{FLAGS} : There is no key 'red_flag' here." in eddie.text
    assert "nobody says 'something-new'" in eddie.text
    assert house.newest(ARTICLE).state is State.PUBLISHED


def test_what_other_files_do_not_fit_is_taken_in_and_said(house: Desk, eddie: ConsoleBrowser):
    signs = "findings/signs.yml"
    text = published(house)[signs]
    first = text.split("id: ")[1].split(",")[0].split("\n")[0].strip()
    bring(eddie, zipped({signs: text.replace(f"id: {first}", f"id: {first}_other", 1)}))
    assert eddie.page.status_code == 200, eddie.text
    assert "Other files do not fit these." in eddie.text
    assert house.newest(signs).state is State.DRAFT


def test_two_files_that_need_each_other_come_together(house: Desk, eddie: ConsoleBrowser):
    """A finding and the words that mean it: neither is whole without the other."""
    texts = published(house)
    signs, words = "findings/signs.yml", "lexicon/words.yml"
    bring(
        eddie,
        zipped(
            {
                signs: texts[signs].rstrip("\n") + "\n  - {id: itching_here, title: itching}\n",
                words: texts[words].rstrip("\n") + "\n  - {finding: itching_here, phrases: [itches a lot]}\n",
            }
        ),
    )
    assert eddie.page.status_code == 200, eddie.text
    assert "Other files do not fit these." not in eddie.text
    assert {house.newest(path).state for path in (signs, words)} == {State.DRAFT}


@pytest.mark.parametrize("data", [b"", b"no zip", zipped({})])
def test_what_holds_no_content_says_so(eddie: ConsoleBrowser, data: bytes):
    bring(eddie, data)
    assert eddie.page.status_code == 422
    assert "Not done." in eddie.text


def test_without_a_file_it_says_what_to_do(eddie: ConsoleBrowser):
    eddie.send(UPLOAD, decision="take")
    assert eddie.page.status_code == 422
    assert "Choose a zip file." in eddie.text


@pytest.mark.parametrize("who", ["doctor", "ada"])
def test_only_editors_bring_files(house: Desk, who: str):
    browser = house.of(who)
    browser.open(FILES)
    bring(browser, zipped({ARTICLE: published(house)[ARTICLE].replace(OLD, NEW)}))
    assert browser.page.status_code == 403
    assert house.newest(ARTICLE).state is State.PUBLISHED


def test_a_large_file_is_taken_here_alone_and_never_a_larger_one(house: Desk, eddie: ConsoleBrowser):
    bring(eddie, b"x" * 2_000_000)
    assert "This is no zip file" in eddie.text
    eddie.open(FILES)
    bring(eddie, b"x" * (MOST_UPLOAD_BYTES + 1))
    assert eddie.page.status_code == 413
    assert "That is too large" in eddie.text
    eddie.open(f"{TEXT}?path={PROTOCOL}")
    eddie.send(TEXT, path=PROTOCOL, text="x" * 300_000)
    assert eddie.page.status_code == 413
    assert "That is too large" in eddie.text


def test_nobody_who_is_not_signed_in_has_a_large_body_read(house: Desk):
    """The route knows who comes before it reads what they send."""
    read = []

    def body() -> Iterator[bytes]:
        for _ in range(20):
            read.append(1)
            yield b"x" * 100_000

    stranger = ConsoleBrowser(house.of("eddie").client)
    stranger.request("POST", UPLOAD, content=body(), headers=FORM)
    assert stranger.page.status_code == 303
    assert "sign-in" in stranger.page.headers["location"]


def test_an_admin_takes_in_what_came_with_the_program_and_nothing_goes_out(house: Desk, tmp_path: Path):
    newer = small_content(tmp_path / "newer")
    alter(newer / PROTOCOL, "title: ", "title:  ")
    state = house.of("ada").client.app.state  # type: ignore[attr-defined]
    state.editor = dataclasses.replace(state.editor, knowledge=newer)
    admin, before = house.of("ada"), published(house)
    admin.open(FILES)
    admin.send(f"{FILES}/program")
    assert "1 file with a text that is new here, where nobody has edited." in admin.text
    assert published(house) == before
    assert house.careline.editorial.editing.from_program() == [PROTOCOL]
    admin.send(f"{FILES}/program")
    assert "All of it was here already." in admin.text


@pytest.mark.parametrize("who", ["eddie", "doctor"])
def test_nobody_else_takes_in_what_came_with_the_program(house: Desk, who: str):
    browser = house.of(who)
    browser.open(FILES)
    assert "Take them in" not in browser.text
    assert browser.send(f"{FILES}/program").status_code == 403


def test_a_clinic_begins_to_edit_its_content_without_a_terminal(tmp_path: Path):
    careline, clock = furnished(tmp_path, scripted(), clock=Clock()), Clock()
    with client_for(careline) as client:
        state = client.app.state  # type: ignore[attr-defined]
        state.editor = dataclasses.replace(state.editor, knowledge=small_content(tmp_path / "small"))
        admin = signed_in_browser(client, person(careline.staff, clock, "admin", user_name="ada"))
        admin.open(LIST)
        assert "No content is edited here yet." in admin.text
        admin.open(FILES)
        assert "Download all files" not in admin.text
        admin.send(f"{FILES}/program")
        assert "From now on content is edited here." in admin.text
        assert admin.open(f"{LIST}/item?path={ARTICLE}").status_code == 200
    careline.database.close()


def test_what_stands_in_the_zip_file_is_what_the_console_reads(house: Desk):
    assert texts_of_zip(house.of("eddie").request("GET", f"{FILES}/export").content) == published(house)
