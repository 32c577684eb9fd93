"""The outbox: what has to be told is written in the transaction in which it happens, and sent later."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from sqlalchemy.orm import Session

from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.tables import AlertRow
from careline.escalation.tables import EscalationRow
from careline.storage.database import announce

ALERTS_TOPIC = "escalation_alerts"


def put_into_outbox(session: Session, row: EscalationRow, occasion: Occasion, *, now: dt.datetime) -> None:
    """Have it told that this happened to the escalation; whatever rolls that back rolls this back too."""
    session.add(
        AlertRow(
            id=f"alert_{secrets.token_hex(12)}",
            escalation_id=row.id,
            occasion=occasion.value,
            at=now,
            was_open=row.state == "open",
            facts=_facts(row),
        )
    )
    session.flush()
    announce(session, ALERTS_TOPIC)


def _facts(row: EscalationRow) -> dict[str, Any]:
    """Return what receivers are told: ids, levels and times. No words of the patient, no way to reach them."""
    return {
        "escalation_id": row.id,
        "conversation_id": row.conversation_id,
        "reason": row.reason,
        "acuity": row.acuity,
        "state": row.state,
        "red_flags": list(row.details.get("red_flags", ())),
        "opened_at": _time(row.opened_at),
        "raised_at": _time(row.raised_at),
        "deadline_at": _time(row.deadline_at),
    }


def _time(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat().replace("+00:00", "Z") if at is not None else None
