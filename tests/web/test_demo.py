"""`make demo`: a newcomer signs in within a minute and finds something of everything."""

import asyncio

import pytest

from careline.app.migrations import migrate
from careline.app.services import build, open_database
from careline.escalation.escalation import State
from careline.escalation.queue import Search, View
from careline.staff.sessions import Step
from tests.support.house import settings_for
from tests.support.staff import HOME
from tools.demo_cases import CASES
from tools.fill_demo import InProcess, fill

pytestmark = pytest.mark.slow  # takes long


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    settings = settings_for(tmp_path_factory.mktemp("demo"))
    database, _ = open_database(settings)
    migrate(database)
    database.close()
    people = asyncio.run(fill(settings))
    careline = build(settings, InProcess())
    yield settings, careline, people
    careline.database.close()


def test_it_has_cases_of_every_kind(demo):
    _, careline, people = demo
    found = careline.queue.search(Search())
    assert len(found) == len(CASES)
    assert {one.state for one in found} == {State.OPEN, State.ACKNOWLEDGED, State.ANSWERED, State.CLOSED}
    assert len({one.acuity for one in found}) >= 3
    assert any(one.linked for one in found)
    assert {one.closing.verdict for one in found if one.closing} > {None}
    assert careline.queue.rows(View.ALL, staff_id="")[0].acuity.value == "emergency_now"
    assert careline.queue.counts(staff_id=people[0].clinician.id)[View.MINE] == 1


def test_what_is_printed_signs_in(demo):
    _, careline, people = demo
    for one in people:
        passed = careline.staff.sign_in.with_password(one.user_name, one.password, HOME)
        passed = careline.staff.sign_in.with_code(passed.token, one.codes[0], HOME)
        assert careline.staff.sessions.find(passed.token).step is Step.DONE
    assert people[0].password != people[1].password


def test_it_is_filled_once(demo):
    settings, careline, _ = demo
    assert asyncio.run(fill(settings)) is None
    assert len(careline.queue.search(Search())) == len(CASES)
