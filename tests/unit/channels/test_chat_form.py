"""What a form of the chat means: nothing is guessed, and nothing is sent twice or swallowed."""

import pytest
from starlette.datastructures import FormData

from careline.channels.web.chat_form import message_of
from careline.consultation.errors import RefusedError


def sent(*fields):
    return message_of(FormData(list(fields)))


def test_words_are_words_and_a_button_is_its_value():
    assert sent(("text", "my knee")).text == "my knee"
    assert sent(("reply_to", "3"), ("value", "yes")).value == "yes"
    assert sent(("reply_to", "3"), ("kind", "several"), ("value", "a"), ("value", "b")).value == ["a", "b"]
    assert sent(("reply_to", "3"), ("kind", "number"), ("number", " 38,5 "), ("unit", "celsius")).value == {
        "number": 38.5,
        "unit": "celsius",
    }


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ([("text", " \x00 ")], "empty_text"),
        ([("reply_to", "3")], "empty_text"),
        ([("reply_to", "3"), ("kind", "several")], "empty_text"),
        ([("reply_to", "3"), ("kind", "several"), ("value", "a"), ("value", "none")], "several"),
        ([("reply_to", "3"), ("kind", "several"), ("value", "unsure"), ("value", "a")], "several"),
        ([("reply_to", "3"), ("kind", "number"), ("number", "ten")], "number"),
        ([("reply_to", "3"), ("kind", "number"), ("number", "inf")], "number"),
        ([("reply_to", "-1"), ("value", "a")], "unknown_reply_to"),
        ([("reply_to", "9" * 30), ("value", "a")], "unknown_reply_to"),
    ],
)
def test_what_cannot_be_meant_is_refused(fields, code):
    with pytest.raises(RefusedError) as refused:
        sent(*fields)
    assert refused.value.code == code


def test_the_same_form_sent_twice_is_the_same_message_and_other_words_are_another():
    first = sent(("key", "k"), ("text", "my knee")).client_key
    assert first == sent(("key", "k"), ("text", "my knee")).client_key
    assert first != sent(("key", "k"), ("text", "my back")).client_key
    assert first != sent(("key", "other"), ("text", "my knee")).client_key
    assert sent(("text", "my knee")).client_key is None
