"""Writing an article in a form: fields instead of YAML, errors beside them, and nothing that was typed is lost."""

from __future__ import annotations

import html
import re

import pytest

from careline.editorial.life_cycle import State
from careline.guidance.article import SECTION_HEADINGS
from tests.support.desk import LIST, Desk
from tests.support.editorial import ARTICLE

pytestmark = pytest.mark.slow

FORM = f"{LIST}/article"


def fields_on(page: str) -> dict[str, str]:
    """What a form holds as a browser would send it; boxes that are ticked come as `complaints`."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = html.unescape(value[1]) if value else ""
        elif name and " checked" in tag:
            found[name[1]] = html.unescape(value[1]) if value else "on"
    for name, text in re.findall(r'<textarea [^>]* name="([^"]*)"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select [^>]* name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def form_of(house: Desk, who: str, path: str = "") -> dict[str, str]:
    browser = house.of(who)
    browser.open(f"{FORM}?path={path}" if path else FORM)
    assert browser.page.status_code == 200, browser.text
    return fields_on(browser.page.text)


def send(house: Desk, who: str, fields: dict[str, str], **changed: str):
    browser = house.of(who)
    browser.send(FORM, **(fields | changed))
    return browser


def whole(**changed: str) -> dict[str, str]:
    """The fields of a good new article."""
    fields = {
        "id": "blisters",
        "title": "Blisters",
        "summary": "How to care for a blister at home.",
        "language": "en",
        "pregnancy": "any",
        "acuity_ceiling": "gp_soon",
        "keywords": "blister\nrubbed heel",
        "questions": "\n".join(f"what helps a blister {number}" for number in range(6)),
        "author": "Eddie Example",
        "review_by": "2027-05-01",
        "source_0_title": "General knowledge",
        "source_0_organisation": "The clinic",
        "source_0_read_as": "not read",
        "base": "0",
    }
    fields |= {f"section_{number}": f"- Words about {name.lower()}." for number, name in enumerate(SECTION_HEADINGS)}
    return fields | changed


def test_a_form_that_is_sent_as_it_was_opened_changes_no_byte(house: Desk):
    before = house.newest(ARTICLE)
    send(house, "eddie", form_of(house, "eddie", ARTICLE), decision="save")
    after = house.newest(ARTICLE)
    assert after.number == before.number + 1
    assert after.text == before.text


def test_what_did_not_change_keeps_its_lines(house: Desk):
    path = house.copy("lines")
    before = house.newest(path).text.splitlines()
    fields = form_of(house, "eddie", path)
    send(house, "eddie", fields, title="A sore ear", section_1="- Rest.\r\n- Wait.\r\n", decision="save")
    after = house.newest(path).text.splitlines()
    assert [line for line in after if line not in before] == ["title: A sore ear", "- Rest.", "- Wait."]


def test_a_new_article_becomes_a_draft_of_whoever_wrote_it(house: Desk):
    assert "Start an article" in house.open("eddie", ARTICLE).text
    fields = form_of(house, "eddie")
    browser = send(house, "eddie", fields | whole(), decision="save")
    assert browser.heading == "Blisters"
    draft = house.newest("articles/blisters.md")
    assert draft.state is State.DRAFT
    assert draft.author == house.people["eddie"].account.id
    assert "reviewer: unreviewed" in draft.text


def test_an_article_that_is_there_is_not_overwritten_by_a_new_one(house: Desk):
    form_of(house, "eddie")
    browser = send(house, "eddie", whole(id="ear_pain"), decision="save")
    assert browser.page.status_code == 422
    assert "There is an article with this name already" in browser.text


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("title", "", "Title: It is too short: write at least 3 characters."),
        ("id", "Big Toe!", "Name in addresses: Use small letters, digits and underscores alone"),
        ("review_by", "soon", "Next review: Give a day as year-month-day"),
        ("min_age_years", "two", "Youngest age: write a number of years"),
        ("max_age_years", "inf", "Oldest age: write a number of years"),
        ("questions", "one\ntwo words", "Questions that it answers: There are too few: write at least 6"),
        ("keywords", "x", "It is too short: write at least 2 characters."),
        ("source_0_title", "", "Sources: Number 1, 'title': Words are wanted here."),
        ("source_0_url", "javascript:alert(1)", "An address begins with https:// or http://."),
        ("section_2", "", "The section 'What to avoid' is empty. Write it."),
        ("section_1", "<b>now</b>", "The section 'What you can do' line 1 of the text has raw HTML."),
        ("section_1", "## More", "has a heading of its own"),
        ("section_1", "[here](javascript:alert(1))x\n\n[x](http://a)", "leads nowhere we allow"),
        ("acuity_ceiling", "nonsense", "is none of the words that can stand here"),
    ],
)
def test_an_error_stands_beside_its_field_and_all_that_was_typed_stays(house: Desk, field: str, typed: str, said: str):
    form_of(house, "eddie")
    sent = whole(id="other") | {field: typed}
    browser = send(house, "eddie", sent, decision="save")
    assert browser.page.status_code == 422
    assert said in browser.text
    kept = fields_on(browser.page.text)
    lost = {name: value for name, value in sent.items() if value and kept.get(name, "") != value}
    assert set(lost) <= {"acuity_ceiling"} - {"" if field == "acuity_ceiling" else "acuity_ceiling"}, lost
    group = field if not field.startswith("source_") else "sources"
    beside = re.search(rf'id="{group}-error"', browser.page.text)
    assert beside
    assert f'href="#{group}"' in browser.page.text


def test_two_editors_of_one_article_see_the_difference_and_lose_nothing(house: Desk):
    path = house.copy("conflict")
    eddie, otto = form_of(house, "eddie", path), form_of(house, "otto", path)
    send(house, "otto", otto, summary="Otto says so.", title="Otto's title", decision="save")
    form_of(house, "eddie", path)
    browser = send(house, "eddie", eddie, section_1="- Eddie's advice.", title="Eddie's title", decision="save")
    assert browser.page.status_code == 409
    assert "Otto Example saved this article while you wrote" in browser.text
    assert re.search(r"<del>.*?Otto", browser.page.text)
    assert re.search(r"<ins>.*?Eddie", browser.page.text)
    shown = fields_on(browser.page.text)
    assert (shown["section_1"], shown["title"]) == ("- Eddie's advice.", "Eddie's title")
    assert house.newest(path).author == house.people["otto"].account.id

    browser = send(house, "eddie", shown, decision="merge")
    assert browser.page.status_code == 200
    both = fields_on(browser.page.text)
    assert both["summary"] == "Otto says so."
    assert (both["section_1"], both["title"]) == ("- Eddie's advice.", "Eddie's title")
    assert "Both of you changed this." in browser.text
    assert "Otto's title" in browser.text
    send(house, "eddie", both, decision="save")
    text = house.newest(path).text
    assert "Otto says so." in text
    assert "- Eddie's advice." in text


def test_who_takes_over_replaces_the_text_that_was_shown_and_no_later_one(house: Desk):
    path = house.copy("over")
    eddie = form_of(house, "eddie", path)
    house.edit(path, "title: over", "title: second", by="otto")
    shown = fields_on(send(house, "eddie", eddie, title="Mine", decision="save").page.text)
    house.edit(path, "title: second", "title: third", by="otto")
    browser = send(house, "eddie", shown, decision="mine")
    assert browser.page.status_code == 409
    assert "third" in browser.page.text
    browser = send(house, "eddie", fields_on(browser.page.text), decision="mine")
    assert browser.page.status_code == 200
    assert "title: Mine" in house.newest(path).text
    assert "title: third" in house.careline.editorial.editing.item(path).revisions[-2].text


def test_more_sources_are_room_for_more_and_lose_nothing(house: Desk):
    form_of(house, "eddie")
    browser = send(house, "eddie", whole(section_0="Half a sen"), decision="more")
    kept = fields_on(browser.page.text)
    assert kept["section_0"] == "Half a sen"
    assert "source_3_title" in kept


def test_the_preview_is_what_patients_would_see(house: Desk):
    form_of(house, "eddie")
    browser = send(house, "eddie", whole(section_0="**Bold** and [there](https://example.org)"), decision="preview")
    assert '<strong>Bold</strong> and <a href="https://example.org" rel="noopener noreferrer nofollow">there</a>' in (
        browser.page.text
    )
    browser.send(f"{FORM}/preview", section_0="half **a", title="<i>x</i>")
    assert "half **a" in browser.page.text
    assert "&lt;i&gt;x&lt;/i&gt;" in browser.page.text


def test_only_editors_write(house: Desk):
    for who in ("doctor", "ada"):
        assert house.of(who).open(FORM).status_code == 403


def test_a_name_sent_with_the_form_of_another_article_changes_nothing_but_that_one(house: Desk):
    path = house.copy("forged")
    send(house, "eddie", form_of(house, "eddie", path), id="ear_pain", title="Forged", decision="save")
    assert "id: forged" in house.newest(path).text
    assert "Forged" not in house.newest(ARTICLE).text


def test_what_was_written_and_not_saved_is_there_again(house: Desk):
    path = house.copy("again")
    fields = form_of(house, "eddie", path)
    house.of("eddie").send(f"{FORM}/preview", **(fields | {"section_0": "Half a sen"}))
    house.of("eddie").open(f"{FORM}?path={path}")
    assert "and did not save it" in house.of("eddie").text
    assert fields_on(house.of("eddie").page.text)["section_0"] != "Half a sen"
    house.of("eddie").open(f"{FORM}?path={path}&unsaved=yes")
    assert fields_on(house.of("eddie").page.text)["section_0"] == "Half a sen"
    assert "and did not save it" not in house.of("otto").open(f"{FORM}?path={path}").text
    send(house, "eddie", fields, decision="save")
    assert "and did not save it" not in house.of("eddie").open(f"{FORM}?path={path}").text


def test_the_form_says_how_long_what_is_not_saved_is_kept(house: Desk):
    form_of(house, "eddie")
    assert "is kept for a day" in house.of("eddie").text
    assert "lost when the server starts anew" in house.of("eddie").text


def test_an_article_is_begun_in_a_language_alone_whose_words_are_read_and_another_is_said_to_lack_that(house: Desk):
    browser = house.of("eddie")
    browser.open(FORM)
    languages = re.search(r'<select [^>]*name="language".*?</select>', browser.page.text, re.DOTALL)
    assert languages is not None
    assert re.findall(r'value="([^"]*)"', languages[0]) == ["en"]
    path = house.copy("in_spanish")
    house.edit(path, "language: en", "language: es")
    assert "these checks read 'en' alone" in house.open("eddie", path).text
    assert 'value="es" selected' in browser.open(f"{FORM}?path={path}").text


def test_what_an_article_lacks_before_it_can_be_published_is_said_beside_the_draft(house: Desk):
    form_of(house, "eddie")
    browser = send(house, "eddie", whole(id="short", section_1="- Take 500 mg. Call 999."), decision="save")
    assert "What it lacks before it can be published" in browser.text
    assert re.search(r"It has \d+ words. Write \d+ to \d+.", browser.text)
    assert "It tells the number '999'." in browser.text
    assert "It tells an amount, '500 mg'." in browser.text
