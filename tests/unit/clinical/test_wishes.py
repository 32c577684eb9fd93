"""Who asks for a person in plain words is understood without a classifier; who tells of an illness is not taken so."""

import pytest

from careline.clinical.understanding.wishes import wants_person


@pytest.mark.parametrize(
    "words",
    [
        "can I speak to a person",
        "I want to talk to a human!!",
        "let me speak to someone",
        "human",
        "Nurse please",
        "i need a real doctor",
        "please put me through to somebody",
        "can a nurse call me",
        "call me back please",
        "I don't want to talk to a robot",
        "is there a nurse available",
    ],
)
def test_a_plain_wish_is_understood(words):
    assert wants_person(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "my doctor gave me antibiotics and the cough is no better",
        "the nurse took my blood pressure, it was 150 over 90",
        "when should I see a doctor about a cough",
        "it hurts when I speak",
        "my son cannot talk properly since he fell",
        "somebody coughed on me at work",
        "I want something for the pain",
        "hello, " + "it burns and burns " * 6 + "can I speak to a person",
    ],
)
def test_what_else_people_tell_is_not(words):
    assert not wants_person(words)
