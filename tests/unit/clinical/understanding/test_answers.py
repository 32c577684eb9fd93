"""Answers: what a chosen value settles, and what a typed reply means."""

from __future__ import annotations

import pytest

from careline.clinical.content import FindingEntry, NumberInput, Option, Question
from careline.clinical.errors import AnswerError
from careline.clinical.finding import Finding, Presence
from careline.clinical.understanding.answers import (
    AnswerReading,
    findings_of_value,
    is_exclusive,
    options_of,
    read_answer,
)
from careline.clinical.understanding.lexicon import Lexicon
from tests.support.cases import rows

PRESENT, ABSENT, UNKNOWN = Presence.PRESENT, Presence.ABSENT, Presence.UNKNOWN

FEVER = Question(id="q_fever", text="Do you have a fever?", why="x", finding="fever", life_threat=True)
DRINKING = Question(
    id="q_drinking", text="Are you drinking?", why="x", finding="not_drinking", worrying="no", life_threat=True
)
WHOM = Question(
    id="q_whom",
    text="Who is this for?",
    why="x",
    input="single",
    finding="for_whom",
    options=(
        Option(value="self", title="Me", choice="self", says=("me", "m", "myself", "its me")),
        Option(value="child", title="A baby or child", choice="child", says=("my child", "my baby", "my son")),
        Option(value="adult", title="Another adult", choice="adult", says=("my mum", "someone else")),
    ),
)
SPREAD = Question(
    id="q_spread",
    text="Does the rash spread?",
    why="x",
    input="single",
    life_threat=True,
    options=(
        Option(value="fast", title="Yes, fast", present=("rash_spreads",)),
        Option(value="slow", title="No, or slowly", absent=("rash_spreads",)),
    ),
)
SIGNS = Question(
    id="q_signs",
    text="Do you have any of these?",
    why="x",
    input="multi",
    options=(
        Option(value="rash", title="A rash", present=("rash",)),
        Option(value="headache", title="A bad headache", present=("headache",), says=("sore head",)),
        Option(value="stiff_neck", title="A stiff neck", present=("stiff_neck",)),
    ),
)
TEMPERATURE = Question(
    id="q_temperature",
    text="What is the temperature?",
    why="x",
    input="number",
    finding="temperature_celsius",
    number=NumberInput(units=("celsius", "fahrenheit"), min=30, max=45, step=0.1),
)
AGE = Question(
    id="q_age",
    text="How old are you?",
    why="x",
    input="number",
    finding="age_years",
    number=NumberInput(units=("years", "months", "weeks", "days"), min=0, max=120),
)
HOW_LONG = Question(
    id="q_how_long",
    text="How long?",
    why="x",
    input="number",
    finding="duration_days",
    number=NumberInput(units=("days", "weeks", "hours"), min=0, max=400),
)
MEDICINES = Question(id="q_medicines", text="Which medicines?", why="x", input="text", finding="takes_medicines")
CATALOGUE = {
    entry.id: entry
    for entry in (
        FindingEntry(id="temperature_celsius", title="x", kind="quantity", unit="celsius"),
        FindingEntry(id="age_years", title="x", kind="quantity", unit="years"),
        FindingEntry(id="duration_days", title="x", kind="quantity", unit="days"),
    )
}


def settled(value: object, question: Question) -> dict[str, object]:
    """What a value settles: presence by finding, or its value when it has one."""
    found = findings_of_value(value, question, CATALOGUE)
    return {item.id: item.presence if item.value is None else item.value for item in found}


def test_every_question_of_a_kind_has_its_options():
    assert [option.value for option in options_of(FEVER)] == ["yes", "no", "unsure"]
    assert [option.value for option in options_of(SIGNS)] == ["rash", "headache", "stiff_neck", "none", "unsure"]
    assert [option.value for option in options_of(WHOM)] == ["self", "child", "adult"]
    assert [option.value for option in options_of(SPREAD)] == ["fast", "slow", "unsure"]
    assert options_of(AGE) == ()


def test_only_none_and_not_sure_of_a_checklist_stand_alone():
    assert [option.value for option in options_of(SIGNS) if is_exclusive(option, SIGNS)] == ["none", "unsure"]
    assert not any(is_exclusive(option, FEVER) for option in options_of(FEVER))


@pytest.mark.parametrize(
    ("value", "question", "expected"),
    [
        ("yes", FEVER, {"fever": PRESENT}),
        ("no", FEVER, {"fever": ABSENT}),
        ("unsure", FEVER, {"fever": UNKNOWN}),
        ("no", DRINKING, {"not_drinking": PRESENT}),
        ("yes", DRINKING, {"not_drinking": ABSENT}),
        ("child", WHOM, {"for_whom": "child"}),
        ("fast", SPREAD, {"rash_spreads": PRESENT}),
        ("slow", SPREAD, {"rash_spreads": ABSENT}),
        ("unsure", SPREAD, {"rash_spreads": UNKNOWN}),
        (["rash"], SIGNS, {"rash": PRESENT, "headache": ABSENT, "stiff_neck": ABSENT}),
        ("none", SIGNS, {"rash": ABSENT, "headache": ABSENT, "stiff_neck": ABSENT}),
        (["none"], SIGNS, {"rash": ABSENT, "headache": ABSENT, "stiff_neck": ABSENT}),
        (["unsure"], SIGNS, {"rash": UNKNOWN, "headache": UNKNOWN, "stiff_neck": UNKNOWN}),
        ({"number": 38.5, "unit": "celsius"}, TEMPERATURE, {"temperature_celsius": 38.5}),
        ({"number": 104, "unit": "fahrenheit"}, TEMPERATURE, {"temperature_celsius": 40.0}),
        ({"number": 39}, TEMPERATURE, {"temperature_celsius": 39.0}),
        ({"number": 18, "unit": "months"}, AGE, {"age_years": 1.5}),
        ({"number": 2, "unit": "weeks"}, HOW_LONG, {"duration_days": 14.0}),
        ("unsure", AGE, {"age_years": UNKNOWN}),
        (" aspirin ", MEDICINES, {"takes_medicines": "aspirin"}),
        ("none", MEDICINES, {"takes_medicines": ABSENT}),
    ],
)
def test_a_value_settles_the_findings_of_its_question(value, question, expected):
    assert settled(value, question) == expected


@pytest.mark.parametrize(
    ("value", "question", "code"),
    [
        ("maybe", FEVER, "unknown_option"),
        (True, FEVER, "malformed"),
        (["yes"], FEVER, "malformed"),
        (None, FEVER, "malformed"),
        ("", FEVER, "malformed"),
        ("nobody", WHOM, "unknown_option"),
        (["rash", "itch"], SIGNS, "unknown_option"),
        (["rash", "none"], SIGNS, "malformed"),
        (["unsure", "rash"], SIGNS, "malformed"),
        ([], SIGNS, "malformed"),
        ([1], SIGNS, "malformed"),
        ({"rash": True}, SIGNS, "malformed"),
        (38.5, TEMPERATURE, "malformed"),
        ({"number": "38"}, TEMPERATURE, "malformed"),
        ({"number": True}, TEMPERATURE, "malformed"),
        ({"number": float("nan")}, TEMPERATURE, "malformed"),
        ({"number": float("inf")}, TEMPERATURE, "malformed"),
        ({"number": 38, "unit": "kelvin"}, TEMPERATURE, "unknown_option"),
        ({"number": 38, "unit": ["celsius"]}, TEMPERATURE, "unknown_option"),
        ({"number": 380, "unit": "celsius"}, TEMPERATURE, "malformed"),
        ({"number": 10**400}, TEMPERATURE, "malformed"),
        ({"number": 38, "units": "celsius"}, TEMPERATURE, "malformed"),
        ("  ", MEDICINES, "malformed"),
    ],
)
def test_any_other_value_is_refused_with_the_code_of_the_contract(value, question, code):
    with pytest.raises(AnswerError) as refused:
        findings_of_value(value, question, CATALOGUE)
    assert refused.value.code == code


def test_a_question_that_cannot_settle_the_value_refuses_it():
    """Such questions do not pass the content check; an answer to one must not be taken all the same."""
    unlinked = Question(id="q", text="x", why="x")
    uncatalogued = Question(
        id="q", text="x", why="x", input="number", finding="height", number=NumberInput(units=("score",), min=0, max=9)
    )
    misfit = Question(
        id="q",
        text="x",
        why="x",
        input="number",
        finding="age_years",
        number=NumberInput(units=("score",), min=0, max=9),
    )
    for value, question in (("yes", unlinked), ({"number": 3}, uncatalogued), ({"number": 3}, misfit)):
        with pytest.raises(AnswerError):
            findings_of_value(value, question, CATALOGUE)


def test_a_refusal_never_repeats_what_was_sent():
    with pytest.raises(AnswerError) as refused:
        findings_of_value("my secret words", FEVER, CATALOGUE)
    assert "secret" not in str(refused.value)


@pytest.fixture
def reply(lexicon: Lexicon):
    def read(text: str, question: Question) -> AnswerReading | None:
        return read_answer(text, question, CATALOGUE, lexicon)

    return read


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
    text                       | value
    ---------------------------+--------
    yes                        | yes
    Yeah                       | yes
    yep, definitely            | yes
    a bit                      | yes
    i think so                 | yes
    yes since yesterday        | yes
    I do                       | yes
    no                         | no
    Nope                       | no
    nah not really             | no
    not that I know of         | no
    I don't think so           | no
    no thanks                  | no
    not sure                   | unsure
    dunno                      | unsure
    I don't know               | unsure
    maybe                      | unsure
    idk                        | unsure
    I have a fever             | yes
    no fever                   | no
    yes and no                 |
    no but sometimes           |
    yes I don't                |
    what do you mean           |
    the weather is nice        |
    """),
)
def test_yes_no_and_not_sure_are_typed_in_many_ways(reply, text, value):
    reading = reply(text, FEVER)
    assert (reading.value if reading else "") == value


def test_no_settles_the_worry_of_a_question_asked_the_other_way_round(reply):
    assert reply("no", DRINKING).findings == (Finding("not_drinking", PRESENT),)


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
    text                   | value
    -----------------------+--------
    me                     | self
    it's me                | self
    Myself                 | self
    my son                 | child
    it is for my baby      | child
    for my mum             | adult
    the second one         | child
    3                      | adult
    last one               | adult
    anothr adult           | adult
    not my son, my mum     | adult
    my son and my mum      |
    blue                   |
    """),
)
def test_an_option_is_named_by_title_other_words_or_place(reply, text, value):
    reading = reply(text, WHOM)
    assert (reading.value if reading else "") == value


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
    text                          | value
    ------------------------------+-----------------
    none                          | none
    none of these                 | none
    no                            | none
    nothing                       | none
    not sure                      | unsure
    a rash                        | rash
    I've got a sore head          | headache
    rash and stiff neck           | rash,stiff_neck
    a rash, no headache           | rash
    1 and 3                       | rash,stiff_neck
    the first one                 | rash
    all of them                   | rash,headache,stiff_neck
    my head hurts                 | headache
    yes                           |
    bananas                       |
    no headache                   |
    """),
)
def test_a_checklist_is_ticked_by_names_places_and_signs(reply, text, value):
    reading = reply(text, SIGNS)
    given = "" if reading is None else reading.value if isinstance(reading.value, str) else ",".join(reading.value)
    assert given == value


@pytest.mark.parametrize(
    ("text", "question", "expected"),
    [
        ("38.5", TEMPERATURE, 38.5),
        ("39,2", TEMPERATURE, 39.2),
        ("it's 101.3", TEMPERATURE, 38.5),
        ("101.3 F", TEMPERATURE, 38.5),
        ("about 38 degrees", TEMPERATURE, 38),
        ("I'm 34", AGE, 34),
        ("7 weeks", AGE, 0.1342),
        ("eighteen months", AGE, 1.5),
        ("two weeks", HOW_LONG, 14),
        ("a week", HOW_LONG, 7),
        ("2 or 3 days", HOW_LONG, 3),
        ("since yesterday", HOW_LONG, 1),
    ],
)
def test_a_number_is_typed_with_or_without_its_unit(reply, text, question, expected):
    assert [(found.id, found.value) for found in reply(text, question).findings] == [
        (question.finding, pytest.approx(expected))
    ]


@pytest.mark.parametrize("text", ["hot", "500", "380 degrees C", "between 3 and 4 and 5", "3 apples and 4 pears"])
def test_what_is_no_plausible_number_is_asked_again(reply, text):
    assert reply(text, TEMPERATURE) is None


def test_a_number_question_without_a_shape_is_not_read(reply):
    assert reply("3", Question(id="q", text="x", why="x", input="number", finding="age_years")) is None


def test_who_has_no_thermometer_does_not_know(reply):
    assert reply("I don't have a thermometer", TEMPERATURE).findings == (Finding("temperature_celsius", UNKNOWN),)


@pytest.mark.parametrize(
    ("text", "value"),
    rows("""
    text                              | value
    ----------------------------------+-------------------------------
    none                              | none
    no                                | none
    nothing                           | none
    I don't take any medicines        | none
    no known allergies                | none
    warfarin and bisoprolol           | warfarin and bisoprolol
    don't know                        | unsure
    yes                               |
    """),
)
def test_a_note_is_kept_as_it_was_written(reply, text, value):
    reading = reply(text, MEDICINES)
    assert (reading.value if reading else "") == value


@pytest.mark.parametrize("question", [FEVER, WHOM, SIGNS, TEMPERATURE, MEDICINES])
@pytest.mark.parametrize("text", ["", "   ", "😰"])
def test_nothing_typed_answers_nothing(reply, text, question):
    assert reply(text, question) is None


@pytest.mark.parametrize("text", ["my knee hurts, 2 days", "my knee hurts (1)", "I have 2 knees that hurt"])
def test_a_number_that_may_count_something_else_is_no_age(reply, text):
    assert reply(text, AGE) is None


@pytest.mark.parametrize(
    ("text", "years"),
    [("34, and my knee hurts", 34), ("34 and my knee hurts", 34), ("I'm 34 and my knee hurts", 34),
     ("she is 3 months and has a fever", 0.25), ("aged 45, chest pain", 45), ("I turned 40 last week", 40)],
)  # fmt: skip
def test_an_age_beside_other_words_is_read(reply, text, years):
    reading = reply(text, AGE)
    assert reading is not None
    assert [finding.value for finding in reading.findings] == [pytest.approx(years)]
