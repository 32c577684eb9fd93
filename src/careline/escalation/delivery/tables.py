"""Tables of the delivery: what is to be told, to whom, every attempt, and channels that were switched off."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedJson, UtcDateTime
from careline.storage.database import Base


class AlertRow(Base):
    """Something of an escalation that has to be told; written in the transaction in which it happened."""

    __tablename__ = "escalation_alerts"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # order of writing
    id: Mapped[str] = mapped_column(String(40), unique=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    occasion: Mapped[str] = mapped_column(String(20))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    was_open: Mapped[bool] = mapped_column()  # whether nobody had acknowledged the escalation then
    facts: Mapped[dict[str, Any]] = mapped_column(SealedJson("escalation_alerts.facts"))  # as they were then; no words
    is_planned: Mapped[bool] = mapped_column(default=False, index=True)  # whether its deliveries are written
    # Whether the patient is still to be told that the message went out; and when they were.
    awaits_sent: Mapped[bool] = mapped_column(default=False, index=True)
    patient_told_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    # When to tell the patient that nobody answered; None: not to be told, or told already.
    patience_ends_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), index=True)


class DeliveryRow(Base):
    """One alert on its way through one channel."""

    __tablename__ = "deliveries"
    __table_args__ = (Index("ix_deliveries_due", "state", "channel", "next_at"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(40), unique=True)  # the webhook-id: the same at every attempt
    alert_id: Mapped[str] = mapped_column(ForeignKey("escalation_alerts.id"), index=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    step: Mapped[int] = mapped_column()  # of the ladder, from 0
    state: Mapped[str] = mapped_column(String(12))  # pending, sent, dead, withdrawn
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    next_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())  # not before this is it tried (again)
    attempts: Mapped[int] = mapped_column(default=0)
    first_attempt_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    error: Mapped[str | None] = mapped_column(String(40))  # class of the last failure
    lease_token: Mapped[int] = mapped_column(default=0)  # fencing: only the holder of the newest may write
    leased_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())


class AttemptRow(Base):
    """One attempt of a delivery; written before it is made."""

    __tablename__ = "delivery_attempts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    delivery_id: Mapped[str] = mapped_column(ForeignKey("deliveries.id"), index=True)
    target: Mapped[str] = mapped_column(String(16))  # which settings of the channel: a fingerprint, no address
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(12))  # started, sent, failed; unknown: nobody came back to say
    error: Mapped[str | None] = mapped_column(String(40))


class DisabledChannelRow(Base):
    """A channel whose receiver said that it is gone (410); nothing is sent to it until it is enabled or changed."""

    __tablename__ = "disabled_channels"

    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    target: Mapped[str] = mapped_column(String(16), primary_key=True)  # other settings: another target, which is tried
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    error: Mapped[str] = mapped_column(String(40))
