"""Figures of the consultation room. Never a patient's word in a name or label."""

from __future__ import annotations

from prometheus_client import Counter

TURNS = Counter("careline_turns_total", "Turns answered, by the way they took.", ["route"])
ALERTS = Counter("careline_alerts_total", "Things that somebody should look at.", ["what"])
