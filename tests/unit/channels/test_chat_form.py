"""What a form of the chat means: nothing is guessed, and nothing is sent twice or swallowed."""

import datetime as dt

import pytest
from starlette.datastructures import FormData

from careline.channels.web.chat_form import message_of
from careline.consultation.errors import RefusedError

TODAY = dt.date(2026, 11, 21)


def sent(*fields):
    return message_of(FormData(list(fields)), TODAY)


def since(day, *, there=""):
    return sent(("reply_to", "3"), ("kind", "since"), ("today", there), ("since", day)).value


def test_the_day_it_began_is_so_many_days_ago_where_the_patient_is():
    assert since("2026-11-16") == {"number": 5, "unit": "days"}
    assert since("2026-11-21") == {"number": 0, "unit": "days"}
    assert since("2026-11-16", there="2026-11-22") == {"number": 6, "unit": "days"}
    assert since("2026-11-20", there="2026-11-20") == {"number": 0, "unit": "days"}


def test_a_device_with_a_wrong_calendar_does_not_make_an_illness_shorter():
    assert since("2026-11-16", there="2026-11-17") == {"number": 5, "unit": "days"}
    assert since("2026-11-16", there="tomorrow") == {"number": 5, "unit": "days"}


@pytest.mark.parametrize("day", ["2026-11-23", "", "21/11/2026", "2026-02-30"])
def test_a_day_that_is_none_or_has_not_come_is_refused(day):
    with pytest.raises(RefusedError) as refused:
        since(day)
    assert refused.value.code == "date"


def test_tomorrow_is_refused_where_the_device_says_which_day_it_is():
    with pytest.raises(RefusedError):
        since("2026-11-22", there="2026-11-21")


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
