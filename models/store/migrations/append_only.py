"""Tables whose rows the database itself keeps from being changed."""

from __future__ import annotations

from alembic import op


def keep_rows(table: str) -> None:
    """Have the database refuse to change a row, and to remove one whose document is not purged: that is noted before.

    Args:
        table: its name; each row has the ``document_id`` of its document. Migrations that have run ask for this as it is: what is
            to be another way is done in a migration of its own.
    """
    purged = "SELECT 1 FROM audit_events WHERE audit_events.document_id = OLD.document_id AND audit_events.action = 'purged'"
    if op.get_bind().dialect.name == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {refuse}")
        op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT EXISTS ({purged}) {refuse}")
        return
    op.execute(
        f"CREATE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' AND EXISTS ({purged}) THEN RETURN OLD; END IF; "
        f"RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()"
    )
