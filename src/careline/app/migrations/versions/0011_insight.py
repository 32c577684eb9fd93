"""What editors see of how content does: searches by day, decisions about gaps, reviews of clinicians' verdicts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "guidance_searches",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("article_id", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guidance_searches")),
    )
    op.create_index(op.f("ix_guidance_searches_day"), "guidance_searches", ["day"])
    op.create_table(
        "gap_decisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gap_decisions")),
    )
    op.create_index(op.f("ix_gap_decisions_at"), "gap_decisions", ["at"])
    op.create_table(
        "gap_questions",
        sa.Column("question_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["gap_decisions.id"], name=op.f("fk_gap_questions_decision_id_gap_decisions")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["unanswered_questions.id"],
            name=op.f("fk_gap_questions_question_id_unanswered_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_gap_questions")),
    )
    op.create_index(op.f("ix_gap_questions_decision_id"), "gap_questions", ["decision_id"])
    op.create_table(
        "verdict_reviews",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("escalation_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("account_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=op.f("fk_verdict_reviews_escalation_id_escalations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict_reviews")),
    )
    op.create_index(op.f("ix_verdict_reviews_escalation_id"), "verdict_reviews", ["escalation_id"])


def downgrade() -> None:
    """Undo the step."""
    for table in ("verdict_reviews", "gap_questions", "gap_decisions", "guidance_searches"):
        op.drop_table(table)
