"""Cards without a red flag behind them, of other kinds, and what is said of who has checked them."""

import dataclasses
import datetime as dt

import msgspec
import pytest

from careline.clinical.acuity import Acuity
from careline.consultation.consultation import Stage
from careline.consultation.memory import Awaiting
from careline.escalation.escalation import Reason
from tests.support.interview import ADULT, Interview

ARM = "I have chest pain going into my left arm"
UNCHECKED = "not yet been checked by a clinician"


def kinds(drafts):
    return [draft.kind for draft in drafts]


def asked(words, question_id):
    """A patient who has come to this question."""
    interview = Interview()
    interview.write(words)
    interview.press("agree")
    interview.until(question_id, ADULT)
    return interview


class TestByTheRulesAlone:
    """An answer makes the rules find an emergency that no red flag names."""

    def test_is_answered_by_a_card_with_the_reasons_and_an_escalation(self):
        interview = asked("my back hurts since yesterday", "q_back_danger")
        card, assessment = interview.press(["pulsing"])
        assert card.data
        assert (card.kind, assessment.kind) == ("emergency", "assessment")
        assert card.data["red_flags"] == []
        assert "- " in card.text
        assert "999" in card.text
        assert [request.reason for request in interview.c.effects.escalations] == [Reason.ASSESSMENT]
        assert interview.c.final

    def test_once_shown_it_is_not_shown_for_every_answer_that_follows(self):
        interview = asked("my back hurts since yesterday", "q_back_danger")
        danger = interview.asked
        interview.press(["pulsing"])
        interview.press("continue")
        assert interview.c.acuity.is_emergency
        interview.press(["pulsing"], asked=danger)
        assert interview.c.acuity.is_emergency

    def test_an_answer_to_the_question_from_before_the_card_shows_no_second_card(self):
        interview = asked("my back hurts since yesterday", "q_back_danger")
        before = interview.asked
        interview.write("my face has dropped on one side")
        interview.press("none", asked=before)
        assert "emergency" not in kinds(interview.c.drafts)
        assert interview.c.acuity is Acuity.EMERGENCY_NOW


class TestAnAcuityThatIsKept:
    def test_a_milder_assessment_does_not_lower_it_in_passing_and_the_number_comes_again(self):
        interview = Interview()
        interview.write("sore throat for two days")
        interview.press("agree")
        interview.c.acuity = Acuity.EMERGENCY_NOW  # from a card that the patient went on from
        drafts = interview.until(None, ADULT)
        assert kinds(drafts) == ["assessment", "notice"]
        assert drafts[0].data
        assert drafts[0].data["acuity"] == "emergency_now"
        assert "999" in drafts[1].text
        assert interview.asked.awaiting is Awaiting.EMERGENCY_REPLY


class TestOtherKinds:
    @pytest.mark.parametrize("country", ["GB", None])
    def test_a_safeguarding_card_gives_the_number_and_asks_for_a_clinician(self, country):
        interview = Interview(country=country)
        drafts = interview.write("my husband hits me and I am scared to go home")
        assert kinds(drafts) == ["emergency", "consent"]  # there is time to ask on
        assert "999" in drafts[0].text
        assert interview.c.effects.escalations[0].reason is Reason.SAFEGUARDING

    def test_after_a_card_that_leaves_time_the_questions_go_on_by_themselves(self):
        """A wish to die is a card at once; whether something has been taken must come out, without a button for it."""
        interview = Interview()
        assert kinds(interview.write("i feel so low, I wish i was dead")) == ["crisis", "consent"]
        assert not interview.c.final
        interview.press("agree")
        interview.until("q_conditions", ADULT | {"q_for_whom": "self"})
        assert interview.c.memory.complaints[0] == "suicidal"
        assert "q_suicidal_body" in interview.c.memory.asked

    def test_in_the_middle_of_another_complaint_what_the_card_named_is_asked_about_first(self):
        interview = Interview()
        interview.write("sore throat for two days")
        interview.press("agree")
        interview.until("q_throat_danger", ADULT)
        assert kinds(interview.write("i feel so low, I wish i was dead")) == ["crisis", "question"]
        assert interview.c.memory.complaints[0] == "suicidal"
        assert interview.question_id == "q_suicidal_body"

    def test_after_the_advice_a_card_that_leaves_time_begins_to_ask_again(self):
        interview = Interview()
        interview.write("sore throat for two days")
        interview.press("agree")
        interview.until(None, ADULT)
        assert kinds(interview.write("i feel so low, I wish i was dead")) == ["crisis", "question"]
        assert not interview.c.final

    def test_while_a_clinician_has_the_conversation_the_card_stands_alone(self):
        interview = Interview()
        interview.write("sore throat for two days")
        interview.press("agree")
        interview.c.stage = Stage.WITH_CLINICIAN
        assert kinds(interview.write("i feel so low, I wish i was dead")) == ["crisis"]

    @pytest.mark.parametrize("country", ["GB", None])
    def test_a_crisis_card_names_a_line_to_call(self, country):
        interview = Interview(country=country)
        (card,) = interview.write("I want to kill myself")
        assert card.kind == "crisis"
        assert card.data
        assert card.data["level"] in ("imminent", "active", "passive")
        assert "999" in card.text

    def test_with_a_clinician_the_conversation_stays_with_them(self):
        interview = Interview()
        interview.c.stage = Stage.WITH_CLINICIAN
        interview.write(ARM)
        assert interview.c.stage is Stage.WITH_CLINICIAN


class TestChecked:
    def test_a_card_that_nobody_has_signed_says_so(self):
        assert UNCHECKED in Interview().write(ARM)[-1].text

    def test_a_card_that_a_clinician_has_signed_does_not(self):
        interview = Interview()
        book = interview.c.release.book
        signed = {
            name: msgspec.structs.replace(review, reviewer="A signed reviewer", reviewed_on=dt.date(2026, 11, 1))
            for name, review in book.reviews.items()
        }
        interview.c.release = dataclasses.replace(interview.c.release, book=dataclasses.replace(book, reviews=signed))
        assert UNCHECKED not in interview.write(ARM)[-1].text


def _told_after(words, pressed):
    interview = Interview()
    interview.press("agree")
    interview.write(words)
    interview.press(pressed)
    return interview


def test_who_wants_to_die_and_has_called_is_not_told_to_have_medicines_at_hand():
    interview = _told_after("I am going to kill myself tonight, I have the pills", "called")
    assert "medicines" not in interview.text
    assert "Stay away from anything you could use to hurt yourself" in interview.text


def test_who_has_a_stroke_and_has_called_is_told_to_unlock_the_door():
    assert "unlock the door" in _told_after("one side of my face has dropped", "called").text


@pytest.mark.parametrize("pressed", ["called", "cannot_call"])
def test_who_may_be_watched_is_not_told_to_shout_or_to_unlock_the_door(pressed):
    text = _told_after("my husband is strangling me and I cant breathe", pressed).text
    assert "unlock" not in text
    assert "shout" not in text
    assert "safe" in text


def test_who_spoke_of_dying_hears_the_crisis_lines_again_with_what_they_tell_next():
    interview = Interview()
    interview.press("agree")
    interview.press("self")
    interview.write("I dont want to live anymore")
    interview.write("my throat is sore too")
    assert "You do not have to carry this alone" in interview.text
    assert "116 123" in interview.text


def test_the_reminder_of_somebody_in_a_crisis_has_the_crisis_lines():
    interview = _told_after("I am going to kill myself tonight, I have the pills", "called")
    interview.press("skip")
    assert "You do not have to get through this alone" in interview.text
    assert "116 123" in interview.text


def test_an_emergency_of_the_body_is_not_sent_to_crisis_lines_also_of_somebody_in_a_crisis():
    interview = Interview()
    interview.press("agree")
    interview.write("I am going to kill myself tonight, I have the pills")
    interview.write("I took all the pills an hour ago and I cannot breathe")
    interview.press("called")
    assert "Stay away from anything you could use to hurt yourself" in interview.text
    interview.press("skip")
    assert "You do not have to get through this alone" not in interview.text
    assert "999" in interview.text


def test_an_emergency_that_rules_found_in_the_answers_of_somebody_in_a_crisis_is_not_sent_to_crisis_lines():
    interview = Interview()
    interview.press("agree")
    interview.write("I wish I was dead")
    interview.write("my chest hurts a bit")
    interview.until(None, ADULT | {"q_chest_signs": ["sick"]})
    assert interview.c.memory.shown_flags == ["rf_suicidal_ideation"]
    interview.write("my throat is sore")
    assert "My advice stays the same: get emergency help now" in interview.text
    assert "You do not have to get through this alone" not in interview.text


@pytest.mark.parametrize(
    "words", ["my daughter says she is going to kill herself", "my husband says he wants to end his life tonight"]
)
def test_who_writes_for_somebody_in_a_crisis_is_spoken_to_as_the_one_who_helps(words):
    interview = Interview()
    interview.press("agree")
    card = next(draft.text for draft in interview.write(words) if draft.kind == "crisis")
    interview.press("called")
    assert "stay with them" in card
    assert "Stay with the person" in interview.text
    assert "yourself" not in card + interview.text
    assert "Your life" not in card


def test_who_is_in_a_crisis_is_spoken_to_as_such():
    interview = Interview()
    interview.press("agree")
    assert "Your life matters" in interview.write("im going to kill myself tonight")[0].text
