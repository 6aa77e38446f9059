"""Deliveries get a state of their own, so that they are made beside a document's work, tried again, parked and replayed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_FROM_THEIR_RECORD = (
    "UPDATE deliveries SET attempts = 0, "
    "state = CASE WHEN delivered_at IS NULL THEN 'pending' ELSE 'delivered' END, "
    "queued_at = (SELECT written_at FROM records "
    "WHERE records.record_id = deliveries.record_id AND records.revision = deliveries.revision)"
)


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("state", sa.String(16)))
        table.add_column(sa.Column("queued_at", _TIME))
        table.add_column(sa.Column("turn_at", _TIME))
        table.add_column(sa.Column("attempts", sa.Integer))
        table.add_column(sa.Column("due_at", _TIME))
        table.add_column(sa.Column("tried_at", _TIME))
        table.add_column(sa.Column("claimed_by", sa.String(64)))
        table.add_column(sa.Column("reason", sa.Text))
    op.execute(_FROM_THEIR_RECORD)
    op.execute("UPDATE deliveries SET turn_at = queued_at")
    with op.batch_alter_table("deliveries") as table:
        table.alter_column("state", existing_type=sa.String(16), nullable=False)
        table.alter_column("queued_at", existing_type=_TIME, nullable=False)
        table.alter_column("turn_at", existing_type=_TIME, nullable=False)
        table.alter_column("attempts", existing_type=sa.Integer, nullable=False)
    op.create_index("ix_deliveries_state", "deliveries", ["state", "sink", "turn_at"])


def downgrade() -> None:
    op.drop_index("ix_deliveries_state", "deliveries")
    with op.batch_alter_table("deliveries") as table:
        for column in ("state", "queued_at", "turn_at", "attempts", "due_at", "tried_at", "claimed_by", "reason"):
            table.drop_column(column)
