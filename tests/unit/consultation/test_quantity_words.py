"""A number with its unit reads as a person would write it, in each language."""

from pathlib import Path
from typing import get_args

import pytest

from careline.clinical.content import Unit
from careline.consultation.quantity_words import quantity_words
from careline.consultation.wording import Wording

WORDING = Wording(Path("knowledge/wording"))


def said(language, number, unit):
    return quantity_words(lambda name, **values: WORDING.say(name, language, **values), number, unit)


@pytest.mark.parametrize(
    ("language", "number", "unit", "words"),
    [
        ("en", 34, "years", "34 years"),
        ("en", 1, "days", "1 day"),
        ("en", 1.0, "weeks", "1 week"),
        ("en", 38.5, "celsius", "38.5 °C"),
        ("en", 7, None, "7"),
        ("es", 34, "years", "34 años"),
        ("es", 1, "months", "1 mes"),
        ("es", 0, "days", "0 días"),
    ],
)
def test_one_and_several_are_told_apart(language, number, unit, words):
    assert said(language, number, unit) == words


def test_every_unit_has_a_name_in_every_language():
    for language in WORDING.languages:
        for unit in get_args(Unit):
            assert said(language, 2, unit).startswith("2 ")
