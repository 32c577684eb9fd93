"""The interview engine: what is awaited and what was understood decide together what is said."""

import dataclasses

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.finding import Presence
from careline.consultation.complaints import begin_complaint
from careline.consultation.consultation import Asked, Incoming, Stage
from careline.consultation.conversations import known_country
from careline.consultation.engine import respond
from careline.consultation.errors import RefusedError
from careline.consultation.fallback import safe_reply
from careline.consultation.memory import Answered, Awaiting
from careline.consultation.phone_numbers import country_in
from careline.consultation.ports import Intention
from careline.escalation.escalation import Reason
from tests.support.guidance import article, guidance_of
from tests.support.house import rule_book
from tests.support.interview import ADULT, Interview

THROAT = "sore throat for two days"
NONSENSE = "blorp fnord zzz"


def kinds(drafts):
    return [draft.kind for draft in drafts]


def begun(words=THROAT, **more):
    """A patient who has said what is wrong and agreed."""
    interview = Interview(**more)
    interview.write(words)
    interview.press("agree")
    return interview


def sore_throat(**changes):
    given = {"title": "Sore throat", "text": "Gargle with warm salt water.", "acuity_ceiling": "same_day"} | changes
    return article("sore_throat", **given)


class TestWordsThatAnswer:
    def test_a_command_is_obeyed_unless_it_is_as_short_as_an_answer(self):
        interview = begun()
        interview.until("q_age", {"q_for_whom": "self"})
        interview.write("24", Intention.STOP)
        assert interview.c.memory.case.value("age_years") == 24
        interview.write("please let us stop here and now", Intention.STOP)
        assert interview.c.stage is Stage.CLOSED

    def test_a_question_is_not_taken_for_the_answer_to_a_question_of_text(self):
        interview = begun()
        interview.until("q_medicines", ADULT)
        assert interview.question_id == "q_medicines"
        interview.write("is ibuprofen bad for me?", Intention.TURN)
        assert interview.question_id == "q_medicines"

    def test_what_is_not_understood_is_said_and_asked_again_and_then_a_human_is_brought_in(self):
        interview = begun()
        for _ in range(2):
            assert kinds(interview.write(NONSENSE)) == ["notice", "question"]
        pending = interview.question_id
        assert kinds(interview.write(NONSENSE)) == ["notice", "handoff", "notice", "question"]
        assert interview.c.effects.escalations[0].reason is Reason.PATIENT_REQUEST
        assert interview.question_id != pending  # left open, so that nobody is stuck
        for _ in range(3):
            assert kinds(interview.write(NONSENSE))[-1] == "question"
            assert interview.c.effects.escalations == []

    def test_a_report_in_between_is_noted_and_the_question_comes_back(self):
        interview = begun()
        pending = interview.question_id
        drafts = interview.write("I also have a runny nose and a cough", Intention.TAKE_REPORT)
        assert kinds(drafts) == ["notice", "question"]
        assert interview.question_id == pending
        assert interview.c.memory.case.presence("cough") is Presence.PRESENT

    def test_a_report_of_nothing_known_is_not_understood_while_a_question_waits(self):
        interview = begun()
        assert kinds(interview.write(NONSENSE, Intention.TAKE_REPORT)) == ["notice", "question"]

    def test_words_that_say_two_things_out_of_scope_and_a_symptom_count_as_the_symptom(self):
        interview = begun()
        interview.write("what a day, and I have a cough too", Intention.REDIRECT)
        assert interview.c.memory.case.presence("cough") is Presence.PRESENT

    def test_words_out_of_scope_are_answered_kindly_and_the_question_comes_back(self):
        interview = begun()
        pending = interview.question_id
        assert kinds(interview.write(NONSENSE, Intention.REDIRECT)) == ["notice", "question"]
        assert interview.question_id == pending


class TestConsent:
    def test_agreeing_twice_asks_what_was_asked(self):
        interview = Interview()
        consent = interview.asked
        interview.press("agree")
        asked = interview.question_id
        interview.press("agree", asked=consent)
        assert interview.question_id == asked

    def test_a_held_message_that_is_gone_is_passed_over(self):
        interview = Interview()
        interview.write(THROAT)
        interview.c.memory.held.append(99)
        interview.press("agree")
        assert interview.c.memory.reported == ["sore_throat"]

    def test_a_question_from_before_is_answered_as_soon_as_they_agree(self):
        interview = Interview(guidance=guidance_of(sore_throat(text="Gargle with warm salt water.")))
        interview.write("gargle with warm salt water for a sore throat?")
        question = "which violin should my neighbour buy in spring?"
        interview.write(question)
        interview.press("agree")
        assert interview.c.effects.unanswered == [question]
        assert interview.c.drafts[-1].kind == "question"

    @pytest.mark.parametrize("words", ["I decline", "I don't agree", "no thanks"])
    def test_plain_words_decline(self, words):
        interview = Interview()
        interview.write(words)
        assert interview.c.stage is Stage.CLOSED

    def test_declining_drops_the_held_messages(self):
        interview = Interview()
        interview.write(THROAT)
        number = interview.c.memory.held[0]
        interview.press("decline")
        assert interview.c.effects.erase_messages == [number]
        assert interview.c.stage is Stage.CLOSED


class TestComplaint:
    def asked_for(self, words=None):
        interview = Interview()
        interview.press("agree")
        interview.until_complaint()
        if words is not None:
            interview.write(words)
        return interview

    def test_a_question_instead_of_a_complaint_is_answered_and_the_complaint_asked_for_by_the_list(self):
        interview = self.asked_for()
        answer = interview.write("can I take ibuprofen with this?")
        assert [draft.text for draft in answer if "cannot look up guidance" in draft.text]
        assert interview.asked.awaiting is Awaiting.COMPLAINT_CHOICE

    def test_words_for_nothing_known_bring_the_list(self):
        assert self.asked_for("my hair feels odd").asked.awaiting is Awaiting.COMPLAINT_CHOICE

    def test_a_report_of_nothing_known_brings_the_list_too(self):
        interview = self.asked_for()
        interview.write(NONSENSE, Intention.TAKE_REPORT)
        assert interview.asked.awaiting is Awaiting.COMPLAINT_CHOICE

    def test_of_the_list_a_title_may_be_typed(self):
        interview = self.asked_for("my hair feels odd")
        interview.write("Sore throat")
        assert interview.c.memory.complaints == ["sore_throat"]

    @pytest.mark.parametrize("words", ["something else", "other", "still my hair, I told you"])
    def test_words_that_are_not_on_the_list_lead_to_the_general_questions(self, words):
        interview = self.asked_for("my hair feels odd")
        interview.write(words)
        assert interview.c.memory.complaints == ["general"]
        assert interview.c.stage is Stage.INTERVIEW

    def test_a_known_complaint_in_other_words_is_taken_from_the_list(self):
        interview = self.asked_for("my hair feels odd")
        interview.write("well, my throat is sore")
        assert interview.c.memory.complaints == ["sore_throat"]

    def test_the_list_can_be_pressed(self):
        interview = self.asked_for("my hair feels odd")
        interview.press("sore_throat")
        assert interview.c.memory.complaints == ["sore_throat"]

    def test_what_threatens_life_is_asked_before_the_rest_of_the_intake(self):
        interview = begun()
        interview.until("q_conditions", ADULT)
        asked = interview.c.memory.asked
        assert "q_throat_danger" in asked
        assert "q_throat_neck" not in asked or asked.index("q_throat_danger") < asked.index("q_throat_neck")
        assert not {"q_medicines", "q_allergies", "q_throat_ill"} & set(asked)

    def test_a_question_for_some_patients_only_waits_until_it_is_known_that_this_is_one(self):
        interview = begun("my chest aches when I twist")
        interview.until("q_conditions", ADULT)
        assert "q_chest_spray" not in interview.c.memory.asked  # for people with a heart problem

    def test_a_narrower_complaint_covers_a_wider_one(self):
        interview = begun("he has chickenpox, an itchy rash all over")
        interview.until(None, ADULT)
        assert interview.c.memory.complaints == ["chickenpox"]

    def test_no_more_than_two_are_asked_about(self):
        interview = begun("sore throat, cough, earache and back pain and a rash")
        interview.until(None, ADULT)
        assert len(interview.c.memory.complaints) <= 2

    @pytest.mark.parametrize("intention", [Intention.ACKNOWLEDGE_THANKS, Intention.GREET])
    def test_words_that_nobody_can_read_are_no_thanks_and_soon_bring_a_list_and_a_human(self, intention):
        interview = Interview()
        interview.press("agree")
        interview.until_complaint()
        for _ in range(3):
            interview.write("zoar thrawt fer dayz", intention)
            assert "welcome" not in interview.text
            if interview.c.effects.escalations or interview.c.memory.awaiting is Awaiting.COMPLAINT_CHOICE:
                break
        else:
            pytest.fail("asked the same thing over and over")


class TestCorrections:
    def test_the_last_answer_is_changed_by_words_that_say_how(self):
        interview = begun()
        interview.until("q_sex", ADULT)
        assert interview.c.memory.answered[-1].question_id == "q_age"
        interview.write("no sorry, I meant 34", Intention.CORRECT_ANSWER)
        assert interview.c.memory.case.value("age_years") == 34
        assert "corrected" in [event.kind for event in interview.c.effects.case_events]

    def test_words_that_do_not_say_how_bring_the_last_question_back(self):
        interview = begun()
        interview.until("q_sex", ADULT)
        interview.write("that last answer of mine was not right", Intention.CORRECT_ANSWER)
        assert interview.question_id == "q_age"

    def test_with_nothing_answered_there_is_nothing_to_change(self):
        interview = Interview()
        interview.press("agree")
        assert kinds(interview.write("that last answer of mine was wrong", Intention.CORRECT_ANSWER)) == [
            "notice",
            "question",
        ]

    def test_a_correction_that_is_a_new_complaint_is_taken_as_one(self):
        interview = begun()
        interview.until("q_sex", ADULT)
        interview.write("sorry no, it is really my bad back that hurts", Intention.CORRECT_ANSWER)
        assert "back_pain" in interview.c.memory.reported

    def test_an_answer_in_words_of_a_text_question_is_not_changed_by_guessing(self):
        interview = begun()
        answered = interview.c.memory.answered
        interview.press("none", asked=Asked(5, Awaiting.QUESTION, "q_medicines"))
        assert answered is not interview.c.memory.answered
        interview.write("I want to change that last one please", Intention.CORRECT_ANSWER)
        assert interview.question_id == "q_medicines"


class TestCountry:
    def asked_for_country(self):
        interview = Interview(country=None)
        interview.press("agree")
        interview.until("q_country", ADULT)
        return interview

    def test_named_in_words_its_numbers_are_given_from_then_on(self):
        interview = self.asked_for_country()
        interview.write("Ireland")
        assert interview.c.country == "IE"

    def test_one_without_known_numbers_is_said_so(self):
        interview = self.asked_for_country()
        drafts = interview.press("Atlantis")
        assert interview.c.country is None
        assert kinds(drafts)[0] == "notice"

    def test_words_that_were_taken_for_something_else_may_still_name_it(self):
        interview = self.asked_for_country()
        interview.write("Ireland please", Intention.GREET)
        assert interview.c.country == "IE"

    def test_words_that_name_none_are_no_answer_when_taken_for_something_else(self):
        interview = self.asked_for_country()
        interview.write("good morning to you", Intention.GREET)
        assert interview.question_id == "q_country"

    @pytest.mark.parametrize(("words", "code"), [("gb", "GB"), ("Northern Ireland", "GB"), ("Ireland or Spain", None)])
    def test_is_found_in_words(self, words, code):
        assert country_in(words, rule_book()) == code

    @pytest.mark.parametrize("country", ["GBR", "1!", "\N{LATIN SMALL LETTER O WITH DIAERESIS}e"])
    def test_of_an_opening_must_be_two_letters(self, country):
        with pytest.raises(RefusedError, match="two letters"):
            known_country(country, rule_book())


class TestContentThatIsGone:
    """A consultation keeps its release; should a question be gone all the same, nothing breaks."""

    def test_the_button_of_a_question_that_is_gone_asks_the_next_one(self):
        interview = begun()
        interview.press("yes", asked=Asked(7, Awaiting.QUESTION, "q_gone"))
        assert interview.question_id

    def test_a_pending_question_that_is_gone_is_not_asked_again(self):
        interview = begun()
        interview.c.memory.awaiting_question = "q_gone"
        interview.write("hello there", Intention.GREET)
        assert interview.question_id not in (None, "q_gone")

    def test_an_answer_to_a_question_that_is_gone_cannot_be_changed(self):
        interview = begun()
        interview.until("q_sex", ADULT)
        interview.c.memory.answered = [Answered("q_gone", 5, 6)]
        assert kinds(interview.write("that last answer was wrong", Intention.CORRECT_ANSWER)) == ["notice"]

    def test_a_complaint_that_is_gone_is_still_on_record(self):
        interview = begun()
        begin_complaint(interview.c, "gone")
        assert "gone" in interview.c.memory.complaints


class TestWithoutProtocols:
    """As where only signed content is served and no protocol is signed."""

    @pytest.mark.parametrize("words", [THROAT, "my hair feels very odd today"])
    def test_the_patient_is_told_how_soon_to_be_seen_and_a_human_is_asked_for(self, words):
        interview = Interview(guidance=guidance_of(sore_throat()))
        book = dataclasses.replace(interview.c.release.book, protocols={})
        interview.c.release = dataclasses.replace(interview.c.release, book=book)
        interview.write(words)
        interview.press("agree")
        drafts = interview.until(None, ADULT)
        assert kinds(drafts)[0] == "assessment"
        assert "handoff" in kinds(drafts)
        assert interview.c.acuity is Acuity.SAME_DAY
        assert "guidance" not in kinds(drafts)


class TestSafeReply:
    def test_is_the_whole_reply_and_asks_again(self):
        interview = begun()
        interview.c.drafts[:] = []
        interview.c.send("notice", "half an answer")
        safe_reply(interview.c)
        assert kinds(interview.c.drafts) == ["error", "question"]
        assert interview.c.degraded


def test_a_button_that_belongs_to_nothing_is_answered_with_nothing() -> None:
    """The turn checks buttons before; the engine does not guess."""
    interview = begun()
    interview.c.drafts.clear()
    respond(Intention.RECORD_ANSWER, interview.c, Incoming(50, None, value="agree"))
    assert interview.c.drafts == []


def test_a_problem_told_in_unknown_words_that_a_classifier_takes_for_a_question_is_not_asked_for_for_ever():
    interview = Interview()
    interview.press("agree")
    interview.until_complaint()
    interview.write("wobbly head with a bother", Intention.ANSWER_QUESTION)
    assert interview.asked.awaiting is Awaiting.COMPLAINT_CHOICE
    interview.write("wobbly head with a bother", Intention.ANSWER_QUESTION)
    assert interview.question_id is not None, "the general questions are asked instead of the same again"
