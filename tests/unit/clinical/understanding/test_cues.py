"""Cues are looked for where a message has words for them, and never missed elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careline.clinical.understanding import purpose, subject, timing
from careline.clinical.understanding.patterns import Cue, CueWords, row_of

pytestmark = pytest.mark.slow

FILED = {
    "timing": (timing._OF_THEN, (timing._LONG_AGO, timing._USED_TO, timing._WEEKS_AGO)),
    "subject": (subject._OTHERS_WORDS, (subject._OF_ANOTHER, subject._IN_ANOTHER, subject._FAR_HAD, subject._IS_PET)),
    "information": (
        purpose._INFORMATION_WORDS,
        (purpose._ASKS, purpose._PREVENTS, purpose._MIGHT_GIVE, purpose._DEFINES, purpose._OF_ANYBODY),
    ),
    "study": (purpose._STUDY_WORDS, (purpose._STUDY,)),
    "supposed": (purpose._SUPPOSED_WORDS, (purpose._SUPPOSED,)),
    "may_take": (purpose._MAY_TAKE_WORDS, (purpose._MAY_TAKE,)),
}


def words_like_those_of(cues):
    """Words that the phrases use, beginnings of words with an ending, and some others."""
    used = sorted({word for cue in cues for needs in cue.needs for words in needs for word in words})
    return st.sampled_from([word.replace("*", "s") for word in used] + ["pain", "2", "of", "#"])


@pytest.mark.parametrize(("filed", "cues"), FILED.values(), ids=FILED)
@settings(deadline=None)  # expressions are compiled when first used
@given(data=st.data())
def test_what_can_be_found_is_looked_for(filed, cues, data):
    said = data.draw(st.lists(words_like_those_of(cues), max_size=8))
    if any(cue.expression.search(row_of(said)) for cue in cues):
        assert filed.may_be_in(frozenset(said))


@given(st.lists(st.sampled_from("when i was 7 in 2019 1998 19 years old # , and the year".split()), max_size=8))
def test_a_year_or_an_age_can_always_put_a_statement_back(said):
    row = row_of(said)
    if timing._YEAR.search(row) or timing._AGED_THEN.search(row):
        assert timing._FIGURES.search(row)


def test_a_phrase_without_a_word_that_must_occur_is_looked_for_in_every_message():
    assert CueWords(Cue("<number> [years]")).may_be_in(frozenset())


@pytest.mark.parametrize(
    ("said", "expected"), [("two weeks ago", True), ("two days ago", False), ("weeks of it", False), ("", False)]
)
def test_every_need_of_a_phrase_must_be_met(said, expected):
    assert CueWords(Cue("[two] week* ago")).may_be_in(frozenset(said.split())) is expected
