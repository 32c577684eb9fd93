"""Alembic's entry: the connection is given by `migrate`, the tables by their rooms."""

from __future__ import annotations

from alembic import context

from careline.channels.telegram import tables as telegram_tables
from careline.consultation import tables as consultation_tables
from careline.consultation.insight import tables as insight_tables
from careline.editorial import tables as editorial_tables
from careline.escalation import tables as escalation_tables
from careline.escalation.delivery import tables as delivery_tables
from careline.escalation.duty import tables as duty_tables
from careline.staff import tables as staff_tables
from careline.storage.database import Base

ROOMS = (
    consultation_tables,
    editorial_tables,
    escalation_tables,
    insight_tables,
    delivery_tables,
    duty_tables,
    staff_tables,
    telegram_tables,
)  # imported so that `Base` knows their tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
)
with context.begin_transaction():
    context.run_migrations()
