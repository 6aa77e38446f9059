"""Reports: decisions, what is counted of each request, and second readings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from models.store.migrations.append_only import keep_rows

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_TABLES = ("rater_fields", "rater_samples", "report_clocks", "report_items", "decisions")


def upgrade() -> None:
    _decisions()
    _counted()
    _second_readings()
    keep_rows("decisions")


def _document() -> sa.Column[str]:
    return sa.Column("document_id", sa.String(40), sa.ForeignKey("documents.document_id"), nullable=False, index=True)


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("record_id", sa.String(40), nullable=False, index=True),
        _document(),
        sa.Column("decision_key", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("decided_at", _TIME, nullable=False),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("extended_at", _TIME),
        sa.Column("provider_notified_at", _TIME),
        sa.Column("member_notified_at", _TIME),
        sa.Column("reviewer", sa.String(64)),
        sa.Column("reason_code", sa.String(40)),
        sa.Column("entered_at", _TIME, nullable=False),
        sa.Column("entered_by", sa.String(64), nullable=False),
        sa.UniqueConstraint("record_id", "decision_key"),
    )


def _counted() -> None:
    op.create_table(
        "report_items",
        sa.Column("record_id", sa.String(40), primary_key=True),
        _document(),
        sa.Column("counts", sa.Boolean, nullable=False),
        sa.Column("plan", sa.String(64)),
        sa.Column("line_of_business", sa.String(24)),
        sa.Column("requested_urgency", sa.String(16)),
        sa.Column("urgency", sa.String(16)),
        sa.Column("is_drug", sa.Boolean, nullable=False),
        sa.Column("npi", sa.String(10)),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("due_at", _TIME),
        sa.Column("rule", sa.String(80)),
        sa.Column("asked_at", _TIME),
        sa.Column("answered_at", _TIME),
        sa.Column("extended", sa.Boolean, nullable=False),
        sa.Column("decided_at", _TIME),
        sa.Column("determined", sa.String(24)),
        sa.Column("outcome", sa.String(24)),
        sa.Column("weighed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_report_items_started", "report_items", ["started_at"])
    op.create_index("ix_report_items_decided", "report_items", ["decided_at"])
    op.create_index("ix_report_items_weighed", "report_items", ["weighed", "record_id"])
    op.create_table(
        "report_clocks",
        sa.Column("record_id", sa.String(40), sa.ForeignKey("report_items.record_id"), primary_key=True),
        sa.Column("rule", sa.String(80), primary_key=True),
        sa.Column("due_at", _TIME, nullable=False),
    )


def _second_readings() -> None:
    op.create_table(
        "rater_samples",
        sa.Column("sample_id", sa.String(40), primary_key=True),
        sa.Column("record_id", sa.String(40), nullable=False, unique=True),
        _document(),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.Column("first_actor", sa.String(64)),
        sa.Column("first_revision", sa.Integer, nullable=False),
        sa.Column("base_revision", sa.Integer, nullable=False),
        sa.Column("second_actor", sa.String(64)),
        sa.Column("taken_at", _TIME),
        sa.Column("completed_at", _TIME, index=True),
    )
    op.create_index("ix_rater_samples_second", "rater_samples", ["second_actor", "completed_at"])
    op.create_table(
        "rater_fields",
        sa.Column("sample_id", sa.String(40), sa.ForeignKey("rater_samples.sample_id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.String(64), nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("agrees", sa.Boolean, nullable=False),
        sa.Column("first_value", sa.Text),
        sa.Column("second_value", sa.Text),
        sa.Column("ruling", sa.String(8)),
        sa.Column("ruled_by", sa.String(64)),
        sa.Column("ruled_at", _TIME),
    )


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decisions_refuse()")
