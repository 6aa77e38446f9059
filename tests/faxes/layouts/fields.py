"""Labelled places on a form, and the rows that hold them in every look."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from reportlab.lib.colors import black, white

from tests.faxes.sheet import Sheet
from tests.faxes.style import Check, Look, Style, Title


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the page's width that a section has, in points."""

    left: float
    width: float


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to tick."""

    text: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One labelled place. ``share`` is the least part of a full line that it needs; ``comb`` the groups of its small cells."""

    label: str
    value: str
    share: float
    options: tuple[Option, ...] = ()
    comb: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place on the page, in points."""

    entry: Entry
    left: float
    width: float


def label_of(entry: Entry, style: Style) -> str:
    """The label as this form prints it."""
    text = entry.label.upper() if style.upper_labels else entry.label
    return text + (":" if style.colon and text and text[-1] not in "?:" else "")


def draw_entries(sheet: Sheet, frame: Frame, entries: list[Entry], rng: Random) -> None:
    """Rows of entries from the sheet's ``y`` down."""
    for row in _packed(sheet, frame, entries, rng):
        if not sheet.left(sheet.style.row_height + 4):
            sheet.new_page()
        _ROWS[sheet.style.look](sheet, row)


def _needed(sheet: Sheet, frame: Frame, entry: Entry) -> float:
    style = sheet.style
    if entry.options:
        taken = sum(
            sheet.width(o.text, style.label_size + 0.5) + style.label_size * (1.3 + style.check_size) + 10 for o in entry.options
        )
        taken += sheet.width(label_of(entry, style), style.label_size) + 12
        return min(frame.width, taken)
    if entry.comb:
        return min(
            frame.width,
            sum(entry.comb) * 12.0
            + len(entry.comb) * 6
            + (0 if style.look in _STACKED else sheet.width(entry.label, style.label_size) + 10),
        )
    needed = entry.share * 516.0
    if style.look not in _STACKED:
        needed = (
            max(needed * 0.8, sheet.value_width(entry.value) * 0.8, 50) + sheet.width(label_of(entry, style), style.label_size) + 10
        )
    return min(frame.width, max(needed, sheet.width(entry.label, style.label_size) * 0.9 + 6))


def _packed(sheet: Sheet, frame: Frame, entries: list[Entry], rng: Random) -> list[list[Placed]]:
    lines: list[list[Entry]] = []
    used = 0.0
    most = rng.choice((1, 2, 2, 3, 3, 4, 4, 5, 5))
    for entry in entries:
        need = _needed(sheet, frame, entry)
        if not lines or used + need > frame.width or len(lines[-1]) >= most:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += need
    placed = []
    for line in lines:
        needs = [_needed(sheet, frame, entry) for entry in line]
        spare = frame.width - sum(needs)
        if all(entry.comb for entry in line) or rng.random() < 0.1:
            spare = 0.0
        left, row = frame.left, []
        for entry, need in zip(line, needs, strict=True):
            width = need + spare * need / sum(needs)
            row.append(Placed(entry, left, width))
            left += width
        placed.append(row)
    return placed


def _content(sheet: Sheet, placed: Placed, x: float, y: float, width: float, height: float = 14.0) -> None:
    """The options, the comb or the value of an entry."""
    entry, style = placed.entry, sheet.style
    if entry.options:
        draw_options(sheet, x, y, entry.options, width)
    elif entry.comb and not sheet.fillable:
        _comb(sheet, x, y, entry, width)
    else:
        sheet.value(x + (2 if style.look is not Look.PLAIN else 0), y, entry.value, width - 5, height=height)


def draw_options(sheet: Sheet, x: float, y: float, options: tuple[Option, ...], width: float) -> None:
    """Things to tick in one line, each with its words."""
    style, size = sheet.style, sheet.style.label_size + 0.5
    room = sum(sheet.width(o.text, size) + style.label_size * (1.3 + style.check_size) for o in options)
    gap = max(3.0, min(18.0, (width - room) / max(1, len(options))))
    for option in options:
        if style.check is Check.WORD and not sheet.fillable:
            taken = sheet.text(x, y, option.text, size)
            if option.ticked:
                sheet.ring_word(x, y, taken, size)
            x += taken + max(8.0, gap)
        elif style.check_first:
            x += sheet.tick(x, y, option.ticked)
            x += sheet.text(x, y, option.text, size) + gap
        else:
            x += sheet.text(x, y, option.text, size) + style.check_gap
            x += sheet.tick(x, y, option.ticked) + gap


def _comb(sheet: Sheet, x: float, y: float, entry: Entry, width: float) -> None:
    side = min(15.0, (width - 6 * len(entry.comb)) / sum(entry.comb))
    letters = [c for c in entry.value if c.isalnum()]
    for group in entry.comb:
        for _ in range(group):
            sheet.rect(x, y - 10.5, side, 14)
            if letters:
                sheet.value(x + side * 0.22, y, letters.pop(0), side * 0.8)
            x += side
        x += 5


def _cells(sheet: Sheet, row: list[Placed]) -> None:
    style, top = sheet.style, sheet.y
    for place in row:
        sheet.rect(place.left, top, place.width, style.row_height)
        sheet.text(
            place.left + 3,
            top + style.label_size * 0.75 + 2,
            label_of(place.entry, style),
            style.label_size * 0.85,
            limit=place.width - 5,
        )
        _content(sheet, place, place.left + 3, top + style.row_height - 4.5, place.width - 4, style.row_height - 12)
    sheet.y = top + style.row_height


def _above(sheet: Sheet, row: list[Placed]) -> None:
    style, top = sheet.style, sheet.y
    box = style.row_height * 0.66
    for place in row:
        sheet.text(place.left, top + style.label_size, label_of(place.entry, style), style.label_size, limit=place.width - 4)
        under = top + style.label_size + 2.5
        if not place.entry.options and not (place.entry.comb and not sheet.fillable):
            sheet.rect(place.left, under, place.width - 6, box)
        _content(sheet, place, place.left + 1, under + box - 4.5, place.width - 8, box - 2)
    sheet.y = top + style.label_size + box + 7


def _below(sheet: Sheet, row: list[Placed]) -> None:
    style, top = sheet.style, sheet.y
    base = top + style.row_height * 0.62
    for place in row:
        if not place.entry.options:
            sheet.line(place.left, base + 2.5, place.left + place.width - 8, base + 2.5)
        _content(sheet, place, place.left + 1, base, place.width - 8)
        sheet.text(
            place.left + 1,
            base + 2.5 + style.label_size,
            label_of(place.entry, style),
            style.label_size * 0.9,
            limit=place.width - 8,
        )
    sheet.y = base + style.label_size + 8


def _line(sheet: Sheet, row: list[Placed]) -> None:
    style, base = sheet.style, sheet.y + sheet.style.row_height * 0.72
    for place in row:
        taken = sheet.text(place.left, base, label_of(place.entry, style), style.label_size, limit=place.width * 0.6) + 4
        if not place.entry.options and not place.entry.comb:
            sheet.line(place.left + taken, base + 2.5, place.left + place.width - 8, base + 2.5)
        _content(sheet, place, place.left + taken, base, place.width - taken - 8)
    sheet.y += style.row_height * 0.9


def _grid(sheet: Sheet, row: list[Placed]) -> None:
    style, top, height = sheet.style, sheet.y, sheet.style.row_height * 0.8
    for place in row:
        taken = min(place.width * 0.55, sheet.width(label_of(place.entry, style), style.label_size) + 8)
        sheet.rect(place.left, top, taken, height, fill=0.88)
        sheet.rect(place.left, top, place.width, height)
        sheet.text(place.left + 3, top + height - 6.5, label_of(place.entry, style), style.label_size, limit=taken - 5)
        _content(sheet, place, place.left + taken + 3, top + height - 5.5, place.width - taken - 4, height - 2)
    sheet.y = top + height


def _plain(sheet: Sheet, row: list[Placed]) -> None:
    style, base = sheet.style, sheet.y + sheet.style.row_height * 0.6
    for place in row:
        text = place.entry.label.upper() if style.upper_labels else place.entry.label
        taken = (
            sheet.text(place.left, base, text.rstrip(":?") + ":", style.label_size + 0.5, bold=True, limit=place.width * 0.6) + 5
        )
        _content(sheet, place, place.left + taken, base, place.width - taken - 4)
    sheet.y += style.row_height * 0.75


def _box(sheet: Sheet, row: list[Placed]) -> None:
    style, top, height = sheet.style, sheet.y, sheet.style.row_height * 0.72
    for place in row:
        taken = (
            sheet.text(place.left, top + height - 5, label_of(place.entry, style), style.label_size, limit=place.width * 0.6) + 4
        )
        if not place.entry.options and not (place.entry.comb and not sheet.fillable):
            sheet.rect(place.left + taken, top, place.width - taken - 6, height)
        _content(sheet, place, place.left + taken + 2, top + height - 5, place.width - taken - 8, height - 2)
    sheet.y = top + height + 4


_STACKED = (Look.CELL, Look.ABOVE, Look.BELOW)
_ROWS = {
    Look.CELL: _cells,
    Look.ABOVE: _above,
    Look.BELOW: _below,
    Look.LINE: _line,
    Look.GRID: _grid,
    Look.PLAIN: _plain,
    Look.BOX: _box,
}


def section_title(sheet: Sheet, frame: Frame, title: str) -> None:
    """A section's title as this form sets it."""
    style, size = sheet.style, sheet.style.label_size + 2
    sheet.y += 5
    if style.title is Title.BAR:
        sheet.rect(frame.left, sheet.y, frame.width, size + 4.5, fill=0.05)
        sheet.text(frame.left + 4, sheet.y + size + 0.5, title, size, bold=True, colour=white)
    elif style.title in (Title.GREY, Title.FRAME):
        sheet.rect(
            frame.left,
            sheet.y,
            frame.width,
            size + 4.5,
            fill=0.85 if style.title is Title.GREY else None,
            stroke=style.title is Title.FRAME,
        )
        sheet.text(frame.left + 4, sheet.y + size + 0.5, title, size, bold=True)
    else:
        width = sheet.text(frame.left, sheet.y + size, title, size + 0.5, bold=True, colour=black)
        if style.title is Title.UNDERLINE:
            sheet.line(
                frame.left, sheet.y + size + 2.5, frame.left + (width if style.numbering else frame.width), sheet.y + size + 2.5
            )
    sheet.y += size + (4.5 if style.look is Look.CELL else 8.5)
