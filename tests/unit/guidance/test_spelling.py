"""Mending misspelt words of a question."""

from __future__ import annotations

import pytest

from careline.guidance.spelling import Spelling

SPELLING = Spelling(
    ["Drink water for a headache.", "Paracetamol helps with a fever.", "Take your temperature."],
    kept=["co codamol", "temperatur gauge"],
    is_word=lambda word: word in {"please", "heater"},
)


@pytest.mark.parametrize(
    ("written", "mended"),
    [
        ("my hedache", "my headache"),
        ("Paracetmol?", "paracetamol?"),
        ("temprature, please", "temperature, please"),
        ("earache", "earache"),  # another first letter: another word
        ("heater", "heater"),  # a word of the language
        ("codamol", "codamol"),  # kept: the name of another medicine
        ("temperatur", "temperatur"),
        ("fevr", "fevr"),  # too short to be sure
        ("hxdxche", "hxdxche"),  # too many slips
        ("can't", "can't"),
        ("", ""),
    ],
)
def test_only_a_near_miss_of_an_articles_word_is_mended(written, mended):
    assert SPELLING.mended(written) == mended
