"""A message in a language that is not read is never treated as if nothing were in it."""

import pytest

from tests.support.house import Patient, client_for, furnished, scripted

pytestmark = pytest.mark.slow  # takes long

SPANISH = "me encuentro bastante raro desde ayer"  # words of a red flag would raise a card
ADULT = {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}, "q_sex": "male"}


@pytest.fixture
def patient(client):
    patient = Patient(client)
    patient.agree()
    return patient


def escalation(client, service):
    (found,) = client.get("/api/v1/escalations", headers=service).json()["items"]
    return found


def test_it_is_answered_with_the_emergency_number_in_both_languages(patient):
    theirs, ours, *_ = patient.write(SPANISH)["messages"]
    assert theirs["lang"] == "es"
    assert "999" in theirs["text"]
    assert ours["lang"] == "en"
    assert "I could not read your message" in ours["text"]
    assert "In an emergency call 999" in ours["text"]
    assert ours["data"]["numbers"][0]["tel"] == "999"


def test_a_language_without_a_sentence_gets_the_english_one(patient):
    turn = patient.write("boli me u prsima")
    assert [m["lang"] for m in turn["messages"]] == ["en", "en"]
    assert "999" in turn["messages"][0]["text"]


def test_a_clinician_is_asked_to_look_and_told_what_was_not_read(patient, client, service):
    turn = patient.write(SPANISH)
    assert turn["escalation"]["state"] == "open"
    found = escalation(client, service)
    assert found["id"] == turn["escalation"]["id"] == turn["messages"][1]["data"]["escalation_id"]
    assert found["acuity"] == "same_day"
    assert found["deadline_at"] is not None
    number = turn["received"]["id"]
    assert (
        f"Message {number} was not read: it is in another language, perhaps Spanish. Nothing in it was screened."
        in (found["sbar"]["recommendation"])
    )


def test_the_message_itself_says_that_it_was_not_screened(patient):
    turn = patient.write(SPANISH)
    assert turn["received"]["unread"] == {"language": "es"}
    assert [m["id"] for m in patient.read("messages")["messages"] if "unread" in m] == [turn["received"]["id"]]


def test_what_was_asked_stays_asked(patient):
    before = patient.question["data"]["question_id"]
    turn = patient.write(SPANISH)
    assert patient.question["data"]["question_id"] == before
    assert turn["expects"] == turn["messages"][-1]["id"]
    assert turn["final"] is False


def test_no_dialogue_engine_is_asked(patient, careline):
    before = len(careline.dialogue.turns)
    patient.write(SPANISH)
    assert len(careline.dialogue.turns) == before


def test_before_consent_too_and_what_was_written_is_deleted_when_the_patient_declines(client):
    patient = Patient(client)
    turn = patient.write(SPANISH)
    assert "999" in turn["messages"][0]["text"]
    assert turn["messages"][-1]["kind"] == "consent"
    patient.press("decline")
    texts = [m["text"] for m in patient.read("messages")["messages"] if m["from"] == "patient"]
    assert SPANISH not in texts


def test_the_result_says_so_and_is_no_mere_self_care(patient):
    patient.write(SPANISH)
    turn = patient.answer_all(ADULT | {"complaint": "runny nose and sneezing"})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert any("a language that I cannot read" in line for line in assessment["data"]["cautions"])
    assert turn["acuity"] not in ("self_care", "routine")
    assert patient.read("summary")["unread_messages"][0]["language"] == "es"


def test_a_no_in_another_language_denies_nothing(patient):
    patient.write("no tengo fiebre pero no puedo respirar")
    assert patient.read("summary")["absent"] == []


def test_english_words_of_an_emergency_in_it_raise_the_card(patient):
    turn = patient.write("mi hermano no respira bien, he is having a heart attack")
    assert "emergency" in [m["kind"] for m in turn["messages"]]


def test_another_language_in_one_sentence_of_several_is_seen(patient):
    turn = patient.write("Hello doctor, I need some help please for today. Me duele mucho el pecho desde anoche.")
    assert turn["received"]["unread"] == {"language": "es"}


@pytest.mark.parametrize("words", ["Sertralina y paracetamol", "Omeprazol", "penicilina"])
def test_the_name_of_a_medicine_is_no_foreign_message(patient, words):
    patient.write("sore throat for two days")
    for _ in range(20):
        if patient.question["data"]["question_id"] == "q_medicines":
            break
        question = patient.question["data"]["question_id"]
        patient.press(ADULT.get(question) or ("no" if patient.question["options"][0]["value"] == "yes" else "none"))
    assert patient.question["data"]["question_id"] == "q_medicines"
    assert "unread" not in patient.write(words)["received"]


def test_the_name_of_a_country_in_its_own_language_is_an_answer(tmp_path):
    house = furnished(tmp_path, scripted())
    with client_for(house) as client:
        patient = Patient(client)
        patient.agree()
        assert patient.question["data"]["question_id"] == "q_country"
        assert "unread" not in patient.write("España")["received"]
    house.database.close()


def test_a_flood_of_such_messages_is_held_up_like_any_other_and_each_refusal_has_the_number(tmp_path):
    house = furnished(tmp_path, scripted(), country="GB", messages_per_minute=2)
    with client_for(house) as client:
        patient = Patient(client)
        answers = [patient.post({"text": SPANISH}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert "999" in answers[-1].json()["emergency"]["text"]
    house.database.close()
