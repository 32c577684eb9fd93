"""A call or a cry is answered kindly with what stands; it is never searched, and never taken for an answer."""

import pytest

from careline.consultation.consultation import Incoming
from careline.consultation.engine import respond
from careline.consultation.fallback import answer_without_dialogue
from careline.consultation.memory import Awaiting
from careline.consultation.ports import Intention
from careline.consultation.safety_question import ask_safety
from tests.support.guidance import article, guidance_of
from tests.support.interview import ADULT, Interview

pytestmark = pytest.mark.slow

HERE = "I am here, and I have your message."
ARM = "I have chest pain going into my left arm"
CRIES = ("are you there?? im scared", "please help me", "hello??", "is anyone there", "im so frightened what do i do")
ANY_INTENTION = (
    Intention.ANSWER_QUESTION,
    Intention.TAKE_REPORT,
    Intention.TURN,
    Intention.STOP,
    Intention.GREET,
    Intention.REDIRECT,
    Intention.START_OVER,
    Intention.RECORD_ANSWER,
)


def begun(words="sore throat for two days", **more):
    more = {"guidance": guidance_of(article("safe", title="Not safe at home: scared, help me, is anyone there"))} | more
    interview = Interview(**more)
    interview.write(words)
    interview.press("agree")
    return interview


@pytest.mark.parametrize("cry", CRIES)
@pytest.mark.parametrize("intention", ANY_INTENTION)
def test_a_cry_amid_the_questions_is_answered_that_careline_is_here_and_the_question_comes_back(cry, intention):
    interview = begun()
    interview.until("q_medicines", ADULT)
    drafts = interview.write(cry, intention)
    assert HERE in interview.text
    assert "999" in interview.text
    assert "Not safe at home" not in interview.text
    assert [draft.kind for draft in drafts] == ["notice", "question"]
    assert interview.question_id == "q_medicines"
    assert "q_medicines" not in {answered.question_id for answered in interview.c.memory.answered}
    assert interview.c.effects.unanswered == []
    assert interview.c.effects.searches == []


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_after_the_advice_is_answered_with_the_advice_that_stands_and_the_emergency_number(cry):
    interview = begun()
    interview.until(None, ADULT)
    advised = interview.c.acuity
    title = interview.c.release.book.dispositions[advised].title
    interview.write(cry, Intention.ANSWER_QUESTION)
    assert HERE in interview.text
    assert f"What I advised still holds: {title}." in interview.text
    assert "999" in interview.text
    assert "Not safe at home" not in interview.text
    assert interview.asked.awaiting is Awaiting.OFFER
    assert interview.c.acuity is advised


@pytest.mark.parametrize("cry", CRIES)
def test_a_cry_below_an_emergency_card_gets_the_advice_to_get_help_now(cry):
    interview = begun()
    interview.write(ARM)
    interview.write(cry, Intention.ANSWER_QUESTION)
    assert HERE in interview.text
    assert "get emergency help now" in interview.text
    assert interview.text.count("999") == 1
    assert interview.asked.awaiting is Awaiting.EMERGENCY_REPLY
    assert interview.c.acuity.is_emergency


def test_a_cry_before_consent_is_answered_and_is_not_searched_once_they_agree():
    interview = Interview(guidance=guidance_of(article("safe", title="Not safe at home: scared, is anyone there")))
    interview.write("are you there?? im scared")
    assert HERE in interview.text
    assert interview.asked.awaiting is Awaiting.CONSENT
    interview.press("agree")
    assert "Not safe at home" not in interview.text
    assert interview.c.effects.searches == []
    assert interview.c.memory.words is None  # the problem is still to be told


def test_a_cry_is_not_kept_as_the_way_to_reach_them():
    interview = begun()
    interview.write("I want to talk to a person", Intention.REQUEST_HUMAN)
    assert interview.asked.awaiting is Awaiting.CONTACT
    interview.write("are you there", Intention.TURN)
    assert interview.c.effects.contact is None
    assert interview.asked.awaiting is Awaiting.CONTACT


def test_whoever_calls_time_and_again_has_a_human_asked_for_once():
    interview = begun()
    pending = interview.question_id
    for _ in range(2):
        interview.write("is anyone there")
        assert interview.c.effects.escalations == []
    interview.write("please somebody help me")
    assert len(interview.c.effects.escalations) == 1
    assert interview.question_id == pending  # not left open: they have not said that they cannot answer
    for _ in range(3):
        interview.write("please somebody help me")
        assert interview.c.effects.escalations == []


def test_a_human_that_a_cry_is_understood_to_ask_for_is_asked_for():
    interview = begun()
    interview.write("is anyone there", Intention.REQUEST_HUMAN)
    assert HERE in interview.text
    assert len(interview.c.effects.escalations) == 1


def test_a_word_that_is_one_of_the_choices_is_the_answer_though_it_could_be_a_cry():
    interview = begun("my child has hand foot and mouth, blisters on the hands")
    answers = {"q_age": {"number": 4, "unit": "years"}, "q_sex": "male", "q_for_whom": "child"}
    offering = next(
        question.question.id
        for protocol in interview.c.release.book.protocols.values()
        if protocol.protocol.id == "hfm"
        for question in protocol.questions
        if any("scared" in option.says for option in question.question.options)
    )
    interview.until(offering, answers)
    assert interview.question_id == offering
    interview.write("scared")
    assert HERE not in interview.text
    assert interview.question_id != offering


def test_a_question_about_a_medicine_that_begins_like_a_cry_is_answered_as_one():
    interview = begun()
    interview.write("please help me, can i take cough medicine?", Intention.ANSWER_QUESTION)
    assert HERE not in interview.text


def test_while_the_dialogue_engine_is_down_a_cry_is_answered_just_the_same():
    interview = begun()
    pending = interview.question_id
    interview.c.drafts.clear()
    answer_without_dialogue(interview.c, Incoming(99, interview.asked, text="are you there?? im scared"))
    assert HERE in interview.text
    assert "I cannot look up answers" not in interview.text
    assert interview.c.memory.awaiting_question == pending


def test_a_cry_has_a_safety_question_asked_once_more_and_is_then_taken_for_not_sure():
    interview = begun()
    flag = interview.c.release.book.red_flags["rf_not_breathing"].flag
    ask_safety(interview.c, [flag])
    interview._number_drafts()
    interview.c.drafts.clear()
    respond(Intention.TURN, interview.c, Incoming(99, interview.asked, text="are you there?? im scared"))
    assert HERE in interview.text
    assert flag.question in interview.text
    assert "999" in interview.text
    assert interview.c.memory.awaiting is Awaiting.SAFETY
    respond(Intention.TURN, interview.c, Incoming(100, interview.asked, text="is anyone there"))
    assert interview.c.memory.unsure_flags == [flag.id]
