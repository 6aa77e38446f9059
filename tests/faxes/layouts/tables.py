"""Tables: columns in any order, ruled in several ways, with lines left over."""

from __future__ import annotations

from dataclasses import dataclass

from reportlab.lib.colors import black, white

from tests.faxes.layouts.fields import Frame
from tests.faxes.sheet import Sheet
from tests.faxes.style import Grid, Title


@dataclass(frozen=True, slots=True)
class Column:
    """One column: heading, width relative to the others, values from the top."""

    heading: str
    weight: float
    values: tuple[str, ...]
    printed: bool = False


def draw_table(sheet: Sheet, frame: Frame, columns: list[Column], rows: int) -> None:
    """A table with ``rows`` lines, some of them perhaps empty."""
    style = sheet.style
    height = max(style.value_size * 1.65, 15.5)
    if not sheet.left(height * (rows + 1) + 6):
        sheet.new_page()
    total = sum(column.weight for column in columns)
    lefts, left = [], frame.left
    for column in columns:
        lefts.append(left)
        left += frame.width * column.weight / total
    lefts.append(left)
    _headings(sheet, frame, columns, lefts)
    for row in range(rows):
        _row(sheet, columns, lefts, row, height)
        if style.grid is Grid.ROWS:
            sheet.line(frame.left, sheet.y, frame.left + frame.width, sheet.y)
    sheet.y += 4


def _headings(sheet: Sheet, frame: Frame, columns: list[Column], lefts: list[float]) -> None:
    style, height = sheet.style, sheet.style.label_size + 5
    dark = style.title is Title.BAR and style.grid is Grid.FULL
    if style.grid is Grid.FULL:
        sheet.rect(frame.left, sheet.y, frame.width, height, fill=0.1 if dark else 0.88)
    for column, left, right in zip(columns, lefts, lefts[1:], strict=False):
        if style.grid is Grid.FULL:
            sheet.line(left, sheet.y, left, sheet.y + height)
        sheet.text(
            left + 2.5,
            sheet.y + height - 3.5,
            column.heading,
            style.label_size,
            bold=True,
            colour=white if dark else black,
            limit=right - left - 4,
        )
    sheet.y += height
    if style.grid in (Grid.ROWS, Grid.NONE):
        sheet.line(frame.left, sheet.y, frame.left + frame.width, sheet.y)


def _row(sheet: Sheet, columns: list[Column], lefts: list[float], row: int, height: float) -> None:
    style, top = sheet.style, sheet.y
    base = top + height - 4.5
    for column, left, right in zip(columns, lefts, lefts[1:], strict=False):
        if style.grid is Grid.FULL:
            sheet.rect(left, top, right - left, height)
        elif style.grid is Grid.CELLS:
            sheet.rect(left, top + 1, right - left - 3, height - 2)
        text = column.values[row] if row < len(column.values) else ""
        if column.printed:
            sheet.text(left + 3, base, text, style.label_size, limit=right - left - 5)
        else:
            sheet.value(left + 3, base, text, right - left - 7, height=height - 3)
    sheet.y = top + height
