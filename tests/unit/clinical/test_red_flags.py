"""Which red flags a case raises."""

from __future__ import annotations

from careline.clinical.red_flags import emergency_flags, raised_red_flags
from tests.support.clinical_case import case_of, small_book


def raised(**findings):
    return [item.flag.id for item in raised_red_flags(case_of("cough", **findings), small_book())]


def test_words_raise_a_flag():
    assert raised(rf_blue=True) == ["rf_blue"]


def test_findings_together_raise_a_flag():
    assert raised(blue_lips=True, breathless=True) == ["rf_blue"]


def test_an_unknown_finding_neither_raises_a_flag_nor_rules_it_out():
    assert raised(blue_lips=True, breathless=None) == []
    assert raised(rf_blue=True, breathless=False) == ["rf_blue"]


def test_denied_words_raise_nothing():
    assert raised(rf_blue=False, coughing_blood=False) == []


def test_the_most_urgent_comes_first():
    assert raised(coughing_blood=True, rf_blue=True) == ["rf_blue", "rf_blood"]


def test_a_flag_says_because_of_what_it_was_raised():
    (by_findings,) = raised_red_flags(case_of(blue_lips=True, breathless=True), small_book())
    (by_words,) = raised_red_flags(case_of(rf_blue=True), small_book())
    assert by_findings.because_of == ("blue_lips", "breathless")
    assert by_words.because_of == ("rf_blue",)


def test_emergencies_and_crises_are_answered_at_once_and_other_flags_are_not():
    everything = raised_red_flags(case_of(rf_blue=True, coughing_blood=True, rf_despair=True), small_book())
    assert {item.flag.id for item in emergency_flags(everything)} == {"rf_blue", "rf_despair"}
