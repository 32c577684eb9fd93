"""Releases that were prepared, and mails about review dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "content_preparations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("checksum", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("against", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=80), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("made", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_preparations")),
    )
    with op.batch_alter_table("content_preparations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_preparations_checksum"), ["checksum"], unique=False)

    op.create_table(
        "content_review_mails",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_review_mails")),
    )
    op.create_table(
        "content_review_mail_items",
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.String(length=16), nullable=False),
        sa.Column("mail_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"],
            ["content_review_mails.id"],
            name=op.f("fk_content_review_mail_items_mail_id_content_review_mails"),
        ),
        sa.PrimaryKeyConstraint("path", "review_by", "days", "recipient", name=op.f("pk_content_review_mail_items")),
    )
    with op.batch_alter_table("content_review_mail_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_review_mail_items_mail_id"), ["mail_id"], unique=False)


def downgrade() -> None:
    """Undo the step."""
    for table in ("content_review_mail_items", "content_review_mails", "content_preparations"):
        op.drop_table(table)
