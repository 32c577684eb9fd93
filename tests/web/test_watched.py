"""Where somebody may be watched: a way out, no call before it is known to be safe, nothing sent unasked."""

import pytest

from tests.support.guidance import article, guidance_of
from tests.support.house import Patient, furnished, scripted

pytestmark = pytest.mark.slow  # takes long

ABUSE = "my husband hits me and i am scared of him"
SUICIDAL = "I want to kill myself"
ARM = "I have chest pain going into my left arm"


@pytest.fixture
def careline(tmp_path):
    pages = guidance_of(article("domestic_safety"), article("sore_throat"))
    house = furnished(tmp_path, scripted(), country="GB", guidance=pages)
    yield house
    house.database.close()


def escalation_of(client, service, patient):
    (found,) = (
        each
        for each in client.get("/api/v1/escalations", headers=service).json()["items"]
        if each["conversation_id"] == patient.id
    )
    return found


class TestQuickExit:
    def test_a_card_about_abuse_offers_it_and_so_does_the_state_from_then_on(self, client):
        patient = Patient(client)
        turn = patient.write(ABUSE)
        assert turn["messages"][0]["data"]["quick_exit"] is True
        assert turn["quick_exit"] is True
        assert patient.read("messages")["quick_exit"] is True

    def test_words_that_say_so_without_a_card_offer_it_too(self, client):
        patient = Patient(client)
        patient.agree()
        turn = patient.write("he controls my money and checks my phone")
        assert turn["quick_exit"] is True

    @pytest.mark.parametrize("words", [ARM, "sore throat for two days", SUICIDAL])
    def test_nobody_else_is_shown_it(self, client, words):
        turn = Patient(client).write(words)
        assert turn["quick_exit"] is False
        assert all("quick_exit" not in message.get("data", {}) for message in turn["messages"])

    def test_it_stays_when_the_words_are_taken_back_and_when_the_patient_starts_over(self, client):
        patient = Patient(client)
        patient.agree()
        patient.write(ABUSE)
        patient.write("that's not what I meant")
        assert patient.turn["quick_exit"] is True
        assert patient.write("start over")["quick_exit"] is True

    def test_the_page_about_safety_at_home_has_a_link_that_leaves_and_says_what_it_does_not_do(self, client):
        page = client.get("/guidance/domestic_safety").text
        assert '<a href="/leave"' in page
        assert "history" in page
        assert "/leave" not in client.get("/guidance/sore_throat").text

    def test_leaving_goes_to_the_neutral_page_and_clears_what_the_browser_keeps_of_ours(self, client, careline):
        answer = client.get("/leave", follow_redirects=False)
        assert answer.status_code == 303
        assert answer.headers["location"] == str(careline.settings.quick_exit_url)
        assert '"storage"' in answer.headers["clear-site-data"]


class TestSafeToCall:
    def asked(self, client):
        patient = Patient(client)
        patient.agree()
        patient.write(ABUSE)
        patient.write("can I speak to a person")
        return patient

    def test_before_a_number_is_asked_for_we_ask_whether_it_is_safe_to_call(self, client):
        patient = self.asked(client)
        assert patient.question["data"]["question_id"] == "safe_to_call"
        assert "is it safe for someone to call you" in patient.question["text"]
        assert patient.question["data"]["quick_exit"] is True

    def test_after_a_yes_a_number_that_is_safe_is_asked_for(self, client, service):
        patient = self.asked(client)
        patient.press("yes")
        assert patient.question["data"]["question_id"] == "contact"
        assert "nobody else answers" in patient.question["text"]
        patient.write("07700 900000, mornings")
        callback = escalation_of(client, service, patient)["patient"]["callback"]
        assert callback == {"safe_to_call": "yes", "text": "07700 900000, mornings"}

    @pytest.mark.parametrize("answer", ["no", "unsure"])
    def test_without_a_yes_no_number_is_asked_for_and_the_clinician_sees_it(self, client, service, answer):
        patient = self.asked(client)
        turn = patient.press(answer)
        assert "I will not ask for a number" in turn["messages"][0]["text"]
        assert all(m.get("data", {}).get("question_id") != "contact" for m in turn["messages"])
        assert escalation_of(client, service, patient)["patient"]["callback"] == {"safe_to_call": answer}

    def test_a_number_that_is_written_all_the_same_is_kept_as_not_known_to_be_safe(self, client, service):
        patient = self.asked(client)
        patient.write("07700 900000")
        callback = escalation_of(client, service, patient)["patient"]["callback"]
        assert callback == {"text": "07700 900000", "safe_to_call": "unsure"}

    def test_others_are_asked_for_a_number_straight_away(self, client):
        patient = Patient(client)
        patient.agree()
        patient.write("can I speak to a person")
        assert patient.question["data"]["question_id"] == "contact"


class TestTheClinician:
    def test_sees_that_the_patient_may_be_watched_and_what_to_do_first(self, client, service):
        patient = Patient(client)
        patient.write(ABUSE)
        escalation = escalation_of(client, service, patient)
        assert escalation["patient"]["may_be_watched"] is True
        assert escalation["sbar"]["recommendation"][0].startswith("May be watched: before anything else ask")

    def test_sees_it_on_an_escalation_that_was_open_before(self, client, service):
        patient = Patient(client)
        patient.agree()
        patient.write("can I speak to a person")
        patient.press("skip")
        assert escalation_of(client, service, patient)["patient"]["may_be_watched"] is False
        patient.write("he controls my money and checks my phone")
        assert escalation_of(client, service, patient)["patient"]["may_be_watched"] is True

    def test_sees_it_on_one_that_another_system_opens_or_raises(self, client, service):
        patient = Patient(client)
        patient.agree()
        patient.write("he controls my money and checks my phone")
        body = {"acuity": "same_day", "conversation_id": patient.id}
        opened = client.post("/api/v1/escalations", json=body, headers=service).json()
        assert opened["patient"]["may_be_watched"] is True

    def test_of_anybody_else_it_is_not_said(self, client, service):
        patient = Patient(client)
        patient.write(ARM)
        assert escalation_of(client, service, patient)["patient"]["may_be_watched"] is False


class TestNothingUnasked:
    def test_a_patient_who_may_be_watched_is_not_written_to_or_called_unasked(self, careline, client):
        watched, other = Patient(client), Patient(client)
        watched.write(ABUSE)
        other.write(ARM)
        assert careline.conversations.may_reach_unasked(watched.id) is False
        assert careline.conversations.may_reach_unasked(other.id) is True

    def test_nor_anybody_whose_conversation_is_erased_or_unknown(self, careline, client):
        patient = Patient(client)
        client.delete(patient.path, headers=patient.headers)
        assert careline.conversations.may_reach_unasked(patient.id) is False
        assert careline.conversations.may_reach_unasked("con_unknown") is False
