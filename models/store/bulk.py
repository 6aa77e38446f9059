"""Many rows at once, by each database's quickest way: COPY on PostgreSQL, one prepared statement on SQLite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session


def write_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows in the session's transaction.

    Args:
        session: the session.
        table: the table's name, ours.
        columns: names of its columns, ours.
        rows: their values, as the database writes them: a day as ISO 8601.
    """
    connection = session.connection()
    names = ", ".join(columns)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection  # psycopg's own
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as writing:
            for row in rows:
                writing.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    found = list(rows)
    if found:
        connection.exec_driver_sql(f"INSERT INTO {table} ({names}) VALUES ({marks})", found)  # noqa: S608 - our own names
