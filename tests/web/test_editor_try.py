"""Trying a protocol by buttons: the level, the rules and the questions, of what is served and of a draft."""

from __future__ import annotations

import html
import json
import re

import pytest

from careline.consultation.tables import ConversationRow
from careline.escalation.tables import EscalationRow
from tests.support.console import ConsoleBrowser
from tests.support.desk import Desk
from tests.support.editorial import PROTOCOL
from tests.support.house import reassuring

pytestmark = pytest.mark.slow

TRY = "/console/content/try"


@pytest.fixture
def editor(house: Desk) -> ConsoleBrowser:
    browser = house.of("eddie")
    browser.open(TRY)
    return browser


def hidden(browser: ConsoleBrowser, name: str) -> str:
    found = re.findall(rf'name="{name}" value="([^"]*)"', browser.page.text)
    return html.unescape(found[-1]) if found else ""


def carried(browser: ConsoleBrowser) -> dict[str, str]:
    return {name: hidden(browser, name) for name in ("protocol", "text", "answers", "question")}


def answer(browser: ConsoleBrowser) -> None:
    """Give the mildest answer to what is asked."""
    question = hidden(browser, "question")
    value = reassuring(question)
    browser.send(TRY, **carried(browser), press=value)


def test_an_interview_runs_by_buttons_to_its_end_and_nothing_is_stored(house: Desk, editor: ConsoleBrowser):
    editor.send(TRY, protocol="sore_throat", text="live", step="start")
    for _ in range(40):
        if "The interview ends here" in editor.text:
            break
        answer(editor)
        assert editor.page.status_code == 200
    assert "The interview ends here" in editor.text
    assert "sore_throat.baseline" in editor.text
    with house.careline.database.read() as session:
        assert session.query(ConversationRow).count() == session.query(EscalationRow).count() == 0


def test_a_dangerous_answer_raises_the_level_and_taking_it_back_lowers_it(editor: ConsoleBrowser):
    editor.send(TRY, protocol="sore_throat", text="live", step="start")
    while hidden(editor, "question") != "q_throat_danger":
        answer(editor)
    ticked = re.findall(r'name="ticked" value="([^"]*)"', editor.page.text)
    editor.send(TRY, **carried(editor), ticked=ticked[0])
    assert "Level now: Emergency" in editor.text
    assert "throat_closing" in editor.text
    assert ticked[0] in json.dumps(json.loads(hidden(editor, "answers"))[-1])
    editor.send(TRY, **carried(editor) | {"question": ""}, step="back")
    assert hidden(editor, "question") == "q_throat_danger"


def test_an_answer_that_does_not_fit_is_said_and_not_taken(editor: ConsoleBrowser):
    editor.send(TRY, protocol="sore_throat", text="live", step="start")
    before = hidden(editor, "answers")
    editor.send(TRY, **carried(editor), press="nonsense")
    assert "does not fit the question" in editor.text
    assert hidden(editor, "answers") == before


@pytest.mark.parametrize("answers", ["not json", "[[1]]", "{}", "[" * 5000, '[["q_for_whom", {"a": []}]]', "7"])
def test_a_form_that_was_tampered_with_begins_anew(editor: ConsoleBrowser, answers: str):
    editor.send(TRY, protocol="sore_throat", text="live", step="start", answers=answers)
    assert editor.page.status_code == 200
    assert hidden(editor, "answers") == "[]"


def test_a_protocol_that_does_not_exist_is_said(editor: ConsoleBrowser):
    assert editor.send(TRY, protocol="../keys", text="live", step="start").status_code == 404
    assert editor.send(TRY, protocol="../keys", text="draft", step="start").status_code == 404


def test_a_draft_is_tried_before_patients_see_it_and_a_broken_one_says_what_to_mend(
    house: Desk, editor: ConsoleBrowser
):
    house.edit(PROTOCOL, "title: ", "title: New ")
    editor.send(TRY, protocol="cough", text="draft", step="start")
    assert editor.page.status_code == 200
    assert "New " in editor.text
    house.edit(PROTOCOL, "questions:", "quests:")
    editor.send(TRY, protocol="cough", text="draft", step="start")
    assert editor.page.status_code == 422
    assert "This draft cannot be tried yet" in editor.text
    assert PROTOCOL in editor.text
