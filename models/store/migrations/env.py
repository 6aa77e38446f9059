"""Alembic's entry: migrates over the connection that :func:`models.store.database.migrate` hands in."""

from __future__ import annotations

from alembic import context

from models.store import (  # noqa: F401 - their tables belong to the metadata
    account_tables,
    desk_tables,
    letter_tables,
    match_tables,
    report_tables,
    roster_tables,
)
from models.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
