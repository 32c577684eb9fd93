"""A lexicon is built whole from a rule book, or refused with the phrase that is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from careline.clinical.content import LexiconEntry, NumberInput, Question
from careline.clinical.errors import ContentError
from careline.clinical.rulebook import CompiledQuestion, IntakePlan, RuleBook
from careline.clinical.understanding.lexicon import FIGURES, Lexicon, figures_of_speech
from careline.clinical.understanding.message import read_message
from careline.clinical.understanding.patterns import check_phrase
from careline.clinical.understanding.quantities import Limits
from tests.unit.clinical.understanding.conftest import book_of_phrases


def test_each_phrase_that_breaks_the_language_is_named_with_its_finding():
    entries = (
        LexiconEntry(finding="cough", phrases=("(cough", "tickly cough")),
        LexiconEntry(finding="rash", phrases=("..",)),
    )
    with pytest.raises(ContentError) as refused:
        Lexicon.of(replace(book_of_phrases(), lexicon=entries))
    assert len(refused.value.problems) == 2
    assert "'cough'" in refused.value.problems[0]
    assert "(cough" in refused.value.problems[0]


def test_a_misspelt_word_is_corrected_towards_what_a_beginning_stands_for():
    entries = (LexiconEntry(finding="rash", phrases=("convuls*",)),)
    lexicon = Lexicon.of(replace(book_of_phrases(), lexicon=entries))
    assert [finding.id for finding in read_message("convulshion", lexicon).findings] == ["rash"]


def _with_numbers(book: RuleBook, *numbers: tuple[str, NumberInput]) -> RuleBook:
    questions = [
        Question(id=f"q_{place}", text="x", why="x", input="number", finding=finding, number=number)
        for place, (finding, number) in enumerate(numbers)
    ]
    plan: IntakePlan = replace(
        book.intake, questions=tuple(CompiledQuestion(question, None, frozenset()) for question in questions)
    )
    return replace(book, intake=plan, protocols={})


def test_what_is_plausible_is_what_any_question_accepts():
    """In the catalogue's unit; a question about what the catalogue does not measure gives no limits."""
    book = _with_numbers(
        book_of_phrases(),
        ("temperature_celsius", NumberInput(units=("fahrenheit",), min=86, max=104)),
        ("temperature_celsius", NumberInput(units=("celsius",), min=34, max=43)),
        ("age_years", NumberInput(units=("score",), min=0, max=9)),
        ("height", NumberInput(units=("score",), min=0, max=9)),
    )
    assert Lexicon.of(book).limits == {"temperature_celsius": Limits(30.0, 43.0)}


def test_a_reading_beyond_the_limits_is_left_out():
    book = _with_numbers(book_of_phrases(), ("temperature_celsius", NumberInput(units=("celsius",), min=30, max=45)))
    lexicon = Lexicon.of(book)
    assert [item.value for item in read_message("temp 39", lexicon).findings if item.id == "temperature_celsius"] == [
        39
    ]
    assert not [item for item in read_message("temp 49", lexicon).findings if item.id == "temperature_celsius"]


def test_each_figure_of_speech_follows_the_pattern_language():
    """Raises, naming the phrase, at one that does not."""
    for phrase in (phrase for name in FIGURES for phrase in figures_of_speech(name)):
        check_phrase(phrase)
