"""Which caption a room belongs to: the nearest one on the side where the form has its captions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from extraction.forms.captions import Caption
from extraction.forms.rooms import Room
from extraction.slots import SlotFinder
from models.geometry import Box

_FAR = 0.3
_NEAR_HEIGHTS = 1.6
_LINE_GAP = 0.035
_EDGE = 0.004
_WRONG_SIDE = 3.0


class Side(StrEnum):
    """Where a place lies, seen from its caption."""

    INSIDE = "inside"
    RIGHT = "right"
    BELOW = "below"
    ABOVE = "above"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Pair:
    """A caption and a room by their numbers; ``cost`` is the less the surer they belong together."""

    cost: float
    caption: int
    room: int
    side: Side


def pairs_of(n: int, caption: Caption, rooms: list[Room], finder: SlotFinder, captions: list[Caption]) -> list[Pair]:
    """The rooms that may belong to a caption."""
    cell = finder.cell_of(caption.box)
    frame = caption.box if cell is None else cell
    found = []
    for number, room in enumerate(rooms):
        for side, cost in (_line_costs if room.line else _cell_costs)(caption.box, frame, room.box):
            if not _between(caption, room.box, side, captions):
                found.append(Pair(cost, n, number, side))
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


def with_one_side(pairs: list[Pair]) -> list[Pair]:
    """A form has its captions above its boxes or below them: what fewer captions ask for is dearer."""

    def votes(side: Side) -> float:
        return sum(1.0 / (pair.cost + 0.2) for pair in pairs if pair.side is side)

    wrong = Side.ABOVE if votes(Side.BELOW) >= votes(Side.ABOVE) else Side.BELOW
    return [Pair(p.cost + _WRONG_SIDE, p.caption, p.room, p.side) if p.side is wrong else p for p in pairs]


def paired(pairs: list[Pair]) -> dict[int, tuple[int, Side]]:
    """The room and its side for each caption, nearest first; a room has one caption."""
    chosen: dict[int, tuple[int, Side]] = {}
    rooms: set[int] = set()
    for pair in sorted(pairs, key=lambda p: p.cost):
        if pair.caption not in chosen and pair.room not in rooms:
            chosen[pair.caption] = pair.room, pair.side
            rooms.add(pair.room)
    return chosen
