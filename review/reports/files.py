"""Reports as files: CSV of one table, a workbook or JSON of all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, tzinfo

from sqlalchemy.orm import Session

from review.html import csv_files
from review.html.figures import Figure
from review.reports.asked import Asked
from review.reports.kinds import Kind
from review.reports.workbook import Sheet, workbook

Cell = str | int | float | bool | None
"""A value as JSON has it; a time is ISO 8601 with the site's offset."""


def told(value: object, zone: tzinfo) -> Cell:
    """A value of a table, as a file of text shows it."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else str(value)


def csv_of(kind: Kind, session: Session, asked: Asked, table: str, zone: tzinfo) -> Iterator[str] | None:
    """The lines of one table's file; ``None`` where the report has no such table. A table of lines is read as it is written."""
    if kind.lines is not None:
        if table != kind.name:
            return None
        return csv_files.lines_of(kind.head, ([told(value, zone) for value in row] for row in kind.lines(session, asked)))
    found = next((one for one in kind.make(session, asked) if one.name == table), None)
    if found is None:
        return None
    return csv_files.lines_of(found.head, ([told(value, zone) for value in row] for row in found.rows))


def json_of(kind: Kind, session: Session, asked: Asked, zone: tzinfo) -> Iterator[str]:
    """One JSON object on a line for each row of each table: the name of the table, and the row by its columns."""
    tables = (
        [(kind.name, kind.head, kind.lines(session, asked))]
        if kind.lines is not None
        else [(one.name, one.head, iter(one.rows)) for one in kind.make(session, asked)]
    )
    for name, head, rows in tables:
        for row in rows:
            body = {column: told(value, zone) for column, value in zip(head, row, strict=True)}
            yield json.dumps({"table": name, **body}, ensure_ascii=False) + "\n"


def xlsx_of(kind: Kind, session: Session, asked: Asked, zone: tzinfo) -> bytes:
    """A workbook with a sheet for each table."""
    if kind.lines is not None:
        return workbook([Sheet(kind.title, kind.head, kind.lines(session, asked))], zone)
    return workbook([Sheet(one.name, one.head, one.rows) for one in kind.make(session, asked)], zone)


def table_names(kind: Kind, figures: Sequence[Figure]) -> tuple[str, ...]:
    """The names of a report's tables."""
    return (kind.name,) if kind.lines is not None else tuple(one.name for one in figures)
