"""Feedback says whether the consultation helped, and what happened next."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.add_column(sa.Column("helpful", sa.String(8), nullable=True))
        batch_op.add_column(sa.Column("happened", sa.String(12), nullable=True))


def downgrade() -> None:
    """Undo the step."""
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_column("happened")
        batch_op.drop_column("helpful")
