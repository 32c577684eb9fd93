"""Phrases with two sides: both in one sentence, in either order, and each may be denied by itself."""

from __future__ import annotations

import pytest

from careline.clinical.understanding.matcher import Matcher
from careline.clinical.understanding.patterns import PatternError, check_phrase

BOTH = Matcher([("(stiff|sore) neck ~ (fever|burning .. up)", "both")])


@pytest.mark.parametrize(
    "said",
    [
        "stiff neck fever",
        "fever and for some days now a very sore neck",
        "sore neck since she came home from school and now burning right up",
    ],
)
def test_both_sides_are_found_in_either_order(said):
    assert [match.meaning for match in BOTH.matches(said.split())] == ["both"]


@pytest.mark.parametrize(
    "said",
    [
        "stiff neck",
        "fever",
        "stiff neck # fever",
        "fever one two three four five six seven eight nine ten eleven twelve thirteen stiff neck",
    ],
)
def test_one_side_alone_or_in_another_sentence_or_far_away_is_not_enough(said):
    assert not list(BOTH.matches(said.split()))


def test_each_side_is_told_with_its_place():
    (match,) = BOTH.matches("oh a fever and then a stiff neck today".split())
    assert match.sides == ((2, 3), (6, 8))
    assert match.gaps == ((3, 6),)


def test_each_pair_is_found_not_only_the_nearest():
    matches = BOTH.matches("sore neck not burning up yet fever now".split())
    assert [match.sides for match in matches] == [((0, 2), (3, 5)), ((0, 2), (6, 7))]


def test_a_phrase_has_two_sides_at_most():
    with pytest.raises(PatternError, match="use '~' once"):
        check_phrase("fever ~ rash ~ neck")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("she is roasting, hot to touch and her neck is rigid", True),
        ("her neck is rigid and she is feverish", True),
        ("feverish, but no stiff neck", False),
        ("no fever, her neck is sore from the rugby", False),
        ("her neck is rigid, no fever yesterday, but now she is roasting", True),
        ("no fever any more but she is feverish in the evening and her neck is rigid", True),
    ],
)
def test_a_denial_of_either_side_denies_the_sign(text, expected, read):
    assert ("rf_neck" in read(text).red_flags) is expected
