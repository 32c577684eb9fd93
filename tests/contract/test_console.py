"""The main paths of the console and of the escalations API, on SQLite and on a real PostgreSQL."""

import re

import pytest

from careline.escalation.escalation import Acuity, Reason
from careline.staff.audit import read_lines
from careline.staff.audit_check import Verdict, check_trail
from tests.support.console import FORM, signed_in_browser
from tests.support.staff import person

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"
CLOSING = {"outcome": "advised", "disposition": "same_day", "safety_net": "Call 999 if you faint.", "verdict": "right"}


@pytest.fixture
def doctor(careline, client, clock):
    return signed_in_browser(client, person(careline.staff, clock))


@pytest.fixture
def colleague(careline, client, clock):
    return signed_in_browser(client, person(careline.staff, clock, user_name="lin", name="Nurse Sample"))


@pytest.fixture
def hurt(patient):
    """A patient who wrote of a heart attack, and so has an open case."""
    patient.agree()
    patient.write(ARM)
    patient.case = patient.turn["escalation"]["id"]
    return patient


def said(patient, sender):
    return [message["text"] for message in patient.read("messages")["messages"] if message["from"] == sender]


def test_the_queue_is_in_order_and_ones_own_cases_are_apart(careline, doctor, hurt):
    for acuity in (None, Acuity.ROUTINE, Acuity.ED_NOW):
        careline.desk.open(Reason.EXTERNAL, acuity, conversation_id=None, note=None)
    doctor.open("/console/queue")
    levels = re.findall(r'<strong class="case__level">(.*?)</strong>', doctor.page.text)
    assert levels == ["Emergency now", "Hospital now", "No level yet", "Routine"]
    doctor.send(f"/console/cases/{hurt.case}/claim")
    doctor.open("/console/queue?view=mine")
    assert hurt.case in doctor.page.text


def test_from_claim_to_close_and_open_again_with_everything_on_record(careline, doctor, colleague, hurt):
    doctor.open(f"/console/cases/{hurt.case}")
    doctor.send(f"/console/cases/{hurt.case}/claim")
    colleague.open(f"/console/cases/{hurt.case}")
    assert colleague.send(f"/console/cases/{hurt.case}/claim").status_code == 409
    for _ in range(2):  # sent twice, said once
        doctor.send(f"/console/cases/{hurt.case}/write", kind="reply", text="Is somebody with you?", key="k1")
    assert said(hurt, "clinician") == ["Is somebody with you?"]
    doctor.send(f"/console/cases/{hurt.case}/write", text="sounds frightened")
    hurt.write("yes, my son is here, I have asthma")
    doctor.open(f"/console/cases/{hurt.case}")
    assert "yes, my son is here" in doctor.text
    assert "asthma" in doctor.page.text[doctor.page.text.index('id="note"') :].split("</div>")[0]
    lin = next(one for one in careline.staff.accounts.all() if one.user_name == "lin")
    doctor.send(f"/console/cases/{hurt.case}/transfer", to=lin.id, note="please take this")
    colleague.open(f"/console/cases/{hurt.case}")
    colleague.send(f"/console/cases/{hurt.case}/close", **CLOSING)
    assert careline.desk.read(hurt.case).closing.verdict.value == "right"
    colleague.send(f"/console/cases/{hurt.case}/reopen")
    assert careline.desk.read(hurt.case).state.value == "open"
    actions = [line.action for line in reversed(read_lines(careline.database, object=hurt.case, most=100))]
    assert [action for action in actions if action != "case_viewed"] == [
        "case_claimed",
        "case_answered",
        "case_noted",
        "case_transferred",
        "case_closed",
        "case_reopened",
    ]
    assert "case_viewed" in actions
    assert check_trail(careline.database, careline.staff.anchor).verdict is Verdict.WHOLE


def test_a_claim_that_runs_out_goes_back_and_the_patient_hears_it(careline, doctor, hurt, clock):
    doctor.open(f"/console/cases/{hurt.case}")
    doctor.send(f"/console/cases/{hurt.case}/claim")
    token = {"X-Form-Token": doctor.form_token}
    for _ in range(20):  # on the telephone
        clock.pass_by(minutes=1)
        answer = doctor.request("POST", f"/console/cases/{hurt.case}/here", headers=FORM | token)
        assert answer.status_code == 204
        careline.handling.give_back_expired()
        careline.staff.forget_what_is_over()
    assert careline.desk.read(hurt.case).owner is not None
    clock.pass_by(minutes=16)
    careline.handling.give_back_expired()
    assert careline.desk.read(hurt.case).owner is None
    assert "Dr Example" in said(hurt, "assistant")[-2] + said(hurt, "assistant")[-1]
    assert doctor.request("GET", "/console/account").status_code == 303


def test_past_cases_are_found_and_the_figures_and_hours_are_shown(careline, doctor, hurt):
    doctor.open(f"/console/cases/{hurt.case}")
    doctor.send(f"/console/cases/{hurt.case}/claim")
    doctor.send(f"/console/cases/{hurt.case}/close", **CLOSING)
    doctor.open("/console/search")
    doctor.send("/console/search", words="left arm", verdict="right")
    assert hurt.case in doctor.page.text
    assert doctor.open("/console/figures?days=7").status_code == 200
    assert doctor.open("/console/duty").status_code == 200


def test_a_session_and_a_system_use_the_api_side_by_side(careline, client, doctor, service, hurt):
    token = FORM | {"X-Form-Token": doctor.form_token}
    path = f"/api/v1/escalations/{hurt.case}"
    assert doctor.request("POST", f"{path}/claim", json={}, headers=token).json()["owner"]["name"] == "Dr Example"
    client.cookies.clear()
    assert client.post(f"{path}/claim", headers=service).status_code == 409
    shown = client.get(path, headers=service).json()
    assert shown["state"] == "claimed"
    assert client.get(f"{path}/fhir", headers=service).status_code == 200
    actors = {line.actor for line in read_lines(careline.database, object=hurt.case, most=100)}
    assert actors == {"service", careline.staff.accounts.all()[0].id}
