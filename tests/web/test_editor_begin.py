"""Beginning protocols, red flags and other texts in the console; nothing typed is lost; trying while one writes."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from careline.editorial.life_cycle import State
from tests.support.console import FORM, ConsoleBrowser
from tests.support.desk import LIST, Desk
from tests.support.editorial import ARTICLE, FLAGS, PROTOCOL, WORDS, alter, small_content

pytestmark = pytest.mark.slow

BEGIN, TEXT, PANE = f"{LIST}/begin", f"{LIST}/text", f"{LIST}/try/pane"
GLOSSARY = "wording/en/glossary.ftl"
BEGUN = {
    "protocol": "protocols/itching.yml",
    "red_flags": "red_flags/itching.yml",
    "findings": "findings/itching.yml",
    "lexicon": "lexicon/itching.yml",
}


def written(browser: ConsoleBrowser) -> str:
    """What stands in the field."""
    found = re.search(r"<textarea[^>]*name=\"text\"[^>]*>\n(.*?)</textarea>", browser.page.text, re.DOTALL)
    assert found is not None, browser.text
    return html.unescape(found[1])


@pytest.mark.parametrize("kind", BEGUN)
def test_what_is_begun_can_be_saved_as_a_draft_once_it_is_written(house: Desk, kind: str):
    browser = house.of("eddie")
    browser.open(f"{BEGIN}?kind={kind}&name=itching")
    text = written(browser)
    assert "itching" in text or kind == "lexicon"
    browser.send(TEXT, path=BEGUN[kind], base="0", text=text.replace("review_by: ", "review_by:  "))
    assert browser.page.status_code == 200, browser.text
    assert house.newest(BEGUN[kind]).state is State.DRAFT
    assert house.careline.editorial.editing.item(BEGUN[kind]).served is None
    house.careline.editorial.editing.discard(house.actor("eddie"), BEGUN[kind], 1)


def test_the_page_says_why_no_sentences_are_begun_and_leads_to_those_that_there_are(house: Desk):
    browser = house.of("eddie")
    browser.open(BEGIN)
    assert 'value="wording"' not in browser.page.text
    assert "the program knows each sentence by its name" in browser.text
    assert 'href="/console/content?kind=wording"' in browser.page.text
    assert WORDS in browser.open(f"{LIST}?kind=wording").text


@pytest.mark.parametrize(
    ("added", "status", "said"),
    [
        ("glossary-spleen = It cleans the blood.\n    .words = spleen\n", 200, "draft"),
        ("spleen = It cleans the blood.\n", 422, "nobody says 'spleen'"),
    ],
    ids=["explains", "is never said"],
)
def test_words_that_are_explained_are_added_and_a_sentence_that_nobody_says_is_refused(
    house: Desk, added: str, status: int, said: str
):
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={GLOSSARY}")
    before = house.newest(GLOSSARY)
    browser.send(TEXT, path=GLOSSARY, base=str(before.number), text=before.text + added)
    assert browser.page.status_code == status
    assert said in browser.text.lower()
    assert (house.newest(GLOSSARY).number > before.number) == (status == 200)


@pytest.mark.parametrize("name", ["Ear pain", "../x", "1st", "a/b", "ear-pain"])
def test_a_name_that_no_file_can_have_is_refused_in_words(house: Desk, name: str):
    browser = house.of("eddie")
    browser.open(BEGIN, params={"kind": "protocol", "name": name})
    assert browser.page.status_code == 422
    assert "Use small letters, digits and underscores" in browser.text


def test_a_name_that_is_taken_leads_to_what_is_there(house: Desk):
    browser = house.of("eddie")
    browser.open(f"{BEGIN}?kind=protocol&name=cough")
    assert browser.page.status_code == 422
    assert f"Open {PROTOCOL}" in browser.text


def test_two_who_begin_the_same_see_the_others_text_and_overwrite_nothing(house: Desk):
    path = "findings/twice.yml"
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={path}&new=yes")
    mine = "findings:\n  - {id: mine_only, title: mine}\n"
    theirs = mine.replace("mine", "theirs")
    house.careline.editorial.editing.save(house.actor("otto"), path, theirs, base=None)
    browser.send(TEXT, path=path, base="0", text=mine)
    assert browser.page.status_code == 409
    assert "Otto Example saved this text while you wrote" in browser.text
    assert house.newest(path).text == theirs
    house.careline.editorial.editing.discard(house.actor("eddie"), path, 1)


@pytest.mark.parametrize("path", ["articles/none.md", "retrieval/none.yml", "none.yml", "wording/en/none.ftl"])
def test_no_other_text_is_begun_by_its_path(house: Desk, path: str):
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={path}&new=yes")
    assert browser.page.status_code == 404
    browser.open(f"{TEXT}?path={PROTOCOL}")
    browser.send(TEXT, path=path, base="0", text="a: 1\n")
    assert browser.page.status_code == 404


def test_what_was_typed_and_not_saved_is_there_again_for_whom_it_belongs_to_alone(house: Desk):
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={FLAGS}")
    base = str(house.newest(FLAGS).number)
    sent = {"form_token": browser.form_token, "path": FLAGS, "base": base, "text": "half a th"}
    assert browser.request("POST", f"{TEXT}/keep", data=sent, headers=FORM).status_code == 204
    browser.open(f"{TEXT}?path={FLAGS}")
    assert "You wrote here on" in browser.text
    browser.open(f"{TEXT}?path={FLAGS}&unsaved=yes")
    assert written(browser) == "half a th"
    assert "You wrote here on" not in house.of("otto").open(f"{TEXT}?path={FLAGS}").text
    browser.open(f"{TEXT}?path={FLAGS}&unsaved=no")
    assert "half a th" not in browser.open(f"{TEXT}?path={FLAGS}").text


def test_a_protocol_is_tried_by_the_words_in_the_field_though_they_are_not_saved(house: Desk):
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={PROTOCOL}")
    before = house.newest(PROTOCOL)
    text = before.text.replace("title: Cough", "title: A cough that is being written")
    sent = {"path": PROTOCOL, "base": str(before.number), "text": text}
    browser.send(PANE, **sent, step="start")
    assert "A cough that is being written" in browser.text
    assert "Level now:" in browser.text
    assert house.newest(PROTOCOL).number == before.number


def test_a_protocol_that_cannot_be_read_says_so_in_the_pane(house: Desk):
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={PROTOCOL}")
    browser.send(PANE, path=PROTOCOL, text="nonsense: 1\n", step="start")
    assert browser.page.status_code == 200
    assert "This draft cannot be tried yet" in browser.text


def offered(house: Desk, path: str, folder: Path, old: str, new: str) -> int:
    """Have a newer program come with another text; return its number."""
    newer = small_content(folder / "newer")
    alter(newer / path, old, new)
    house.careline.editorial.folder.import_from(house.actor("ada"), newer)
    return house.careline.editorial.editing.item(path).offered[-1]


def test_the_programs_newer_text_is_taken_into_ours_and_waits_no_more(house: Desk, tmp_path: Path):
    house.edit(FLAGS, 'title: "Blue lips"', 'title: "Our blue lips"')
    number = offered(house, FLAGS, tmp_path, "rf_despair", "rf_despairing")
    browser = house.open("eddie", FLAGS)
    assert f"path={FLAGS}&amp;takes={number}" in browser.page.text
    browser.open(f"{TEXT}?path={FLAGS}&takes={number}")
    assert "The program's newer text" in browser.text
    newest = house.newest(FLAGS)
    both = newest.text.replace("rf_despair", "rf_despairing")
    browser.send(TEXT, path=FLAGS, base=str(newest.number), takes=str(number), text=both)
    assert browser.page.status_code == 200, browser.text
    item = house.careline.editorial.editing.item(FLAGS)
    assert item.offered == ()
    assert "Our blue lips" in house.newest(FLAGS).text
    assert "rf_despairing" in house.newest(FLAGS).text


def test_the_form_of_an_article_begins_with_what_the_program_changed_and_keeps_ours(house: Desk, tmp_path: Path):
    house.edit(ARTICLE, "title: Earache", "title: Our earache")
    summary = re.search(r"^summary: .*$", house.newest(ARTICLE).text, re.MULTILINE)
    assert summary is not None
    number = offered(house, ARTICLE, tmp_path, summary[0], "summary: The program says it anew.")
    browser = house.of("eddie")
    browser.open(f"{LIST}/article?path={ARTICLE}&takes={number}")
    assert "What the newer program changed is taken into this form" in browser.text
    assert "The program says it anew." in browser.page.text
    assert 'value="Our earache"' in browser.page.text
    assert f'name="takes" value="{number}"' in browser.page.text


def test_a_newer_programs_texts_are_shown_to_everybody_and_chosen_by_an_admin(house: Desk, tmp_path: Path):
    offered(house, "protocols/general.yml", tmp_path, "title: ", "title:  ")
    assert "A newer program came with 1 text that patients do not see yet" in house.of("doctor").open(LIST).text
    page = house.of("ada").open("/console/releases/prepare").text
    assert "From the newer program, where nobody here has edited: 1 text" in page
    assert 'value="protocols/general.yml" checked>' in page
    assert (
        'value="protocols/general.yml" checked disabled>' in house.of("doctor").open("/console/releases/prepare").text
    )
