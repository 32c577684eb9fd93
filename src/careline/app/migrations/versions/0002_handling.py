"""Who handles an escalation: owner, lease, closing, and who did what; who came back, and who left."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("escalations") as batch_op:
        batch_op.add_column(sa.Column("owner_name", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("owner_role", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("closing", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("contact_key", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_escalations_contact_key"), ["contact_key"], unique=False)
    with op.batch_alter_table("conversations") as batch_op:
        batch_op.add_column(sa.Column("contact_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("abandoned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_conversations_contact_key"), ["contact_key"], unique=False)
    with op.batch_alter_table("escalation_events") as batch_op:
        batch_op.add_column(sa.Column("actor", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("actor_name", sa.String(length=120), nullable=True))
