"""How the outbox stands: what /readyz and /metrics say of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from careline.escalation.delivery.metrics import FAILING, GIVEN_UP, LAG, PENDING, UNACKNOWLEDGED
from careline.escalation.delivery.tables import AlertRow, DeliveryRow
from careline.escalation.tables import EscalationRow

_MOST_LAG = dt.timedelta(seconds=60)  # attempts are made within 2 s: after a minute nobody is at it
_MANY_FAILURES = 3  # more than five minutes without a delivery


@dataclass(frozen=True)
class OutboxHealth:
    """How the outbox stands now.

    Attributes:
        pending: Deliveries that are due and not done.
        lag: How long the oldest of them, or an alert without deliveries, has waited for an attempt.
        failing: Those of them that failed three times or more.
        dead: Deliveries given up and not looked after.
        oldest_unacknowledged: Age of the oldest escalation that nobody has acknowledged.
    """

    pending: int
    lag: dt.timedelta
    failing: int
    dead: int
    oldest_unacknowledged: dt.timedelta

    @property
    def is_ok(self) -> bool:
        """Whether nobody need look."""
        return self.lag <= _MOST_LAG and self.failing == 0 and self.dead == 0


def outbox_health(session: Session, *, now: dt.datetime) -> OutboxHealth:
    """Return how the outbox stands."""
    due = (DeliveryRow.state == "pending", DeliveryRow.due_at <= now)
    waiting = session.scalar(
        select(func.min(DeliveryRow.next_at)).where(
            DeliveryRow.state == "pending", or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now)
        )
    )
    unplanned = session.scalar(select(func.min(AlertRow.at)).where(AlertRow.is_planned.is_(False)))
    unseen = session.scalar(select(func.min(EscalationRow.opened_at)).where(EscalationRow.state == "open"))
    return OutboxHealth(
        pending=session.scalar(select(func.count()).select_from(DeliveryRow).where(*due)) or 0,
        lag=max(_since(waiting, now), _since(unplanned, now)),
        failing=session.scalar(
            select(func.count()).select_from(DeliveryRow).where(*due, DeliveryRow.attempts >= _MANY_FAILURES)
        )
        or 0,
        dead=session.scalar(select(func.count()).select_from(DeliveryRow).where(DeliveryRow.state == "dead")) or 0,
        oldest_unacknowledged=_since(unseen, now),
    )


def show_in_metrics(health: OutboxHealth) -> None:
    """Put it into the figures for Prometheus."""
    PENDING.set(health.pending)
    LAG.set(health.lag.total_seconds())
    FAILING.set(health.failing)
    GIVEN_UP.set(health.dead)
    UNACKNOWLEDGED.set(health.oldest_unacknowledged.total_seconds())


def _since(at: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
    return max(now - at, dt.timedelta()) if at is not None else dt.timedelta()
