"""Authorizations, and what requests are matched by: keys, links, prints of pages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)
_TABLES = ("page_prints", "record_links", "match_keys", "authorizations")


def upgrade() -> None:
    _authorizations()
    op.create_table(
        "match_keys",
        sa.Column("owner_id", sa.String(40), primary_key=True),
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("owner", sa.String(16), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_match_keys_found", "match_keys", ["owner", "key", "at", "owner_id"])
    op.create_table(
        "record_links",
        sa.Column("record_id", sa.String(40), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("other_id", sa.String(40)),
        sa.Column("authorization_key", sa.String(64)),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("sure", sa.Boolean, nullable=False),
        sa.Column("set_aside", sa.Boolean, nullable=False),
    )
    op.create_index("ix_record_links_other", "record_links", ["other_id"])
    op.create_index("ix_record_links_number", "record_links", ["authorization_key"])
    op.create_table(
        "page_prints",
        sa.Column("document_id", sa.String(40), sa.ForeignKey("documents.document_id"), primary_key=True),
        sa.Column("page", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("cells", sa.LargeBinary, nullable=False),
    )


def _authorizations() -> None:
    op.create_table(
        "authorizations",
        sa.Column("authorization_id", sa.String(40), primary_key=True),
        sa.Column("plan", sa.String(64), nullable=False),
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("number_key", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("last_name", sa.Text),
        sa.Column("first_name", sa.Text),
        sa.Column("member_id", sa.String(64)),
        sa.Column("date_of_birth", sa.Date),
        sa.Column("requesting_name", sa.Text),
        sa.Column("requesting_npi", sa.String(10)),
        sa.Column("requesting_fax", sa.String(32)),
        sa.Column("servicing_name", sa.Text),
        sa.Column("servicing_npi", sa.String(10)),
        sa.Column("diagnoses", sa.Text, nullable=False),
        sa.Column("services", sa.Text, nullable=False),
        sa.Column("valid_from", sa.Date),
        sa.Column("valid_to", sa.Date),
        sa.Column("record_id", sa.String(40)),
        sa.Column("tied_by", sa.String(16)),
        sa.Column("imported_at", _TIME, nullable=False),
        sa.UniqueConstraint("plan", "number_key"),
    )
    op.create_index("ix_authorizations_number", "authorizations", ["number_key"])
    op.create_index("ix_authorizations_record", "authorizations", ["record_id"])


def downgrade() -> None:
    for name in _TABLES:
        op.drop_table(name)
