"""Where a blank leaves room for the value of a label."""

from __future__ import annotations

from extraction.labels import Label
from extraction.slots import Direction, SlotFinder
from models.geometry import Box
from models.page import Page

_DRAWN = frozenset({Direction.NEXT_CELL, Direction.BOX_BELOW, Direction.BOX_ABOVE})
_ROOM = 0.06
_LINE_HEIGHTS = 0.45
_TITLE_HEIGHTS = 1.9
_SAME = 0.6


def place_of(label: Label, finder: SlotFinder, page: Page) -> Box | None:
    """The cell, box, line or gap that belongs to the label; ``None`` where there is no room."""
    cell = finder.cell_of(label.box)
    slots = finder.slots(label)
    if cell is not None:
        areas = [slot.area for slot in slots]
        return None if not areas else (areas[0] if slots[0].direction is Direction.NEXT_CELL else Box.around(areas))
    drawn = next((slot for slot in slots if slot.direction in _DRAWN), None)
    if drawn is not None:
        return drawn.area
    if slots and slots[0].direction in (Direction.RIGHT, Direction.ABOVE):
        return slots[0].area
    right = _right_of(label, page)
    if right is not None and (label.colon or right.width > _ROOM):
        return right
    return slots[0].area if slots else None


def has_place(label: Label, finder: SlotFinder, page: Page) -> bool:
    """Whether the blank draws a place for the label's value, so that it is no title."""
    slots = finder.slots(label)
    if not slots:
        return False
    cell = finder.cell_of(label.box)
    first = slots[0].direction
    if first in _DRAWN:
        return True
    if any(label.box.inside_share(shade) > _SAME for shade in page.shades):
        return False
    if cell is not None:
        return label.colon or cell.height > _TITLE_HEIGHTS * label.box.height
    return first in (Direction.RIGHT, Direction.ABOVE) or (label.colon and label.attribute is not None)


def _right_of(label: Label, page: Page) -> Box | None:
    """From the label to the next printed word or box on its line."""
    box = label.box
    pad = _LINE_HEIGHTS * box.height
    own = {id(word) for word in label.words}
    stops = [w.box.left for w in page.words if id(w) not in own and w.box.on_row_of(box) and w.box.left >= box.right - 0.002]
    stops += [c.box.left for c in page.check_boxes if c.box.on_row_of(box) and c.box.left > box.right]
    right = min(stops, default=0.97)
    return Box.clipped(box.right, box.top - pad, right, box.bottom + pad) if right - box.right > 0.01 else None
