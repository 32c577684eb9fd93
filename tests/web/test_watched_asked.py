"""To be asked whether somebody hurts them says nothing of a patient; until they answer, everybody is careful."""

import dataclasses

import pytest

from careline.consoles.clinician.rows import row_of
from careline.consultation.notices import ConversationNotices
from careline.escalation.delivery.notice import Notice
from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.recogniser import HARM, HINT_OF_HARM, WaryRecogniser

pytestmark = pytest.mark.slow  # takes long

ARM = "I have chest pain going into my left arm"


@pytest.fixture
def careline(tmp_path):
    house = furnished(tmp_path, scripted(), country="GB")
    house.releases.publish(dataclasses.replace(house.releases.newest, recogniser=WaryRecogniser()))
    yield house
    house.database.close()


@pytest.fixture
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture
def asked(client):
    """A patient who has asked for a person, and then is asked whether somebody hurts them."""
    patient = Patient(client)
    patient.agree()
    patient.write("can I speak to a person")
    patient.press("skip")
    question = patient.write(HINT_OF_HARM)["messages"][-1]
    assert [flag["id"] for flag in question["data"]["red_flags"]] == [HARM]
    return patient


def escalation_of(client, careline, patient):
    service = {"Authorization": f"Bearer {careline.service_key}"}
    answer = client.get(f"/api/v1/escalations/{patient.turn['escalation']['id']}", headers=service)
    return answer.json()


def note_of(client, careline, patient, part):
    return " ".join(escalation_of(client, careline, patient)["sbar"][part])


def hears_that_nobody_answered(careline, patient):
    """Whether it is written into the chat at once."""
    notices = ConversationNotices(careline.house, careline.releases, lambda _: None)
    with careline.database.write() as session:
        return notices.write(
            session,
            patient.id,
            Notice.NOBODY_ANSWERED,
            escalation_id=patient.turn["escalation"]["id"],
            now=careline.house.now(),
        )


def is_marked(client, careline, patient):
    return escalation_of(client, careline, patient)["patient"]["may_be_watched"]


def test_while_it_waits_for_an_answer_there_is_a_way_out_and_nothing_goes_to_them_unasked(careline, client, asked):
    assert asked.turn["quick_exit"] is True
    assert careline.conversations.may_reach_unasked(asked.id) is False
    assert not hears_that_nobody_answered(careline, asked)
    assert "has answered yet" in asked.press("no")["messages"][0]["text"]


def test_while_it_waits_clinicians_read_that_it_was_asked_and_not_that_somebody_watches(careline, client, asked):
    assert not is_marked(client, careline, asked)
    assert "Asked about, not answered yet" in note_of(client, careline, asked, "situation")
    recommendation = note_of(client, careline, asked, "recommendation")
    assert "Not known whether somebody may watch" in recommendation
    assert "May be watched: before" not in recommendation


def test_a_no_leaves_no_mark_and_they_hear_of_their_request_again_but_keep_the_way_out(careline, client, asked):
    asked.press("no")
    assert not is_marked(client, careline, asked)
    assert careline.conversations.may_reach_unasked(asked.id) is True
    assert hears_that_nobody_answered(careline, asked)
    assert asked.turn["quick_exit"] is True  # who is watched may not dare to say yes
    assert "the patient said no" in note_of(client, careline, asked, "situation")
    assert "watch" not in note_of(client, careline, asked, "recommendation")


@pytest.mark.parametrize("answer", ["yes", "unsure"])
def test_any_other_answer_marks_them(careline, client, asked, answer):
    asked.press(answer)
    assert is_marked(client, careline, asked)
    assert careline.conversations.may_reach_unasked(asked.id) is False
    assert "May be watched: before" in note_of(client, careline, asked, "recommendation")


@pytest.mark.parametrize("words", ["what do you mean by that", ARM])
def test_words_that_are_no_answer_mark_them_too(careline, client, asked, words):
    asked.write(words)
    assert is_marked(client, careline, asked)


def test_starting_over_settles_nothing(careline, client, asked):
    asked.write("start over")
    assert careline.conversations.may_reach_unasked(asked.id) is False


def test_a_no_that_comes_later_takes_no_mark_away(careline, client, asked):
    question = asked.turn["expects"]
    asked.press("unsure")
    asked.press("no", reply_to=question)
    assert is_marked(client, careline, asked)


def test_the_queue_and_the_case_show_that_it_was_asked_until_it_is_answered(careline, asked):
    case = asked.turn["escalation"]["id"]
    assert careline.desk.read(case).patient.watch_asked
    row = row_of(careline.desk.read(case), now=careline.house.now(), flag_title=str)
    assert row.watch_asked
    assert not row.may_be_watched
    asked.press("no")
    assert not careline.desk.read(case).patient.watch_asked
