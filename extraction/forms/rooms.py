"""The room that a blank leaves: cells that hold nothing, boxes, combs, and lines to write on."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from extraction.forms.captions import Caption, is_written, shade_of
from extraction.slots import SlotFinder
from extraction.tables import Table
from models.geometry import Box
from models.page import CheckBox, Page, Word

_LEAST_WIDTH, _LEAST_HEIGHT = 0.02, 0.007
_TITLE_HEIGHTS = 1.9
_ROOM = 0.06
_WIDEST_LINE = 0.86
_TITLE_WIDTH = 0.5
_INDENT = 0.03
_SAME = 0.9
_EDGE = 0.004
_LINE_HEIGHTS = 1.7
_SMALL, _APART = 0.08, 0.035


@dataclass(frozen=True, slots=True)
class Room:
    """A place for a value: a cell or a box, or a line to write on."""

    box: Box
    line: bool


def rooms_of(page: Page, finder: SlotFinder, tables: tuple[Table, ...], boxes: tuple[CheckBox, ...]) -> list[Room]:
    """Empty cells and lines to write on."""
    words = [word for word in page.words if is_written(word)]
    taken = [table.box for table in tables]
    ticks = [box.box for box in boxes]
    rooms: list[Room] = []
    combs = [comb.box for comb in page.combs]
    for cell in (*combs, *finder.cells):
        in_comb = cell not in combs and any(cell.inside_share(comb) > 0.6 for comb in combs)
        filled = any(cell.holds(w.box.x, w.box.y) for w in words) or any(cell.holds(b.box.x, b.box.y) for b in boxes)
        known = any(cell.inside_share(room.box) > _SAME and room.box.inside_share(cell) > _SAME for room in rooms)
        small = cell.width < _LEAST_WIDTH or cell.height < _LEAST_HEIGHT
        if not (in_comb or known or filled or small or any(box.holds(cell.x, cell.y) for box in taken)):
            rooms.append(Room(cell, line=False))
    for rule in page.rules:
        line = rule.box
        fits = rule.horizontal and _LEAST_WIDTH < line.width < _WIDEST_LINE and not _is_edge(line, page, words)
        if fits and not any(box.grown(0, _EDGE).holds(line.x, line.y) for box in (*taken, *ticks)):
            rooms.append(Room(line, line=True))
    return rooms


def _is_edge(line: Box, page: Page, words: list[Word]) -> bool:
    """Whether a line is the side of a cell or a frame, or underlines print."""
    for cell in (*page.cells, *page.shades):
        beside = min(abs(cell.top - line.y), abs(cell.bottom - line.y)) < _EDGE
        if beside and cell.x_overlap(line) > 0.5 * min(line.width, cell.width):
            return True
    over = [w for w in words if 0 <= line.y - w.box.y < 0.9 * w.box.height + _EDGE and w.box.x_overlap(line) > 0.5 * w.box.width]
    return sum(w.box.width for w in over) > 0.3 * line.width


def parted(room: Room, captions: list[Caption]) -> list[Room]:
    """A line that several captions stand under is one line for each: short gaps between them were not seen."""
    line = room.box
    under = [c.box for c in captions if -0.4 <= (c.box.top - line.y) / c.box.height <= 1.0 and line.left < c.box.x < line.right]
    if not room.line or len(under) < 2:
        return [room]
    starts = sorted(box.left for box in under)
    edges = [line.left, *(start - _EDGE for start in starts[1:]), line.right]
    return [Room(Box.clipped(left, line.top, right, line.bottom), line=True) for left, right in pairwise(edges)]


def whole(room: Room, caption: Caption, rooms: list[Room]) -> Box:
    """The room with the small boxes beside it (a date in three boxes), or what a line has above it."""
    if room.line:
        height = _LINE_HEIGHTS * caption.box.height
        return Box.clipped(room.box.left, room.box.y - height, room.box.right, room.box.y + 0.25 * caption.box.height)
    area = room.box
    for other in sorted(rooms, key=lambda r: r.box.left):
        beside = not other.line and -0.002 <= other.box.left - area.right < _APART
        if beside and max(other.box.width, room.box.width) < _SMALL and other.box.y_overlap(area) > 0.7 * area.height:
            area = Box.around((area, other.box))
    return area


def asks_inside(caption: Caption, finder: SlotFinder) -> bool:
    """Whether a caption without a colon, on one line with its value, is no title: at the left of a narrow cell."""
    cell = finder.cell_of(caption.box)
    known = caption.label is not None and caption.label.attribute is not None
    return known and cell is not None and caption.box.left - cell.left < _INDENT and cell.width < _TITLE_WIDTH


def own_cell(
    caption: Caption, asks: bool, finder: SlotFinder, captions: list[Caption], page: Page, boxes: tuple[CheckBox, ...]
) -> Box | None:
    """What the caption's own cell leaves for the value; ``asks`` says that the value may stand on the caption's line."""
    cell, box = finder.cell_of(caption.box), caption.box
    if cell is None or any(cell.holds(b.box.x, b.box.y) for b in boxes):
        return None
    others = [c for c in captions if c is not caption and cell.holds(c.box.x, c.box.y)]
    beside = [c.box for c in others if c.box.on_row_of(box)]
    right = min((other.left for other in beside if other.left > box.left), default=cell.right)
    under = [c.box.top for c in others if c.box.top > box.y and c.box.left < right and c.box.right > box.left]
    shade = shade_of(box, page)
    if shade is not None and right - shade.right > _ROOM and shade.left <= cell.left + 0.02:
        return Box.clipped(shade.right, cell.top, right, cell.bottom)
    area = Box.clipped(
        box.left if any(other.left < box.left for other in beside) else cell.left,
        max(cell.top, box.top - 0.2 * box.height) if others else cell.top,
        right,
        min(under, default=cell.bottom),
    )
    deep = area.bottom - box.top > _TITLE_HEIGHTS * box.height
    wide = asks and right - box.right > _ROOM
    if shade is not None or not (deep or (wide and not _next_is_empty(cell, finder, page))):
        return None
    return area


def _next_is_empty(cell: Box, finder: SlotFinder, page: Page) -> bool:
    beside = [c for c in finder.cells if abs(c.left - cell.right) < 0.01 and c.y_overlap(cell) > 0.6 * min(c.height, cell.height)]
    return any(not any(c.holds(w.box.x, w.box.y) for w in page.words if is_written(w)) for c in beside)
