"""A young person who writes alone is met as one, with help that does not go through a parent."""

import pytest

from tests.support.house import Patient

pytestmark = pytest.mark.slow  # takes long

CHILD = {"q_for_whom": "self", "q_age": {"number": 13, "unit": "years"}, "q_sex": "male"}
MINE = {"complaint": "sore throat for two days"}
ARM = "I have chest pain going into my left arm"


def said(patient):
    return "\n".join(m["text"] for m in patient.read("messages")["messages"] if m["from"] == "assistant")


def test_they_are_greeted_as_a_young_person_once_with_whom_they_can_tell(client):
    patient = Patient(client)
    patient.agree()
    patient.answer_all(CHILD | MINE)
    assert said(patient).count("You did the right thing by writing here.") == 1
    assert "an adult you trust on your side: a parent, an aunt or uncle, a teacher, a school nurse" in said(patient)
    assert "0800 1111" in said(patient)


@pytest.mark.parametrize(
    "answers",
    [
        {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}},
        {"q_for_whom": "child", "q_age": {"number": 13, "unit": "years"}},
        {"q_for_whom": "self", "q_age": {"number": 3, "unit": "years"}},
    ],
    ids=["an adult", "a parent", "somebody who pressed the wrong button"],
)
def test_others_are_not(client, answers):
    patient = Patient(client)
    patient.agree()
    patient.answer_all(CHILD | MINE | answers)
    assert "You did the right thing" not in said(patient)
    assert "0800 1111" not in said(patient)


def test_the_result_says_that_they_may_go_alone_and_who_can_help(client):
    patient = Patient(client)
    patient.agree()
    turn = patient.answer_all(CHILD | MINE)
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert "You can go to a doctor, nurse or pharmacist by yourself" in assessment["text"]
    assert any("Childline" in line for line in assessment["data"]["cautions"])
    assert assessment["options"][0] == {"value": "talk_to_clinician", "title": "Ask for a nurse or doctor"}


def test_a_young_person_who_says_so_before_consent_is_asked_in_their_own_words(client):
    turn = Patient(client).write("im 13 and i have a sore throat")
    assert turn["messages"][-1]["kind"] == "consent"
    assert "you can do this by yourself" in turn["messages"][-1]["text"]
    assert [option["value"] for option in turn["messages"][-1]["options"]] == ["agree", "decline"]


def test_nothing_they_are_asked_or_told_sends_them_for_a_parent_first(client):
    patient = Patient(client)
    patient.agree()
    patient.answer_all(CHILD | MINE)
    assert "do not have to ask a parent first" in said(patient)
    for demand in ("ask your parent", "your parents must", "with your parent's permission", "get your mum"):
        assert demand not in said(patient).lower()


def test_in_a_crisis_the_line_for_young_people_stands_first(client):
    turn = Patient(client).write("im 14 and i want to kill myself")
    (card,) = (m for m in turn["messages"] if m["kind"] == "crisis")
    crisis = [number["tel"] for number in card["data"]["numbers"] if number["kind"] == "crisis"]
    assert crisis == ["0800 1111", "116 123"]
    assert card["text"].index("0800 1111") < card["text"].index("116 123")
    assert "You are not in trouble" in card["text"]


def test_an_adult_in_a_crisis_is_shown_the_line_for_adults_first(client):
    turn = Patient(client).write("im 40 and i want to kill myself")
    (card,) = (m for m in turn["messages"] if m["kind"] == "crisis")
    assert [n["tel"] for n in card["data"]["numbers"] if n["kind"] == "crisis"] == ["116 123", "0800 1111"]


def test_a_young_person_who_is_hurt_at_home_is_shown_the_line_for_young_people(client):
    turn = Patient(client).write("im 12 and my stepdad hits me")
    assert "0800 1111" in turn["messages"][-1]["text"] + turn["messages"][0]["text"]
    assert turn["quick_exit"] is True


def test_an_emergency_of_the_body_goes_to_the_emergency_number_and_to_no_crisis_line(client):
    turn = Patient(client).write(f"im 13 and {ARM}")
    (card,) = (m for m in turn["messages"] if m["kind"] == "emergency")
    assert "999" in card["text"]
    assert "call yourself" in card["text"]
    assert "0800 1111" not in card["text"]
    assert [number["kind"] for number in card["data"]["numbers"]] == ["emergency"]
