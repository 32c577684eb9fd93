"""From letters to words: plain forms, places in the original, misspellings, and the pattern language."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from careline.clinical.understanding.matcher import Matcher
from careline.clinical.understanding.normalise import plain, words_of
from careline.clinical.understanding.patterns import PatternError, check_phrase, parsed, row_of
from careline.clinical.understanding.spelling import TURNING, Speller, ordinary_words
from tests.support.cases import cases, rows


@pytest.mark.parametrize(
    ("text", "words"),
    rows("""
    text                    | words
    ------------------------+------------------------
    Can't                   | cant
    can not                 | cant
    cannot                  | cant
    can t                   | cant
    carnt                   | cant
    cnat                    | cant
    i tuk 30                | i took 30
    i wana sleep            | i want to sleep
    He's                    | he s
    hes                     | he s
    mum's face              | mum s face
    mums face               | mum s face
    I'm                     | i am
    isn't                   | isnt
    is not                  | isnt
    HEEEELP                 | heelp
    38.5C                   | 38.5 c
    38,5                    | 38.5
    10,000                  | 10000
    x-ray                   | x ray
    22 y/o                  | 22 years old
    w/o fever               | without fever
    pain & fever            | pain and fever
    3 wks                   | 3 weeks
    i wnt to die            | i want to die
    it wnt stop             | it wont stop
    1yr 2mths               | 1 years 2 months
    a1949f22bc0d19e4 hurts  | a1949f22bc0d19e4 hurts
    """),
)
def test_what_is_typed_in_many_ways_has_one_plain_form(text, words):
    assert plain(text) == words


def test_a_very_long_word_is_read_in_time_whatever_it_is_made_of():
    """Thirty times as long takes about thirty times as long: a pattern that tries all ways would not come back."""
    assert len(words_of("1" + "b" * 200_000 + "2")) == 3


def test_curly_apostrophes_and_full_width_letters_are_plain_too():
    assert plain("I can\u2019t \uff42reathe") == "i cant breathe"


@pytest.mark.slow  # a hundred texts of any kind
@given(st.text(max_size=200))
def test_each_word_stands_where_it_was_typed(text):
    """Offsets lie in the text, in order, and never cross."""
    places = [(word.start, word.end) for word in words_of(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert places == sorted(places)


def test_a_word_is_cut_from_the_original_by_its_place():
    text = "İ \ufb01ne 😰 CHEST"
    assert text[words_of(text)[-1].start : words_of(text)[-1].end] == "CHEST"


VOCABULARY = (
    "breathe heart seizure unconscious asthma chest pain fall fitting concussion help vomiting without cant".split()
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    rows("""
    typed       | meant
    ------------+-------------
    brethe      | breathe
    siezure     | seizure
    uncontious  | unconscious
    astma       | asthma
    pian        | pain
    fall        | fall
    falk        | falk
    chset       | chest
    xyz         | xyz
    zzing       | zzing
    fiting      | fitting
    heelp       | help
    concusion   | concussion
    vomitin     | vomiting
    walkin      | walking
    sezure      | seizure
    ceizure     | seizure
    vommiting   | vomiting
    """),
)
def test_a_misspelt_word_becomes_the_one_that_was_meant(typed, meant):
    assert Speller(VOCABULARY, ordinary_words()).corrected(typed) == meant


@pytest.mark.parametrize(
    "word",
    [
        "bread",
        "breath",
        "fail",
        "hear",
        "hearth",
        "cheat",
        "paint",
        "pan",
        "teen",
        "heat",
        "painting",
        "greenish",
        "batting",
        "cheerier",
    ],
)
def test_an_ordinary_word_is_never_taken_for_another(word):
    speller = Speller(VOCABULARY, ordinary_words() | {"hearth"})
    assert speller.corrected(word) == word


@pytest.mark.slow  # a hundred texts of any kind
@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14))
@example("nothin")
def test_a_correction_neither_makes_nor_removes_a_denial(word):
    """Only a word that already was a denier comes out as one, and as the same."""
    corrected = Speller([*VOCABULARY, *TURNING], ordinary_words()).corrected(word)
    assert (corrected in TURNING) == (word in TURNING)


@pytest.mark.parametrize(
    ("findings", "expected"),
    cases("""
    text                          | phrase                        | found
    ------------------------------+-------------------------------+------
    i cant breathe                | cant breathe                  | yes
    he is not breathing           | (isnt|aint) breathing         | yes
    chest feels very tight        | chest .. tight                | yes
    chest a b c d tight           | chest .. tight                | no
    chest is fine. tight shoes    | chest .. tight                | no
    drooling, cant swallow        | drooling cant swallow         | yes
    my left arm hurts             | my [left] arm (hurts|aches)   | yes
    my arm aches                  | my [left] arm (hurts|aches)   | yes
    my arm itches                 | my [left] arm (hurts|aches)   | no
    convulsing                    | convuls*                      | yes
    reconvulsing                  | convuls*                      | no
    mums face is drooping         | mums face (is|has) droop*     | yes
    mum's face has dropped        | mum's face (is|has) drop*     | yes
    took 20 tablets               | took <number> tablets         | yes
    took tablets                  | took <number> tablets         | no
    10/10 pain                    | 10/10                         | yes
    """),
)
def test_a_phrase_finds_what_it_describes(findings, expected):
    matcher = Matcher([(findings["phrase"], "sign")])
    words = [word.text for word in words_of(findings["text"]) if not word.is_mark or word.text == "#"]
    assert bool(list(matcher.matches(words))) is (expected == "yes")


_PHRASES = [
    "chest pain",
    "(cant|hard to) breathe",
    "throb* .. head",
    "[bad] (head*|pain in [my] (head|skull)) .. (worst|sudden onset)",
    "(sick|throw* up|being sick) (again|and again)",
    "[a] [b] breathe [again]",
    "temp <number>",
    "(<number>|high) temp",
    "it's (his|the) (head|((chest|throat) pain))",
    "head .. .. pain",
]
_SAID = (
    "chest pain cant hard to breathe throbbing throb my head headache skull worst sudden onset sick throwing up being"
)


@settings(deadline=None)  # each phrase is compiled once
@pytest.mark.slow  # a hundred texts of any kind
@given(
    st.lists(st.sampled_from([*_SAID.split(), *"again and temp 39 high it s his the throat # x".split()]), max_size=14)
)
def test_looking_only_for_phrases_whose_words_are_said_misses_none(words):
    """What is found among all phrases is what each of them finds when it is tried alone on the whole row."""
    row = row_of(words)
    one_by_one = [
        (phrase, row.count(" ", 0, found.start()), row.count(" ", 0, found.end()))
        for phrase in _PHRASES
        for found in re.finditer(parsed(phrase).expression, row)
    ]
    matches = Matcher([(phrase, phrase) for phrase in _PHRASES]).matches(words)
    assert [(match.meaning, match.first, match.last) for match in matches] == one_by_one


@pytest.mark.parametrize(
    "phrase",
    ["(a|b", "a)", "[a", "a||b", "()", "", "..", "[maybe]", "half-open", "[0-9]", "what?", "a * b", "<number>"],
)
def test_a_phrase_that_breaks_the_language_is_refused_and_quoted(phrase):
    with pytest.raises(PatternError, match=r"^['\"]"):
        check_phrase(phrase)


def test_the_ordinary_words_leave_out_common_misspellings_of_signs():
    assert {"hart", "soar", "brest"}.isdisjoint(ordinary_words())
    assert {"bread", "house", "went", "walking"} <= ordinary_words()
