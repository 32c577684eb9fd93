"""A patient's consultation over the HTTP API, in process, with a scripted dialogue engine."""

import pytest

from tests.support.house import Patient, client_for, furnished, reassuring, scripted

pytestmark = pytest.mark.slow  # takes long

ARM = "I'm a 58 year old man with chest pain going into my left arm"
THROAT = "sore throat for two days"
ADULT = {"q_age": {"number": 24, "unit": "years"}, "q_sex": "male", "q_for_whom": "self"}


def escalations(client, service):
    return client.get("/api/v1/escalations", headers=service).json()["items"]


class TestOpening:
    def test_begins_with_the_emergency_number_of_the_country_and_asks_for_consent(self, patient):
        greeting, consent = patient.opened["messages"]
        assert greeting["kind"] == "greeting"
        assert "999" in greeting["text"]
        assert consent["kind"] == "consent"
        assert [option["value"] for option in consent["options"]] == ["agree", "decline"]
        assert patient.opened["state"] == "consent"

    def test_names_the_operator_so_that_patients_know_who_keeps_their_words(self, patient):
        assert "Test Clinic" in patient.opened["messages"][1]["text"]

    def test_shows_all_international_numbers_while_the_country_is_unknown(self, tmp_path):
        with client_for(furnished(tmp_path, scripted())) as client:
            text = Patient(client).opened["messages"][0]["text"]
        assert all(number in text for number in ("112", "911", "999"))

    def test_takes_the_country_of_the_request_over_that_of_the_installation(self, client):
        assert "911" in Patient(client, country="US").opened["messages"][0]["text"]


class TestConsent:
    def test_words_before_consent_are_kept_and_never_asked_for_again(self, patient):
        held = patient.write(THROAT)
        assert held["state"] == "consent"
        patient.agree()
        turn = patient.answer_all(ADULT | {"complaint": "must not be asked"})
        assert turn["acuity"] == "self_care"
        asked = [m["data"]["question_id"] for m in patient.read("messages")["messages"] if m["kind"] == "question"]
        assert "complaint" not in asked

    def test_words_before_consent_never_reach_the_dialogue_engine(self, patient, dialogue):
        patient.write(THROAT)
        assert dialogue.turns == []

    def test_declining_drops_what_was_written_gives_the_number_and_closes(self, patient, careline):
        patient.write(THROAT)
        closed = patient.press("decline")
        assert closed["state"] == "closed"
        assert "999" in closed["messages"][-1]["text"]
        kept = [m["text"] for m in patient.read("messages")["messages"]]
        assert not any("throat" in text for text in kept)

    @pytest.mark.parametrize("words", ["yes", "Yes I agree", "ok", "I agree."])
    def test_plain_words_agree(self, patient, words):
        assert patient.write(words)["state"] == "intake"

    def test_plain_words_decline(self, patient):
        assert patient.write("no thanks")["state"] == "closed"

    def test_nothing_says_that_a_message_was_found_harmless(self, patient):
        held = patient.write(THROAT)
        text = " ".join(message["text"] for message in held["messages"]).lower()
        assert not any(word in text for word in ("nothing serious", "no danger", "not an emergency", "clean"))


class TestEmergency:
    def test_chest_pain_into_the_arm_gets_the_card_at_once_and_one_escalation(self, patient, client, service):
        turn = patient.write(ARM)
        card = turn["messages"][0]
        assert (card["kind"], turn["acuity"], turn["final"]) == ("emergency", "emergency_now", True)
        assert card["data"]["numbers"][0]["tel"] == "999"
        assert card["data"]["red_flags"][0]["id"] == "rf_heart_attack"
        assert [option["value"] for option in card["options"]] == ["called", "cannot_call", "not_meant", "continue"]
        (escalation,) = escalations(client, service)
        assert escalation["id"] == turn["escalation"]["id"] == card["data"]["escalation_id"]
        assert (escalation["reason"], escalation["acuity"]) == ("red_flag", "emergency_now")

    def test_the_card_needs_no_dialogue_engine(self, patient, dialogue):
        dialogue.is_down = True
        assert patient.write(ARM)["messages"][0]["kind"] == "emergency"
        assert dialogue.turns == []

    def test_the_dialogue_engine_is_told_afterwards(self, patient, dialogue, client):
        patient.write(ARM)
        client.portal.call(lambda: client.app.state.web.turns.drain())
        assert [flags for _, flags in dialogue.told] == [("rf_heart_attack",)]

    def test_it_fires_in_the_middle_of_the_interview_too(self, patient):
        patient.write(THROAT)
        patient.agree()
        assert patient.write("now my chest is really tight and the pain goes into my jaw")["acuity"] == "emergency_now"

    def test_it_fires_after_the_advice(self, patient):
        patient.write(THROAT)
        patient.agree()
        patient.answer_all(ADULT)
        turn = patient.write("he has stopped breathing")
        assert turn["messages"][0]["kind"] == "emergency"

    def test_a_second_emergency_raises_the_open_escalation_and_opens_no_other(self, patient, client, service):
        patient.write(ARM)
        patient.write("now he is unconscious and not breathing")
        (escalation,) = escalations(client, service)
        assert set(escalation["red_flags"]) >= {"rf_heart_attack"}
        assert len(escalation["red_flags"]) >= 2

    def test_an_answer_by_button_can_raise_it_without_the_dialogue_engine(self, patient, dialogue):
        patient.write(THROAT)
        patient.agree()
        while patient.question["data"]["question_id"] != "q_throat_danger":
            question_id = patient.question["data"]["question_id"]
            patient.press(ADULT.get(question_id) or reassuring(question_id))
        asked_before = len(dialogue.turns)
        turn = patient.press(["spit", "noise"])
        assert turn["acuity"] in ("emergency_now", "ed_now")
        assert turn["messages"][0]["kind"] == "emergency"
        assert len(dialogue.turns) == asked_before

    def test_unknown_country_says_so_shows_the_international_numbers_and_asks(self, tmp_path):
        with client_for(furnished(tmp_path, scripted())) as client:
            patient = Patient(client)
            card = patient.write(ARM)["messages"][0]
            assert {number["tel"] for number in card["data"]["numbers"]} == {"112", "911", "999"}
            assert "Which country" in card["text"]
            assert "112" in patient.write("I'm in Ireland")["messages"][0]["text"]
            assert "911" not in patient.turn["messages"][0]["text"]

    def test_no_sentence_claims_that_somebody_was_told_or_will_come(self, patient):
        patient.write(ARM)
        patient.press("called")
        patient.write("Joe, 07700 900000, 3 High Street")
        said = " ".join(m["text"] for m in patient.read("messages")["messages"] if m["from"] == "assistant").lower()
        for claim in ("has been told", "have told a", "is on the way", "will call you", "will come", "been notified"):
            assert claim not in said
        assert "i do not know yet if anyone has seen it" in said

    def test_the_handoff_note_quotes_the_patient_with_the_message(self, patient, client, service):
        patient.write("my mum is 80 and her face has dropped on one side")
        (escalation,) = escalations(client, service)
        assert any("patient wrote" in line and "message 3" in line for line in escalation["sbar"]["situation"])


class TestAfterTheCard:
    def test_contact_details_are_kept_with_the_escalation_and_read_back_by_the_service(self, patient, client, service):
        patient.write(ARM)
        assert patient.press("called")["messages"][-1]["data"]["question_id"] == "contact"
        patient.write("Joe, 07700 900000, 3 High Street")
        (escalation,) = escalations(client, service)
        assert "07700 900000" in escalation["patient"]["callback"]["text"]

    def test_contact_can_be_skipped(self, patient, client, service):
        patient.write(ARM)
        patient.press("cannot_call")
        patient.press("skip")
        assert escalations(client, service)[0]["patient"]["callback"] is None

    def test_not_what_i_meant_is_answered_and_the_escalation_stays_open(self, patient, client, service):
        patient.write(ARM)
        turn = patient.press("not_meant")
        assert "999" in turn["messages"][0]["text"]
        assert turn["final"] is False
        assert turn["acuity"] is None
        assert escalations(client, service)[0]["state"] == "open"
        assert turn["escalation"]["state"] == "open"

    def test_not_what_i_meant_can_be_typed(self, patient):
        patient.write(ARM)
        assert patient.write("that's not what I meant")["final"] is False

    def test_continue_goes_on_without_lowering_the_acuity(self, patient):
        patient.write(ARM)
        turn = patient.press("continue")
        assert turn["acuity"] == "emergency_now"
        patient.agree()
        turn = patient.answer_all(ADULT | {"q_age": {"number": 58, "unit": "years"}})
        assert turn["acuity"] == "emergency_now"

    def test_repeating_the_words_shows_the_card_again(self, patient):
        patient.write(ARM)
        assert patient.write("chest pain still going down my arm")["messages"][0]["kind"] == "emergency"


class TestInterview:
    def test_a_sore_throat_of_two_days_ends_in_self_care_with_reasons_and_sources(self, patient):
        patient.write(THROAT)
        patient.agree()
        turn = patient.answer_all(ADULT)
        assessment = next(m for m in turn["messages"] if m["kind"] == "assessment")
        data = assessment["data"]
        assert (turn["state"], turn["final"], turn["acuity"]) == ("advised", True, "self_care")
        assert data["disposition"]["if_worse"]
        assert data["reasons"][0]["source"]["title"]
        assert set(data["versions"]) == {"app", "content", "model"}
        assert [option["value"] for option in assessment["options"]] == [
            "talk_to_clinician",
            "see_summary",
            "start_over",
        ]

    def test_unsigned_content_says_so_on_the_card(self, patient):
        patient.write(THROAT)
        patient.agree()
        turn = patient.answer_all(ADULT)
        assert any("not yet been checked by a clinician" in c for c in turn["messages"][-1]["data"]["cautions"])

    def test_not_sure_of_a_life_threat_raises_the_result_and_is_listed_as_unknown(self, patient):
        patient.write(THROAT)
        patient.agree()
        turn = patient.answer_all(ADULT | {"q_throat_danger": "unsure"})
        assert turn["acuity"] in ("same_day", "ed_now", "emergency_now")
        assert turn["messages"][-1]["data"]["unknown"]

    def test_a_question_is_asked_by_its_kind_with_a_reason(self, patient):
        patient.write(THROAT)
        patient.agree()
        question = patient.question
        assert question["data"]["why"]
        assert question["data"]["input"]["type"] in ("single", "multi", "number", "text")

    def test_checklists_have_none_and_not_sure_standing_alone(self, patient):
        patient.write(THROAT)
        patient.agree()
        while patient.question["data"]["input"]["type"] != "multi":
            question_id = patient.question["data"]["question_id"]
            patient.press(ADULT.get(question_id) or reassuring(question_id))
        alone = {option["value"] for option in patient.question["options"] if option.get("exclusive")}
        assert alone == {"none", "unsure"}

    def test_plain_words_answer_questions(self, patient):
        patient.write(THROAT)
        patient.write("yes")
        for _ in range(30):
            if patient.turn["final"]:
                break
            question_id = patient.question["data"]["question_id"]
            words = {"q_for_whom": "me", "q_age": "I'm 24", "q_sex": "male"}.get(question_id)
            patient.write(words or ("none" if patient.question["data"]["input"]["type"] in ("multi", "text") else "no"))
        assert patient.turn["acuity"] == "self_care"

    def test_an_unknown_complaint_is_offered_a_list_and_something_else(self, patient):
        patient.agree()
        while patient.question["data"]["question_id"] != "complaint":
            question_id = patient.question["data"]["question_id"]
            patient.press(ADULT.get(question_id) or reassuring(question_id))
        turn = patient.write("my hair feels odd somehow")
        question = turn["messages"][-1]
        assert question["data"]["question_id"] == "complaint_choice"
        assert question["options"][-1]["value"] == "something_else"
        assert patient.press("something_else")["state"] == "interview"

    def test_three_misunderstandings_bring_in_a_human_and_the_question_is_left_open(self, patient, client, service):
        patient.write(THROAT)
        patient.agree()
        pending = patient.question["data"]["question_id"]
        for _ in range(3):
            patient.write("blorp fnord zzz")
        assert escalations(client, service)[0]["reason"] == "patient_request"
        assert patient.question["data"]["question_id"] != pending


class TestCorrections:
    def answered(self, patient):
        patient.write(THROAT)
        patient.agree()
        patient.answer_all(ADULT | {"q_throat_lasting": ["often"]})
        messages = patient.read("messages")["messages"]
        return {m["data"]["question_id"]: m["id"] for m in messages if m["kind"] == "question"}

    def test_an_older_button_is_a_correction_and_can_lower_the_result(self, patient):
        asked = self.answered(patient)
        assert patient.turn["acuity"] == "gp_soon"
        turn = patient.press("none", reply_to=asked["q_throat_lasting"])
        assert turn["acuity"] == "self_care"

    def test_a_correction_is_logged(self, patient):
        asked = self.answered(patient)
        patient.press("none", reply_to=asked["q_throat_lasting"])
        kinds = [line["kind"] for line in patient.read("export")["log"]]
        assert "corrected" in kinds

    def test_free_words_never_lower_the_result(self, patient):
        patient.write(THROAT)
        patient.agree()
        patient.answer_all(ADULT | {"q_throat_lasting": ["often"]})
        before = patient.turn["acuity"]
        patient.write("no fever, no rash, nothing else, all fine")
        assert patient.turn["acuity"] in (before, None) or patient.turn["acuity"] == before

    def test_a_correction_that_is_an_emergency_gets_the_card(self, patient):
        asked = self.answered(patient)
        assert patient.press(["spit"], reply_to=asked["q_throat_danger"])["messages"][0]["kind"] == "emergency"


class TestRequests:
    def test_a_wish_for_a_human_is_recorded_and_answered_truthfully(self, patient, client, service):
        patient.write(THROAT)
        patient.agree()
        turn = patient.write("can I speak to a nurse please")
        handoff = next(m for m in turn["messages"] if m["kind"] == "handoff")
        assert handoff["data"]["on_duty"] is False
        assert handoff["data"]["escalation_id"] == escalations(client, service)[0]["id"]

    def test_after_asking_for_a_human_the_interview_goes_on(self, patient):
        patient.write(THROAT)
        patient.agree()
        pending = patient.question["data"]["question_id"]
        patient.write("can I speak to a nurse please")
        patient.press("skip")
        assert patient.question["data"]["question_id"] == pending

    def test_why_do_you_ask_is_answered_and_the_question_comes_back(self, patient):
        patient.write(THROAT)
        patient.agree()
        question = patient.question
        turn = patient.write("why do you ask")
        assert question["data"]["why"] in turn["messages"][0]["text"]
        assert patient.question["data"]["question_id"] == question["data"]["question_id"]

    def test_the_summary_lists_what_is_known(self, patient):
        patient.write(THROAT)
        patient.agree()
        patient.answer_all(ADULT)
        assert "sore throat" in patient.press("see_summary")["messages"][0]["text"]
        assert patient.read("summary")["acuity"] == "self_care"

    def test_start_over_begins_again_and_asks_for_the_problem(self, patient):
        patient.write(THROAT)
        patient.agree()
        patient.answer_all(ADULT)
        turn = patient.press("start_over")
        assert (turn["state"], turn["acuity"], turn["final"]) == ("intake", None, False)

    def test_stop_closes_with_the_number(self, patient):
        patient.write(THROAT)
        patient.agree()
        turn = patient.write("stop")
        assert turn["state"] == "closed"
        assert "999" in turn["messages"][-1]["text"]

    def test_a_closed_conversation_still_screens(self, patient):
        patient.press("decline")
        assert patient.write("he has stopped breathing")["messages"][0]["kind"] == "emergency"

    def test_a_question_without_guidance_is_answered_honestly_and_the_question_comes_back(self, patient):
        patient.write(THROAT)
        patient.agree()
        pending = patient.question["data"]["question_id"]
        turn = patient.write("can I take ibuprofen with this?")
        assert any("cannot look up guidance" in message["text"] for message in turn["messages"])
        assert patient.question["data"]["question_id"] == pending
