"""Where a blank leaves room for values, and which printed words each place belongs to.

On a blank every empty cell, every box and every line to write on is a place, and every printed run of words may be its caption.
They are paired by how near they are and on which side, nearest first, so that a caption that nobody knows takes its own place and
not that of its neighbour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from extraction.labels import Label
from extraction.lines import runs_of
from extraction.slots import SlotFinder
from extraction.tables import Table
from models.geometry import Box
from models.page import CheckBox, Page, Word

_HINT = re.compile(r"[\W_\d]*|\W*(?:MM|DD|YY|YYYY|M|D|Y)(?:\W+(?:MM|DD|YY|YYYY))*\W*")
_LEAST_WIDTH, _LEAST_HEIGHT = 0.02, 0.007
_TITLE_HEIGHTS = 1.9
_ROOM = 0.06
_WIDE_GAP = 0.12
_FAR = 0.3
_NEAR_HEIGHTS = 1.6
_LINE_GAP = 0.035
_WIDEST_LINE = 0.86
_TITLE_WIDTH = 0.5
_INDENT = 0.03
_INSIDE = 0.6
_BAR_GAP = 0.02
_SAME = 0.9
_EDGE = 0.004
_LINE_HEIGHTS = 1.7
_CAPTION_WORDS = 9
_FEW_WORDS = 4
_SMALL, _APART = 0.08, 0.035
_WRONG_SIDE = 3.0
_MARGIN = 0.97
_GAP_HEIGHTS = 2.2


class Side(StrEnum):
    """Where a place lies, seen from its caption."""

    INSIDE = "inside"
    RIGHT = "right"
    BELOW = "below"
    ABOVE = "above"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Caption:
    """A run of printed words; ``label`` is ``None`` where the general reader knows no meaning for it."""

    text: str
    box: Box
    colon: bool
    label: Label | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fill in, and its caption."""

    caption: Caption
    box: Box
    side: Side


@dataclass(frozen=True, slots=True)
class _Room:
    box: Box
    line: bool


@dataclass(frozen=True, slots=True)
class _Pair:
    cost: float
    caption: int
    room: int
    side: Side


def places_of(page: Page, labels: tuple[Label, ...], tables: tuple[Table, ...], boxes: tuple[CheckBox, ...]) -> tuple[Place, ...]:
    """The places of a blank page, tables left out.

    Args:
        page: the blank.
        labels: the labels that the general reader knows.
        tables: its tables.
        boxes: check-boxes that are options of ours; a cell that holds one is no place to write in.
    """
    captions = _captions(page, labels, tables)
    finder = SlotFinder(page, labels)
    inside = {n: area for n, c in enumerate(captions) if (area := _own_cell(c, finder, captions, page, boxes)) is not None}
    rooms = _rooms(page, finder, tables, boxes)
    pairs = [pair for n, c in enumerate(captions) if n not in inside for pair in _pairs(n, c, rooms, finder, captions)]
    titles = {n for n, c in enumerate(captions) if _is_shaded(c.box, page)}
    pairs = [pair for pair in pairs if pair.side is Side.RIGHT or pair.caption not in titles]
    chosen = _paired(_with_one_side(pairs))
    found = [Place(captions[n], area, Side.INSIDE) for n, area in inside.items()]
    found += [Place(captions[n], _whole(rooms[room], captions[n], rooms), side) for n, (room, side) in chosen.items()]
    for n, caption in enumerate(captions):
        gap = None if n in inside or n in chosen or caption.label is None else _gap(caption, page)
        if gap is not None and n not in titles and (caption.colon or gap.width > _WIDE_GAP):
            found.append(Place(caption, gap, Side.GAP))
    return tuple(found)


def _captions(page: Page, labels: tuple[Label, ...], tables: tuple[Table, ...]) -> list[Caption]:
    known = {id(word) for label in labels for word in label.words}
    captions = [_of_label(label) for label in labels]
    for run in runs_of(page):
        words = tuple(word for word in run.words if id(word) not in known)
        if 0 < len(words) == len(run.words) <= _CAPTION_WORDS and any(c.isalpha() for c in run.text):
            captions.append(Caption(run.text, run.box, run.text.endswith(":"), None))
    return [c for c in captions if not any(table.box.holds(c.box.x, c.box.y) for table in tables)]


def _of_label(label: Label) -> Caption:
    """A label with the few words behind it that are no label ("Dates of service: From")."""
    words = label.follows if len(label.follows) <= _FEW_WORDS else ()
    box = Box.around((label.box, *(word.box for word in words)))
    return Caption(label.text, box, label.colon or any(word.text.endswith(":") for word in words), label)


def _written(word: Word) -> bool:
    return not _HINT.fullmatch(word.text.upper())


def _own_cell(caption: Caption, finder: SlotFinder, captions: list[Caption], page: Page, boxes: tuple[CheckBox, ...]) -> Box | None:
    """What the caption's own cell leaves for the value."""
    cell, box = finder.cell_of(caption.box), caption.box
    if cell is None or any(cell.holds(b.box.x, b.box.y) for b in boxes):
        return None
    others = [c for c in captions if c is not caption and cell.holds(c.box.x, c.box.y)]
    beside = [c.box for c in others if c.box.on_row_of(box)]
    right = min((other.left for other in beside if other.left > box.left), default=cell.right)
    under = [c.box.top for c in others if c.box.top > box.y and c.box.left < right and c.box.right > box.left]
    shade = _shade_of(box, page)
    if shade is not None and right - shade.right > _ROOM and shade.left <= cell.left + 0.02:
        return Box.clipped(shade.right, cell.top, right, cell.bottom)
    area = Box.clipped(
        box.left if any(other.left < box.left for other in beside) else cell.left,
        max(cell.top, box.top - 0.2 * box.height) if others else cell.top,
        right,
        min(under, default=cell.bottom),
    )
    deep = area.bottom - box.top > _TITLE_HEIGHTS * box.height
    asks = caption.label is not None and caption.label.attribute is not None and box.left - cell.left < _INDENT
    wide = right - box.right > _ROOM and (caption.colon or (asks and cell.width < _TITLE_WIDTH))
    if shade is not None or not (deep or (wide and not _next_is_empty(cell, finder, page))):
        return None
    return area


def _shade_of(box: Box, page: Page) -> Box | None:
    return min((shade for shade in page.shades if box.inside_share(shade) > _INSIDE), key=lambda s: s.area, default=None)


def _is_shaded(box: Box, page: Page) -> bool:
    """Whether a caption stands on a bar or a grey area; one that its letters cut short begins right behind them."""
    behind = [s for s in page.shades if s.on_row_of(box) and s.height > box.height and -_EDGE < s.left - box.right < _BAR_GAP]
    return bool(behind) or _shade_of(box, page) is not None


def _next_is_empty(cell: Box, finder: SlotFinder, page: Page) -> bool:
    beside = [c for c in finder.cells if abs(c.left - cell.right) < 0.01 and c.y_overlap(cell) > 0.6 * min(c.height, cell.height)]
    return any(not any(c.holds(w.box.x, w.box.y) for w in page.words if _written(w)) for c in beside)


def _rooms(page: Page, finder: SlotFinder, tables: tuple[Table, ...], boxes: tuple[CheckBox, ...]) -> list[_Room]:
    """Empty cells and lines to write on."""
    words = [word for word in page.words if _written(word)]
    taken = [table.box for table in tables]
    ticks = [box.box for box in boxes]
    rooms: list[_Room] = []
    combs = [comb.box for comb in page.combs]
    for cell in (*combs, *finder.cells):
        in_comb = cell not in combs and any(cell.inside_share(comb) > 0.6 for comb in combs)
        filled = any(cell.holds(w.box.x, w.box.y) for w in words) or any(cell.holds(b.box.x, b.box.y) for b in boxes)
        known = any(cell.inside_share(room.box) > _SAME and room.box.inside_share(cell) > _SAME for room in rooms)
        small = cell.width < _LEAST_WIDTH or cell.height < _LEAST_HEIGHT
        if not (in_comb or known or filled or small or any(box.holds(cell.x, cell.y) for box in taken)):
            rooms.append(_Room(cell, line=False))
    for rule in page.rules:
        line = rule.box
        fits = rule.horizontal and _LEAST_WIDTH < line.width < _WIDEST_LINE and not _is_edge(line, page, words)
        if fits and not any(box.grown(0, _EDGE).holds(line.x, line.y) for box in (*taken, *ticks)):
            rooms.append(_Room(line, line=True))
    return rooms


def _is_edge(line: Box, page: Page, words: list[Word]) -> bool:
    """Whether a line is the side of a cell or a frame, or underlines print."""
    for cell in (*page.cells, *page.shades):
        beside = min(abs(cell.top - line.y), abs(cell.bottom - line.y)) < _EDGE
        if beside and cell.x_overlap(line) > 0.5 * min(line.width, cell.width):
            return True
    over = [w for w in words if 0 <= line.y - w.box.y < 0.9 * w.box.height + _EDGE and w.box.x_overlap(line) > 0.5 * w.box.width]
    return sum(w.box.width for w in over) > 0.3 * line.width


def _pairs(n: int, caption: Caption, rooms: list[_Room], finder: SlotFinder, captions: list[Caption]) -> list[_Pair]:
    cell = finder.cell_of(caption.box)
    frame = caption.box if cell is None else cell
    found = []
    for number, room in enumerate(rooms):
        for side, cost in (_line_costs if room.line else _cell_costs)(caption.box, frame, room.box):
            if not _between(caption, room.box, side, captions):
                found.append(_Pair(cost, n, number, side))
    return found


def _cell_costs(box: Box, frame: Box, room: Box) -> list[tuple[Side, float]]:
    costs = []
    gap = room.left - frame.right
    if -_EDGE * 2 <= gap < _FAR and room.top - _EDGE <= box.y <= room.bottom + _EDGE:
        costs.append((Side.RIGHT, 0.3 + 8 * max(gap, 0.0)))
    starts = room.left - 0.02 <= box.left < room.right
    for side, apart in ((Side.BELOW, room.top - frame.bottom), (Side.ABOVE, frame.top - room.bottom)):
        heights = apart / box.height
        if starts and -0.5 <= heights <= _NEAR_HEIGHTS:
            costs.append((side, 0.4 + 0.5 * max(heights, 0.0) + 4 * abs(box.left - room.left)))
    return costs


def _line_costs(box: Box, frame: Box, line: Box) -> list[tuple[Side, float]]:
    del frame
    costs = []
    gap, under = line.left - box.right, (line.y - box.bottom) / box.height
    if -_EDGE * 2 <= gap < _LINE_GAP and -0.7 < under < 1.3:
        costs.append((Side.RIGHT, 0.2 + 8 * abs(gap)))
    starts = line.left - 0.03 <= box.left < line.right
    if starts and -0.4 <= (box.top - line.y) / box.height <= 1.0:
        costs.append((Side.ABOVE, 0.5 + 4 * abs(box.left - line.left)))
    if starts and 0.9 <= under <= 3.0:
        costs.append((Side.BELOW, 0.9 + 0.2 * under + 4 * abs(box.left - line.left)))
    return costs


def _between(caption: Caption, room: Box, side: Side, captions: list[Caption]) -> bool:
    """Whether another caption stands between the two."""
    box = caption.box
    for other in captions:
        if other is caption:
            continue
        if side is Side.RIGHT and other.box.on_row_of(box) and box.right - _EDGE <= other.box.left < room.left:
            return True
        top, bottom = sorted((box.y, room.y))
        apart = side in (Side.BELOW, Side.ABOVE) and top < other.box.y < bottom and not other.box.on_row_of(box)
        if apart and other.box.x_overlap(room) > 0 and other.box.x_overlap(box) > 0:
            return True
    return False


def _with_one_side(pairs: list[_Pair]) -> list[_Pair]:
    """A form has its captions above its boxes or below them: what fewer captions ask for is dearer."""

    def votes(side: Side) -> float:
        return sum(1.0 / (pair.cost + 0.2) for pair in pairs if pair.side is side)

    wrong = Side.ABOVE if votes(Side.BELOW) >= votes(Side.ABOVE) else Side.BELOW
    return [_Pair(p.cost + _WRONG_SIDE, p.caption, p.room, p.side) if p.side is wrong else p for p in pairs]


def _paired(pairs: list[_Pair]) -> dict[int, tuple[int, Side]]:
    chosen: dict[int, tuple[int, Side]] = {}
    rooms: set[int] = set()
    for pair in sorted(pairs, key=lambda p: p.cost):
        if pair.caption not in chosen and pair.room not in rooms:
            chosen[pair.caption] = pair.room, pair.side
            rooms.add(pair.room)
    return chosen


def _whole(room: _Room, caption: Caption, rooms: list[_Room]) -> Box:
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


def _gap(caption: Caption, page: Page) -> Box | None:
    """From the caption to the next printed word or box on its line and the free space below, where nothing is drawn to write on."""
    box = caption.box
    stops = [w.box.left for w in page.words if w.box.on_row_of(box) and w.box.left >= box.right - 0.002]
    stops += [c.box.left for c in page.check_boxes if c.box.on_row_of(box) and c.box.left > box.right]
    stops += [r.box.left for r in page.rules if not r.horizontal and r.box.left > box.right and r.box.top < box.y < r.box.bottom]
    right = min(stops, default=_MARGIN)
    pad = 0.45 * box.height
    if right - box.right <= _ROOM:
        return None
    below = Box.clipped(box.left, box.bottom, right, box.bottom + _GAP_HEIGHTS * box.height)
    drawn = (*(w.box for w in page.words), *(c.box for c in page.check_boxes), *(r.box for r in page.rules if r.horizontal))
    floor = min(
        (d.top for d in drawn if d.top > box.bottom and d.top < below.bottom and d.x_overlap(below) > 0), default=below.bottom
    )
    if floor - box.bottom < box.height:
        return Box.clipped(box.right, box.top - pad, right, box.bottom + pad)
    return Box.clipped(box.left, box.top - pad, right, floor)
