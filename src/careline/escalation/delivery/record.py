"""Reading what became of deliveries, and mending those that were given up."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from careline.escalation.delivery.tables import AlertRow, AttemptRow, DeliveryRow, DisabledChannelRow
from careline.escalation.errors import UnknownDeliveryError
from careline.escalation.escalation import DeliveryState, Escalation


@dataclasses.dataclass(frozen=True)
class Attempt:
    """One attempt; `unknown` means that the process died before it could say."""

    at: dt.datetime
    ended_at: dt.datetime | None
    state: str
    error: str | None


@dataclasses.dataclass(frozen=True)
class Delivery:
    """One delivery with all its attempts."""

    id: str
    escalation_id: str
    occasion: str
    channel: str
    step: int
    state: str
    due_at: dt.datetime
    next_at: dt.datetime | None
    ended_at: dt.datetime | None
    error: str | None
    attempts: tuple[Attempt, ...]


def with_deliveries(session: Session, escalations: Sequence[Escalation]) -> list[Escalation]:
    """Return the escalations with what is known of their deliveries, in the order of their times."""
    found: dict[str, list[DeliveryState]] = defaultdict(list)
    query = (
        select(DeliveryRow)
        .where(DeliveryRow.escalation_id.in_([one.id for one in escalations]))
        .order_by(DeliveryRow.due_at, DeliveryRow.number)
    )
    for row in session.scalars(query):
        at = row.ended_at or row.next_at
        found[row.escalation_id].append(DeliveryState(row.channel, _state(row), at))
    return [dataclasses.replace(one, deliveries=tuple(found[one.id])) for one in escalations]


def list_deliveries(
    session: Session, *, state: str | None = None, escalation_id: str | None = None, limit: int = 50
) -> list[Delivery]:
    """Return the newest deliveries, the newest first; `state` as in `DeliveryState`."""
    query = select(DeliveryRow).order_by(DeliveryRow.number.desc()).limit(limit)
    if state in ("waiting", "retrying"):
        is_first = DeliveryRow.attempts == 0 if state == "waiting" else DeliveryRow.attempts > 0
        query = query.where(DeliveryRow.state == "pending", is_first)
    elif state is not None:
        query = query.where(DeliveryRow.state == state)
    if escalation_id is not None:
        query = query.where(DeliveryRow.escalation_id == escalation_id)
    return [_delivery(session, row) for row in session.scalars(query)]


def retry(session: Session, delivery_id: str, *, now: dt.datetime) -> None:
    """Begin anew with a delivery that was given up, under its old id; its channel is enabled again.

    Raises:
        UnknownDeliveryError: There is none of that id that was given up.
    """
    row = _dead(session, delivery_id)
    session.execute(delete(DisabledChannelRow).where(DisabledChannelRow.channel == row.channel))
    row.state, row.error, row.ended_at = "pending", None, None
    row.next_at, row.attempts, row.first_attempt_at = now, 0, None


def dismiss(session: Session, delivery_id: str, *, now: dt.datetime) -> None:
    """Put a delivery aside that was given up: somebody has looked after it.

    Raises:
        UnknownDeliveryError: There is none of that id that was given up.
    """
    row = _dead(session, delivery_id)
    row.state, row.ended_at = "withdrawn", now


def given_up(session: Session) -> list[str]:
    """Return ids of deliveries that were given up."""
    return list(session.scalars(select(DeliveryRow.id).where(DeliveryRow.state == "dead").order_by(DeliveryRow.number)))


def disabled_channels(session: Session) -> list[str]:
    """Return names of channels whose receiver said that it is gone."""
    return list(session.scalars(select(DisabledChannelRow.channel).distinct()))


def _dead(session: Session, delivery_id: str) -> DeliveryRow:
    row = session.scalars(
        select(DeliveryRow).where(DeliveryRow.id == delivery_id, DeliveryRow.state == "dead")
    ).one_or_none()
    if row is None:
        raise UnknownDeliveryError(f"There is no delivery {delivery_id} that was given up.")
    return row


def _state(row: DeliveryRow) -> str:
    return row.state if row.state != "pending" else ("retrying" if row.attempts else "waiting")


def _delivery(session: Session, row: DeliveryRow) -> Delivery:
    alert = session.scalars(select(AlertRow).where(AlertRow.id == row.alert_id)).one()
    attempts = session.scalars(select(AttemptRow).where(AttemptRow.delivery_id == row.id).order_by(AttemptRow.id)).all()
    return Delivery(
        id=row.id,
        escalation_id=row.escalation_id,
        occasion=alert.occasion,
        channel=row.channel,
        step=row.step,
        state=_state(row),
        due_at=row.due_at,
        next_at=row.next_at if row.state == "pending" else None,
        ended_at=row.ended_at,
        error=row.error,
        attempts=tuple(Attempt(one.at, one.ended_at, one.state, one.error) for one in attempts),
    )
