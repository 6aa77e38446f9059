"""The audit trail as a file to take along: CSV for people, NDJSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum

from models.store.audit_trail import Event
from review.html import csv_files

_COLUMNS = tuple(one.name for one in fields(Event))


class ExportFormat(StrEnum):
    """How the file is written."""

    CSV = "csv"
    NDJSON = "ndjson"


MEDIA_TYPES = {ExportFormat.CSV: "text/csv; charset=utf-8", ExportFormat.NDJSON: "application/x-ndjson"}


def lines(events: Iterable[Event], written_as: ExportFormat) -> Iterator[str]:
    """The file, line by line; times have their offset, and a column that says nothing is empty (NDJSON: ``null``)."""
    if written_as is ExportFormat.CSV:
        yield from csv_files.lines_of(_COLUMNS, ([_text(getattr(event, name)) for name in _COLUMNS] for event in events))
        return
    for event in events:
        yield json.dumps(asdict(event), default=datetime.isoformat) + "\n"


def _text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
