"""A temperature that is stated decides whether it is a fever; words of fever stand whatever the number."""

import pytest

from careline.clinical.finding import Case, Presence
from careline.clinical.red_flags import raised_red_flags
from careline.clinical.understanding.message import read_message
from tests.support.real_knowledge import real_book, real_lexicon

BOOK = real_book()


def case_of(text: str) -> Case:
    return Case().merged(read_message(text, real_lexicon()).findings)


@pytest.mark.parametrize(
    "text",
    [
        "8 week old temp is 37.0",
        "8 week old temp is 37",
        "my 8 week old has a temp of 37.0",
        "my 8 week old has a temperature of 37",
        "my baby is 8 weeks old, his temperature is 36.9",
        "temp 98.6F baby 8 weeks",
        "temp is 99 F, baby 8 weeks",
        "baby 8 weeks, temperature 36.8 C",
        "baby 8 weeks, temperature 36.8 degrees celsius",
        "baby 8 weeks. temperature: 37.2 \N{DEGREE SIGN}C",
        "baby 8 weeks has a temp of 99.5 fahrenheit",
        "my newborn's temperature is 37.2 degrees",
        "he has a temp of 36.9 and is feeding well",
        "i have a temperature 37.1",
        "got a temperature, it was 36.5",
        "took her temp with the ear thermometer, she has a temperature of 37.3",
        "slight temp 37.4",
    ],
)
def test_a_number_below_a_fever_is_no_fever(text: str):
    """It is not denied either: who feels hot may have one an hour later."""
    case = case_of(text)
    assert case.presence("fever") is Presence.UNKNOWN
    assert case.value("temperature_celsius") is not None
    assert [raised.flag.id for raised in raised_red_flags(case, BOOK)] == []


@pytest.mark.parametrize(
    "text",
    [
        "8 week old temp 38.0",
        "8 week old has a temp of 38",
        "8 week old temp is 100.4",
        "8 week old temp is 101 F",
        "8 week old temperature 39.2 C",
        "baby 8 weeks old has a temp of 38.4 celsius",
    ],
)
def test_a_number_of_a_fever_is_one_whatever_its_unit(text: str):
    case = case_of(text)
    assert case.presence("fever") is Presence.PRESENT
    assert "rf_fever_under_3m" in [raised.flag.id for raised in raised_red_flags(case, BOOK)]


@pytest.mark.parametrize(
    "text",
    [
        "feels burning hot, 37 by the strip",
        "he is burning up but the thermometer says 37",
        "my 8 week old has a fever, temp 37",
        "fever of 37",
        "high temp 37.5",
        "8 week old feels hot, temp is 37.0",
        "running a temp of 37.4",
    ],
)
def test_words_of_fever_stand_whatever_the_number(text: str):
    assert case_of(text).presence("fever") is Presence.PRESENT


@pytest.mark.parametrize(
    "text",
    [
        "she has a temp",
        "8 week old has a temp",
        "my 8 week old had a temp of 39 earlier, now 37",
        "my 8 week old has a temp, 37 this morning but 39 now",
        "my 8 week old has a temp of thirty nine",
        "8 week old has a temp, it is 37 after calpol",
        "she has had a temp since yesterday, 37 now",
        "8 week old has a temp. her brother is 37",
        "she has a temp and her pulse is 37",
    ],
)
def test_in_doubt_the_words_stand(text: str):
    """Another number may be the one that counts, or the number be another thing's, or be low for a while only."""
    assert case_of(text).presence("fever") is Presence.PRESENT


def test_a_fever_that_is_denied_stays_denied():
    assert case_of("no fever, temp 36.8").presence("fever") is Presence.ABSENT


def test_what_was_told_before_is_not_taken_back_by_a_number():
    case = case_of("she has a temp").merged(read_message("her temp is 37", real_lexicon()).findings)
    assert case.presence("fever") is Presence.PRESENT
