"""The recogniser in a whole consultation: it raises, it asks, it never takes back, and nothing depends on it."""

import dataclasses
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from careline.app.services import Careline
from careline.clinical.recognition.recogniser import Band, Recognition
from careline.consultation.release import ContentRelease
from careline.consultation.sentence_reader import OnnxSentenceReader
from tests.support.house import Patient, client_for, furnished, scripted
from tests.support.recogniser import ALSO, ASKED, BOTH, CARD, NAMED, ScriptedRecogniser

pytestmark = pytest.mark.slow  # takes long


@contextmanager
def patient_of(folder: Path, recogniser: Any = None) -> Iterator[tuple[Patient, Careline]]:
    careline = furnished(folder, scripted())
    release: ContentRelease = careline.releases.newest
    careline.releases.publish(dataclasses.replace(release, recogniser=recogniser or ScriptedRecogniser()))
    with client_for(careline) as client:
        yield Patient(client, country="GB"), careline


@pytest.fixture
def patient(tmp_path: Path) -> Iterator[Patient]:
    with patient_of(tmp_path) as (one, _):
        yield one


def kinds(turn: dict[str, Any]) -> list[str]:
    return [message["kind"] for message in turn["messages"]]


def test_surely_recognised_words_are_answered_by_a_card_that_quotes_them(patient: Patient):
    patient.agree()
    turn = patient.write(CARD)
    card = turn["messages"][-1]
    assert card["kind"] == "emergency"
    assert turn["escalation"]["state"] == "open"
    assert [flag["id"] for flag in card["data"]["red_flags"]] == [NAMED]
    assert "“everything went sideways”" in card["text"]


def test_doubtful_words_lead_to_one_closed_question_that_says_what_to_do_if_yes(patient: Patient):
    patient.agree()
    turn = patient.write(ASKED)
    question = turn["messages"][-1]
    assert kinds(turn) == ["question"]
    assert question["data"]["stage"] == "safety"
    assert [option["value"] for option in question["options"]] == ["yes", "no", "unsure"]
    assert [flag["id"] for flag in question["data"]["red_flags"]] == [NAMED]
    assert question["data"]["numbers"]
    assert "999" in question["text"]
    assert turn["escalation"] is None


@pytest.mark.parametrize("answer", ["button", "words"])
def test_yes_is_a_card_with_an_escalation_in_the_same_turn(patient: Patient, answer: str):
    patient.agree()
    patient.write(ASKED)
    turn = patient.press("yes") if answer == "button" else patient.write("yes")
    assert turn["messages"][-1]["kind"] == "emergency"
    assert turn["messages"][-1]["data"]["red_flags"][0]["id"] == NAMED
    assert turn["escalation"]["state"] == "open"


@pytest.mark.parametrize("answer", ["button", "words"])
def test_no_goes_back_to_what_was_asked_and_the_same_words_are_not_asked_about_again(patient: Patient, answer: str):
    asked = patient.agree()["messages"][-1]["data"]["question_id"]
    patient.write(ASKED)
    turn = patient.press("no") if answer == "button" else patient.write("no")
    assert turn["messages"][-1]["data"]["question_id"] == asked
    assert turn["escalation"] is None
    assert patient.write(ASKED)["messages"][-1]["data"]["question_id"] != "safety"


def test_a_no_about_one_flag_hides_no_other_that_the_next_words_are_like(patient: Patient):
    patient.agree()
    patient.write(ASKED)
    patient.press("no")
    question = patient.write(BOTH)["messages"][-1]
    assert question["data"]["stage"] == "safety"
    assert [flag["id"] for flag in question["data"]["red_flags"]] == [ALSO]


def test_not_sure_sets_a_floor_below_which_no_advice_falls(patient: Patient):
    patient.agree()
    patient.write(ASKED)
    patient.press("unsure")
    turn = patient.answer_all({"complaint": "sore throat"})
    assert turn["acuity"] in ("ed_now", "emergency_now")


def test_words_that_are_no_answer_leave_it_open(patient: Patient):
    patient.agree()
    patient.write(ASKED)
    turn = patient.write("what do you mean by that")
    assert turn["messages"][-1]["data"]["question_id"] != "safety"
    assert patient.answer_all({"complaint": "sore throat"})["acuity"] in ("ed_now", "emergency_now")


def test_before_consent_it_asks_too_and_then_asks_for_consent(patient: Patient):
    assert patient.write(ASKED)["messages"][-1]["data"]["stage"] == "safety"
    assert patient.press("no")["messages"][-1]["kind"] == "consent"
    assert patient.agree()["state"] == "intake"


def test_before_consent_a_yes_is_a_card(patient: Patient):
    patient.write(ASKED)
    assert patient.press("yes")["messages"][-1]["kind"] == "emergency"


def test_what_was_asked_about_before_consent_is_dropped_when_the_patient_declines(patient: Patient):
    patient.write(ASKED)
    patient.press("no")
    patient.press("decline")
    assert ASKED not in str(patient.read("messages"))


def test_after_the_advice_it_asks_and_then_offers_what_comes_next(patient: Patient):
    patient.agree()
    patient.answer_all({"complaint": "sore throat"})
    assert patient.write(ASKED)["messages"][-1]["data"]["stage"] == "safety"
    turn = patient.press("no")
    assert "talk_to_clinician" in [option["value"] for option in turn["messages"][-1]["options"]]


def test_after_the_advice_not_sure_raises_it(patient: Patient):
    patient.agree()
    patient.answer_all({"complaint": "sore throat"})
    patient.write(ASKED)
    assert patient.press("unsure")["acuity"] in ("ed_now", "emergency_now")


def test_an_older_no_takes_no_card_back(patient: Patient):
    patient.agree()
    patient.write(ASKED)
    number = patient.turn["expects"]
    patient.press("yes")
    turn = patient.press("no", reply_to=number)
    assert turn["acuity"] == "emergency_now"
    assert turn["escalation"]["state"] == "open"


def test_an_older_button_does_not_push_the_question_aside(patient: Patient):
    consent = patient.turn["expects"]
    patient.write(ASKED)
    assert patient.press("agree", reply_to=consent)["messages"][-1]["data"]["stage"] == "safety"
    assert patient.press("no")["state"] == "intake"


def test_what_the_lexicon_raises_stays_raised_whatever_the_recogniser_says(patient: Patient):
    patient.agree()
    assert patient.write("crushing chest pain and sweating")["messages"][-1]["kind"] == "emergency"


def test_a_recogniser_that_fails_leaves_lexicon_and_rules_as_they_were(tmp_path: Path):
    class Broken:
        def recognise(self, *_: object) -> None:
            raise ZeroDivisionError

        propose = recognise

    with patient_of(tmp_path, Broken()) as (patient, _):
        patient.agree()
        assert patient.write(CARD)["messages"][-1]["kind"] != "emergency"
        assert patient.write("crushing chest pain and sweating")["messages"][-1]["kind"] == "emergency"


def test_no_more_than_three_safety_questions_in_a_consultation(patient: Patient):
    patient.agree()
    asked = 0
    for number in range(6):
        turn = patient.write(f"{ASKED} {'really ' * number}")
        if turn["messages"][-1]["data"].get("stage") == "safety" and turn["messages"][-1]["data"]["question_id"] == (
            "safety"
        ):
            asked += 1
            patient.press("no")
    assert asked == 3


def test_readiness_says_that_there_is_no_recogniser_and_serves(tmp_path: Path):
    careline = furnished(tmp_path, scripted())
    careline.health.rasa_seen = careline.health.rasa_ok = True
    with client_for(careline) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "degraded"
    assert answer.json()["parts"]["recogniser"] == "degraded"
    assert answer.json()["parts"]["reader"] == "degraded"


class _ThatReads(ScriptedRecogniser):
    """One with a sentence reader beside it."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = OnnxSentenceReader(None, None)  # type: ignore[arg-type]  # it is only there


def test_readiness_says_that_the_sentence_reader_stands_beside_the_words(tmp_path: Path):
    with patient_of(tmp_path, _ThatReads()) as (_, careline):
        careline.health.rasa_seen = careline.health.rasa_ok = True
        with client_for(careline) as client:
            parts = client.get("/readyz").json()["parts"]
    assert parts["recogniser"] == "ok"
    assert parts["reader"] == "ok"


def test_surely_recognised_complaints_are_taken_and_likely_ones_stand_first(patient: Patient):
    patient.agree()
    while patient.question["data"]["question_id"] != "complaint":
        patient.press("unsure")
    options = patient.write("something with my gullet today")["messages"][-1]["options"]
    assert options[0]["value"] == "sore_throat"


class DoubtsAll(ScriptedRecogniser):
    """Would have every message asked about, and the next one more."""

    last = 0.0

    def recognise(self, text: str, among: Collection[str], *, anew: bool = False) -> Recognition:
        self.last += 1
        return Recognition(self.last, Band.QUESTION, (NAMED,))


def test_a_wish_for_a_person_that_is_asked_about_first_is_heard(tmp_path: Path):
    with patient_of(tmp_path, DoubtsAll()) as (patient, _):
        patient.agree()
        turn = patient.write("I want to talk to someone")
        assert kinds(turn) == ["handoff", "question"]
        assert turn["messages"][-1]["data"]["stage"] == "safety"
        assert turn["escalation"]["state"] == "open"
        patient.press("no")
        assert patient.question["data"]["question_id"] == "contact"


def test_a_number_that_is_asked_about_first_is_kept_and_not_asked_for_again(tmp_path: Path):
    with patient_of(tmp_path, DoubtsAll()) as (patient, _):
        patient.agree()
        patient.write("I want to talk to someone")
        patient.press("no")
        turn = patient.write("07700 900123, Robin, the big house")
        assert patient.question["data"]["question_id"] != "contact"
        assert "I have kept that" in str(turn["messages"])
