"""When a page of a case that the person has claimed was last seen open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("with_case_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Undo the step."""
    with op.batch_alter_table("staff_sessions", schema=None) as batch_op:
        batch_op.drop_column("with_case_at")
