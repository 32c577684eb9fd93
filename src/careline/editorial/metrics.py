"""Figures of the editorial room."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ALERTS = Counter("careline_content_alerts_total", "Things about content that somebody should look at.", ["what"])
REVIEWS = Gauge("careline_content_reviews", "Items by how near their review date is.", ["kind", "stage"])
