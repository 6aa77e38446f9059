"""The newest requests of a member, a provider or an authorization are read from an index, however many there are."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_NAME, _TABLE = "ix_desk_keys_newest", "desk_keys"


def upgrade() -> None:
    op.create_index(_NAME, _TABLE, ["kind", "key", "received_at", "record_id"])


def downgrade() -> None:
    op.drop_index(_NAME, _TABLE)
