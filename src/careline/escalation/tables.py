"""Tables of the escalation room."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from careline.storage.columns import SealedJson, SealedText, UtcDateTime
from careline.storage.database import Base


class EscalationRow(Base):
    """A request for a clinician."""

    __tablename__ = "escalations"
    __table_args__ = (
        # At most one that is not closed per conversation: the database sees to it.
        Index(
            "uq_escalations_open_per_conversation",
            "conversation_id",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # order of opening, for paging
    id: Mapped[str] = mapped_column(String(40), unique=True)
    # No foreign key: an escalation outlives the erasure of the conversation's words.
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    contact_key: Mapped[str | None] = mapped_column(String(64), index=True)  # of the conversation: who writes
    reason: Mapped[str] = mapped_column(String(20))
    acuity: Mapped[str | None] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), index=True)
    owner: Mapped[str | None] = mapped_column(String(40), index=True)
    owner_name: Mapped[str | None] = mapped_column(String(120))
    owner_role: Mapped[str | None] = mapped_column(String(60))
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())  # the claim ends then, unless renewed
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    raised_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    deadline_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime())
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("escalations.details"))
    contact: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("escalations.contact"))
    closing: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("escalations.closing"))
    # The facts behind the note; read for a bundle or a new note only, never for the queue.
    case: Mapped[dict[str, Any] | None] = mapped_column(SealedJson("escalations.case"), deferred=True)


class EscalationEventRow(Base):
    """One line of an escalation's append-only log."""

    __tablename__ = "escalation_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    event: Mapped[str] = mapped_column(String(40))
    acuity: Mapped[str | None] = mapped_column(String(20))
    actor: Mapped[str | None] = mapped_column(String(40))  # id of the clinician
    actor_name: Mapped[str | None] = mapped_column(String(120))
    note: Mapped[str | None] = mapped_column(SealedText("escalation_events.note"))


class VerdictReviewRow(Base):
    """One step of an editor's with a clinician's verdict on the triage: append-only, the newest counts.

    Attributes:
        path, revision: The content that was changed because of it.
    """

    __tablename__ = "verdict_reviews"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    escalation_id: Mapped[str] = mapped_column(ForeignKey("escalations.id"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    state: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(120))
    note: Mapped[str] = mapped_column(SealedText("verdict_reviews.note"))
    path: Mapped[str | None] = mapped_column(String(80))
    revision: Mapped[int | None] = mapped_column()
