"""Numbers in plain words become quantities in the catalogue's units; what cannot be is left out."""

from __future__ import annotations

import pytest

from careline.clinical.understanding.normalise import words_of
from careline.clinical.understanding.quantities import Limits, quantities_of
from careline.clinical.understanding.units import converted
from tests.support.cases import rows

LIMITS = {
    "age_years": Limits(0, 120),
    "temperature_celsius": Limits(25, 45),
    "oxygen_percent": Limits(50, 100),
    "heart_rate_bpm": Limits(20, 260),
    "glucose_mmol_per_l": Limits(0.5, 60),
    "systolic_mmhg": Limits(50, 280),
    "diastolic_mmhg": Limits(20, 180),
    "breaths_per_minute": Limits(4, 90),
}


@pytest.mark.parametrize(
    ("text", "found"),
    rows("""
    text                                      | found
    ------------------------------------------+-----------------------------------------------
    temp 38.5                                 | temperature_celsius 38.5
    temp of 40                                | temperature_celsius 40
    fever of 101.5 f                          | temperature_celsius 38.61
    temperature 100.6                         | temperature_celsius 38.11
    38,5 fever                                | temperature_celsius 38.5
    burning up 103F                           | temperature_celsius 39.44
    temp 39 for 2 days                        | temperature_celsius 39, duration_days 2
    temp was 37 this morning but 39 now       | temperature_celsius 39
    her temp was 37.2 and then 39.4           | temperature_celsius 37.2, temperature_celsius 39.4
    temp 98.6 this morning but now 103        | temperature_celsius 39.44
    temp was 39 this morning but 37 now       | temperature_celsius 39
    temp 37 but she is now 3 weeks old        | temperature_celsius 37, age_years 0.06
    temp 37. He is 4 but now 40 kg            | temperature_celsius 37, age_years 4
    the room is 25 degrees                    | 
    he feels warm, it's 29 degrees in this flat | 
    she is 39 degrees in the car              | temperature_celsius 39
    it was 38.9 degrees in the night          | temperature_celsius 38.9
    it's 34.5 degrees in the morning          | temperature_celsius 34.5
    it was 39.2 degrees in my mouth           | temperature_celsius 39.2
    it's 31 degrees in my living room         | 
    it's 31 degrees in here                   | 
    we ran in 29 degrees                      | 
    he is 34 degrees and shivering            | temperature_celsius 34
    no fever, 34                              | 
    my 7 week old                             | age_years 0.13
    baby of 5 months                          | age_years 0.42
    58M                                       | age_years 58
    22 yo f                                   | age_years 22
    I'm 24 and well                           | age_years 24
    aged 6 with a rash                        | age_years 6
    my son 14 woke up                         | age_years 14
    78 year old man                           | age_years 78
    I'm 24 weeks pregnant                     | pregnancy_weeks 24
    36+4 weeks pregnant                       | pregnancy_weeks 36
    sats 88%                                  | oxygen_percent 88
    o2 down to 86                             | oxygen_percent 86
    sat is 84                                 | oxygen_percent 84
    her sat reading only 80                   | oxygen_percent 80
    sat dropped to 84                         | oxygen_percent 84
    my sat keeps dropping to 84               | oxygen_percent 84
    his sat at home is 84                     | oxygen_percent 84
    sat: 84%                                  | oxygen_percent 84
    gran died sat, had 60 cans                | 
    it began when I sat, grandmother 84       | 
    pulse 140                                 | heart_rate_bpm 140
    heart going 180                           | heart_rate_bpm 180
    bp 150/95                                 | systolic_mmhg 150, diastolic_mmhg 95
    pressure 185 over 122                     | systolic_mmhg 185, diastolic_mmhg 122
    blood sugar 2.1                           | glucose_mmol_per_l 2.1
    sugar is 250                              | glucose_mmol_per_l 13.88
    breathing 70 a minute                     | breaths_per_minute 70
    pain 8/10 for 3 days                      | pain_score 8, duration_days 3
    cough for 3 wks                           | duration_days 21
    headache three days                       | duration_days 3
    since yesterday                           | duration_days 1
    it started 2 hours ago                    | duration_days 0.08
    a couple of days                          | duration_days 2
    """),
)
def test_a_number_is_read_with_its_meaning(text, found):
    read = quantities_of(words_of(text), LIMITS)
    assert ", ".join(f"{item.finding} {round(item.value, 2):g}" for item in read) == found


@pytest.mark.parametrize(
    "text",
    [
        "temp 385",
        "temp 12",
        "sats 300",
        "pulse 999",
        "bp 80/120",
        "fell from 3 metres",
        "room 38",
        "take it every 4 hours",
        "call me in 2 days",
        "moved here 3 years ago",
        "weighs 80 kg",
    ],
)
def test_a_number_that_cannot_be_or_means_something_else_is_left_out(text):
    assert quantities_of(words_of(text), LIMITS) == []


@pytest.mark.parametrize(
    ("number", "unit", "into", "result"),
    [
        (100.4, "fahrenheit", "celsius", 38.0),
        (38, "celsius", "fahrenheit", 100.4),
        (2, "weeks", "days", 14),
        (18, "months", "years", 1.5),
        (90, "minutes", "hours", 1.5),
        (180.16, "mg_per_dl", "mmol_per_l", 10.0),
        (10, "mmol_per_l", "mg_per_dl", 180.16),
        (7, "percent", "percent", 7),
    ],
)
def test_units_are_converted(number, unit, into, result):
    assert converted(number, unit, into) == pytest.approx(result)


def test_units_of_different_things_are_not_converted():
    assert converted(1, "days", "celsius") is None


@pytest.mark.parametrize(
    ("text", "finding", "value"),
    rows("""
    text                                            | finding  | value
    ------------------------------------------------+----------+--------
    I'm a 34 year old woman                         | sex      | female
    58M chest pain                                  | sex      | male
    my husband is unconscious                       | sex      | male
    my son has a rash and he is hot                 | sex      | male
    my wife says I have a rash                      | sex      |
    my son and my daughter are ill                  | sex      |
    I have a cough                                  | for_whom | self
    my baby has a rash                              | for_whom | child
    my mum has a fever                              | for_whom | adult
    my baby has a rash and I have a cough           | for_whom |
    my partner shouts at me                         | for_whom |
    my husband hits me                              | for_whom |
    my wife will not let me leave                   | for_whom |
    my dad cannot breathe help me                   | for_whom | adult
    """),
)
def test_sex_and_person_are_read_only_when_there_is_no_doubt(read, text, finding, value):
    found = [item.value for item in read(text).findings if item.id == finding]
    assert found == ([value] if value else [])


@pytest.mark.parametrize("text", ["I'm 34, my baby is 6 months old", "cough for 3 weeks and a rash for 2 days"])
def test_what_is_given_twice_differently_is_left_to_a_question(read, text):
    assert not {"age_years", "duration_days"} & {finding.id for finding in read(text).findings}
