"""Telling patients the truth of their escalation, as it is recorded: passed on, or nobody has answered."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session

from careline.escalation.delivery.metrics import NOTICES_FAILED
from careline.escalation.delivery.notice import Notice, PatientNotice
from careline.escalation.delivery.tables import AlertRow, DeliveryRow
from careline.escalation.tables import EscalationRow
from careline.storage.database import Database

log = logging.getLogger(__name__)

_BATCH = 50
_AGAIN_AFTER = dt.timedelta(minutes=1)  # when the patient could not be told for an error of ours


def tell_patients(database: Database, notices: PatientNotice, *, now: dt.datetime) -> int:
    """Tell everybody who is to be told now; each in a unit of work of its own. Returns how many were told."""
    with database.read() as session:
        nobody = list(session.scalars(select(AlertRow.id).where(AlertRow.patience_ends_at <= now).limit(_BATCH)))
        passed_on = list(
            session.scalars(select(AlertRow.id).where(AlertRow.awaits_sent.is_(True), _was_sent()).limit(_BATCH))
        )
    told = [_told(database, alert_id, _tell_passed_on, _drop_passed_on, notices, now) for alert_id in passed_on]
    told += [_told(database, alert_id, _tell_nobody, _put_off_nobody, notices, now) for alert_id in nobody]
    woken = [conversation_id for conversation_id in told if conversation_id is not None]
    for conversation_id in woken:
        notices.wake(conversation_id)
    return len(woken)


Tell = Callable[[Session, AlertRow, EscalationRow, PatientNotice, dt.datetime], bool]


def _told(
    database: Database,
    alert_id: str,
    tell: Tell,
    on_error: Callable[[AlertRow, dt.datetime], None],
    notices: PatientNotice,
    now: dt.datetime,
) -> str | None:
    """Tell one patient; return the conversation that has something new."""
    try:
        with database.write() as session:
            alert = _locked(session, alert_id)
            if alert is None:
                return None  # another process is at it
            escalation = session.scalars(select(EscalationRow).where(EscalationRow.id == alert.escalation_id)).one()
            is_told = tell(session, alert, escalation, notices, now)
            return escalation.conversation_id if is_told else None
    except Exception:
        log.exception("patient could not be told", extra={"alert": alert_id})
        NOTICES_FAILED.inc()
    with database.write() as session:
        failed = _locked(session, alert_id)
        if failed is not None:
            on_error(failed, now)
    return None


def _tell_passed_on(
    session: Session, alert: AlertRow, escalation: EscalationRow, notices: PatientNotice, now: dt.datetime
) -> bool:
    if not alert.awaits_sent:
        return False
    session.execute(update(AlertRow).where(AlertRow.escalation_id == alert.escalation_id).values(awaits_sent=False))
    alert.patient_told_at = now
    return _write(session, escalation, Notice.TOLD, notices, now)


def _tell_nobody(
    session: Session, alert: AlertRow, escalation: EscalationRow, notices: PatientNotice, now: dt.datetime
) -> bool:
    if alert.patience_ends_at is None or alert.patience_ends_at > now:
        return False
    alert.patience_ends_at = None
    was_sent = session.scalar(
        select(DeliveryRow.number)
        .where(DeliveryRow.escalation_id == alert.escalation_id, DeliveryRow.state == "sent")
        .limit(1)
    )
    return _write(session, escalation, Notice.NOBODY_ANSWERED if was_sent else Notice.NOT_DELIVERED, notices, now)


def _write(
    session: Session, escalation: EscalationRow, notice: Notice, notices: PatientNotice, now: dt.datetime
) -> bool:
    if escalation.state != "open" or escalation.conversation_id is None:
        return False  # somebody has acknowledged it: that is for whoever did to say
    return notices.write(session, escalation.conversation_id, notice, escalation_id=escalation.id, now=now)


def _drop_passed_on(alert: AlertRow, _now: dt.datetime) -> None:
    alert.awaits_sent = False  # good news that could not be said; the list still says what is true


def _put_off_nobody(alert: AlertRow, now: dt.datetime) -> None:
    alert.patience_ends_at = now + _AGAIN_AFTER


def _was_sent() -> ColumnElement[bool]:
    return exists().where(DeliveryRow.escalation_id == AlertRow.escalation_id, DeliveryRow.state == "sent")


def _locked(session: Session, alert_id: str) -> AlertRow | None:
    return session.scalars(
        select(AlertRow).where(AlertRow.id == alert_id).with_for_update(skip_locked=True)
    ).one_or_none()
