"""The scale of six."""

from __future__ import annotations

import pytest

from careline.clinical.acuity import Acuity, most_urgent

MOST_URGENT_FIRST = ["emergency_now", "ed_now", "same_day", "gp_soon", "routine", "self_care"]


def test_the_scale_has_six_levels_and_this_order():
    assert [level.value for level in sorted(Acuity, reverse=True)] == MOST_URGENT_FIRST


def test_levels_compare_by_urgency_and_not_by_the_alphabet():
    assert Acuity.ED_NOW > Acuity.SAME_DAY
    assert Acuity.ROUTINE < Acuity.GP_SOON
    assert Acuity.GP_SOON >= Acuity.GP_SOON
    assert Acuity.GP_SOON <= Acuity.GP_SOON
    assert not Acuity.SELF_CARE >= Acuity.ROUTINE
    assert not Acuity.EMERGENCY_NOW <= Acuity.ED_NOW


def test_a_level_does_not_compare_with_a_bare_word():
    with pytest.raises(TypeError):
        assert Acuity.ED_NOW < "same_day"


@pytest.mark.parametrize("level", MOST_URGENT_FIRST)
def test_only_the_two_upper_levels_are_emergencies(level):
    assert Acuity(level).is_emergency is (level in ("emergency_now", "ed_now"))


def test_raising_stops_at_the_top():
    assert Acuity.ROUTINE.raised(1) is Acuity.GP_SOON
    assert Acuity.ED_NOW.raised(3) is Acuity.EMERGENCY_NOW
    assert Acuity.EMERGENCY_NOW.raised(1) is Acuity.EMERGENCY_NOW


def test_the_most_urgent_of_none_is_the_default():
    assert most_urgent([], Acuity.ROUTINE) is Acuity.ROUTINE
    assert most_urgent([Acuity.SELF_CARE, Acuity.SAME_DAY], Acuity.ROUTINE) is Acuity.SAME_DAY
