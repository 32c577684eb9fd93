"""The facts behind an escalation's note."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("case", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Undo the step."""
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_column("case")
