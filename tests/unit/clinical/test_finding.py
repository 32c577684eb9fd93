"""What is known of a patient, and how a message adds to it."""

from __future__ import annotations

import pytest

from careline.clinical.finding import Case, Finding, Presence, Subject, Timing
from tests.support.clinical_case import case_of, finding


def test_what_nobody_spoke_of_is_unknown():
    assert Case().presence("fever") is Presence.UNKNOWN
    assert Case().value("age_years") is None


def test_a_value_counts_only_while_its_finding_is_present():
    known = Case().merged([finding("age_years", 40.0)])
    assert known.value("age_years") == 40.0
    assert known.corrected([finding("age_years", None)]).value("age_years") is None


@pytest.mark.parametrize("left_out", [{"subject": Subject.OTHER}, {"timing": Timing.PAST}])
def test_other_people_and_past_times_are_not_the_patient_now(left_out):
    assert case_of().merged([Finding("fever", **left_out)]).presence("fever") is Presence.UNKNOWN


def test_a_later_denial_does_not_clear_what_was_said():
    assert case_of(fever=True).merged([finding("fever", False)]).presence("fever") is Presence.PRESENT


def test_a_later_report_raises_what_was_denied():
    assert case_of(fever=False).merged([finding("fever", True)]).presence("fever") is Presence.PRESENT


def test_not_sure_does_not_wipe_out_a_denial():
    assert case_of(fever=False).merged([finding("fever", None)]).presence("fever") is Presence.ABSENT


def test_not_sure_does_not_wipe_out_a_report():
    assert case_of(fever=True).merged([finding("fever", None)]).presence("fever") is Presence.PRESENT


def test_the_first_of_two_same_reports_is_kept_with_its_message():
    first = Finding("fever", message_id=1)
    assert Case().merged([first, Finding("fever", message_id=5)]).findings["fever"] is first


def test_a_later_value_does_not_replace_an_earlier_one_for_the_rules():
    """40 degrees last night is not taken back by 37 this morning; a correction does that."""
    case = Case().merged([finding("temperature_celsius", 40.2)]).merged([finding("temperature_celsius", 37.0)])
    assert (case.value("temperature_celsius"), case.values("temperature_celsius")) == (37.0, (37.0, 40.2))
    assert case.corrected([finding("temperature_celsius", 37.0)]).values("temperature_celsius") == (37.0,)


def test_without_a_value_there_are_no_values():
    assert Case().values("age_years") == ()
    assert case_of(age_years=False).values("age_years") == ()
    assert case_of(age_years=True).merged([finding("age_years", 40.0)]).values("age_years") == (40.0,)


def test_merging_leaves_the_case_before_as_it_was():
    before = case_of(fever=True)
    before.merged([finding("cough", True)])
    assert set(before.findings) == {"fever"}


def test_complaints_survive_merging_and_correcting():
    case = case_of("cough", fever=True)
    assert case.merged([finding("tired", True)]).complaints == ("cough",)
    assert case.corrected([finding("fever", False)]).complaints == ("cough",)


def test_a_finding_can_be_traced_to_its_message():
    assert finding("fever", True).in_message(7) == Finding("fever", message_id=7)
