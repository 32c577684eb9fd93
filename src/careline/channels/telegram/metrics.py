"""Figures of the Telegram channel for /metrics."""

from __future__ import annotations

from prometheus_client import Counter

UPDATES = Counter("careline_telegram_updates", "Updates of Telegram by what became of them", ["outcome"])
SENDS = Counter("careline_telegram_sends", "Sends to Telegram by what became of them", ["outcome"])
