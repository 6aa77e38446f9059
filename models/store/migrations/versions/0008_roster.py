"""Members and providers as sites import them: which rows are in force is said by one row for each list."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_KEY = sa.String(120).with_variant(sa.String(120, collation="C"), "postgresql")


def upgrade() -> None:
    _loads()
    _members()
    _providers()


def _loads() -> None:
    op.create_table(
        "roster_heads",
        sa.Column("list_name", sa.String(16), primary_key=True),
        sa.Column("base_load", sa.Integer, nullable=False),
        sa.Column("current_load", sa.Integer, nullable=False),
        sa.Column("untidy", sa.Boolean, nullable=False),
    )
    op.create_table(
        "roster_loads",
        sa.Column("load_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("list_name", sa.String(16), nullable=False),
        sa.Column("replaces", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("ended_at", _TIME),
        sa.Column("rows_written", sa.Integer, nullable=False),
    )


def _row() -> tuple[sa.Column[int], sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("row_id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("load_id", sa.Integer, nullable=False),
        sa.Column("until_load", sa.Integer),
    )


def _members() -> None:
    op.create_table(
        "roster_members",
        *_row(),
        sa.Column("member_id", _KEY, nullable=False),
        sa.Column("person", sa.String(40), nullable=False),
        sa.Column("cin", _KEY),
        sa.Column("mbi", _KEY),
        sa.Column("medical_record", _KEY),
        sa.Column("last_name", sa.Text, nullable=False),
        sa.Column("first_name", sa.Text, nullable=False),
        sa.Column("middle_name", sa.Text),
        sa.Column("last_key", _KEY, nullable=False),
        sa.Column("first_key", _KEY, nullable=False),
        sa.Column("date_of_birth", sa.Date, nullable=False),
        sa.Column("sex", sa.String(1)),
        sa.Column("phone", sa.String(20)),
        sa.Column("plan", sa.String(80)),
        sa.Column("line_of_business", sa.String(20)),
        sa.Column("delegated_group", sa.String(120)),
        sa.Column("eligible_from", sa.Date),
        sa.Column("eligible_to", sa.Date),
        sa.Column("other_coverage", sa.String(120)),
        sa.Column("pcp_npi", sa.String(10)),
    )
    for name in ("member_id", "cin", "mbi", "medical_record"):
        op.create_index(f"ix_roster_members_{name}", "roster_members", [name])
    op.create_index("ix_roster_members_name", "roster_members", ["last_key", "first_key"])
    op.create_index("ix_roster_members_born", "roster_members", ["date_of_birth"])


def _providers() -> None:
    op.create_table(
        "roster_providers",
        *_row(),
        sa.Column("list_name", sa.String(16), nullable=False),
        sa.Column("npi", sa.String(10), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", _KEY, nullable=False),
        sa.Column("is_organization", sa.Boolean),
        sa.Column("tin", sa.String(10)),
        sa.Column("phone", sa.String(20)),
        sa.Column("fax", sa.String(20)),
        sa.Column("specialty", sa.String(120)),
        sa.Column("network", sa.String(80)),
        sa.Column("plan", sa.String(80)),
        sa.Column("deactivated_on", sa.Date),
    )
    for name, column in (("npi", "npi"), ("tin", "tin"), ("fax", "fax"), ("name", "name_key")):
        op.create_index(f"ix_roster_providers_{name}", "roster_providers", [column])


def downgrade() -> None:
    for name in ("roster_providers", "roster_members", "roster_loads", "roster_heads"):
        op.drop_table(name)
