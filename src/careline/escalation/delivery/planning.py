"""From an alert to its deliveries: which channels, and when, by the operator's ladders."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from careline.escalation.delivery.configuration import DeliveryFile
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.tables import AlertRow, DeliveryRow

_BATCH = 100  # alerts per transaction


def plan_deliveries(session: Session, content: DeliveryFile, *, now: dt.datetime) -> int:
    """Write the deliveries of alerts that have none yet; return how many alerts that were."""
    alerts = session.scalars(
        select(AlertRow)
        .where(AlertRow.is_planned.is_(False))
        .order_by(AlertRow.number)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for alert in alerts:
        alert.is_planned = True
        if Occasion(alert.occasion).calls_somebody:
            _plan_call(session, content, alert)
        else:
            for channel in content.webhooks:
                _add(session, alert, channel, step=0, due_at=alert.at)
        session.flush()
    return len(alerts)


def is_anything_unplanned(session: Session) -> bool:
    """Return whether there are alerts without deliveries."""
    return session.scalar(select(AlertRow.number).where(AlertRow.is_planned.is_(False)).limit(1)) is not None


def _plan_call(session: Session, content: DeliveryFile, alert: AlertRow) -> None:
    ladder = content.ladder(alert.facts["acuity"])
    in_a_ladder = {step.channel for each in content.ladders.values() for step in each.steps}
    for channel in content.webhooks:
        if channel not in in_a_ladder:  # a system that keeps a record of all, and calls nobody
            _add(session, alert, channel, step=0, due_at=alert.at)
    if ladder is None:
        return
    for number, step in enumerate(ladder.steps):
        due_at = alert.at + dt.timedelta(minutes=step.after_minutes)
        # Rungs that come at once are the first; only what comes later waits to see whether anybody answers.
        _add(session, alert, step.channel, step=number if step.after_minutes else 0, due_at=due_at)
    if alert.facts["conversation_id"] is not None and alert.was_open:
        _plan_words(session, alert, alert.at + dt.timedelta(minutes=ladder.tell_patient_after_minutes))


def _plan_words(session: Session, alert: AlertRow, patience_ends_at: dt.datetime) -> None:
    """Decide when the patient hears of it; what was decided for an earlier alert is never put off."""
    earlier = session.scalars(
        select(AlertRow).where(AlertRow.escalation_id == alert.escalation_id, AlertRow.number < alert.number)
    ).all()
    alert.awaits_sent = all(one.patient_told_at is None for one in earlier)
    waiting = [one for one in earlier if one.patience_ends_at is not None]
    alert.patience_ends_at = min([patience_ends_at, *(one.patience_ends_at for one in waiting if one.patience_ends_at)])
    for one in waiting:
        one.patience_ends_at = None


def _add(session: Session, alert: AlertRow, channel: str, *, step: int, due_at: dt.datetime) -> None:
    session.add(
        DeliveryRow(
            id=f"msg_{secrets.token_hex(12)}",
            alert_id=alert.id,
            escalation_id=alert.escalation_id,
            channel=channel,
            step=step,
            state="pending",
            due_at=due_at,
            next_at=due_at,
        )
    )
