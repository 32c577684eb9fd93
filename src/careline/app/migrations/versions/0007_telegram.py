"""The Telegram channel: chats, updates, sends; and codes by which a case moves from one channel to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the step."""
    op.create_table(
        "telegram_chats",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("site", sa.String(length=64), nullable=True),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("opened_by", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("picked", sa.LargeBinary(), nullable=True),
        sa.Column("check_in", sa.String(length=12), nullable=True),
        sa.Column("check_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_owner", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_chats")),
        sa.UniqueConstraint("key", name=op.f("uq_telegram_chats_key")),
    )
    op.create_index(op.f("ix_telegram_chats_check_in_at"), "telegram_chats", ["check_in_at"])
    op.create_index(op.f("ix_telegram_chats_conversation_id"), "telegram_chats", ["conversation_id"])
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["telegram_chats.id"], name=op.f("fk_telegram_updates_chat_id_telegram_chats")
        ),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_telegram_updates")),
    )
    op.create_index(op.f("ix_telegram_updates_chat_id"), "telegram_updates", ["chat_id"])
    op.create_index(op.f("ix_telegram_updates_done_at"), "telegram_updates", ["done_at"])
    op.create_index("ix_telegram_updates_state_update_id", "telegram_updates", ["state", "update_id"])
    op.create_table(
        "telegram_sends",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("chat_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["telegram_chats.id"], name=op.f("fk_telegram_sends_chat_id_telegram_chats")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_sends")),
        sa.UniqueConstraint("chat_id", "source", name=op.f("uq_telegram_sends_chat_id")),
    )
    op.create_index(op.f("ix_telegram_sends_ended_at"), "telegram_sends", ["ended_at"])
    op.create_index("ix_telegram_sends_state_chat_id", "telegram_sends", ["state", "chat_id"])
    op.create_table(
        "link_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_link_codes_conversation_id_conversations")
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_link_codes")),
    )
    op.create_index(op.f("ix_link_codes_conversation_id"), "link_codes", ["conversation_id"])
    op.create_index(op.f("ix_link_codes_expires_at"), "link_codes", ["expires_at"])


def downgrade() -> None:
    """Undo the step."""
    for table in ("link_codes", "telegram_sends", "telegram_updates", "telegram_chats"):
        op.drop_table(table)
