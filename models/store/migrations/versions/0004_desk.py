"""The coordinator's desk: its queue and search, what people entered, and the feed of changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.store.migrations.append_only import keep_rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_KEY = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")
_TABLES = (
    "taught_labels",
    "arrangements",
    "desk_changes",
    "desk_filters",
    "desk_notes",
    "desk_outcomes",
    "desk_edits",
    "desk_gaps",
    "desk_keys",
    "desk_items",
)


_KEPT = ("desk_edits", "desk_notes")


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("detail", sa.String(80)))
    _queue()
    _work()
    _rest()
    op.create_index("ix_audit_events_at", "audit_events", ["at"])
    op.create_index("ix_audit_events_record_id", "audit_events", ["record_id"])
    for name in _KEPT:
        keep_rows(name)


def _document(*, index: bool = False) -> sa.Column[str]:
    return sa.Column("document_id", sa.String(40), sa.ForeignKey("documents.document_id"), nullable=False, index=index)


def _item() -> sa.Column[str]:
    return sa.Column("record_id", sa.String(40), sa.ForeignKey("desk_items.record_id"), primary_key=True)


def _queue() -> None:
    op.create_table(
        "desk_items",
        sa.Column("record_id", sa.String(40), primary_key=True),
        _document(),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("waits", sa.Boolean, nullable=False),
        sa.Column("kind", sa.String(16)),
        sa.Column("urgency", sa.String(16)),
        sa.Column("received_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("order_at", _TIME, nullable=False),
        sa.Column("member", sa.Text),
        sa.Column("member_id", sa.String(64)),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("authorization_number", sa.String(64)),
        sa.Column("provider", sa.Text),
        sa.Column("office", sa.String(32)),
        sa.Column("page_count", sa.Integer, nullable=False),
        sa.Column("blocking", sa.Integer, nullable=False),
        sa.Column("warnings", sa.Integer, nullable=False),
        sa.Column("doubtful", sa.Integer, nullable=False),
        sa.Column("written_at", _TIME, nullable=False),
        sa.Column("completed_at", _TIME),
        sa.Column("completed_by", sa.String(64)),
        sa.Column("claimed_by", sa.String(64)),
        sa.Column("claimed_until", _TIME),
    )
    op.create_index("ix_desk_items_queue", "desk_items", ["waits", "order_at", "record_id"])
    op.create_index("ix_desk_items_received", "desk_items", ["received_at", "record_id"])
    op.create_index("ix_desk_items_ended", "desk_items", ["waits", "written_at"])
    op.create_index("ix_desk_items_document", "desk_items", ["document_id"])
    op.create_table(
        "desk_keys", _item(), sa.Column("kind", sa.String(16), primary_key=True), sa.Column("key", _KEY, primary_key=True)
    )
    op.create_index("ix_desk_keys_key", "desk_keys", ["kind", "key", "record_id"])
    op.create_table(
        "desk_gaps",
        _item(),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(16), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
    )
    op.create_index("ix_desk_gaps_field", "desk_gaps", ["field", "reason"])


def _work() -> None:
    op.create_table(
        "desk_edits",
        sa.Column("edit_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.String(40), nullable=False),
        _document(index=True),
        sa.Column("edit_key", sa.String(64), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("path", sa.String(64)),
        sa.Column("value", sa.Text),
        sa.Column("page", sa.Integer),
        sa.Column("box", sa.String(120)),
        sa.UniqueConstraint("record_id", "edit_key"),
    )
    op.create_table(
        "desk_outcomes",
        sa.Column("outcome_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.String(40), nullable=False, index=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
    )
    op.create_index("ix_desk_outcomes_at", "desk_outcomes", ["at", "field", "flagged", "outcome"])
    op.create_table(
        "desk_notes",
        sa.Column("note_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.String(40), nullable=False, index=True),
        _document(index=True),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )


def _rest() -> None:
    op.create_table(
        "desk_filters",
        sa.Column("filter_id", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False, index=True),
        sa.Column("name", sa.String(80)),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("used_at", _TIME, nullable=False),
    )
    op.create_table(
        "desk_changes",
        sa.Column("change_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("record_id", sa.String(40), nullable=False, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_table(
        "arrangements",
        sa.Column("arrangement_id", sa.Integer, primary_key=True, autoincrement=True),
        _document(index=True),
        sa.Column("groups", sa.Text),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
    )
    op.create_table(
        "taught_labels",
        sa.Column("label_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("text", sa.String(200), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False, index=True),
        sa.Column("document_id", sa.String(40)),
        sa.Column("page", sa.Integer),
        sa.Column("proposed_at", _TIME, nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("decided_at", _TIME),
        sa.Column("decided_by", sa.String(64)),
    )


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        for name in _KEPT:
            op.execute(f"DROP FUNCTION {name}_refuse()")
    op.drop_index("ix_audit_events_at", "audit_events")
    op.drop_index("ix_audit_events_record_id", "audit_events")
    with op.batch_alter_table("audit_events") as table:
        table.drop_column("detail")
