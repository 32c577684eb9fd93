"""When a delivery that failed is tried again: the schedule of Standard Webhooks."""

from __future__ import annotations

import datetime as dt
import random

# After the attempt before. Source: standard-webhooks specification, "Retries and backoff".
_HOURS = (2, 5, 10, 14, 20, 24)
SCHEDULE = (
    dt.timedelta(seconds=5),
    dt.timedelta(minutes=5),
    dt.timedelta(minutes=30),
    *(dt.timedelta(hours=hours) for hours in _HOURS),
)
JITTER = 0.2
AT_LEAST = dt.timedelta(hours=72)  # a receiver that is back within this gets everything


def next_attempt_at(
    attempts: int, first_attempt_at: dt.datetime, now: dt.datetime, chance: random.Random
) -> dt.datetime | None:
    """Return when to try again after the `attempts`-th attempt failed just now; None: it is given up.

    The jitter may shorten the schedule: it is not given up before 72 hours have been tried in full.
    """
    if attempts > len(SCHEDULE):
        if now - first_attempt_at >= AT_LEAST:
            return None
        pause = SCHEDULE[-1]
    else:
        pause = SCHEDULE[attempts - 1]
    return now + pause * chance.uniform(1 - JITTER, 1 + JITTER)
