"""A phone on a slow line loads the chat soon: what it weighs stays within its budgets."""

import pytest

from benchmarks.weight import BUDGETS, weights

pytestmark = pytest.mark.slow  # takes long


def test_the_loader_and_the_chat_are_light():
    found = weights()
    assert found["loader"] <= BUDGETS["loader"]
    assert found["page"] + found["style"] + found["script"] <= BUDGETS["chat"]
