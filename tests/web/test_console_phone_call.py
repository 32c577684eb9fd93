"""A clinician on the telephone does not touch the console: the claim and the session last while the case is open."""

import pytest

from careline.escalation.escalation import Acuity, Reason
from tests.support.console import FORM, signed_in_browser
from tests.support.staff import person

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture
def console(careline, client, clock):
    return signed_in_browser(client, person(careline.staff, clock))


@pytest.fixture
def case(careline, console):
    """A case that the clinician has claimed, its page open."""
    case_id = careline.desk.open(Reason.EXTERNAL, Acuity.ROUTINE, conversation_id=None, note=None).escalation.id
    console.open(f"/console/cases/{case_id}")
    console.send(f"/console/cases/{case_id}/claim")
    console.token = console.form_token
    return case_id


@pytest.fixture
def open_for(careline, console, clock):
    """Let minutes go by; in each the page says that it is open, and the app sweeps. Returns the last status."""

    def wait(case_id, minutes):
        status = None
        for _ in range(minutes):
            clock.pass_by(minutes=1)
            headers = FORM | {"X-Form-Token": console.token}
            status = console.request("POST", f"/console/cases/{case_id}/here", headers=headers).status_code
            careline.handling.give_back_expired()
            careline.staff.forget_what_is_over()
        return status

    return wait


def owner(careline, case_id):
    found = careline.desk.read(case_id).owner
    return found.name if found is not None else None


def is_signed_in(console):
    return console.request("GET", "/console/account").status_code == 200


def test_a_long_call_costs_neither_the_claim_nor_the_session(careline, console, case, open_for):
    assert open_for(case, 50) == 204
    assert owner(careline, case) == "Dr Example"
    assert is_signed_in(console)


def test_it_is_an_hour_and_no_longer(careline, console, case, open_for):
    open_for(case, 61)
    assert not is_signed_in(console)
    open_for(case, 16)
    assert owner(careline, case) is None  # back in the queue: the patient does not wait for somebody who has gone


def test_whoever_does_something_meanwhile_begins_the_hour_anew(careline, console, case, open_for):
    open_for(case, 50)
    assert is_signed_in(console)
    open_for(case, 50)
    assert is_signed_in(console)


def test_a_page_that_is_closed_counts_no_more(console, case, open_for, clock):
    open_for(case, 20)
    clock.pass_by(minutes=5)
    assert not is_signed_in(console)


def test_a_page_of_a_case_that_is_not_theirs_keeps_nobody_signed_in(careline, console, case, open_for):
    other = careline.desk.open(Reason.EXTERNAL, Acuity.ROUTINE, conversation_id=None, note=None).escalation.id
    open_for(other, 15)
    assert not is_signed_in(console)


def test_after_twelve_hours_it_ends_all_the_same(console, case, open_for):
    for _ in range(14):
        open_for(case, 50)
        assert is_signed_in(console)
    open_for(case, 20)
    assert not is_signed_in(console)


def test_the_session_is_in_ones_own_list_meanwhile(careline, console, case, open_for):
    open_for(case, 30)
    (one,) = careline.staff.accounts.all()
    assert len(careline.staff.sessions.of(one.id)) == 1
