"""Taking deliveries that are due, and writing down what became of them.

Whoever takes one holds a lease with a fencing token, so that several processes share the work and one that died does
not keep it: its delivery is taken again, under the same id, when the lease is over. What comes late writes nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from careline.escalation.delivery.backoff import next_attempt_at
from careline.escalation.delivery.channel import Channel, Letter, Outcome
from careline.escalation.delivery.occasion import Occasion
from careline.escalation.delivery.tables import AlertRow, AttemptRow, DeliveryRow, DisabledChannelRow
from careline.escalation.tables import EscalationRow

LEASE_MARGIN_SECONDS = 15  # beyond the attempt's own time-out; after a crash nobody waits longer


@dataclass(frozen=True)
class Leased:
    """A delivery that is ours for now."""

    delivery_id: str
    attempt_id: int
    token: int
    letter: Letter


def channels_due(session: Session, now: dt.datetime) -> list[str]:
    """Return names of channels that have something to send now."""
    query = select(DeliveryRow.channel).where(DeliveryRow.state == "pending", *_is_due(now)).distinct()
    return list(session.scalars(query))


def lease(session: Session, channel: Channel, limit: int, *, link: str, now: dt.datetime) -> list[Leased]:
    """Take up to `limit` deliveries of the channel that are due; each attempt is on record before it is made.

    Those that nobody need hear any more are withdrawn, and those of a channel that is gone are given up.
    """
    leased: list[Leased] = []
    rows = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.state == "pending", DeliveryRow.channel == channel.name, *_is_due(now))
        .order_by(DeliveryRow.next_at, DeliveryRow.number)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    is_disabled = session.get(DisabledChannelRow, (channel.name, channel.target)) is not None
    for row in rows:
        alert = session.scalars(select(AlertRow).where(AlertRow.id == row.alert_id)).one()
        _forget_started(session, row)
        if _is_answered(session, row, alert, channel):
            _end(row, "withdrawn", None, now)
        elif is_disabled:
            _end(row, "dead", "disabled", now)
        else:
            leased.append(_leased(session, row, alert, channel, link, now))
    return leased


def give_up_unknown_channels(session: Session, known: Sequence[str], *, now: dt.datetime) -> int:
    """Give up deliveries through channels that the operator's file no longer has; return how many."""
    rows = session.scalars(
        select(DeliveryRow)
        .where(DeliveryRow.state == "pending", DeliveryRow.channel.not_in(known), *_is_due(now))
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        _forget_started(session, row)
        _end(row, "dead", "channel_removed", now)
    return len(rows)


def record_outcome(
    session: Session, leased: Leased, channel: Channel, outcome: Outcome, *, now: dt.datetime, chance: random.Random
) -> str | None:
    """Write down what became of an attempt; return the delivery's state, or None when the lease was no longer ours."""
    attempt = session.get_one(AttemptRow, leased.attempt_id)
    attempt.state, attempt.error, attempt.ended_at = ("failed" if outcome.error else "sent"), outcome.error, now
    row = session.scalars(
        select(DeliveryRow)
        .where(
            DeliveryRow.id == leased.delivery_id,
            DeliveryRow.lease_token == leased.token,
            DeliveryRow.state == "pending",
        )
        .with_for_update()
    ).one_or_none()
    if row is None:
        return None
    row.leased_until = None
    if outcome.error is None:
        _end(row, "sent", None, now)
    elif outcome.is_gone:
        _disable(session, channel, outcome.error, now)
        _end(row, "dead", outcome.error, now)
    else:
        _try_again(row, outcome, now, chance)
    return row.state


def release_all(session: Session) -> None:
    """Give every lease back: right at the start of the only process, when nobody can hold one."""
    session.execute(update(DeliveryRow).where(DeliveryRow.leased_until.is_not(None)).values(leased_until=None))


def _is_due(now: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        DeliveryRow.next_at <= now,
        or_(DeliveryRow.leased_until.is_(None), DeliveryRow.leased_until <= now),
    )


def _leased(
    session: Session, row: DeliveryRow, alert: AlertRow, channel: Channel, link: str, now: dt.datetime
) -> Leased:
    row.lease_token += 1
    row.leased_until = now + dt.timedelta(seconds=channel.timeout_seconds + LEASE_MARGIN_SECONDS)
    row.attempts += 1
    row.first_attempt_at = row.first_attempt_at or now
    attempt = AttemptRow(delivery_id=row.id, target=channel.target, at=now, state="started")
    session.add(attempt)
    session.flush()
    letter = Letter(
        id=row.id,
        occasion=Occasion(alert.occasion),
        at=alert.at,
        facts=alert.facts,
        link=link.replace("{id}", row.escalation_id),
    )
    return Leased(row.id, attempt.id, row.lease_token, letter)


def _is_answered(session: Session, row: DeliveryRow, alert: AlertRow, channel: Channel) -> bool:
    """Return whether nobody need be called any more: somebody has acknowledged it since, or it is closed."""
    if not Occasion(alert.occasion).calls_somebody:
        return False
    state = session.scalar(select(EscalationRow.state).where(EscalationRow.id == row.escalation_id))
    if state == "open":
        return False
    if row.step > 0:
        return True
    # The first rung is for everybody. A program keeps a record; a person is spared what is answered already, but
    # hears of what got worse after it was acknowledged.
    return channel.is_person and (alert.was_open or state == "closed")


def _forget_started(session: Session, row: DeliveryRow) -> None:
    """Mark attempts that nobody came back from: whether they arrived is not known."""
    session.execute(
        update(AttemptRow)
        .where(AttemptRow.delivery_id == row.id, AttemptRow.state == "started")
        .values(state="unknown")
    )


def _try_again(row: DeliveryRow, outcome: Outcome, now: dt.datetime, chance: random.Random) -> None:
    row.error = outcome.error
    again_at = next_attempt_at(row.attempts, row.first_attempt_at or now, now, chance)
    if again_at is None:
        _end(row, "dead", outcome.error, now)
    else:
        row.next_at = max(again_at, now + dt.timedelta(seconds=outcome.not_before_seconds))


def _end(row: DeliveryRow, state: str, error: str | None, now: dt.datetime) -> None:
    row.state, row.error, row.ended_at, row.leased_until = state, error, now, None


def _disable(session: Session, channel: Channel, error: str, now: dt.datetime) -> None:
    if session.get(DisabledChannelRow, (channel.name, channel.target)) is None:
        session.add(DisabledChannelRow(channel=channel.name, target=channel.target, at=now, error=error))
        session.flush()
