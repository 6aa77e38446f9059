"""Tables as an XLSX workbook (ECMA-376): every text is written as a text, so that no cell becomes a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from io import BytesIO
from tempfile import TemporaryDirectory

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575
"""Rows of a sheet below its head; the format has no more."""

_LONGEST_CELL = 32_767
_LONGEST_NAME = 31
_WIDEST = 28


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table; ``rows`` are gone through once."""

    name: str
    head: Sequence[str]
    rows: Iterable[Sequence[object]]


@dataclass(frozen=True, slots=True)
class _Formats:
    head: Format
    time: Format
    day: Format
    share: Format


def workbook(sheets: Sequence[Sheet], zone: tzinfo) -> bytes:
    """The bytes of a workbook with a sheet for each table, written row by row.

    Args:
        sheets: at least one; of each, rows beyond what a sheet can hold are an error of the caller.
        zone: a sheet knows no offsets, so times are written as the site's clocks show them.
    """
    target = BytesIO()
    # Rows rest in files until the workbook is put together; these are this process's own, and go with the folder.
    with TemporaryDirectory(prefix="par-intake-") as folder:
        book = xlsxwriter.Workbook(target, {"constant_memory": True, "tmpdir": folder})
        formats = _Formats(
            book.add_format({"bold": True, "bottom": 1}),
            book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            book.add_format({"num_format": "yyyy-mm-dd"}),
            book.add_format({"num_format": "0.0000"}),
        )
        for sheet in sheets:
            page = book.add_worksheet(sheet.name[:_LONGEST_NAME])
            _fill(page, sheet, formats, zone)
        book.close()
    return target.getvalue()


def _fill(page: Worksheet, sheet: Sheet, formats: _Formats, zone: tzinfo) -> None:
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.head):
        page.set_column(column, column, min(max(len(name) + 2, 12), _WIDEST))
        page.write_string(0, column, name, formats.head)
    for number, row in enumerate(sheet.rows, 1):
        for column, value in enumerate(row):
            _write(page, number, column, value, formats, zone)


def _write(page: Worksheet, row: int, column: int, value: object, formats: _Formats, zone: tzinfo) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int):
        page.write_number(row, column, value)
    elif isinstance(value, float):
        page.write_number(row, column, value, formats.share)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value.astimezone(zone).replace(tzinfo=None, microsecond=0), formats.time)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats.day)
    else:
        page.write_string(row, column, str(value)[:_LONGEST_CELL])
