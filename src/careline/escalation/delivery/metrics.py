"""Figures of the delivery. Channels are named by the operator; nothing of a patient is in a name or label."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ATTEMPTS = Counter(
    "careline_delivery_attempts_total", "Attempts to tell somebody, by what became of them.", ["channel", "outcome"]
)
DEAD = Counter("careline_deliveries_dead_total", "Deliveries given up: somebody should look.", ["channel"])
NOTICES_FAILED = Counter(
    "careline_patient_notices_failed_total", "Patients who could not be told for an error of ours."
)
PENDING = Gauge("careline_outbox_pending", "Deliveries that are due and not yet taken by their receiver.")
LAG = Gauge("careline_outbox_lag_seconds", "How long the oldest delivery has been due without an attempt.")
FAILING = Gauge("careline_outbox_failing", "Deliveries that failed three times or more and are tried again.")
GIVEN_UP = Gauge("careline_outbox_dead", "Deliveries given up and not yet looked after.")
UNACKNOWLEDGED = Gauge(
    "careline_oldest_unacknowledged_escalation_seconds", "Age of the oldest escalation that nobody has acknowledged."
)
