"""Knowledge gaps in the app: from a question to an editor's decision, for editors alone, each view on record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from careline.staff.audit import read_lines
from tests.support.console import ConsoleBrowser, signed_in_browser
from tests.support.desk import asked_careline, editor_of
from tests.support.guidance import article, guidance_of
from tests.support.house import Patient
from tests.support.staff import person

pytestmark = pytest.mark.slow

GAPS = "/console/content/gaps"
MARK = "Quillfeather"
ADULT = {"q_for_whom": "self", "q_age": {"number": 30, "unit": "years"}, "q_sex": "female", "q_country": "none"}


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    with asked_careline(tmp_path, guidance=guidance_of(article("earache")), takes_in=False) as client:
        yield client


@pytest.fixture
def editor(client) -> ConsoleBrowser:
    return editor_of(client)


@pytest.fixture
def asked(client):
    """Two patients have asked about nails; one of them gave a name."""
    for question in (
        "what helps a fungal nail infection?",
        f"my name is {MARK}, how is a fungal nail infection treated?",
    ):
        patient = Patient(client)
        patient.agree()
        patient.write(question)
    return patient


def lines(client, action):
    return [line for line in read_lines(client.careline.database, most=50) if line.action == action]


def test_what_was_asked_comes_redacted_with_its_count_and_the_view_is_on_record(client, editor, asked):
    editor.open(GAPS)
    assert "Asked 2 times" in editor.text
    assert "fungal nail infection" in editor.text
    assert MARK not in editor.page.text
    assert len(lines(client, "gaps_viewed")) == 1
    assert MARK not in str(read_lines(client.careline.database, most=50))


def test_starting_an_article_puts_no_words_into_the_address(editor, asked):
    editor.open(GAPS)
    assert 'href="/console/content/article?gap=1"' in editor.page.text
    editor.open("/console/content/article?gap=1")
    assert "what helps a fungal nail infection?" in editor.page.text
    assert MARK not in editor.page.text
    editor.open("/console/content/article?gap=99")
    assert editor.page.status_code == 200


def test_a_decision_is_kept_with_who_and_when_and_can_be_taken_back(client, editor, asked):
    editor.open(GAPS)
    editor.send(f"{GAPS}/1", decision="not_for_us", seen_up_to="2", note="the foot clinic answers these")
    assert "Nothing waits here" in editor.text
    editor.open(f"{GAPS}?show=settled")
    assert "Not for us" in editor.text
    assert "the foot clinic answers these" in editor.text
    editor.send(f"{GAPS}/1", decision="open_again")
    editor.open(GAPS)
    assert "Asked 2 times" in editor.text
    assert len(lines(client, "gap_decided")) == len(lines(client, "gap_opened_again")) == 1


def test_a_decision_that_lacks_its_reason_is_asked_for_it(editor, asked):
    editor.open(GAPS)
    editor.send(f"{GAPS}/1", decision="not_for_us", seen_up_to="2")
    assert editor.page.status_code == 422
    assert "Say why" in editor.text


@pytest.mark.parametrize("gap", ["99", "x", "1" * 40])
def test_a_gap_that_is_gone_says_so(editor, asked, gap):
    editor.open(GAPS)
    assert editor.send(f"{GAPS}/{gap}", decision="covered", seen_up_to="2").status_code == 404


@pytest.mark.parametrize("role", ["clinician", "admin"])
def test_only_editors_see_them(client, asked, role):
    other = signed_in_browser(client, person(client.careline.staff, client.clock, role, user_name="other"))
    other.open(GAPS)
    assert other.page.status_code == 403
    assert "fungal" not in other.page.text


def test_erased_words_are_gone_from_the_list(client, editor, asked):
    assert client.delete(asked.path, headers=asked.headers).status_code == 204
    editor.open(GAPS)
    assert "Asked once" in editor.text
