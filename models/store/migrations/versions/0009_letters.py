"""Letters to requesting offices, and deliveries of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.String(40), primary_key=True),
        sa.Column("record_id", sa.String(40), nullable=False),
        sa.Column("document_id", sa.String(40), sa.ForeignKey("documents.document_id"), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("reply_code", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("fax_number", sa.String(32)),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("created_by", sa.String(64), nullable=False),
        sa.Column("released_at", _TIME),
        sa.Column("released_by", sa.String(64)),
        sa.Column("sent_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column("answered_by", sa.String(40)),
    )
    op.create_index("ix_letters_state", "letters", ["state", "created_at", "letter_id"])
    op.create_index("ix_letters_record", "letters", ["record_id"])
    op.create_index("ix_letters_document", "letters", ["document_id"])
    op.create_index("ix_letters_reply_code", "letters", ["reply_code"], unique=True)
    # What an earlier release has queued, and goes on queueing until it is stopped, are records.
    op.add_column("deliveries", sa.Column("kind", sa.String(8), nullable=False, server_default="record"))


def downgrade() -> None:
    op.execute("DELETE FROM deliveries WHERE kind = 'letter'")
    op.drop_column("deliveries", "kind")
    for name in ("reply_code", "document", "record", "state"):
        op.drop_index(f"ix_letters_{name}", "letters")
    op.drop_table("letters")
