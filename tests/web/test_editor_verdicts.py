"""Clinicians' verdicts as a queue for editors: the rules that held, what was done about it, and for whom it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from careline.consoles.editor.rule_places import rule_places
from careline.escalation.escalation import Clinician, Closing, Reason, Verdict
from careline.escalation.tables import EscalationRow
from careline.staff.audit import read_lines
from tests.support.console import ConsoleBrowser, signed_in_browser
from tests.support.desk import asked_careline, editor_of
from tests.support.house import Patient
from tests.support.staff import person

pytestmark = pytest.mark.slow

VERDICTS = "/console/content/verdicts"
MARK = "Quillfeather"
DOCTOR = Clinician("sta_doctor", "Dr Example", "GP")


@pytest.fixture
def client(tmp_path) -> Iterator[TestClient]:
    with asked_careline(tmp_path) as client:
        yield client


@pytest.fixture
def editor(client) -> ConsoleBrowser:
    return editor_of(client)


@pytest.fixture
def case(client) -> str:
    """A red flag that a clinician closed as too high, with a name in the reason."""
    return closed(client, Verdict.TOO_HIGH, f"Mr {MARK} only pulled a muscle on 3 March")


def closed(client, verdict: Verdict, why: str, *, words: str = "crushing chest pain going into my left arm") -> str:
    patient = Patient(client)
    patient.agree()
    patient.write(words)
    client.careline.desk.open(Reason.PATIENT_REQUEST, None, conversation_id=patient.id, note=None)
    with client.careline.database.read() as session:
        escalation = session.scalars(select(EscalationRow.id).order_by(EscalationRow.number.desc())).first()
    handling = client.careline.handling
    handling.claim(escalation, DOCTOR)
    handling.close(escalation, DOCTOR, Closing("advised", "routine", "Come back if worse.", verdict, why))
    return escalation


def test_a_doubted_triage_comes_with_its_rules_and_the_reason_redacted(client, editor, case):
    editor.open(VERDICTS)
    assert "Too high" in editor.text
    assert "rf_heart_attack" in editor.text
    assert "Emergency now" in editor.text
    assert "Routine" in editor.text
    assert "pulled a muscle" in editor.text
    assert MARK not in editor.page.text
    assert "3 March" not in editor.text
    assert [line.action for line in read_lines(client.careline.database, most=1)] == ["verdicts_viewed"]


def test_a_level_that_open_questions_gave_names_them_and_what_they_stand_in(client, editor):
    """Else an editor looks for the fault in rules that asked for less than the patient was told."""
    closed(client, Verdict.TOO_HIGH, "", words="my 3 year old has a temperature of 38.5")
    editor.open(VERDICTS)
    assert "raises the level while it is open" in editor.text
    case = editor.page.text.partition('id="case-')[2]
    assert "Open question" in case


def test_a_triage_that_was_right_is_no_work_for_editors(client, editor):
    closed(client, Verdict.RIGHT, "")
    editor.open(VERDICTS)
    assert "No verdict waits" in editor.text


def test_no_change_needs_a_reason_and_is_kept_with_who_and_when(client, editor, case):
    editor.open(VERDICTS)
    editor.send(f"{VERDICTS}/{case}", state="no_change")
    assert editor.page.status_code == 422
    assert "Say why" in editor.text
    editor.send(f"{VERDICTS}/{case}", state="no_change", note="the flag is meant to be careful")
    assert "No verdict waits" in editor.text
    editor.open(f"{VERDICTS}?show=done")
    assert "the flag is meant to be careful" in editor.text
    assert "Dr Example, 21 November 2026" in editor.text
    lines = [line for line in read_lines(client.careline.database, most=20) if line.action == "verdict_reviewed"]
    assert [(line.object, line.detail["state"]) for line in lines] == [(case, "no_change")]


def test_a_change_links_the_revision_and_only_one_that_exists(client, editor, case):
    editor.open(VERDICTS)
    for path, revision in (("", ""), ("red_flags/all.yml", "99"), ("nothing.yml", "1"), ("../keys", "x")):
        editor.send(f"{VERDICTS}/{case}", state="change_made", path=path, revision=revision)
        assert editor.page.status_code == 422
    editor.send(f"{VERDICTS}/{case}", state="change_made", path="red_flags/all.yml", revision="1")
    editor.open(f"{VERDICTS}?show=done")
    assert "red_flags/all.yml, revision 1" in editor.text
    assert 'href="/console/content/item?path=red_flags/all.yml"' in editor.page.text


def test_looked_at_stays_in_the_queue_and_a_case_closed_anew_is_open_again(client, editor, case):
    editor.open(VERDICTS)
    editor.send(f"{VERDICTS}/{case}", state="looked_at")
    assert "Looked at" in editor.text
    client.clock.pass_by(minutes=5)
    handling = client.careline.handling
    handling.reopen(case, DOCTOR)
    editor.open(VERDICTS)
    assert "No verdict waits" in editor.text
    handling.claim(case, DOCTOR)
    handling.close(case, DOCTOR, Closing("advised", "routine", "Come back.", Verdict.TOO_HIGH, "still"))
    editor.open(VERDICTS)
    assert "To look at" in editor.text


def test_erased_words_leave_the_verdict_and_the_flags_ids(client):
    closed(client, Verdict.TOO_LOW, "worse than said")
    client.clock.pass_by(days=400)
    client.careline.conversations.erase_expired()
    editor = signed_in_browser(client, person(client.careline.staff, client.clock, "editor", user_name="later"))
    editor.open(VERDICTS)
    assert "Too low" in editor.text
    assert "rf_heart_attack" in editor.text
    assert "erased" in editor.text


def test_a_rule_leads_to_the_item_it_stands_in(client):
    place = rule_places(client.careline.editorial.editing, ["rf_blood", "cough.baseline", "rf_nowhere"])
    assert (place("rf_blood"), place("cough.baseline")) == ("red_flags/all.yml", "protocols/cough.yml")
    assert (place("rf_nowhere"), place("nothing.baseline")) == (None, None)


def test_a_verdict_that_is_gone_says_so(editor):
    editor.open(VERDICTS)
    assert editor.send(f"{VERDICTS}/esc_none", state="looked_at").status_code == 404


@pytest.mark.parametrize("role", ["clinician", "admin"])
def test_only_editors_see_it(client, case, role):
    other = signed_in_browser(client, person(client.careline.staff, client.clock, role, user_name="other"))
    other.open(VERDICTS)
    assert other.page.status_code == 403
