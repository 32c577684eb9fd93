"""Translating content in the console: begun on the page of its English, and found by patients of that language."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from careline.clinical.rulebook import load_rule_book
from careline.clinical.translation import mark_of
from careline.clinical.understanding.lexicon import Lexicon
from careline.editorial.life_cycle import State
from tests.support.console import FORM, ConsoleBrowser
from tests.support.desk import LIST, Desk
from tests.support.editorial import ARTICLE, FLAGS, PROTOCOL
from tests.support.house import Patient

pytestmark = pytest.mark.slow

PAGE = f"{LIST}/translation"
SPANISH = "translations/es/protocols/cough.yml"
OF_COUGH = {"of": PROTOCOL, "language": "es"}
OF_FLAGS = {"of": FLAGS, "language": "es"}
SPANISH_FLAGS = f"translations/es/{FLAGS}"


def fields(browser: ConsoleBrowser) -> dict[str, str]:
    """What stands in the fields of the form, and what is hidden in it."""
    page = browser.page.text
    typed = re.findall(r'<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {html.unescape(name): html.unescape(value) for name, value in (*hidden, *typed)}


def opened(house: Desk, of: dict[str, str], *, who: str = "eddie") -> tuple[ConsoleBrowser, dict[str, str]]:
    """Somebody's browser with the form open, and what stands in it."""
    browser = house.of(who)
    browser.open(PAGE, params=of)
    assert browser.page.status_code == 200, browser.text
    return browser, fields(browser)


def send(browser: ConsoleBrowser, given: dict[str, str], **more: str) -> None:
    sent = {**given, **more}
    sent.pop("form_token", None)
    browser.send(PAGE, **sent)


def give_up(house: Desk, path: str) -> None:
    house.careline.editorial.editing.discard(house.actor("eddie"), path, house.newest(path).number)


def test_the_page_of_a_protocol_leads_to_its_translation_and_each_sentence_stands_there(house: Desk):
    browser = house.open("eddie", PROTOCOL)
    assert "Spanish : not begun." in browser.text
    link = re.search(r'href="([^"]*)">Begin the translation into Spanish', browser.page.text)
    assert link is not None
    browser.open(html.unescape(link[1]))
    assert browser.heading == "Cough in Spanish"
    given = fields(browser)
    assert given["said:q_blood.text"] == ""
    assert given["seen:q_blood.text"] == mark_of("Do you cough up blood?")
    assert 'lang="en">Do you cough up blood?</label>' in browser.page.text


def test_those_who_do_not_write_see_how_it_stands_and_are_not_led_there(house: Desk):
    assert "Begin the translation" not in house.open("doctor", PROTOCOL).text
    assert house.of("doctor").open(PAGE, params=OF_COUGH).status_code == 403


@pytest.mark.parametrize("of", [ARTICLE, "wording/en/advice.ftl", "protocols/none.yml", "sources.yml", "../x", ""])
def test_what_has_no_translation_of_its_own_is_not_begun(house: Desk, of: str):
    assert house.of("eddie").open(PAGE, params={"of": of, "language": "es"}).status_code == 404


@pytest.mark.parametrize("language", ["", "en", "fr", "../es"])
def test_no_language_is_begun_in_which_patients_are_not_answered(house: Desk, language: str):
    assert house.of("eddie").open(PAGE, params={"of": PROTOCOL, "language": language}).status_code == 404


def test_a_part_can_be_saved_and_gone_on_with(house: Desk):
    browser, given = opened(house, OF_FLAGS)
    key = next(name for name in given if name.startswith("said:") and name.endswith(".title"))
    send(browser, given, **{key: "Labios   azules"})
    assert browser.page.status_code == 200, browser.text
    assert "saved as a draft" in browser.text
    assert house.newest(SPANISH_FLAGS).state is State.DRAFT
    assert "Sentence beside sentence" in browser.text
    assert "Labios azules" in browser.text
    assert "1 of" in house.open("eddie", FLAGS).text
    _, again = opened(house, OF_FLAGS)
    assert again[key] == "Labios azules"
    give_up(house, SPANISH_FLAGS)


def test_an_empty_translation_and_one_that_is_too_long_are_refused_and_nothing_typed_is_lost(house: Desk):
    browser, given = opened(house, OF_COUGH)
    send(browser, given)
    assert browser.page.status_code == 422
    assert "Translate one sentence at least." in browser.text
    send(browser, given, **{"said:title": "Tos" * 400, "said:q_blood.text": "¿Tose sangre?"})
    assert browser.page.status_code == 422
    assert "write at most 900 characters" in browser.text
    assert fields(browser)["said:q_blood.text"] == "¿Tose sangre?"
    assert not [line for line in house.careline.editorial.editing.items() if line.path == SPANISH]


def test_what_was_typed_and_not_saved_is_there_again_for_whom_it_belongs_to_alone(house: Desk):
    browser, given = opened(house, OF_COUGH)
    sent = {**given, "said:title": "Tos a med"}
    assert browser.request("POST", f"{PAGE}/keep", data=sent, headers=FORM).status_code == 204
    browser.open(PAGE, params=OF_COUGH)
    assert "You wrote here on" in browser.text
    browser.open(PAGE, params=OF_COUGH | {"unsaved": "yes"})
    assert fields(browser)["said:title"] == "Tos a med"
    assert "You wrote here on" not in opened(house, OF_COUGH, who="otto")[0].text
    assert fields(house.of("eddie"))["said:title"] == "Tos a med"
    browser.open(PAGE, params=OF_COUGH | {"unsaved": "no"})
    assert fields(browser)["said:title"] == ""


def test_two_who_translate_the_same_see_the_others_words_and_overwrite_nothing(house: Desk):
    mine, given = opened(house, OF_FLAGS)
    key = next(name for name in given if name.startswith("said:") and name.endswith(".title"))
    theirs, also = opened(house, OF_FLAGS, who="otto")
    send(theirs, also, **{key: "De ellos"})
    send(mine, given, **{key: "Lo mío"})
    assert mine.page.status_code == 409
    assert "Otto Example saved this translation while you wrote" in mine.text
    assert "De ellos" in house.newest(SPANISH_FLAGS).text
    send(mine, fields(mine), decision="mine")
    assert "Lo mío" in house.newest(SPANISH_FLAGS).text
    assert house.newest(SPANISH_FLAGS).number == house.careline.editorial.editing.item(SPANISH_FLAGS).newest
    give_up(house, SPANISH_FLAGS)


def test_words_of_a_sentence_that_was_changed_stay_old_until_somebody_says_that_they_fit(house: Desk):
    """Also when it was changed while they were being written: the mark is that of the sentence that was seen."""
    browser, given = opened(house, OF_COUGH)
    house.edit(PROTOCOL, "You are tired as well.", "You are very tired too.")
    send(browser, given, **{"said:title": "Tos", "said:cough_tired.reason": "Además está cansado."})
    assert "The English was changed" in browser.text
    browser, given = opened(house, OF_COUGH)
    send(browser, given, **{"said:title": "La tos"})
    assert f'{{of: "{mark_of("You are tired as well.")}", text: "Además está cansado."}}' in house.newest(SPANISH).text
    browser, given = opened(house, OF_COUGH)
    send(browser, given, **{"fits:cough_tired.reason": "yes"})
    assert f'{{of: "{mark_of("You are very tired too.")}", text: "Además está cansado."}}' in house.newest(SPANISH).text
    give_up(house, PROTOCOL)
    give_up(house, SPANISH)


def test_words_that_patients_type_for_an_option_stay_when_its_title_is_translated_anew(house: Desk):
    key = "q_blood.some.title"
    text = (
        "# Ours.\nlanguage: es\nreview: {review_by: 2027-05-21, effective_from: 2026-11-29}\n"
        f'texts:\n  "{key}": {{of: "{mark_of("Yes")}", text: "Si", says: ["sí", "claro"]}}\n'
    )
    base = house.careline.editorial.editing.item(SPANISH).newest
    house.careline.editorial.editing.save(house.actor("eddie"), SPANISH, text, base=base)
    browser, given = opened(house, OF_COUGH)
    send(browser, given, **{f"said:{key}": "Sí"})
    assert house.newest(SPANISH).text == text.replace('text: "Si"', 'text: "Sí"')
    give_up(house, SPANISH)


def test_signed_and_published_a_patient_who_chose_spanish_is_offered_the_complaint_by_its_words(house: Desk):
    browser, given = opened(house, OF_COUGH)
    words = {name: f"Dicho: {name}" for name in given if name.startswith("said:")}
    send(browser, given, **(words | {"said:title": "Tos"}))
    assert "Not translated" not in browser.text
    house.submit(SPANISH)
    assert "Sentence beside sentence" in house.open("doctor", SPANISH).text
    house.sign(SPANISH)
    languages = house.edit("languages.yml", "read: [en]", "read: [en]\nby_buttons: [es]").path
    house.submit(languages)
    house.sign(languages)
    room, careline = house.careline.editorial, house.careline
    release = room.publishing.publish(house.actor("ada"), [SPANISH, languages])
    assert release is not None
    assert 'lang="es" dir="auto">Tos</span>' in house.open("doctor", SPANISH).page.text
    files = room.folder.published()
    folder = careline.settings.data_dir / "published"
    room.folder.export_to(folder)
    assert 'reviewer: "Dr Example' in files[SPANISH]
    book = load_rule_book(folder)
    newest = replace(careline.releases.newest, id="translated", book=book, lexicon=Lexicon.of(book))
    careline.releases.publish(newest)
    patient = Patient(browser.client, locale="es-ES")
    patient.agree()
    offered: list[str] = []
    for _ in range(12):
        question = patient.question
        if question["data"]["question_id"] == "complaint_choice":
            offered = [option["title"] for option in question["options"]]
            break
        options = question.get("options")
        patient.press({"number": 34, "unit": "years"} if not options else options[0]["value"])
    assert "Tos" in offered
    patient.press("cough")
    assert patient.question["text"].startswith("Dicho: said:q_")
