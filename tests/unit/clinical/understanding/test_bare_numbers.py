"""A number without a name beside it is read where the rest of the message tells what it is, and not elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from careline.clinical.finding import Case
from careline.clinical.red_flags import emergency_flags, raised_red_flags
from careline.clinical.rulebook import RuleBook, load_rule_book
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message

_KNOWLEDGE = Path(__file__).parents[4] / "knowledge"


@pytest.fixture(scope="module")
def book() -> RuleBook:
    return load_rule_book(_KNOWLEDGE)


@pytest.fixture(scope="module")
def lexicon(book: RuleBook) -> Lexicon:
    return Lexicon.of(book)


def _values(message: str, quantity: str, lexicon: Lexicon) -> set[object]:
    return {finding.value for finding in read_message(message, lexicon).findings if finding.id == quantity}


def _cards(message: str, book: RuleBook, lexicon: Lexicon) -> set[str]:
    case = Case().merged(read_message(message, lexicon).findings)
    return {raised.flag.id for raised in emergency_flags(raised_red_flags(case, book))}


@pytest.mark.parametrize(
    ("message", "weeks"),
    [
        ("33 weeks. The bump has been quiet all evening", 33),
        ("33+4, regular tightenings and a bit of backache", 33),
        ("my partner's 26w and the placenta is low", 26),
        ("I'm thirty-two weeks and my ankles are up", 32),
    ],
)
def test_weeks_alone_are_a_pregnancy(message: str, weeks: float, lexicon: Lexicon) -> None:
    assert _values(message, "pregnancy_weeks", lexicon) == {weeks}
    assert "pregnant" in {finding.id for finding in read_message(message, lexicon).findings}


@pytest.mark.parametrize(
    "message",
    ["I've had this cough for 30 weeks", "back pain 30 weeks now", "my physio was 28 weeks ago", "sober, 34 weeks"],
)
def test_weeks_that_something_lasted_are_no_pregnancy(message: str, lexicon: Lexicon) -> None:
    assert not _values(message, "pregnancy_weeks", lexicon)


def test_weeks_that_are_named_are_not_made_doubtful_by_others(lexicon: Lexicon) -> None:
    message = "I'm 31 weeks pregnant. Bump sore, 5 weeks"
    assert _values(message, "pregnancy_weeks", lexicon) == {31}


@pytest.mark.parametrize(
    ("message", "weeks"),
    [
        ("She's nine weeks, hot and grizzly", 9),
        ("off his bottle today, 5 weeks, very warm", 5),
        ("F 7 weeks, temp 38.4", 7),
        ("my grandson of 6 weeks is burning up", 6),
    ],
)
def test_a_babys_age_is_read_without_the_word_old(message: str, weeks: float, lexicon: Lexicon) -> None:
    (age,) = _values(message, "age_years", lexicon)
    assert age == pytest.approx(weeks * 7 / 365.25, abs=0.001)


@pytest.mark.parametrize(
    "message",
    [
        "She is 3 weeks post op",
        "He's 6 weeks sober, well done him",
        "sore throat, 2 weeks, no better",
        "a rash, 5 weeks",
    ],
)
def test_how_long_something_lasts_is_no_babys_age(message: str, lexicon: Lexicon) -> None:
    assert not _values(message, "age_years", lexicon)


@pytest.mark.parametrize(
    ("message", "quantity", "value"),
    [
        ("the finger clip says 87", "oxygen_percent", 87),
        ("pulse ox reading 89", "oxygen_percent", 89),
        ("his COPD, he is usually 93, now 85", "oxygen_percent", 85),
        ("mum is diabetic and the meter says 2.2", "glucose_mmol_per_l", 2.2),
        ("type 1 diabetic, 2.6 on the machine", "glucose_mmol_per_l", 2.6),
        ("heart is going 170 at rest", "heart_rate_bpm", 170),
        ("101.4 F and aching", "temperature_celsius", 38.5556),
        ("thirty nine point two in her ear", "temperature_celsius", 39.2),
        ("grandad, 79, fell over", "age_years", 79),
    ],
)
def test_a_reading_is_told_by_what_shows_it(message: str, quantity: str, value: float, lexicon: Lexicon) -> None:
    assert _values(message, quantity, lexicon) == {value}


@pytest.mark.parametrize(
    ("message", "quantity"),
    [
        ("covid, I feel 90% better", "oxygen_percent"),
        ("the ticket machine says 2.4", "glucose_mmol_per_l"),
        ("I am 40, c section next week", "temperature_celsius"),
        ("booked at 39 C section ward", "temperature_celsius"),
        ("I am usually 94 kilos, now 86", "oxygen_percent"),
    ],
)
def test_a_number_of_something_else_is_no_reading(message: str, quantity: str, lexicon: Lexicon) -> None:
    assert not _values(message, quantity, lexicon)


@pytest.mark.parametrize(
    ("message", "flag"),
    [
        ("ten weeks, off her bottle, and it reads 38.6 rectal", "rf_fever_under_3m"),
        ("no spleen since a ski accident, 38.9 and achy", "rf_asplenia_fever"),
        ("on docetaxel, 38.1 and shaky", "rf_neutropenic_fever"),
        ("34 weeks, chemist measured 172/114", "rf_preeclampsia"),
        ("34 weeks, tummy tight every six minutes", "rf_birth_imminent"),
        ("30 weeks, big gush in the kitchen, still leaking", "rf_waters_cord"),
        ("the fingertip monitor reads 84", "rf_low_oxygen"),
        ("diabetic, the meter says 1.8", "rf_hypo_severe"),
        ("he fell off a second floor balcony", "rf_major_trauma"),
        ("she fell seven metres from the roof onto concrete", "rf_major_trauma"),
        ("collision at 50 mph, the airbags opened", "rf_major_trauma"),
        ("230 volts went through me, arm is numb", "rf_electric_shock"),
        ("on apixaban and my nose has been pouring for an hour", "rf_medication_emergency"),
        ("HbSS, pain 9/10 in both thighs", "rf_sickle_crisis"),
        ("my feet went dead on Monday and it has crept up to my waist", "rf_ascending_weakness"),
        ("we lit the stove in the cabin and all of us are dizzy, the dog too", "rf_carbon_monoxide"),
    ],
)
def test_facts_in_numbers_and_names_raise_their_flag(message: str, flag: str, book: RuleBook, lexicon: Lexicon) -> None:
    assert flag in _cards(message, book, lexicon)


@pytest.mark.parametrize(
    "message",
    [
        "spleen scan was fine, 36.9, bit tired",
        "docetaxel starts next month, 36.7, feel well",
        "34 weeks, chemist measured 118/72, all good",
        "34 weeks and the baby kicks like mad",
        "the fingertip monitor reads 98",
        "diabetic, the meter says 6.2",
        "I live on the second floor and my knee aches on the stairs",
        "do 50 mph limits help with travel sickness",
        "is a 230 volt socket safe for my breast pump",
        "on apixaban, when is my next blood test",
        "my whole family has a cold, we sit by the stove",
    ],
)
def test_the_same_words_without_the_danger_raise_no_card(message: str, book: RuleBook, lexicon: Lexicon) -> None:
    assert not _cards(message, book, lexicon)
