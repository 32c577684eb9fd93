"""Content as it is edited: items, revisions, sign-offs, comments, releases, warnings of review dates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "content_items",
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("served", sa.Integer(), nullable=True),
        sa.Column("seed_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_content_items")),
    )
    op.create_table(
        "content_revisions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["path"], ["content_items.path"], name=op.f("fk_content_revisions_path_content_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_revisions")),
        sa.UniqueConstraint("path", "number", name="uq_content_revisions_path"),
    )
    with op.batch_alter_table("content_revisions", schema=None) as batch_op:
        batch_op.create_index("ix_content_revisions_state", ["state"], unique=False)

    op.create_table(
        "content_sign_offs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role_title", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["content_revisions.id"], name=op.f("fk_content_sign_offs_revision_id_content_revisions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_sign_offs")),
    )
    with op.batch_alter_table("content_sign_offs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_sign_offs_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "content_comments",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["path"], ["content_items.path"], name=op.f("fk_content_comments_path_content_items")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_comments")),
    )
    with op.batch_alter_table("content_comments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_comments_path"), ["path"], unique=False)

    op.create_table(
        "content_releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("release_id", sa.String(length=40), nullable=False),
        sa.Column("occasion", sa.String(length=12), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("items", sa.Text(), nullable=False),
        sa.Column("difference", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_content_releases")),
    )
    with op.batch_alter_table("content_releases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_releases_release_id"), ["release_id"], unique=False)

    op.create_table(
        "content_notices",
        sa.Column("path", sa.String(length=80), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("path", "review_by", "days", name=op.f("pk_content_notices")),
    )


def downgrade() -> None:
    """Undo the step."""
    for table in (
        *("content_notices", "content_releases", "content_comments", "content_sign_offs"),
        *("content_revisions", "content_items"),
    ):
        op.drop_table(table)
