"""Writing a protocol, red flags or sentences as text: what cannot be used is refused in an editor's words."""

from __future__ import annotations

import pytest

from careline.editorial.life_cycle import State
from tests.support.desk import LIST, Desk
from tests.support.editorial import FLAGS, PROTOCOL, WORDS

pytestmark = pytest.mark.slow

TEXT = f"{LIST}/text"


def send(house: Desk, path: str, old: str, new: str, *, who: str = "eddie", **more: str):
    """Alter a text as one who has just opened it."""
    newest = house.newest(path)
    assert old in newest.text
    browser = house.of(who)
    browser.open(f"{TEXT}?path={path}")
    assert browser.page.status_code == 200, browser.text
    fields = {"path": path, "base": str(newest.number), "text": newest.text.replace(old, new, 1)} | more
    browser.send(TEXT, **fields)
    return browser


BROKEN = {
    "a missing key": ("title: Cough", "", "The key 'title' is missing. Add a line 'title: …'."),
    "a misspelt key": ("title: Cough", "title: Cough\nlevel: high", "There is no key 'level' here."),
    "a key twice": ("title: Cough", "title: Cough\ntitle: Cough", "The key 'title' stands twice."),
    "a tab": ("title: Cough", "title: Cough\n\tlanguage: en", "There is a tab at the beginning of the line."),
    "a colon": ("title: Cough", "title: Cough: dry", "A colon stands where none can be."),
    "a quotation mark": ("title: Cough", 'title: "Cough', "not closed"),
    "a sign": ("title: Cough", "title: @cough", "Put it in quotes."),
    "no word as a key": ("title: Cough", "? [a]\n: b", "A key has to be a word."),
    "an unknown finding": ("finding: cough", "finding: coff", "coff"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_protocol_is_refused_in_an_editors_words_and_its_text_stays(house: Desk, kind: str):
    old, new, said = BROKEN[kind]
    before = house.newest(PROTOCOL)
    browser = send(house, PROTOCOL, old, new)
    assert browser.page.status_code == 422
    assert f"Not saved: {PROTOCOL} cannot be used as it is. All that you wrote is still here." in browser.text
    assert said in browser.text
    for jargon in ("Traceback", "Expected `", "ScannerError", "/tmp/", "msgspec", "$."):
        assert jargon not in browser.text.split("The whole text")[0]
    assert " ".join(before.text.replace(old, new, 1).split())[:300] in browser.text
    assert house.newest(PROTOCOL).number == before.number


def test_the_line_is_named(house: Desk):
    number = house.newest(PROTOCOL).text.splitlines().index("title: Cough") + 1
    assert f"Line {number}. At 'title'" in send(house, PROTOCOL, "title: Cough", "title: 5").text
    assert f"Line {number + 1}." in send(house, PROTOCOL, "title: Cough", "title: Cough\ntitle: Cough").text


def test_a_whole_protocol_is_saved_as_a_draft(house: Desk):
    browser = send(house, PROTOCOL, "title: Cough", "title: A cough")
    assert browser.heading == "A cough"
    assert "saved as a draft" in browser.text
    assert house.newest(PROTOCOL).state is State.DRAFT


def test_checking_alone_saves_nothing(house: Desk):
    before = house.newest(FLAGS).number
    browser = send(house, FLAGS, "title: ", "title:  ", decision="check")
    assert "The text is whole. It is not saved yet." in browser.text
    assert house.newest(FLAGS).number == before


def test_a_text_that_others_do_not_fit_is_saved_and_says_which(house: Desk):
    findings = next(line.path for line in house.careline.editorial.editing.items() if line.path.startswith("findings/"))
    browser = send(house, findings, "id: cough", "id: coughing")
    assert "Your text is saved as a draft." in browser.text
    assert "Other files do not fit this text." in browser.text
    assert PROTOCOL in browser.text
    house.careline.editorial.editing.discard(house.actor("eddie"), findings, house.newest(findings).number)


def test_a_sentence_that_needs_a_value_the_program_does_not_give_is_refused(house: Desk):
    text = house.newest(WORDS).text
    name = next(line.partition(" =")[0] for line in text.splitlines() if " = " in line and not line.startswith("#"))
    browser = send(house, WORDS, f"{name} = ", f"{name} = {{ $nonsense }} ")
    assert browser.page.status_code == 422
    assert "nonsense" in browser.text


def test_two_editors_of_one_text_see_the_difference_and_lose_nothing(house: Desk):
    base = house.newest(FLAGS)
    house.edit(FLAGS, "title: ", "title:   ", by="otto")
    browser = house.of("eddie")
    browser.open(f"{TEXT}?path={FLAGS}")
    mine = base.text.replace("title: ", "title:  ", 1) + "# mine\n"
    browser.send(TEXT, path=FLAGS, base=str(base.number), text=mine)
    assert browser.page.status_code == 409
    assert "Otto Example saved this text while you wrote" in browser.text
    assert "# mine" in browser.text
    stands = house.newest(FLAGS).number
    browser.send(TEXT, path=FLAGS, base=str(base.number), stands=str(stands), text=mine, decision="mine")
    assert browser.page.status_code == 200
    assert house.newest(FLAGS).text == mine


def test_what_comes_with_the_program_is_not_edited(house: Desk):
    browser = house.of("eddie")
    for line in house.careline.editorial.editing.items():
        if not line.kind.is_edited:
            browser.open(f"{TEXT}?path={line.path}")
            assert "is not edited here" in browser.text


def test_a_text_that_is_sent_as_it_was_opened_changes_no_byte(house: Desk):
    for path in (PROTOCOL, FLAGS, WORDS):
        before = house.newest(path)
        send(house, path, before.text, before.text.replace("\n", "\r\n"))
        assert house.newest(path).number == before.number + 1
        assert house.newest(path).text == before.text
