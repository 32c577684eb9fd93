"""An escalation as FHIR: valid in R4 and R4B, and never a no for what is not known."""

import datetime as dt
import json

import pytest
from hypothesis import HealthCheck, given, settings

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.escalation.case_snapshot import Quote, SeenFlag, SeenQuestion, SeenRule, Told
from careline.escalation.escalation import Clinician, PatientOutline, State
from careline.escalation.fhir.bundle import bundle_of, fhir_json
from careline.escalation.fhir.dangers import severity_of
from careline.escalation.fhir.request import priority_of
from tests.support.fhir_r4 import bundle_faults
from tests.support.handoff import AT, SOURCE, case_of, cases, escalation_of, escalations, measured, sign


def resources(case=None, kind=None, **more):
    bundle = bundle_of(escalation_of(case, **more), case)
    return [entry["resource"] for entry in bundle["entry"] if kind in (None, entry["resource"]["resourceType"])]


def the(kind, case=None, **more):
    (found,) = resources(case, kind, **more)
    return found


FULL = case_of(
    complaints=("Chest pain",),
    red_flags=(SeenFlag(id="rf", title="Heart", quote=Quote("chest", 2, AT), sources=(SOURCE,), because_of=("pain",)),),
    rules=(SeenRule(id="r", text="Because.", acuity=Acuity.SAME_DAY, sources=(SOURCE,), because_of=("pain",)),),
    findings=(
        sign("pain"),
        sign("sweating", Presence.ABSENT),
        sign("faint", Presence.UNKNOWN),
        sign("for_whom", value="self", kind="choice"),
        sign("takes_medicines", value="warfarin", kind="note"),
        measured("temperature_celsius", 38.5, "celsius"),
        measured("systolic_mmhg", 150, "mmhg"),
        measured("age_years", 58, "years"),
    ),
    questions=(
        SeenQuestion(
            id="q", text="Any?", stage="interview", is_asked=True, findings=(sign("faint", Presence.UNKNOWN),)
        ),
        SeenQuestion(id="p", text="More?", stage="interview", findings=(sign("later", Presence.UNKNOWN),)),
    ),
    words=(Quote("chest hurts", 2, AT),),
    told=(Told(message_id=3, kind="emergency", text="Call 999.", at=AT, answer=Quote("I called", 4, AT)),),
)


@pytest.mark.slow  # builds all models of both standards
class TestValid:
    @pytest.mark.parametrize("case", [None, case_of(), FULL], ids=["without a case", "little", "full"])
    def test_in_r4_and_in_r4b(self, case):
        bundle = json.loads(fhir_json(escalation_of(case), case))  # R4B: refuses what is not valid
        assert bundle_faults(bundle) == []

    def test_has_every_kind_of_resource(self):
        kinds = {each["resourceType"] for each in resources(FULL)}
        assert kinds == {
            "Patient", "Encounter", "QuestionnaireResponse", "Observation", "Flag", "DetectedIssue", "ServiceRequest",
            "Task", "Communication", "Provenance", "Device",
        }  # fmt: skip

    def test_the_same_escalation_gives_the_same_bundle(self):
        assert bundle_of(escalation_of(FULL), FULL) == bundle_of(escalation_of(FULL), FULL)

    def test_another_escalation_has_other_ids(self):
        ids = [{each["id"] for each in resources(FULL, id=name)} for name in ("esc_1", "esc_2")]
        assert ids[0].isdisjoint(ids[1])

    def test_it_is_marked_as_generated_and_unreviewed(self):
        tags = {tag["code"] for tag in bundle_of(escalation_of(FULL), FULL)["meta"]["tag"]}
        assert tags == {"generated", "unreviewed-content"}


class TestPatient:
    def test_is_a_pseudonym_and_nobody(self):
        patient = the("Patient", FULL, contact={"text": "Ann, 07700 900000"})
        assert set(patient) == {"resourceType", "id", "meta", "identifier", "gender", "_birthDate"}
        assert "con_1" not in json.dumps(patient)

    def test_how_to_reach_them_is_nowhere(self):
        shown = json.dumps(resources(FULL, contact={"text": "Ann, 07700 900000"}))
        assert "07700" not in shown

    @pytest.mark.parametrize(
        ("sex", "gender"), [("female", "female"), ("male", "male"), ("other", "unknown"), (None, "unknown")]
    )
    def test_sex_is_claimed_only_where_it_was_told(self, sex, gender):
        assert the("Patient", patient=PatientOutline(sex=sex))["gender"] == gender


class TestFindings:
    def observed(self, name):
        for each in resources(FULL, "Observation"):
            if name in {code["code"] for code in each["code"]["coding"]}:
                return each
        raise AssertionError(name)

    @pytest.mark.parametrize(("name", "value"), [("pain", True), ("sweating", False)])
    def test_present_is_true_and_absent_is_false(self, name, value):
        assert self.observed(name)["valueBoolean"] is value

    def test_unknown_has_no_value_and_says_so(self):
        observation = self.observed("faint")
        assert not [name for name in observation if name.startswith("value")]
        assert observation["dataAbsentReason"]["coding"][0]["code"] == "asked-unknown"

    def test_a_vital_sign_has_its_code_and_its_unit(self):
        observation = self.observed("8310-5")
        assert observation["valueQuantity"] == {
            "value": 38.5, "unit": "°C", "system": "http://unitsofmeasure.org", "code": "Cel"
        }  # fmt: skip
        assert observation["category"][0]["coding"][0]["code"] == "vital-signs"

    def test_blood_pressure_is_one_with_two_parts_and_the_missing_one_says_so(self):
        upper, lower = self.observed("85354-9")["component"]
        assert (upper["code"]["coding"][0]["code"], upper["valueQuantity"]["value"]) == ("8480-6", 150)
        assert lower["code"]["coding"][0]["code"] == "8462-4"
        assert lower["dataAbsentReason"]["coding"][0]["code"] == "unknown"

    def test_nothing_is_final_before_somebody_has_checked_it(self):
        assert {each["status"] for each in resources(FULL, "Observation")} == {"preliminary"}

    def test_what_a_relative_tells_is_not_put_into_the_patients_mouth(self):
        case = case_of(findings=(sign("pain"), sign("for_whom", value="child", kind="choice")))
        assert not any("performer" in each for each in resources(case, "Observation"))
        assert "source" not in the("QuestionnaireResponse", case)

    def test_the_answers_tell_not_asked_from_not_known(self):
        items = the("QuestionnaireResponse", FULL)["item"]
        codes = [item["item"][0]["answer"][0]["valueCoding"]["code"] for item in items]
        assert codes == ["asked-unknown", "not-asked"]


class TestDangers:
    def test_a_red_flag_is_a_flag_and_a_grave_issue_with_its_words_and_source(self):
        (flag,) = resources(FULL, "Flag")
        issue = resources(FULL, "DetectedIssue")[0]
        assert (flag["status"], flag["code"]["text"]) == ("active", "Heart")
        assert issue["severity"] == "high"
        assert issue["reference"] == SOURCE.url
        assert '"chest" (message 2)' in issue["detail"]

    def test_a_flag_that_only_the_escalation_knows_is_there_and_grave(self):
        assert [each["code"]["text"] for each in resources(None, "Flag", red_flags=("rf_old",))] == ["rf_old"]
        assert the("DetectedIssue", None, red_flags=("rf_old",))["severity"] == "high"

    @pytest.mark.parametrize(("state", "status"), [(State.OPEN, "active"), (State.CLOSED, "inactive")])
    def test_a_flag_stands_until_a_clinician_closes(self, state, status):
        case = case_of(red_flags=(SeenFlag(id="rf", title="Heart", holds=False),))
        assert the("Flag", case, state=state)["status"] == status

    @pytest.mark.parametrize(
        ("acuity", "severity", "priority"),
        [
            (Acuity.EMERGENCY_NOW, "high", "stat"),
            (Acuity.ED_NOW, "high", "asap"),
            (Acuity.SAME_DAY, "moderate", "urgent"),
            (Acuity.GP_SOON, "low", "routine"),
            (Acuity.ROUTINE, "low", "routine"),
            (Acuity.SELF_CARE, "low", "routine"),
            (None, "high", "urgent"),
        ],
    )
    def test_severity_and_priority_follow_the_level_and_unknown_is_never_the_least(self, acuity, severity, priority):
        assert (severity_of(acuity), priority_of(acuity)) == (severity, priority)


class TestRequest:
    @pytest.mark.parametrize(
        ("state", "status"),
        [
            (State.OPEN, "requested"),
            (State.ACKNOWLEDGED, "received"),
            (State.CLAIMED, "in-progress"),
            (State.ANSWERED, "in-progress"),
            (State.CLOSED, "completed"),
        ],
    )
    def test_the_task_has_the_escalations_state(self, state, status):
        assert the("Task", FULL, state=state)["status"] == status

    def test_who_has_it_is_a_pseudonym_with_a_role_and_no_name(self):
        ada = Clinician("sta_ada", "Dr Ada Example", "doctor")
        task = the("Task", FULL, owner=ada, claimed_at=AT, state=State.CLAIMED)
        (one,) = the("Encounter", FULL, owner=ada, claimed_at=AT, state=State.CLAIMED)["participant"]
        assert task["owner"] == one["individual"]
        assert (task["owner"]["type"], task["owner"]["display"]) == ("Practitioner", "doctor")
        assert one["period"] == {"start": "2026-11-21T09:00:00.000Z"}
        everything = json.dumps(bundle_of(escalation_of(FULL, owner=ada, claimed_at=AT), FULL))
        assert "Ada" not in everything
        assert "sta_ada" not in everything

    def test_the_same_clinician_is_the_same_in_another_case_and_another_is_not(self):
        ada, ben = Clinician("ada", "A", "doctor"), Clinician("ben", "B", "doctor")
        first, same = (the("Task", owner=ada, id=each)["owner"] for each in ("esc_1", "esc_2"))
        assert first == same
        assert the("Task", owner=ben)["owner"]["identifier"] != first["identifier"]

    def test_one_that_nobody_has_names_nobody(self):
        assert "owner" not in the("Task", FULL)
        assert "participant" not in the("Encounter", FULL)

    def test_its_time_is_that_of_the_last_change(self):
        later = AT + dt.timedelta(hours=1)
        assert the("Task", FULL, changed_at=later)["lastModified"] == "2026-11-21T10:00:00.000Z"
        assert bundle_of(escalation_of(FULL, changed_at=later), FULL)["timestamp"] == "2026-11-21T10:00:00.000Z"

    def test_careline_proposes_and_orders_nothing(self):
        request = the("ServiceRequest", FULL)
        assert (request["intent"], request["priority"]) == ("proposal", "asap")
        assert "SITUATION" in request["note"][0]["text"]

    def test_the_level_is_the_escalations_where_somebody_raised_it(self):
        request = the("ServiceRequest", FULL, acuity=Acuity.EMERGENCY_NOW)
        assert (request["priority"], request["code"]["text"]) == ("stat", "Level: emergency_now")

    def test_the_words_come_from_the_patient_and_the_advice_from_careline(self):
        said = {each["payload"][0]["contentString"]: each for each in resources(FULL, "Communication")}
        assert set(said) == {"chest hurts", "Call 999.", "I called"}
        assert said["chest hurts"]["sender"]["type"] == "Patient"
        assert said["Call 999."]["sender"]["type"] == "Device"

    def test_a_message_that_answers_two_cards_stands_once(self):
        answer = Quote("I called", 5)
        told = [Told(message_id=number, kind="emergency", text="Call 999.", at=AT, answer=answer) for number in (3, 4)]
        said = [each for each in resources(case_of(told=tuple(told))) if each["resourceType"] == "Communication"]
        assert sorted(each["identifier"][0]["value"] for each in said) == ["3", "4", "5"]

    def test_where_it_comes_from_is_on_record(self):
        device, provenance = the("Device", FULL), the("Provenance", FULL)
        assert {each["value"] for each in device["version"]} == {"1.2.3", "c0ffee", "m0del"}
        assert provenance["entity"][0]["what"]["identifier"]["value"] == "c0ffee"
        assert len(provenance["target"]) == len(resources(FULL)) - 1


class TestErased:
    def test_says_so_and_holds_no_answers(self):
        escalation = escalation_of(words_erased_at=AT + dt.timedelta(days=1), red_flags=("rf",))
        bundle = bundle_of(escalation, None)
        kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
        assert kinds.isdisjoint({"QuestionnaireResponse", "Observation", "Communication"})
        assert "words-erased" in {tag["code"] for tag in bundle["meta"]["tag"]}
        (task,) = (e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Task")
        assert "it is not a no" in task["note"][0]["text"]


def booleans(found):
    """What observations and answers affirm or deny, with the finding's name."""
    for each in found:
        if each["resourceType"] == "Observation":
            for part in (each, *each.get("component", ())):
                if "valueBoolean" in part:
                    yield part["code"]["coding"][-1]["code"], part["valueBoolean"]
        for item in each.get("item", ()):
            for part in item["item"]:
                if "valueBoolean" in part["answer"][0]:
                    yield part["linkId"], part["answer"][0]["valueBoolean"]


@pytest.mark.slow  # takes long
class TestByChance:
    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(escalations, cases)
    def test_whatever_is_in_a_case_the_bundle_is_valid(self, escalation, case):
        assert bundle_faults(json.loads(fhir_json(escalation, case))) == []

    @settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(cases)
    def test_no_is_written_only_where_the_patient_said_no(self, case):
        presence = {finding.id: finding.presence for finding in case.findings}
        presence |= {f"{q.id}.{finding.id}": finding.presence for q in case.questions for finding in q.findings}
        for name, value in booleans(resources(case)):
            assert presence[name] is (Presence.PRESENT if value else Presence.ABSENT)
