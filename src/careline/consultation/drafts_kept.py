"""Replies of a turn between the action that made them and the transaction that sends them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import msgspec

from careline.consultation.consultation import Draft


def kept_drafts(drafts: Sequence[Draft], *, escalation_id: str | None) -> list[dict[str, Any]]:
    """Return drafts as they are kept, with the escalation's id where a card names it."""
    return [msgspec.to_builtins(_with_escalation(draft, escalation_id)) for draft in drafts]


def drafts_from(kept: Sequence[dict[str, Any]]) -> list[Draft]:
    """Return drafts as they were kept."""
    return [msgspec.convert(draft, Draft) for draft in kept]


def _with_escalation(draft: Draft, escalation_id: str | None) -> Draft:
    if draft.data is None or "escalation_id" not in draft.data:
        return draft
    return dataclasses.replace(draft, data={**draft.data, "escalation_id": escalation_id})
