"""Words of red flags in Spanish, as people may type them: own examples, and words that look like them."""

from pathlib import Path

import pytest

from careline.clinical.content_files import read_yaml
from careline.clinical.understanding.lexicon import Lexicon
from tests.support.house import lexicon, rule_book

pytestmark = pytest.mark.slow  # loads all content

EXAMPLES = read_yaml(Path("tests/content/spanish_red_flags.yml"), dict[str, list[str]])
LIFE_THREATS = {"emergency_now", "ed_now"}


def found(text: str, words: Lexicon) -> set[str]:
    return {finding.id for finding in words.screens["es"].found_in(text)}


def test_every_example_of_a_red_flag_raises_it():
    assert [
        (flag, text)
        for flag, texts in EXAMPLES.items()
        if flag != "none"
        for text in texts
        if flag not in found(text, lexicon())
    ] == []


def test_what_only_looks_like_one_raises_none():
    assert [(text, found(text, lexicon())) for text in EXAMPLES["none"] if found(text, lexicon())] == []


def test_there_are_four_examples_of_each_and_thirty_red_flags():
    assert len(EXAMPLES) > 30
    assert [flag for flag, texts in EXAMPLES.items() if len(texts) < 4 or len(set(texts)) < len(texts)] == []


def test_every_red_flag_that_threatens_life_has_words():
    flags = rule_book().red_flags.values()
    assert [
        item.flag.id
        for item in flags
        if item.flag.acuity.value in LIFE_THREATS
        and item.flag.expressions
        and item.flag.id not in rule_book().expressions["es"]
    ] == []


def test_accents_capitals_and_marks_change_nothing():
    texts = [
        "¡NO PUEDO RESPIRAR!",
        "no puedo respirár",
        "No… puedo respirar",
        "no puedo respirar...",
        "No puedo respirar 😰",
    ]
    assert [text for text in texts if "rf_severe_breathlessness" not in found(text, lexicon())] == []


@pytest.mark.parametrize(
    "text",
    [
        "no tengo fiebre pero me duele el pecho",
        "no, me duele el pecho",
        "no sé si me duele el pecho",
        "no se me quita el dolor de pecho",
        "no tengo nada más que dolor de pecho",
        "sin fiebre, me duele el pecho",
        "no tengo tos. me duele el pecho",
    ],
)
def test_a_no_of_something_else_denies_nothing(text):
    assert "rf_heart_attack" in found(text, lexicon())


def test_the_place_of_the_words_is_that_in_the_message():
    (finding,) = (
        each for each in lexicon().screens["es"].found_in("Sí. Está inconsciente") if each.id == "rf_unresponsive"
    )
    assert "Sí. Está inconsciente"[finding.start : finding.end] == "Está inconsciente"
