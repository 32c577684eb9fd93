"""Short replies in Spanish: what is one, and that whatever is more is none."""

import pytest

from careline.clinical.content import NumberInput, Option, Question
from careline.clinical.understanding.short_replies import (
    REPLY_WORDS,
    answer_value,
    folded,
    is_list_of_names,
    plain_choice,
)

SPANISH = REPLY_WORDS["es"]
YES_NO = Question(id="q", text="?", why="?", finding="f")
LIST = Question(
    id="q",
    text="?",
    why="?",
    input="multi",
    options=(
        Option(value="fever", title="Fiebre", present=("fever",)),
        Option(value="sweat", title="Sudor, con la piel fría y húmeda", present=("sweat",)),
        Option(value="pain", title="Dolor en el pecho", present=("pain",)),
        Option(value="belly", title="Dolor de barriga", present=("belly",)),
    ),
)
ONE = Question(
    id="q",
    text="?",
    why="?",
    input="single",
    finding="who",
    options=(
        Option(value="self", title="Para mí", choice="self", says=("yo",)),
        Option(value="takes_none", title="No, ninguno así", absent=("f",)),
        Option(value="unsure", title="No lo sé"),
    ),
)
NOTE = Question(id="q", text="?", why="?", input="text", finding="f")
AGE = Question(
    id="q",
    text="?",
    why="?",
    input="number",
    finding="age",
    number=NumberInput(units=("years", "months", "weeks", "days"), min=0, max=120),
)
SINCE = Question(
    id="q",
    text="?",
    why="?",
    input="number",
    finding="days",
    number=NumberInput(units=("days", "weeks", "months", "hours"), min=0, max=3650),
)
HEAT = Question(
    id="q",
    text="?",
    why="?",
    input="number",
    finding="t",
    number=NumberInput(units=("celsius", "fahrenheit"), min=30, max=45, step=0.1),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Sí", "yes"), ("si", "yes"), ("SÍ.", "yes"), ("sí, claro", "yes"), ("creo que sí", "yes"), ("No", "no"),
        ("no, para nada", "no"), ("creo que no", "no"), ("no sé", "unsure"), ("No lo sé", "unsure"),
        ("tal vez", "unsure"), ("ni idea", "unsure"),
    ],
)  # fmt: skip
def test_yes_no_and_not_sure_are_understood_with_and_without_accents(text, value):
    assert answer_value(text, YES_NO, SPANISH) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("fiebre", ("fever",)),
        ("fiebre y dolor de barriga", ("fever", "belly")),
        ("Sudor, con la piel fría y húmeda", ("sweat",)),
        ("pecho", ("pain",)),
        ("ninguno", "none"),
        ("no", "none"),
        ("nada de esto", "none"),
        ("todo", ("fever", "sweat", "pain", "belly")),
        ("no lo sé", "unsure"),
    ],
)
def test_options_are_named_by_title_or_a_part_of_it_that_is_no_other_s(text, value):
    assert answer_value(text, LIST, SPANISH) == value


def test_a_choice_is_named_by_its_title_its_other_words_or_not_sure():
    said = {text: answer_value(text, ONE, SPANISH) for text in ("para mi", "yo", "no, ninguno así", "no sé", "no")}
    assert said == {"para mi": "self", "yo": "self", "no, ninguno así": "takes_none", "no sé": "unsure", "no": None}


@pytest.mark.parametrize(
    ("text", "question", "number", "unit"),
    [
        ("34", AGE, 34, "years"),
        ("tengo 34 años", AGE, 34, "years"),
        ("2 años y 3 meses", AGE, 27, "months"),
        ("dos años y medio", AGE, 2.5, "years"),
        ("3 semanas", AGE, 3, "weeks"),
        ("cinco meses", AGE, 5, "months"),
        ("3 días", SINCE, 3, "days"),
        ("desde hace 2 semanas", SINCE, 2, "weeks"),
        ("2 o 3 días", SINCE, 3, "days"),
        ("desde ayer", SINCE, 1, "days"),
        ("hoy", SINCE, 0, "days"),
        ("38,5", HEAT, 38.5, "celsius"),
        ("38.5 °C", HEAT, 38.5, "celsius"),
        ("38,5 ºC", HEAT, 38.5, "celsius"),
        ("tengo 39º", HEAT, 39, "celsius"),
        ("101,3 F", HEAT, 101.3, "fahrenheit"),
        ("38 y medio", HEAT, 38.5, "celsius"),
        ("tengo 39 de fiebre", HEAT, 39, "celsius"),
    ],
)
def test_numbers_have_their_unit_and_of_a_range_the_upper_end(text, question, number, unit):
    value = answer_value(text, question, SPANISH)
    assert isinstance(value, dict)
    assert value["number"] == pytest.approx(number, rel=0.01)
    assert value["unit"] == unit


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("sí, y no puedo respirar", YES_NO),
        ("no, pero me duele", YES_NO),
        ("sí y no", YES_NO),
        ("me siento raro", YES_NO),
        ("dolor", LIST),
        ("fiebre y algo más", LIST),
        ("sin fiebre", LIST),
        ("no tengo fiebre pero sí dolor", LIST),
        ("no", ONE),
        ("200 años", AGE),
        ("hace mucho", SINCE),
        ("3 días y vomito sangre", SINCE),
        ("1 2 3", SINCE),
        ("metformina", NOTE),
        ("", YES_NO),
    ],
)
def test_whatever_is_more_than_a_short_reply_is_none(text, question):
    assert answer_value(text, question, SPANISH) is None


def test_nothing_to_name_is_an_answer():
    assert answer_value("no tomo nada", NOTE, SPANISH) == "none"
    assert answer_value("no sé", NOTE, SPANISH) == "unsure"


def test_names_are_few_words_each():
    assert is_list_of_names("metformina, losartán y ácido acetilsalicílico", SPANISH)
    assert not is_list_of_names("metformina y desde ayer me siento muy mal", SPANISH)


def test_all_words_are_kept_as_they_are_compared():
    sets = (SPANISH.yes, SPANISH.no, SPANISH.none, SPANISH.every, SPANISH.unsure)
    rows = {row for each in sets for row in each}
    assert [row for row in rows if folded(row) != row] == []
    assert [row for row in rows if sum(row in each for each in sets) > 1] == []
    assert plain_choice("¡Sí!", SPANISH) == "yes"
