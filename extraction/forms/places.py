"""Where a blank leaves room for values, and which printed words each place belongs to.

On a blank every empty cell, every box and every line to write on is a place, and every printed run of words may be its caption.
They are paired by how near they are and on which side, nearest first, so that a caption that nobody knows takes its own place and
not that of its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass

from extraction.forms.captions import Caption, captions_of, is_shaded
from extraction.forms.pairing import Side, paired, pairs_of, with_one_side
from extraction.forms.rooms import asks_inside, own_cell, parted, rooms_of, whole
from extraction.labels import Label
from extraction.slots import SlotFinder
from extraction.tables import Table
from models.geometry import Box
from models.page import CheckBox, Page

_ROOM = 0.06
_WIDE_GAP = 0.12
_WORD_GAP = 0.025
_EDGE = 0.004
_MARGIN = 0.97
_GAP_HEIGHTS = 2.2


@dataclass(frozen=True, slots=True)
class Place:
    """A place to fill in, and its caption."""

    caption: Caption
    box: Box
    side: Side


def places_of(page: Page, labels: tuple[Label, ...], tables: tuple[Table, ...], boxes: tuple[CheckBox, ...]) -> tuple[Place, ...]:
    """The places of a blank page, tables left out.

    Args:
        page: the blank.
        labels: the labels that the general reader knows.
        tables: its tables.
        boxes: check-boxes that are options of ours; a cell that holds one is no place to write in.
    """
    captions = captions_of(page, labels, tables)
    finder = SlotFinder(page, labels)
    known = [label for label in labels if label.attribute is not None]
    with_colons = 2 * sum(label.colon for label in known) > len(known)
    asking = {n for n, c in enumerate(captions) if c.colon or (not with_colons and asks_inside(c, finder))}
    inside = {
        n: area for n, c in enumerate(captions) if (area := own_cell(c, n in asking, finder, captions, page, boxes)) is not None
    }
    rooms = [part for room in rooms_of(page, finder, tables, boxes) for part in parted(room, captions)]
    pairs = [pair for n, c in enumerate(captions) if n not in inside for pair in pairs_of(n, c, rooms, finder, captions)]
    titles = {n for n, c in enumerate(captions) if is_shaded(c.box, page)}
    pairs = [pair for pair in pairs if pair.side is Side.RIGHT or pair.caption not in titles]
    chosen = paired(with_one_side(pairs))
    found = [Place(captions[n], area, Side.INSIDE) for n, area in inside.items()]
    found += [Place(captions[n], whole(rooms[room], captions[n], rooms), side) for n, (room, side) in chosen.items()]
    found += [Place(caption, other.box, other.side) for caption in captions for other in found if _shares(caption, other)]
    for n, caption in enumerate(captions):
        gap = None if n in inside or n in chosen or caption.label is None else _gap(caption, page)
        if gap is not None and n not in titles and (caption.colon or gap.width > _WIDE_GAP):
            found.append(Place(caption, gap, Side.GAP))
    return tuple(found)


def _shares(caption: Caption, place: Place) -> bool:
    """Whether a caption goes on in the next one ("ICD code & description:"), whose place is to the right of both."""
    box, other = caption.box, place.caption.box
    beside = -_EDGE < other.left - box.right < _WORD_GAP and other.on_row_of(box)
    return beside and place.side is Side.RIGHT and caption.label is not None and not caption.colon


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
