"""The handoff over the HTTP interface, from real consultations: note as JSON, text, page and PDF, and FHIR bundle."""

import dataclasses

import pytest

from tests.support.fhir_r4 import bundle_faults
from tests.support.house import Patient

pytestmark = pytest.mark.slow  # takes long

SELF = {"q_for_whom": "self", "q_age": {"number": 58, "unit": "years"}, "q_sex": "male"}


class Handoff:
    """The escalation of a patient's conversation, as a clinicians' system sees it."""

    def __init__(self, patient, client, service):
        self.path = f"/api/v1/escalations/{patient.turn['escalation']['id']}"
        self.client, self.service = client, service

    def get(self, what="", **query):
        answer = self.client.get(f"{self.path}{what}", headers=self.service, params=query)
        assert answer.status_code == 200, answer.text
        return answer

    @property
    def sbar(self):
        return self.get().json()["sbar"]

    @property
    def bundle(self):
        answer = self.get("/fhir")
        assert answer.headers["content-type"] == "application/fhir+json"
        assert bundle_faults(answer.json()) == []
        return answer.json()

    def resources(self, kind):
        return [entry["resource"] for entry in self.bundle["entry"] if entry["resource"]["resourceType"] == kind]


@pytest.fixture
def handoff_of(client, service):
    return lambda patient: Handoff(patient, client, service)


def answer(patient, answers, *, most=12):
    """Answer by buttons what is asked, as long as it is in `answers`."""
    for _ in range(most):
        question = (patient.question.get("data") or {}).get("question_id")
        if question not in answers:
            return
        patient.press(answers[question])


def some(lines, *words):
    return [line for line in lines if all(word in line for word in words)]


@pytest.fixture
def man(client):
    """A man of 58 with chest pain into his arm, who goes on after the card."""
    patient = Patient(client)
    patient.agree()
    answer(patient, SELF)
    patient.write("I have chest pain going into my left arm")
    patient.press("continue")
    return patient


class TestChestPain:
    def test_the_note_has_level_flag_words_and_who_writes(self, man, handoff_of):
        situation = handoff_of(man).sbar["situation"]
        assert some(situation, "emergency now")
        assert some(situation, "Red flag", "rf_heart_attack", "patient wrote", "message")
        assert some(situation, "In the patient's words", '"I have chest pain going into my left arm"')
        assert "The patient writes for themselves" in situation

    def test_the_note_says_what_was_not_asked_and_denies_none_of_it(self, man, handoff_of):
        sbar = handoff_of(man).sbar
        assert some(sbar["assessment"], "Danger to life NOT RULED OUT", "sweaty or clammy")
        assert some(sbar["background"], "Conditions: not asked", "heart disease")
        assert not some([*sbar["background"], *sbar["assessment"]], "said no")

    def test_the_note_follows_the_answers_that_come_after_the_card(self, man, handoff_of):
        before = handoff_of(man).sbar["background"]
        assert man.question["data"]["question_id"] == "q_conditions"
        man.press(["diabetes"])
        after = handoff_of(man).sbar["background"]
        assert not some(before, "Conditions: diabetes")
        assert some(after, "Conditions: diabetes")
        assert some(after, "Conditions: said no to: heart disease")

    def test_the_note_says_what_the_patient_was_told_and_pressed(self, man, handoff_of):
        recommendation = handoff_of(man).sbar["recommendation"]
        assert some(recommendation, "The patient was told, by emergency card", "999")
        assert some(recommendation, "The patient answered:", "Continue")
        assert some(recommendation, "check with the patient")
        assert some(recommendation, "unreviewed")

    def test_a_rule_has_its_source_with_its_address(self, man, handoff_of):
        assert some(handoff_of(man).sbar["assessment"], "Rule [chest_pain_spreading]", "source:", "https://")

    def test_the_bundle_is_valid_and_asks_for_help_at_once(self, man, handoff_of):
        handoff = handoff_of(man)
        (request,) = handoff.resources("ServiceRequest")
        assert request["priority"] == "stat"
        assert "rf_heart_attack" in {flag["code"]["coding"][0]["code"] for flag in handoff.resources("Flag")}

    def test_the_bundle_holds_every_question_and_what_is_open_is_open(self, man, handoff_of):
        (response,) = handoff_of(man).resources("QuestionnaireResponse")
        answers = {part["linkId"]: part["answer"][0] for item in response["item"] for part in item["item"]}
        assert answers["q_conditions.heart_disease"]["valueCoding"]["code"] == "not-asked"
        assert answers["q_age.age_years"]["valueQuantity"]["value"] == 58

    def test_the_bundle_is_the_same_twice(self, man, handoff_of):
        assert handoff_of(man).bundle == handoff_of(man).bundle

    @pytest.mark.parametrize(
        ("form", "kind", "begins"),
        [
            ("text", "text/plain; charset=utf-8", b"Handoff note for esc_"),
            ("html", "text/html; charset=utf-8", b"<!doctype html>"),
            ("pdf", "application/pdf", b"%PDF-"),
            ("json", "application/json", b"{"),
        ],
    )
    def test_the_note_comes_in_every_form(self, man, handoff_of, form, kind, begins):
        answer = handoff_of(man).get("/sbar", format=form)
        assert answer.headers["content-type"] == kind
        assert answer.content.startswith(begins)

    def test_another_form_is_refused(self, man, handoff_of, client, service):
        path = f"{handoff_of(man).path}/sbar?format=docx"
        assert client.get(path, headers=service).status_code == 400

    def test_a_start_from_the_beginning_takes_nothing_from_the_clinician(self, man, handoff_of):
        man.write("start over")
        situation = handoff_of(man).sbar["situation"]
        assert some(situation, "Before the patient started over", "Chest pain")
        assert some(situation, "chest pain going into my left arm")

    def test_what_a_patient_takes_back_stays_on_record_as_taken_back(self, client, handoff_of):
        patient = Patient(client)
        patient.agree()
        answer(patient, SELF)
        patient.write("I have chest pain going into my left arm")
        patient.press("not_meant")
        situation = handoff_of(patient).sbar["situation"]
        assert some(situation, "Red flag", '"chest pain', "taken back")
        assert some(situation, "In the patient's words", "left arm")


class TestPage:
    def test_words_of_a_patient_are_words_and_no_markup(self, client, handoff_of):
        patient = Patient(client)
        patient.agree()
        answer(patient, SELF)
        patient.write("<script>alert(1)</script> chest pain going into my left arm & <b>more</b>")
        answered = handoff_of(patient).get("/sbar", format="html")
        assert "<script>" not in answered.text
        assert "&lt;script&gt;" in answered.text

    def test_nothing_is_loaded_from_anywhere(self, man, handoff_of):
        answered = handoff_of(man).get("/sbar", format="html")
        policy = answered.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "http" not in policy
        assert " src=" not in answered.text
        assert "<link" not in answered.text


class TestOthers:
    def test_a_child_with_a_fever_has_its_temperature_and_somebody_who_writes(self, client, service, handoff_of):
        patient = Patient(client)
        patient.agree()
        answer(patient, {"q_for_whom": "child", "q_age": {"number": 2, "unit": "months"}, "q_sex": "female"})
        patient.write("she has a temperature of 38.9")
        handoff = handoff_of(patient)
        assert "Somebody writes for a baby or child" in handoff.sbar["situation"]
        assert some(handoff.sbar["assessment"], "Measured by the patient", "38.9 °C")
        temperatures = [
            each for each in handoff.resources("Observation") if each["code"]["coding"][0]["code"] == "8310-5"
        ]
        assert [each["valueQuantity"]["code"] for each in temperatures] == ["Cel"]
        assert handoff.resources("Patient")[0]["gender"] == "female"

    def test_a_pregnancy_is_in_the_background(self, client, handoff_of):
        patient = Patient(client)
        patient.agree()
        answers = SELF | {"q_sex": "female", "q_age": {"number": 30, "unit": "years"}, "q_pregnant": "yes"}
        answer(patient, answers)
        patient.write("I am bleeding heavily and have a bad tummy pain")
        handoff = handoff_of(patient)
        assert "Pregnant: yes" in handoff.sbar["background"]
        observed = {each["code"]["coding"][-1]["code"]: each for each in handoff.resources("Observation")}
        assert observed["pregnant"]["valueBoolean"] is True

    def test_a_crisis_has_the_words_and_a_flag_of_safety(self, client, handoff_of):
        patient = Patient(client)
        patient.write("I want to kill myself tonight")
        handoff = handoff_of(patient)
        assert some(handoff.sbar["situation"], "kill myself")
        categories = {flag["category"][0]["coding"][0]["code"] for flag in handoff.resources("Flag")}
        assert "safety" in categories
        assert some(handoff.sbar["background"], "Age: not known")

    def test_a_wish_for_a_person_makes_up_no_level(self, client, handoff_of):
        patient = Patient(client)
        patient.agree()
        answer(patient, SELF)
        patient.write("Can I speak to a human")
        assert handoff_of(patient).sbar["situation"][0].startswith("Acuity: not decided yet")
        assert handoff_of(patient).resources("ServiceRequest")[0]["priority"] == "urgent"

    def test_how_to_reach_the_patient_is_in_no_bundle_and_no_note(self, client, handoff_of):
        patient = Patient(client)
        patient.agree()
        answer(patient, SELF)
        patient.write("Can I speak to a human")
        patient.write("Call me on 07700 900123, I have a fever of 39")
        handoff = handoff_of(patient)
        assert "07700" not in handoff.get("/fhir").text
        assert "07700" not in handoff.get("/sbar", format="text").text

    def test_one_from_another_system_is_valid_and_says_that_nothing_is_known(self, client, service):
        body = {"acuity": "same_day", "note": "please look"}
        path = f"/api/v1/escalations/{client.post('/api/v1/escalations', json=body, headers=service).json()['id']}"
        bundle = client.get(f"{path}/fhir", headers=service).json()
        assert bundle_faults(bundle) == []
        assert "There is no note" in client.get(f"{path}/sbar?format=text", headers=service).text

    def test_an_unknown_one_is_not_found(self, client, service):
        assert client.get("/api/v1/escalations/esc_none/fhir", headers=service).status_code == 404


class TestOwner:
    def test_the_bundle_says_who_has_it_as_long_as_somebody_has(self, man, client, service, clock, handoff_of):
        handoff = handoff_of(man)
        ada = {"clinician": {"id": "ada", "name": "Dr Ada Example", "role": "doctor"}}
        clock.pass_by(minutes=3)
        client.post(f"{handoff.path}/claim", json=ada, headers=service)
        task = handoff.resources("Task")[0]
        assert (task["owner"]["display"], task["status"]) == ("doctor", "in-progress")
        assert task["lastModified"] > task["authoredOn"]
        assert handoff.resources("Encounter")[0]["participant"]
        named = {
            kind["resourceType"] for kind in (e["resource"] for e in handoff.bundle["entry"]) if "Ada" in str(kind)
        }
        assert named <= {"Communication", "ServiceRequest"}  # what the patient was told, alone and in the note
        clock.pass_by(minutes=3)
        client.post(f"{handoff.path}/release", json=ada, headers=service)
        assert "owner" not in handoff.resources("Task")[0]
        assert handoff.resources("Task")[0]["lastModified"] > task["lastModified"]


class TestErased:
    def test_the_words_are_gone_from_note_and_bundle_and_both_say_so(self, man, client, handoff_of):
        handoff = handoff_of(man)
        client.delete(man.path, headers=man.headers)
        for answer in (handoff.get("/fhir"), handoff.get("/sbar", format="text"), handoff.get()):
            assert "left arm" not in answer.text
        assert "words-erased" in {tag["code"] for tag in handoff.bundle["meta"]["tag"]}
        assert not handoff.resources("Observation")
        assert "were erased" in handoff.get("/sbar", format="text").text
        assert [flag["code"]["text"] for flag in handoff.resources("Flag")]

    def test_the_facts_are_gone_from_the_database(self, man, careline, client, handoff_of):
        escalation_id = handoff_of(man).path.rpartition("/")[2]
        assert careline.desk.read_with_case(escalation_id)[1] is not None
        client.delete(man.path, headers=man.headers)
        assert careline.desk.read_with_case(escalation_id)[1] is None


def test_a_note_that_cannot_be_written_costs_the_patient_no_card(careline, client, handoff_of):
    """In a book without its sources no rule can be cited: content that is checked at the start cannot be so."""
    releases = careline.releases
    releases.publish(dataclasses.replace(releases.newest, book=dataclasses.replace(releases.newest.book, sources={})))
    patient = Patient(client)
    patient.write("I have chest pain going into my left arm")
    assert patient.turn["messages"][0]["kind"] == "emergency"
    assert handoff_of(patient).sbar["situation"] == ["The handoff note could not be written. Read the conversation."]
