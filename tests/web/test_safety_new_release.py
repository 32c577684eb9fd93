"""A safety question about a red flag that is newer than the consultation: asked again as any other, until answered."""

import dataclasses

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import red_flag_floor
from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.recogniser import HARM, HINT_OF_HARM, WaryRecogniser

pytestmark = pytest.mark.slow


@pytest.fixture
def careline(tmp_path):
    house = furnished(tmp_path, scripted(), country="GB")
    yield house
    house.database.close()


def publish(careline, release_id, *, without=()):
    """Put a release in force that does not have some flags."""
    book = careline.releases.newest.book
    flags = {flag: compiled for flag, compiled in book.red_flags.items() if flag not in without}
    kept = dataclasses.replace(book, red_flags=flags)
    careline.releases.publish(
        dataclasses.replace(careline.releases.newest, id=release_id, book=kept, recogniser=WaryRecogniser())
    )


@pytest.fixture
def asked(careline):
    """A patient whose consultation began before the flag was there, and who is asked about it."""
    whole = careline.releases.newest
    publish(careline, "older", without=(HARM,))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.agree()
        careline.releases.publish(dataclasses.replace(whole, id="newer", recogniser=WaryRecogniser()))
        question = patient.write(HINT_OF_HARM)["messages"][-1]
        assert [flag["id"] for flag in question["data"]["red_flags"]] == [HARM]
        yield patient


def test_who_only_calls_is_asked_again_and_a_yes_is_answered_by_a_card(asked):
    again = asked.write("hello?")["messages"][-1]
    assert [flag["id"] for flag in again["data"]["red_flags"]] == [HARM]
    assert asked.press("yes")["messages"][0]["kind"] == "emergency"


def test_what_is_left_open_is_on_record(careline, asked):
    asked.press("unsure")
    assert careline.conversations.may_be_watched(asked.id)


def test_not_sure_about_a_flag_that_the_own_release_lacks_raises_the_advice_as_any_other_does(careline, asked):
    asked.press("unsure")
    turn = asked.answer_all({"complaint": "my throat is sore"})
    least = red_flag_floor(careline.releases.newest.book.red_flags[HARM].flag.acuity)
    assert Acuity(turn["acuity"]) >= least > Acuity.SELF_CARE


def test_where_no_release_knows_the_question_any_more_the_talk_goes_on(careline, asked):
    publish(careline, "newest", without=(HARM,))
    turn = asked.write("hello?")
    assert turn["messages"][-1]["data"]["question_id"] != "safety"
    assert careline.turns.recover(everything=True) == 0
