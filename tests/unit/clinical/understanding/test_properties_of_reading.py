"""What must hold for every message; the safety case names these tests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.clinical.content import Question
from careline.clinical.finding import Presence
from careline.clinical.understanding.answers import read_answer
from careline.clinical.understanding.lexicon import Lexicon
from careline.clinical.understanding.message import read_message
from tests.unit.clinical.understanding.conftest import SIGNS, book_of_phrases

LEXICON = Lexicon.of(book_of_phrases())
DANGERS = [
    "I can't breathe",
    "he is not breathing",
    "my wife is unconscious",
    "crushing chest pain",
    "she is having a seizure",
    "my baby is choking",
    "I want to die",
    "the bleeding won't stop",
]
UNRELATED = [
    "the weather is nice",
    "my cat is called Tom",
    "I have no rash",
    "we live in Leeds",
    "my sister had a cold last year",
    "what are your opening hours?",
    "my dad died in 2010",
    "I am fine with waiting",
    "I read about it in a book",
    "thank you",
]
LEVEL_WORDS = [
    "no",
    "not",
    "my",
    "dad",
    "had",
    "chest pain",
    "fever",
    ",",
    ".",
    "but",
    "or",
    "if",
    "years ago",
    "38.5",
    "?",
]


def flags(text: str) -> set[str]:
    return set(read_message(text, LEXICON).red_flags)


@pytest.mark.slow  # a hundred texts of any kind
@given(st.text(max_size=400))
def test_reading_any_text_never_raises(text):
    reading = read_message(text, LEXICON)
    places = [(finding.start or 0, finding.end or 0) for finding in reading.findings]
    assert all(0 <= start < end <= len(text) for start, end in places)


@pytest.mark.slow  # a hundred rows of words
@given(st.lists(st.sampled_from(LEVEL_WORDS), max_size=30).map(" ".join))
def test_reading_any_row_of_our_words_never_raises(text):
    assert read_message(text, LEXICON) == read_message(text, LEXICON)


@pytest.mark.slow
@given(st.binary(max_size=300))
def test_bytes_of_any_kind_are_read_as_text(data):
    text = data.decode("latin-1") + data.decode("utf-8", errors="surrogateescape")
    assert read_message(text, LEXICON).red_flags == read_message(text, LEXICON).red_flags


@pytest.mark.slow  # takes long
@pytest.mark.parametrize("joint", [". ", "\n", "! ", " but "])
@pytest.mark.parametrize("danger", DANGERS)
@given(before=st.lists(st.sampled_from(UNRELATED), max_size=3), after=st.lists(st.sampled_from(UNRELATED), max_size=3))
@settings(max_examples=15)
def test_one_more_clause_never_takes_a_red_flag_away(danger, joint, before, after):
    assert flags(danger) <= flags(joint.join([*before, danger, *after]))


@pytest.mark.parametrize("sign", ["chest pain", "cough", "fever", "headache", "rash", "vomiting"])
@pytest.mark.parametrize(
    "denial", ["no {}", "I have no {}", "without {}", "I don't have a {}", "no {} at all", "no sign of {}"]
)
def test_a_plain_denial_is_a_denial_of_every_sign(sign, denial):
    finding_id = sign.replace(" ", "_")
    assert finding_id in SIGNS
    found = [item for item in read_message(denial.format(sign), LEXICON).findings if item.id == finding_id]
    assert [item.presence for item in found] == [Presence.ABSENT]


@pytest.mark.parametrize("danger", DANGERS)
def test_a_danger_alone_is_always_heard(danger):
    assert flags(danger)
    assert flags(danger.upper())
    assert flags(f"help!!! {danger} 😰 please")
    assert flags(danger.replace("'", "\u2019"))
    assert flags(danger.replace("'", ""))


@given(text=st.text(max_size=120), shape=st.sampled_from(["yes_no", "text"]))
def test_reading_any_reply_never_raises(text, shape):
    question = Question(id="q", text="x", why="x", input=shape, finding="fever")
    reading = read_answer(text, question, {}, LEXICON)
    assert reading is None or reading.findings
