"""A red flag that was asked about and left open: a floor, never evidence."""

from __future__ import annotations

import pytest

from careline.clinical.acuity import Acuity
from careline.clinical.assessment import red_flag_floor


@pytest.mark.parametrize(
    ("flag", "floor"),
    [
        (Acuity.EMERGENCY_NOW, Acuity.ED_NOW),
        (Acuity.ED_NOW, Acuity.SAME_DAY),
        (Acuity.SAME_DAY, Acuity.SAME_DAY),
    ],
)
def test_the_floor_is_a_step_below_the_flag_and_never_below_same_day(flag: Acuity, floor: Acuity):
    assert red_flag_floor(flag) is floor
