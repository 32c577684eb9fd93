"""A safety question about a red flag that is newer than the consultation: asked again as any other, until answered."""

import dataclasses

import pytest

from careline.clinical.recognition.recogniser import Band, Recognition
from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.recogniser import ScriptedRecogniser

pytestmark = pytest.mark.slow

HINT = "things are tense here since the weekend"
FLAG = "rf_domestic_abuse_danger"


class Wary(ScriptedRecogniser):
    """Doubts one sentence."""

    def recognise(self, text, among, *, anew=False):
        """Return what was scripted."""
        return Recognition(1.0, Band.QUESTION, (FLAG,)) if text == HINT else Recognition(-3.0, Band.NONE)


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
        dataclasses.replace(careline.releases.newest, id=release_id, book=kept, recogniser=Wary())
    )


@pytest.fixture
def asked(careline):
    """A patient whose consultation began before the flag was there, and who is asked about it."""
    whole = careline.releases.newest
    publish(careline, "older", without=(FLAG,))
    with client_for(careline) as client:
        patient = Patient(client)
        patient.agree()
        careline.releases.publish(dataclasses.replace(whole, id="newer", recogniser=Wary()))
        question = patient.write(HINT)["messages"][-1]
        assert [flag["id"] for flag in question["data"]["red_flags"]] == [FLAG]
        yield patient


def test_who_only_calls_is_asked_again_and_a_yes_is_answered_by_a_card(asked):
    again = asked.write("hello?")["messages"][-1]
    assert [flag["id"] for flag in again["data"]["red_flags"]] == [FLAG]
    assert asked.press("yes")["messages"][0]["kind"] == "emergency"


def test_what_is_left_open_is_on_record(careline, asked):
    asked.press("unsure")
    assert careline.conversations.may_be_watched(asked.id)


def test_where_no_release_knows_the_question_any_more_the_talk_goes_on(careline, asked):
    publish(careline, "newest", without=(FLAG,))
    turn = asked.write("hello?")
    assert turn["messages"][-1]["data"]["question_id"] != "safety"
    assert careline.turns.recover(everything=True) == 0
