"""A consultation in Spanish: by buttons and short answers; what is written freely goes to a human."""

import pytest

from tests.support.house import Patient, client_for, furnished, reassuring, scripted

pytestmark = pytest.mark.slow  # takes long

WOMAN = {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}, "q_sex": "female", "q_pregnant": "no"}
MAN = {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}, "q_sex": "male"}


@pytest.fixture
def careline(tmp_path):
    house = furnished(tmp_path, scripted(), country="ES")
    yield house
    house.database.close()


@pytest.fixture
def client(careline):
    with client_for(careline) as client:
        yield client


@pytest.fixture
def service(careline):
    return {"Authorization": f"Bearer {careline.service_key}"}


@pytest.fixture
def patient(client):
    patient = Patient(client, locale="es-MX")
    patient.agree()
    return patient


def press_all(patient, answers, most=40):
    """Press buttons until triage ends; what is not listed gets the reassuring answer."""
    for _ in range(most):
        if patient.turn["final"]:
            return patient.turn
        question_id = patient.question["data"]["question_id"]
        patient.press(answers[question_id] if question_id in answers else reassuring(question_id))
    raise AssertionError(f"no end after {most} questions")


def everything_said(patient):
    """All that our side said, whatever part of a message it stands in, except links and ids."""
    for message in patient.read("messages")["messages"]:
        if message["from"] == "patient":
            continue
        assert message["lang"] == "es", message
        yield message["text"]
        yield from (option["title"] for option in message.get("options", ()))
        data = message.get("data") or {}
        yield data.get("why", "")
        yield from data.get("cautions", ())
        yield from data.get("unknown", ())
        yield from (reason["text"] for reason in data.get("reasons", ()))
        yield from (number["label"] for number in data.get("numbers", ()))


ENGLISH = {"the", "you", "your", "and", "with", "this", "call", "is", "have", "not", "of", "if", "are", "pain"}


def assert_all_spanish(patient):
    words = {text: set(text.lower().replace(".", " ").split()) & ENGLISH for text in everything_said(patient)}
    assert {text: found for text, found in words.items() if found} == {}


def test_a_cold_ends_in_self_care_and_every_word_is_spanish(patient):
    turn = press_all(patient, WOMAN | {"complaint_choice": "cold_flu"})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert turn["acuity"] == "self_care"
    assert "Puede cuidarse en casa" in assessment["text"]
    assert_all_spanish(patient)


def test_what_was_advised_of_a_medicine_is_known_from_our_own_words_and_said_in_spanish(patient):
    turn = press_all(patient, MAN | {"complaint_choice": "sore_throat", "q_conditions": ["kidney_or_liver_disease"]})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert any("Sobre paracetamol" in line and "riñón" in line for line in assessment["data"]["cautions"])
    assert_all_spanish(patient)
