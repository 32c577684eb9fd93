"""Words that merely read like a red flag of some people alone (after a birth): who is asked, when, and what is kept."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.recogniser import DOUBTED, HINTED, MIXED, NAMED, OF_SOME, SURE, ScriptedRecogniser

pytestmark = pytest.mark.slow


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    careline = furnished(tmp_path, scripted())
    careline.releases.publish(dataclasses.replace(careline.releases.newest, recogniser=ScriptedRecogniser()))
    with client_for(careline) as client:
        yield Patient(client, country="GB")


def asked(turn: dict[str, Any]) -> str | None:
    return turn["messages"][-1].get("data", {}).get("question_id")


def flags(turn: dict[str, Any]) -> list[str]:
    return [flag["id"] for flag in turn["messages"][-1].get("data", {}).get("red_flags", [])]


def say_who(patient: Patient, *, age: int, sex: str, pregnant: str = "no") -> dict[str, Any]:
    """Answer the first questions up to the last of them."""
    turn = patient.turn
    while asked(turn) in ("q_for_whom", "q_age", "q_sex", "q_pregnant"):
        answer: Any = {"q_for_whom": "self", "q_age": {"number": age, "unit": "years"}, "q_sex": sex}.get(
            str(asked(turn)), pregnant
        )
        turn = patient.press(answer)
    return turn


def test_who_may_not_be_one_of_them_is_asked_who_they_are_first(patient: Patient):
    patient.agree()
    assert asked(patient.write(DOUBTED)) in ("q_for_whom", "q_age")


def test_who_turns_out_to_be_one_is_asked_then(patient: Patient):
    patient.agree()
    patient.write(DOUBTED)
    turn = say_who(patient, age=30, sex="female")
    assert (asked(turn), flags(turn)) == ("safety", [OF_SOME])
    turn = patient.press("yes")
    assert turn["messages"][-1]["kind"] == "emergency"
    assert turn["escalation"]["state"] == "open"


def test_a_no_goes_on_where_it_was(patient: Patient):
    patient.agree()
    patient.write(DOUBTED)
    say_who(patient, age=30, sex="female")
    turn = patient.press("no")
    assert asked(turn) not in ("safety", None)
    assert patient.answer_all({"complaint": "sore throat"})["acuity"] in ("self_care", "routine", "gp_soon")


def test_not_sure_then_sets_a_floor(patient: Patient):
    patient.agree()
    patient.write(DOUBTED)
    say_who(patient, age=30, sex="female")
    patient.press("unsure")
    assert patient.answer_all({"complaint": "sore throat"})["acuity"] in ("same_day", "ed_now", "emergency_now")


@pytest.mark.parametrize(("age", "sex"), [(40, "male"), (70, "female"), (6, "female")])
def test_who_cannot_be_one_is_never_asked(patient: Patient, age: int, sex: str):
    patient.agree()
    patient.write(DOUBTED)
    seen = [asked(say_who(patient, age=age, sex=sex))]
    while not patient.turn["final"]:
        question = patient.question
        seen.append(question["data"]["question_id"])
        patient.answer_all({"complaint": "sore throat"}, most=40)
    assert "safety" not in seen


def test_an_age_that_stays_unknown_is_no_reason_not_to_ask(patient: Patient):
    patient.agree()
    patient.write(DOUBTED)
    turn = patient.turn
    while asked(turn) in ("q_for_whom", "q_age", "q_sex", "q_pregnant"):
        turn = patient.press({"q_for_whom": "self", "q_sex": "other"}.get(str(asked(turn)), "unsure"))
    assert flags(turn) == [OF_SOME]


def test_words_that_hint_at_them_are_asked_about_at_once(patient: Patient):
    patient.agree()
    assert flags(patient.write(HINTED)) == [OF_SOME]


def test_what_words_are_surely_of_raises_its_card_whoever_is_the_patient(patient: Patient):
    patient.agree()
    assert patient.write(SURE)["messages"][-1]["kind"] == "emergency"


def test_another_flag_of_anybody_is_asked_about_at_once_and_the_first_one_later(patient: Patient):
    patient.agree()
    assert flags(patient.write(MIXED)) == [NAMED]
    patient.press("no")
    assert flags(say_who(patient, age=30, sex="female")) == [OF_SOME]


def test_where_the_patient_is_known_not_to_be_one_the_likeliest_other_flag_is_asked_about(patient: Patient):
    patient.agree()
    say_who(patient, age=40, sex="male")
    assert flags(patient.write(DOUBTED)) == [NAMED]


def test_what_was_written_before_consent_is_asked_about_once_it_is_known_who_it_is(patient: Patient):
    assert asked(patient.write(DOUBTED)) != "safety"
    patient.agree()
    assert flags(say_who(patient, age=30, sex="female")) == [OF_SOME]
