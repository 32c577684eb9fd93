"""The worker is killed (kill -9) where it hurts most: nothing is lost, and what comes twice bears the same id."""

from __future__ import annotations

import collections
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest

from careline.app.migrations import migrate
from tests.support.outbox import Outbox, webhook_file
from tests.support.receivers import running_receiver

pytestmark = pytest.mark.slow

ROUNDS = 4


@pytest.fixture
def run_killed(tmp_path, any_database) -> Callable[..., int]:
    """Runs a worker in a process of its own, to the point at which it dies; returns how it ended."""

    def run(point: str, *, later_seconds: int) -> int:
        command = [sys.executable, "-m", "tests.support.killable_worker", str(tmp_path), any_database, point]
        environment = {**os.environ, "LATER_SECONDS": str(later_seconds)}
        return subprocess.run(command, env=environment, check=False, timeout=120).returncode

    return run


@pytest.mark.parametrize("point", ["leased", "sent"])
def test_killed_again_and_again_nothing_is_lost_and_duplicates_bear_the_same_id(
    empty, tmp_path, clock, run_killed, point
):
    """`leased`: taken and not sent. `sent`: the receiver has it, and it is not written down."""
    migrate(empty)
    with running_receiver() as receiver:
        outbox = Outbox(empty, tmp_path, clock, webhook_file(receiver.url, concurrency=2))
        for number in range(5):
            outbox.escalate(f"con_{number}")
        later = 0
        for _ in range(ROUNDS):
            assert run_killed(point, later_seconds=later) == -signal.SIGKILL
            later += 60  # the dead process's lease is over
        clock.pass_by(seconds=later)
        outbox.run()
        counts = collections.Counter(receiver.ids)
    assert set(counts) == {delivery.id for delivery in outbox.deliveries}
    assert {state for _, state in outbox.states} == {"sent"}
    assert len(counts) == 5
    unknown = [one for delivery in outbox.deliveries for one in delivery.attempts if one.state == "unknown"]
    assert len(unknown) >= ROUNDS  # each death is on record
    if point == "leased":
        assert set(counts.values()) == {1}
    else:
        assert max(counts.values()) > 1  # at least once: it cannot be known that it had arrived
    assert sum(counts.values()) <= 5 + len(unknown)
