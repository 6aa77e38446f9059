"""Many rows or values at once, by each database's quickest way."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, String, any_, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session


def write_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[tuple[object, ...]]) -> None:
    """Write rows in the session's transaction: by COPY on PostgreSQL, by one prepared statement on SQLite.

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


def among(session: Session, column: InstrumentedAttribute[str], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of many values. They go as one parameter: thousands of them take longer than the answer."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(bindparam(None, list(values), ARRAY(String)))
    return column.in_(select(func.json_each(json.dumps(list(values))).table_valued("value").c.value))
