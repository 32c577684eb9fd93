"""A card that is shown while a clinician is in the chat says what is true of them."""

from careline.consultation.consultation import Stage
from tests.support.interview import Interview


def test_a_card_says_that_a_clinician_is_in_the_chat_and_not_that_nobody_may_have_seen_it():
    interview = Interview()
    interview.press("agree")
    interview.c.stage = Stage.WITH_CLINICIAN
    interview.write("I have crushing chest pain")
    assert "urgent for the clinician who has joined this chat" in interview.text
    assert "if anyone has seen it" not in interview.text
    assert "do not wait for them" in interview.text
