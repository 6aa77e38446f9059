"""A search reads its page, and the dashboard its counts, from an index alone: keys carry their record's place in a listing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_PLACE: dict[str, sa.Boolean | sa.DateTime] = {"waits": sa.Boolean(), "order_at": _TIME, "received_at": _TIME}
_FROM_THEIR_RECORD = (
    f"UPDATE desk_keys SET ({', '.join(_PLACE)}) = "  # noqa: S608 - names of columns
    f"(SELECT {', '.join(_PLACE)} FROM desk_items WHERE desk_items.record_id = desk_keys.record_id)"
)
_BEFORE = (
    ("ix_desk_keys_key", "desk_keys", ["kind", "key", "record_id"]),
    ("ix_desk_items_received", "desk_items", ["received_at", "record_id"]),
    ("ix_desk_items_ended", "desk_items", ["waits", "written_at"]),
    ("ix_desk_outcomes_at", "desk_outcomes", ["at", "field", "flagged", "outcome"]),
)
_NOW = (
    ("ix_desk_keys_found", "desk_keys", ["kind", "waits", "key", "record_id", "order_at", "received_at"]),
    ("ix_desk_items_came", "desk_items", ["waits", "received_at", "record_id"]),
    ("ix_desk_items_received", "desk_items", ["received_at", "record_id", "status", "waits", "completed_by", "office"]),
    ("ix_desk_items_ended", "desk_items", ["waits", "written_at", "received_at", "status", "completed_by"]),
    ("ix_desk_outcomes_field", "desk_outcomes", ["field", "flagged", "outcome", "at"]),
)


def upgrade() -> None:
    for name, table, _ in _BEFORE:
        op.drop_index(name, table)
    for name, kind in _PLACE.items():
        op.add_column("desk_keys", sa.Column(name, kind))
    op.execute(_FROM_THEIR_RECORD)
    with op.batch_alter_table("desk_keys") as keys:
        for name, kind in _PLACE.items():
            keys.alter_column(name, existing_type=kind, nullable=False)
    for name, table, columns in _NOW:
        op.create_index(name, table, columns)


def downgrade() -> None:
    for name, table, _ in _NOW:
        op.drop_index(name, table)
    with op.batch_alter_table("desk_keys") as keys:
        for name in _PLACE:
            keys.drop_column(name)
    for name, table, columns in _BEFORE:
        op.create_index(name, table, columns)
