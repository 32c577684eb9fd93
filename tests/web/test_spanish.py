"""A consultation in Spanish: by buttons and short answers; what is written freely goes to a human."""

import dataclasses

import pytest

from careline.clinical.recognition.recogniser import Band, Recognition
from tests.support.house import Patient, client_for, furnished, reassuring, scripted
from tests.support.recogniser import NAMED, ScriptedRecogniser

pytestmark = pytest.mark.slow  # takes long

WOMAN = {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}, "q_sex": "female", "q_pregnant": "no"}
MAN = {"q_for_whom": "self", "q_age": {"number": 34, "unit": "years"}, "q_sex": "male"}


@pytest.fixture
def careline(tmp_path):
    house = furnished(tmp_path, scripted(), country="ES")
    yield house
    house.database.close()


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


def press_to(patient, question_id, answers):
    """Press buttons until this question is asked."""
    for _ in range(20):
        asked = patient.question["data"]["question_id"]
        if asked == question_id:
            return
        patient.press(answers.get(asked) or reassuring(asked))
    raise AssertionError(f"{question_id} was not asked")


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


def test_a_number_that_was_given_by_button_is_read_again_in_spanish(patient):
    press_to(patient, "q_age", MAN)
    patient.press({"number": 34, "unit": "years"})
    press_all(patient, MAN | {"complaint_choice": "cold_flu", "q_cold_duration": {"number": 1.0, "unit": "days"}})
    own = [message["text"] for message in patient.read("messages")["messages"] if message["from"] == "patient"]
    assert "34 años" in own
    assert "1 día" in own


def test_what_was_advised_of_a_medicine_is_known_from_our_own_words_and_said_in_spanish(patient):
    turn = press_all(patient, MAN | {"complaint_choice": "sore_throat", "q_conditions": ["kidney_or_liver_disease"]})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert any("Sobre paracetamol" in line and "riñón" in line for line in assessment["data"]["cautions"])
    assert_all_spanish(patient)


def test_same_day_advice_names_the_services_of_the_country_in_spanish(patient):
    turn = press_all(patient, WOMAN | {"complaint_choice": "urinary", "q_pregnant": "yes"})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert turn["acuity"] == "same_day"
    assert assessment["data"]["reasons"][0]["text"].startswith("En el embarazo")
    assert_all_spanish(patient)


def test_a_danger_sign_pressed_gives_the_emergency_card_with_the_countrys_number(patient, client, service):
    turn = press_all(patient, MAN | {"complaint_choice": "sore_throat", "q_throat_danger": ["spit"]})
    (card,) = (m for m in turn["messages"] if m["kind"] == "emergency")
    assert card["text"].startswith("EMERGENCIA: Llame ahora al número de emergencias")
    assert "En una emergencia llame al 112." in card["text"]
    assert_all_spanish(patient)
    (found,) = client.get("/api/v1/escalations", headers=service).json()["items"]
    note = str(found["sbar"])
    assert "Call the emergency number now" in note  # clinicians read one language
    assert "emergencias" not in note.split("'assessment'")[0]


def test_words_of_wanting_to_die_pressed_give_the_crisis_card(patient):
    answers = MAN | {"complaint_choice": "something_else", "q_general_mind": ["thoughts"]}
    for _ in range(20):
        question_id = patient.question["data"]["question_id"]
        turn = patient.press(answers.get(question_id) or reassuring(question_id))
        if question_id == "q_general_mind":
            break
    card = next(m for m in turn["messages"] if m["kind"] == "crisis")
    assert card["text"].startswith("Me alegra mucho que me lo haya contado.")
    assert "024" in [number["tel"] for number in card["data"]["numbers"]]
    assert_all_spanish(patient)


def test_a_problem_without_questions_in_spanish_gets_a_person_and_is_no_mere_self_care(patient, client, service):
    turn = press_all(patient, MAN | {"complaint_choice": "something_else", "q_general_impact": "mild"})
    (assessment,) = (m for m in turn["messages"] if m["kind"] == "assessment")
    assert turn["acuity"] == "same_day"
    assert turn["escalation"]["state"] == "open"
    assert any("he pedido que una persona lo mire" in line for line in assessment["data"]["cautions"])
    assert_all_spanish(patient)
    (found,) = client.get("/api/v1/escalations", headers=service).json()["items"]
    assert "Complaint: Another problem" in found["sbar"]["situation"]


def test_only_what_can_be_asked_in_spanish_is_offered(patient):
    press_to(patient, "complaint_choice", MAN)
    titles = [option["title"] for option in patient.question["options"]]
    assert {"Dolor de pecho", "Tos", "Fiebre (persona adulta)", "Otra cosa"} <= set(titles)
    assert "insomnia" not in [option["value"] for option in patient.question["options"]]
    assert patient.question["text"] == "¿Cuál es el problema hoy? Pulse el que más se parezca."


def test_short_answers_may_be_typed(client):
    patient = Patient(client, locale="es")
    typed = {
        "q_for_whom": "para mí", "q_age": "34 años", "q_sex": "hombre", "complaint_choice": "dolor de garganta",
        "q_throat_danger": "ninguno", "q_throat_neck": "no", "q_conditions": "diabetes", "q_weak_immunity": "no lo sé",
        "q_medicines": "metformina, losartán y ácido acetilsalicílico", "q_allergies": "no tengo alergias",
        "q_throat_ill": "fiebre", "q_throat_medicine": "No, ninguno así", "q_throat_duration": "3 días",
        "q_throat_lasting": "nada",
    }  # fmt: skip
    patient.write("sí, estoy de acuerdo")
    seen = []
    while not patient.turn["final"]:
        seen.append(patient.question["data"]["question_id"])
        turn = patient.write(typed[seen[-1]])
        assert "unread" not in turn["received"], seen[-1]
    assert len(seen) >= 10
    known = {finding["id"]: finding for finding in patient.read("summary")["findings"]}
    assert known["age_years"]["value"] == 34
    assert known["fever"]["presence"] == known["diabetes"]["presence"] == "present"
    assert known["takes_medicines"]["value"].startswith("metformina")
    assert_all_spanish(patient)


@pytest.mark.parametrize(
    "words",
    ["me siento raro desde ayer", "hola", "fiebre y no sé qué más", "no me come nada", "¿qué tomo para la tos?"],
)
def test_anything_else_that_is_typed_goes_to_a_person_with_the_emergency_number_in_spanish(patient, words):
    before = patient.question["data"]["question_id"]
    turn = patient.write(words)
    assert turn["received"]["unread"] == {"language": "es"}
    assert turn["escalation"]["state"] == "open"
    assert "112" in turn["messages"][0]["text"]
    assert patient.question["data"]["question_id"] == before
    assert patient.read("summary")["present"] == patient.read("summary")["absent"] == []
    assert_all_spanish(patient)


def test_an_unread_message_keeps_the_result_from_being_self_care(patient):
    patient.write("me siento raro desde ayer")
    turn = press_all(patient, WOMAN | {"complaint_choice": "cold_flu"})
    assert turn["acuity"] == "gp_soon"
    assert_all_spanish(patient)


def test_an_emergency_typed_in_english_is_still_seen(patient):
    turn = patient.write("I have crushing chest pain and my left arm hurts")
    assert "emergency" in [m["kind"] for m in turn["messages"]]
    assert_all_spanish(patient)


def test_where_nothing_is_signed_there_is_a_person_and_no_english(tmp_path):
    house = furnished(tmp_path, scripted(), country="ES", signed_content_only=True)
    with client_for(house) as client:
        patient = Patient(client, locale="es")
        patient.agree()
        turn = press_all(patient, MAN)
        assert turn["acuity"] == "same_day"
        assert turn["escalation"]["state"] == "open"
        assert_all_spanish(patient)
    house.database.close()


def test_a_person_the_reason_and_the_summary_may_be_asked_for_in_words(patient):
    turn = patient.write("¿Por qué lo pregunta?")
    assert "unread" not in turn["received"]
    assert turn["messages"][0]["text"].startswith("Por qué lo pregunto: ")
    press_to(patient, "complaint_choice", MAN)
    turn = patient.write("Resumen")
    assert "para quién es la ayuda: Para mí" in turn["messages"][0]["text"]
    assert "edad: 34 años" in turn["messages"][0]["text"]
    assert turn["messages"][0]["text"].startswith("Esto es lo que sé hasta ahora:")
    turn = patient.write("Quiero hablar con una persona")
    assert "unread" not in turn["received"]
    assert turn["escalation"]["state"] == "open"
    assert patient.question["data"]["question_id"] == "contact"
    assert_all_spanish(patient)


def test_a_person_is_asked_for_by_button(patient):
    press_all(patient, WOMAN | {"complaint_choice": "cold_flu"})
    turn = patient.press("talk_to_clinician")
    assert turn["escalation"]["state"] == "open"
    assert "He puesto en la lista de los profesionales" in turn["messages"][0]["text"]
    patient.write("600 123 456, soy Ana, estoy en casa de mi madre en Madrid")
    assert_all_spanish(patient)


def test_what_is_refused_has_the_emergency_number_in_spanish(patient):
    refused = patient.post({"text": " "})
    assert refused.status_code == 422
    assert refused.json()["emergency"]["text"] == "En una emergencia llame al 112."


def test_a_language_without_a_translation_is_held_in_english(client):
    opened = Patient(client, locale="fr").opened
    assert {message["lang"] for message in opened["messages"]} == {"en"}


def test_an_emergency_typed_in_spanish_gets_the_card_at_once_and_the_rest_counts_as_not_read(patient, client, service):
    turn = patient.write("estaba comiendo y ahora no puedo respirar")
    (card,) = (m for m in turn["messages"] if m["kind"] == "emergency")
    assert "En una emergencia llame al 112." in card["text"]
    assert turn["received"]["unread"] == {"language": "es"}
    assert turn["escalation"]["state"] == "open"
    assert_all_spanish(patient)
    (found,) = client.get("/api/v1/escalations", headers=service).json()["items"]
    assert found["red_flags"] == ["rf_severe_breathlessness"]
    assert "no puedo respirar" in str(found["sbar"])


def test_words_of_wanting_to_die_in_spanish_get_the_crisis_card(patient):
    turn = patient.write("ya no quiero vivir más")
    assert "crisis" in [m["kind"] for m in turn["messages"]]
    assert "024" in str(turn["messages"])
    assert_all_spanish(patient)


def test_spanish_words_that_deny_a_danger_raise_no_card_and_clear_nothing(patient):
    turn = patient.write("no me duele el pecho")
    assert [m["kind"] for m in turn["messages"]] == ["handoff", "question"]
    assert turn["received"]["unread"] == {"language": "es"}
    assert patient.read("summary")["absent"] == []


def test_an_emergency_among_the_names_of_medicines_is_seen(patient):
    press_to(patient, "q_medicines", MAN | {"complaint_choice": "cold_flu"})
    turn = patient.write("no puedo respirar")
    assert "emergency" in [m["kind"] for m in turn["messages"]]


def test_before_consent_too(client):
    patient = Patient(client, locale="es", country="MX")
    turn = patient.write("mi papá tiene la boca torcida")
    (card,) = (m for m in turn["messages"] if m["kind"] == "emergency")
    assert "911" in card["text"]
    assert "Un lado de la cara se ha caído" in card["text"]


def test_the_country_may_be_named_in_spanish_below_a_card(tmp_path):
    house = furnished(tmp_path, scripted())
    with client_for(house) as client:
        patient = Patient(client, locale="es")
        assert "911 (En Estados Unidos, Canadá, México y Filipinas)" in str(patient.write("no puedo respirar"))
        turn = patient.write("estoy en México")
        assert "unread" not in turn["received"]
        assert "En una emergencia llame al 911." in turn["messages"][-1]["text"]
        assert_all_spanish(patient)
    house.database.close()


def test_spanish_in_an_english_consultation_raises_its_card_and_says_so_in_spanish(client):
    patient = Patient(client)
    patient.agree()
    theirs, card = patient.write("a mi madre le está dando un infarto")["messages"][:2]
    assert theirs["lang"] == "es"
    assert "112" in theirs["text"]
    assert (card["kind"], card["lang"]) == ("emergency", "en")


class SeesDangerEverywhere(ScriptedRecogniser):
    """As the recogniser, which learned English, may take any Spanish words."""

    def recognise(self, text, among, *, anew=False):
        return Recognition(1.0, Band.QUESTION, (NAMED,))


@pytest.fixture
def doubted(careline, patient):
    """A patient whose every word the recogniser would ask about."""
    release = careline.releases.newest
    careline.releases.publish(dataclasses.replace(release, recogniser=SeesDangerEverywhere()))
    return patient


def asks_for_contact(patient):
    patient.write("Quiero hablar con una persona")
    assert patient.question["data"]["question_id"] == "contact"


def left_with(client, service):
    (found,) = client.get("/api/v1/escalations", headers=service).json()["items"]
    return client.get(f"/api/v1/escalations/{found['id']}", headers=service).json()["patient"]["callback"]


@pytest.mark.parametrize(
    "words",
    [
        "me llamo Ana, mi numero es 600 123 123",
        "estoy en casa de mi hermana, en la calle mayor, al lado del mercado",
        "soy Ana y vivo con mi madre en Getafe",
    ],
)
def test_how_to_reach_the_patient_is_kept_as_it_is_written_and_not_asked_again(doubted, client, service, words):
    asks_for_contact(doubted)
    doubted.write(words)
    assert doubted.question["data"]["question_id"] != "contact"
    assert left_with(client, service)["text"] == words
    assert_all_spanish(doubted)


def test_an_emergency_told_with_a_number_gives_the_card_and_the_number_is_kept(patient, client, service):
    asks_for_contact(patient)
    turn = patient.write("no puedo respirar, llamen al 600 123 123")
    assert "emergency" in [m["kind"] for m in turn["messages"]]
    turn = patient.press("called")
    assert [m["kind"] for m in turn["messages"]] == ["notice", "notice"]
    assert left_with(client, service)["text"] == "no puedo respirar, llamen al 600 123 123"
    assert_all_spanish(patient)


def test_words_on_where_the_patient_is_that_tell_of_a_danger_give_its_card(patient):
    asks_for_contact(patient)
    turn = patient.write("estoy en casa de mi hermana y no puedo respirar")
    assert "emergency" in [m["kind"] for m in turn["messages"]]


def test_who_may_be_watched_and_leaves_a_number_unasked_has_it_kept_as_not_known_to_be_safe(patient, client, service):
    patient.write("mi marido me pega y tengo miedo")
    patient.write("Quiero hablar con una persona")
    assert patient.question["data"]["question_id"] == "safe_to_call"
    patient.write("llámame a las cinco al 600 123 123")
    assert left_with(client, service) == {"text": "llámame a las cinco al 600 123 123", "safe_to_call": "unsure"}
    assert_all_spanish(patient)


@pytest.mark.parametrize(
    ("words", "begins"),
    [("Me duele la garganta", "q_throat"), ("tengo un resfriado", "q_cold"), ("creo que tengo tos", "q_cough")],
)
def test_a_short_sentence_that_names_one_of_the_problems_chooses_it(patient, words, begins):
    press_to(patient, "complaint_choice", MAN)
    turn = patient.write(words)
    assert "unread" not in turn["received"]
    assert patient.question["data"]["question_id"].startswith(begins)


@pytest.mark.parametrize(
    "words", ["tengo mucha tos y sangre", "no tengo tos", "mi hijo tiene tos", "tengo tos y me ahogo"]
)
def test_a_sentence_that_tells_more_or_is_of_somebody_else_is_no_choice(patient, words):
    press_to(patient, "complaint_choice", MAN)
    turn = patient.write(words)
    assert turn["received"].get("unread") or "emergency" in [m["kind"] for m in turn["messages"]]


def test_a_parent_names_what_their_child_has(patient):
    press_to(patient, "complaint_choice", MAN | {"q_for_whom": "child", "q_age": {"number": 4, "unit": "years"}})
    patient.write("mi hijo tiene fiebre")
    assert patient.question["data"]["question_id"].startswith("q_fever_child")


def test_who_asks_what_a_question_means_is_told_why_it_is_asked(patient):
    turn = patient.write("¿Qué significa eso?")
    assert turn["messages"][0]["text"].startswith("Por qué lo pregunto: ")
