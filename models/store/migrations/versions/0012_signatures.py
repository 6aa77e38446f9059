"""A search leaves out most records that have not what it looks for by a signature of all their keys."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from zlib import crc32

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_FOUND = ["kind", "waits", "key", "record_id", "order_at", "received_at"]
_NAME, _TABLE, _COLUMN = "ix_desk_keys_found", "desk_keys", "signature"
_SIGNED = ("desk_items", _TABLE)
_NEXT = sa.text("SELECT record_id, key FROM desk_keys WHERE record_id > :after ORDER BY record_id LIMIT :most")
_MOST = 20_000
# PostgreSQL's own 100 values do not hold all names that many share, and what it does not know of, it takes for rare.
_VALUES = 1_000


def upgrade() -> None:
    op.drop_index(_NAME, _TABLE)
    # -1 leaves no record out: so an earlier release may go on adding rows until it is stopped.
    for table in _SIGNED:
        op.add_column(table, sa.Column(_COLUMN, sa.BigInteger, nullable=False, server_default="-1"))
    connection = op.get_bind()
    for signed in _signed(connection):
        for table in _SIGNED:
            of_record = sa.text(f"UPDATE {table} SET signature = :signature WHERE record_id = :record_id")  # noqa: S608 - ours
            connection.execute(of_record, signed)
    op.create_index(_NAME, _TABLE, [*_FOUND, _COLUMN])
    if connection.dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {_TABLE} ALTER COLUMN key SET STATISTICS {_VALUES}")


def _signed(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    """The signatures of all records, some at a time. Of the last record of a part, the rest may be missing: it begins the next."""
    after = ""
    while rows := connection.execute(_NEXT, {"after": after, "most": _MOST}).all():
        found = [(record_id, [key for _, key in keys]) for record_id, keys in groupby(rows, key=lambda row: row[0])]
        whole = found[:-1] if len(rows) == _MOST else found
        after = whole[-1][0]
        yield [{"record_id": record_id, "signature": _signature(keys)} for record_id, keys in whole]


def _signature(keys: list[str]) -> int:
    """As models.store.desk_keys.signature gave it when this was written."""
    bits = 0
    for key in keys:
        if not key[:1].isdigit():
            for length in range(1, min(3, len(key)) + 1):
                bits |= 1 << crc32(key[:length].encode()) % 63
    return bits


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {_TABLE} ALTER COLUMN key SET STATISTICS -1")
    op.drop_index(_NAME, _TABLE)
    for table in _SIGNED:
        op.drop_column(table, _COLUMN)
    op.create_index(_NAME, _TABLE, _FOUND)
