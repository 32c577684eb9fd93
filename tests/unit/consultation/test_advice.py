"""After the advice or a card, and the guidance that goes with it."""

import datetime as dt

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.consultation.consultation import Asked, Stage
from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from careline.guidance.article import Audience
from tests.support.guidance import article, guidance_of, rules, signed
from tests.support.interview import ADULT, Interview

THROAT = "sore throat for two days"
ARM = "I have chest pain going into my left arm"
NONSENSE = "blorp fnord zzz"


def kinds(drafts):
    return [draft.kind for draft in drafts]


def begun(words=THROAT, **more):
    """A patient who has said what is wrong and agreed."""
    interview = Interview(**more)
    interview.write(words)
    interview.press("agree")
    return interview


def advised(answers=ADULT, **more):
    """A patient whose triage has ended."""
    interview = begun(**more)
    interview.until(None, answers)
    assert interview.c.stage is Stage.ADVISED
    return interview


def sore_throat(**changes):
    given = {"title": "Sore throat", "text": "Gargle with warm salt water.", "acuity_ceiling": "same_day"} | changes
    return article("sore_throat", **given)


class TestAfterTheAdvice:
    def test_the_offers_can_be_typed(self):
        assert "sore throat" in advised().write("summary")[0].text
        assert kinds(advised().write("doctor"))[0] == "handoff"
        again = advised()
        again.write("restart")
        assert again.c.memory.case.presence("sore_throat") is Presence.UNKNOWN
        assert not again.c.final

    def test_the_advice_names_the_services_of_the_patients_country(self):
        ill = ADULT | {"q_throat_ill": ["drinking"]}
        here = begun(country="GB").until(None, ill)[-1].text
        assert "Where you are, that is NHS 111" in here
        assert "Urgent health advice: 111" in here
        assert "Where you are" not in begun(country="FR").until(None, ill)[-1].text

    def test_an_offer_that_is_no_more_shows_those_that_are(self):
        interview = advised()
        interview.press("something_old", asked=Asked(9, Awaiting.OFFER, None, ("something_old",)))
        assert interview.asked.awaiting is Awaiting.OFFER

    def test_words_for_no_offer_are_read_as_a_report(self):
        interview = advised()
        interview.write("I have a rash now as well")
        assert interview.c.memory.complaints[-1] == "rash"
        assert not interview.c.final

    def test_thanks_and_greetings_are_returned_with_the_offers(self):
        for intention in (Intention.ACKNOWLEDGE_THANKS, Intention.GREET, Intention.TAKE_FEEDBACK):
            interview = advised()
            interview.write("thanks, bye now", intention)
            assert interview.asked.awaiting is Awaiting.OFFER

    def test_feedback_is_kept(self):
        interview = advised()
        interview.write("that was kind of you", Intention.TAKE_FEEDBACK)
        assert interview.c.effects.feedback == "that was kind of you"

    def test_why_this_result_gives_the_reasons(self):
        interview = advised()
        interview.write("why this result and not another", Intention.EXPLAIN)
        assert "- " in interview.text

    def test_why_without_a_question_or_a_result_is_answered_in_general(self):
        interview = Interview()
        interview.press("agree")
        interview.until_complaint()
        assert kinds(interview.write("why do you ask all this", Intention.EXPLAIN)) == ["notice", "question"]

    def test_a_summary_before_anything_is_known_says_so(self):
        interview = Interview()
        interview.press("agree")
        interview.write("give me the summary please now", Intention.SUMMARISE)
        assert interview.text

    def test_an_assessment_of_today_opens_an_escalation_where_the_operator_wants_that(self):
        urgent = ADULT | {"q_throat_danger": "unsure"}
        for same_day, opened in ((True, 1), (False, 0)):
            interview = begun(same_day=same_day)
            interview.until(None, urgent)
            assert interview.c.acuity is Acuity.SAME_DAY
            assert len(interview.c.effects.escalations) == opened


class TestAfterTheCard:
    def card(self, **more):
        interview = Interview(**more)
        assert "emergency" in kinds(interview.write(ARM))
        return interview

    @pytest.mark.parametrize("words", ["I called", "calling now"])
    def test_words_say_that_they_called(self, words):
        interview = self.card()
        interview.write(words)
        assert interview.asked.awaiting is Awaiting.CONTACT

    def test_asked_for_contact_anything_may_be_left_or_nothing(self):
        interview = self.card()
        interview.press("cannot_call")
        interview.write("Joe, 07700 900000")
        assert interview.c.effects.contact == {"text": "Joe, 07700 900000"}
        assert interview.asked.awaiting is Awaiting.EMERGENCY_REPLY
        declined = self.card()
        declined.press("called")
        declined.write("rather not")
        assert declined.c.effects.contact is None

    def test_a_command_at_the_contact_question_is_obeyed(self):
        interview = begun()
        interview.write("please can I talk to a human being", Intention.REQUEST_HUMAN)
        interview.write("please can I talk to a human being", Intention.REQUEST_HUMAN)
        assert interview.asked.awaiting is Awaiting.CONTACT
        interview.write("why do you want to know that", Intention.EXPLAIN)
        assert interview.asked.awaiting is Awaiting.CONTACT

    def test_words_that_report_more_are_answered_by_the_reminder(self):
        interview = self.card()
        drafts = interview.write("and I have had a cough for a week", Intention.TAKE_REPORT)
        assert kinds(drafts) == ["notice"]
        assert "999" in drafts[0].text

    def test_words_that_say_nothing_known_are_not_understood_and_the_number_comes_again(self):
        interview = self.card()
        drafts = interview.write(NONSENSE)
        assert kinds(drafts) == ["notice", "notice"]
        assert "999" in drafts[-1].text

    def test_not_meant_takes_back_what_the_card_went_by(self):
        interview = self.card()
        interview.press("not_meant")
        assert interview.c.memory.shown_flags == []
        assert not interview.c.final
        assert interview.c.memory.case.presence("chest_pain") is not Presence.PRESENT

    def test_going_on_keeps_the_acuity_and_the_reminder_follows_the_milder_assessment(self):
        interview = self.card()
        interview.press("continue")
        interview.press("agree")
        interview.until(None, ADULT)
        assert interview.c.acuity is Acuity.EMERGENCY_NOW
        assert interview.asked.awaiting is Awaiting.EMERGENCY_REPLY

    def test_an_unknown_country_can_be_named(self):
        interview = self.card(country=None)
        interview.write("I am in Ireland")
        assert interview.c.country == "IE"
        assert "112" in interview.text


class TestGuidance:
    def test_the_assessment_cites_articles_about_the_complaint_before_the_result(self):
        interview = begun(guidance=guidance_of(sore_throat()))
        drafts = interview.until(None, ADULT)
        assert kinds(drafts) == ["guidance", "assessment"]
        guidance, assessment = drafts
        assert guidance.data["hits"][0]["article_id"] == "sore_throat"
        assert guidance.text.startswith("Sore throat: ")
        assert "not yet been checked by a clinician" in guidance.text
        assert assessment.data["articles"] == guidance.data["hits"]
        assert assessment.data["versions"]["model"] == "r1"

    @pytest.mark.parametrize(("sex", "shown"), [("male", False), ("female", True)])
    def test_a_page_for_pregnant_patients_is_not_shown_to_a_man(self, sex, shown):
        page = sore_throat(audience=Audience(pregnancy="pregnant_only"))
        interview = advised(ADULT | {"q_sex": sex, "q_pregnant": "yes"}, guidance=guidance_of(page))
        drafts = interview.write("gargle with warm salt water for a sore throat?", Intention.ANSWER_QUESTION)
        assert ("guidance" in kinds(drafts)) is shown

    def test_what_a_clinician_has_signed_is_not_marked(self):
        interview = begun(guidance=guidance_of(signed(sore_throat())))
        guidance = interview.until(None, ADULT)[0]
        assert "not yet been checked" not in guidance.text

    def test_where_nothing_fits_the_complaint_the_assessment_says_so(self):
        interview = begun(guidance=guidance_of(article("bee_sting", text="Take out the sting.")))
        (assessment,) = interview.until(None, ADULT)
        assert assessment.data["articles"] == []
        assert "guidance" not in kinds([assessment])

    def test_a_question_is_answered_from_an_article_and_the_pending_question_comes_back(self):
        interview = begun(guidance=guidance_of(sore_throat(text="Gargle with warm salt water.")))
        pending = interview.question_id
        drafts = interview.write("gargle with warm salt water for a sore throat?", Intention.ANSWER_QUESTION)
        assert kinds(drafts) == ["guidance", "question"]
        assert interview.question_id == pending

    def test_a_question_that_may_be_about_an_article_is_asked_back_and_kept_for_the_editors(self):
        guidance = guidance_of(sore_throat(), search_rules=rules(answer=0.99, ask=0.05))
        interview = begun(guidance=guidance)
        question = "what about my sore throat and the weather in the mountains?"
        interview.write(question, Intention.ANSWER_QUESTION)
        assert "Sore throat" in interview.text
        assert interview.c.effects.unanswered == [question]

    def test_a_question_that_no_article_answers_is_answered_honestly_and_kept_for_the_editors(self):
        interview = begun(guidance=guidance_of(sore_throat()))
        question = "which violin should my neighbour buy in spring?"
        drafts = interview.write(question, Intention.ANSWER_QUESTION)
        assert kinds(drafts) == ["notice", "question"]
        assert interview.c.effects.unanswered == [question]

    def test_an_article_whose_date_of_reading_is_known_shows_it(self):
        source = sore_throat().sources[0]
        dated = type(source)(title=source.title, organisation=source.organisation, accessed=dt.date(2026, 10, 1))
        interview = begun(guidance=guidance_of(sore_throat(sources=(dated,))))
        assert "2026-10-01" in interview.until(None, ADULT)[0].text


class TestMedicineRequests:
    """An amount and a prescription are not ours to give; who can is said, also without an index."""

    @pytest.mark.parametrize(
        "words",
        [
            "how much ibuprofen can i give my 2 year old?",
            "what dose of cetirizine should she have",
            "can i take two more paracetamol",
            "whats the max number of tablets a day",
            "can I double my dose",
        ],
    )
    @pytest.mark.parametrize("intention", [Intention.ANSWER_QUESTION, Intention.REDIRECT, Intention.TURN])
    def test_an_amount_is_not_worked_out_and_a_pharmacist_is_named(self, words, intention):
        interview = begun()
        pending = interview.question_id
        interview.write(words, intention)
        assert "I cannot work out how much" in interview.text
        assert "pharmacist" in interview.text
        assert interview.question_id == pending

    @pytest.mark.parametrize(
        "words",
        [
            "prescribe me oxycodone",
            "can you give me antibiotics",
            "pls can i get a repeat prescription",
            "i need a sick note",
            "can you renew my blood pressure tablets",
        ],
    )
    @pytest.mark.parametrize("intention", [Intention.ANSWER_QUESTION, Intention.REDIRECT, Intention.TAKE_REPORT])
    def test_a_prescription_is_declined_and_nothing_is_looked_up(self, words, intention):
        interview = begun(guidance=guidance_of(article("pills", title=words, text=words)))
        pending = interview.question_id
        drafts = interview.write(words, intention)
        assert "I cannot prescribe" in interview.text
        assert "guidance" not in kinds(drafts)
        assert interview.question_id == pending

    def test_where_free_words_are_awaited_they_are_the_answer(self):
        interview = begun()
        interview.until("q_medicines", ADULT | {"q_takes_medicines": True})
        interview.write("a prescription for water tablets", Intention.RECORD_ANSWER)
        assert "I cannot prescribe" not in interview.text

    def test_the_page_about_the_medicine_still_follows_a_question_about_its_amount(self):
        page = article("paracetamol", title="Paracetamol", text="Follow the packet.", acuity_ceiling="same_day")
        interview = begun(guidance=guidance_of(page))
        drafts = interview.write("how much paracetamol?", Intention.ANSWER_QUESTION)
        assert kinds(drafts)[-2:] == ["guidance", "question"]
        assert "I cannot work out how much" in drafts[0].text

    @pytest.mark.parametrize(
        "words", ["how much longer will it last?", "my prescription glasses broke", "how many days will my throat hurt"]
    )
    def test_other_amounts_and_prescriptions_are_no_requests(self, words):
        assert begun().c.release.book.medicines.request_in(words) is None


def test_a_page_for_people_who_can_wait_is_not_said_to_be_missing_and_is_not_shown_in_an_emergency():
    page = article("nosebleed_care", title="Small cuts", text="Wash small cuts with water.", acuity_ceiling="same_day")
    interview = begun(guidance=guidance_of(page))
    interview.write("I have chest pain going into my left arm", Intention.TAKE_REPORT)
    assert interview.c.acuity.is_emergency
    interview.write("how do I wash small cuts with water?", Intention.ANSWER_QUESTION)
    assert "people who can wait" in interview.text
    assert "999" in interview.text
    assert "no reviewed guidance" not in interview.text
    assert "Wash small cuts" not in interview.text
    assert interview.c.effects.unanswered == []


def test_who_is_not_sure_of_the_danger_signs_is_not_told_that_they_have_none():
    interview = advised(ADULT | {"q_throat_danger": "unsure"})
    assert "no danger signs" not in interview.text
    assert interview.text.count("some answers are not known") == 1
    assert "Why:\n- I advise more care because some answers are not known." in interview.text


def test_what_is_not_known_names_the_signs_that_were_asked_about():
    interview = advised(ADULT | {"q_throat_danger": "unsure"})
    assert "(You cannot swallow your own spit" in interview.text.split("What I do not know:")[1]
