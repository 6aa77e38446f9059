"""Where the value of a label may stand.

A slot is an area of the page that belongs to one label: the rest of its cell, the cell to its right, the box or line below,
the words behind it, or the line above a caption. Slots are found by printed structure first; where the structure is plain (a
cell, a box, a line to write on), an empty slot means that the field is blank, and no further place is searched.
"""

from __future__ import annotations

from extraction.cells import runs_on, value_cells, with_boxes_beside
from extraction.labels import Label
from extraction.labelsigns import before_unknown_label
from extraction.lines import lines_from
from extraction.neighbours import Neighbours
from extraction.slot import Direction, Slot
from models.geometry import Box
from models.page import Page, Word

_BELOW_HEIGHTS, _BELOW_LEAST = 2.6, 0.017
_BOX_GAP_HEIGHTS = 1.4
_ON_ROW = 0.5
_MAX_RIGHT_GAP = 0.32
_MAX_GAP_NO_COLON = 0.2
_CAPTION_HEIGHTS, _CAPTION_EDGE = 2.2, 0.012
_SMALLEST_FIELD = 0.04
_SIDE = 0.006
_BOX_BEHIND = 0.03
_LISTS = frozenset({"dx_code", "proc_code", "code"})


class SlotFinder:
    """Finds the slots of the labels of one page.

    ``captions_below`` says that the form prints its captions under the lines and boxes to fill in; which way a form does it
    is told by where the values fit, not by one label.
    """

    def __init__(self, page: Page, labels: tuple[Label, ...], captions_below: bool = False, printed: tuple[Word, ...] = ()) -> None:
        """``printed`` are words known to be no values, such as the names of check-boxes."""
        self._captions_below = captions_below
        taken = {id(word) for label in labels for word in label.words} | {id(word) for word in printed}
        self._free = tuple(word for word in page.words if id(word) not in taken)
        self._page = page
        self._beside = Neighbours(page, labels)
        # Asked for again and again; the label is kept beside its slots so that its id stays its own.
        self._found: dict[int, tuple[Label, tuple[Slot, ...]]] = {}
        self._labels = labels
        self._cells = value_cells(page)
        self._without_caption = tuple(c for c in self._cells if not any(c.holds(o.box.x, o.box.y) for o in labels))

    @property
    def captions_below(self) -> bool:
        """Whether the form is taken to print its captions under their fields."""
        return self._captions_below

    @property
    def free_words(self) -> tuple[Word, ...]:
        """The words that belong to no label."""
        return self._free

    def all_words_in(self, area: Box) -> tuple[Word, ...]:
        """All words whose middle lies in the area, labels too: in the body of a table nothing is a label."""
        inside = tuple(word for word in self._page.words if area.holds(word.box.x, word.box.y))
        return tuple(word for line in lines_from(inside) for word in line.words)

    @property
    def cells(self) -> tuple[Box, ...]:
        """The printed cells and form fields that are small enough to hold one value."""
        return self._cells

    def cell_of(self, box: Box) -> Box | None:
        """The smallest cell that holds the middle of the box."""
        return self.cell_at(box.x, box.y)

    def cell_at(self, x: float, y: float) -> Box | None:
        """The smallest cell that holds the point."""
        return min((c for c in self._cells if c.holds(x, y)), key=lambda c: c.area, default=None)

    def give(self, label: Label, slot: Slot) -> None:
        """Say where the value of a label stands that a table of its own has settled."""
        self._found[id(label)] = (label, (slot,))

    def has_caption(self, cell: Box) -> bool:
        """Whether a label stands in the upper left corner of the cell."""
        inside = [label.box for label in self._labels if cell.holds(label.box.x, label.box.y)]
        return any(box.left - cell.left < _SMALLEST_FIELD and box.top - cell.top < box.height for box in inside)

    def heads_fields(self, cell: Box) -> bool:
        """Whether the cell stands over one that begins with a label: it is a title beside another, and no value."""
        below = [c for c in self._cells if abs(c.top - cell.bottom) < _SIDE and abs(c.left - cell.left) < _SIDE]
        return any(self.has_caption(c) and abs(c.right - cell.right) < _SIDE for c in below)

    def labels_in(self, area: Box) -> tuple[Label, ...]:
        """The labels whose middle lies in the area."""
        return tuple(label for label in self._labels if area.holds(label.box.x, label.box.y))

    def filled(self, label: Label) -> Slot | None:
        """The first slot of the label with words in it."""
        return next((slot for slot in self.slots(label) if slot.words), None)

    def slots(self, label: Label) -> tuple[Slot, ...]:
        """The slots of the label, most certain first; the first one is decisive where it is a printed field."""
        if id(label) not in self._found:
            self._found[id(label)] = (label, self._find(label))
        return self._found[id(label)][1]

    def _find(self, label: Label) -> tuple[Slot, ...]:
        cell = self.cell_of(label.box)
        if cell is not None:
            found = self._in_cell(label, cell)
            # The # of "NPI #", read as a word of its own, is no value.
            if any(word.text != "#" for slot in found for word in slot.words):
                return found
            beside = self._beside_end(cell, label)
            if beside is None or not beside.words:
                beside = self._under_caption(cell, label) or self._behind_cell(cell, label) or beside
            return found if beside is None else (beside, *found)
        return self._open_slots(label)

    def _in_cell(self, label: Label, cell: Box) -> tuple[Slot, ...]:
        right = self._area_right(label, cell)
        below = self._area_below(label, cell)
        under = self.words_in(below) if below is not None else ()
        # A line that begins under the label is a line of its own, however close it runs to the label's height.
        begun = [word.box for word in under if word.box.left < label.box.right]
        slots = [Slot(Direction.IN_CELL, below, under)] if below is not None else []
        if right is not None:
            words = tuple(word for word in self.words_in(right) if not any(word.box.on_row_of(box) for box in begun))
            more = under if runs_on(words, under, cell, label.box.left - cell.left) else ()
            slots.insert(0, Slot(Direction.IN_CELL, right, (*words, *more)))
        return tuple(sorted(slots, key=lambda slot: not slot.words))

    def _beside_end(self, cell: Box, label: Label) -> Slot | None:
        """The cell to the right, where no other label stands behind the label, or below it at the height of that cell."""
        inside = [o.box for o in self._labels if o is not label and cell.holds(o.box.x, o.box.y)]
        behind = any(box.left > label.box.left for box in inside if box.top <= label.box.bottom)
        beside = None if behind else self._next_cell(cell, label)
        below = [box.y for box in inside if box.top > label.box.bottom]
        return None if beside is None or any(beside.area.top <= y <= beside.area.bottom for y in below) else beside

    def _under_caption(self, cell: Box, label: Label) -> Slot | None:
        """What stands below or above a cell that has room for captions alone, such as the strip between two rows of boxes."""
        if cell.height > _CAPTION_HEIGHTS * label.box.height:
            return None
        box = self._box(label, Direction.BOX_ABOVE if self._captions_below else Direction.BOX_BELOW)
        area = None if self._captions_below or box is not None else self._area_below(label, None)
        slot = Slot(Direction.BELOW, area, self.words_in(area)) if area is not None else box
        return slot if slot is not None and slot.words else None

    def _next_cell(self, cell: Box, label: Label) -> Slot | None:
        beside = [
            c
            for c in self._cells
            if c.left >= cell.right - 0.01 and c.left - cell.right < 0.02 and c.y_overlap(cell) > 0.6 * min(c.height, cell.height)
        ]
        if not beside:
            return None
        area = min(beside, key=lambda c: (not c.top <= label.box.y <= c.bottom, c.left, c.area))
        within = [other.box.left for other in self._labels if area.holds(other.box.x, other.box.y)]
        if within and min(within) - area.left < _SMALLEST_FIELD:
            return None
        area = Box.clipped(area.left, area.top, min((*within, area.right)), area.bottom)
        return Slot(Direction.NEXT_CELL, area, self.words_in(area))

    def _behind_cell(self, cell: Box, label: Label) -> Slot | None:
        """What stands right behind a cell that its caption fills: noise has broken the box that it belongs to."""
        right = self._area_right(label, None) if cell.right - label.box.right < _SMALLEST_FIELD else None
        if right is None or right.right <= cell.right:
            return None
        area = Box.clipped(cell.right, right.top, right.right, right.bottom)
        words = self._near_words(label, area)
        boxed = not words or words[0].box.left - cell.right > _BOX_BEHIND or self.cell_of(words[0].box) is not None
        return None if boxed else Slot(Direction.RIGHT, area, words)

    def _open_slots(self, label: Label) -> tuple[Slot, ...]:
        right = self._area_right(label, None)
        beside = () if right is None else (Slot(Direction.RIGHT, right, self._near_words(label, right)),)
        if beside and not beside[0].words and self._beside.has_line(label) and not self._beside.has_box_edge_below(label):
            return beside
        behind = self._box(label, Direction.NEXT_CELL)
        found = tuple(slot for slot in (behind, *self._below_and_above(label)) if slot is not None)
        if behind is not None and not behind.words:
            # Fields stand behind their captions here: a box that stands so behind another caption is that one's.
            found = tuple(slot for slot in found if slot is behind or not self._is_of_other(slot, label))
        if beside and beside[0].words:
            return (*beside, *found)
        return found or beside

    def _near_words(self, label: Label, area: Box) -> tuple[Word, ...]:
        """The words in the area, unless the first is too far off to belong to the label."""
        beside = tuple(word for word in self.words_in(area) if self._is_beside(word, label))
        words = self._beside.behind_caption(label, before_unknown_label(beside))
        limit = _MAX_RIGHT_GAP if label.colon or self._beside.in_value_column(words) else _MAX_GAP_NO_COLON
        near = words and min(word.box.left for word in words) - label.box.right <= limit
        return () if not near else words if label.attribute in _LISTS else self._beside.on_its_line(words)

    def _is_beside(self, word: Word, label: Label) -> bool:
        if self._in_box_below(word, label) or self._beside.is_on_line_over(word.box, label) or self._is_past_box_below(word, label):
            return False
        # Where captions stand below their values, a page that leans brings the writing over a caption down to its height.
        least = _ON_ROW * min(word.box.height, label.box.height)
        return not self._captions_below or word.box.y_overlap(label.box) > least

    def _in_box_below(self, word: Word, label: Label) -> bool:
        return (cell := self.cell_of(word.box)) is not None and cell.top > label.box.y

    def _is_of_other(self, slot: Slot, label: Label) -> bool:
        """Whether the slot, or the box that its words stand in, begins right behind another label."""
        boxes = (slot.area, *(cell for word in slot.words if (cell := self.cell_of(word.box)) is not None))
        return any(self._beside.is_beside_label(box, label, colon=False) for box in boxes)

    def _is_past_box_below(self, word: Word, label: Label) -> bool:
        """Whether the label is the caption of a filled box that begins right under it, and the word stands past the end of that."""
        under = None if self._captions_below or label.colon else self._box(label, Direction.BOX_BELOW)
        headed = under is not None and under.words and abs(under.area.left - label.box.left) < _CAPTION_EDGE
        return bool(headed) and under is not None and word.box.left > under.area.right

    def _below_and_above(self, label: Label) -> tuple[Slot | None, ...]:
        above = self._beside.area_above(label, captions_below=self._captions_below)
        over = (
            self._box(label, Direction.BOX_ABOVE),
            Slot(Direction.ABOVE, above, self.words_in(above)) if above is not None else None,
        )
        if self._captions_below and (over[0] is not None or self._beside.line_over(label)):
            return over
        under_box = self._box(label, Direction.BOX_BELOW)
        area = self._area_below(label, None)
        under = (under_box, Slot(Direction.BELOW, area, self.words_in(area)) if area is not None else None)
        if self._captions_below:
            return (*over, *under)
        spoken_for = over[1] is not None and self._beside.is_spoken_for(over[1].words)
        return under if under_box is not None or spoken_for else (*under, *over[1:])

    def _box(self, label: Label, direction: Direction) -> Slot | None:
        """The box without a caption of its own that begins right of the label, right below it or right above it."""
        near = [c for c in self._without_caption if self._is_near(c, label, direction, label.box.height)]
        if not near:
            return None
        first = min(near, key=lambda c: (abs(c.y - label.box.y), abs(c.left - label.box.left), c.area))
        if direction is not Direction.NEXT_CELL:
            first = self._beside.own_part(first, label)
        area = with_boxes_beside(first, self._cells, self._beside.next_label_left(label))
        return Slot(direction, area, self.words_in(area))

    def _is_near(self, cell: Box, label: Label, direction: Direction, height: float) -> bool:
        box = label.box
        if direction is Direction.NEXT_CELL:
            limit = self._beside.next_label_left(label)
            return box.right - 0.005 <= cell.left < min(limit, box.right + _MAX_RIGHT_GAP) and cell.top <= box.y <= cell.bottom
        gap = cell.top - box.bottom if direction is Direction.BOX_BELOW else box.top - cell.bottom
        close = -0.4 * height <= gap <= _BOX_GAP_HEIGHTS * height and cell.left - 0.02 <= box.left <= cell.right
        return close and not self._beside.label_between(label, cell) and not self._beside.is_beside_label(cell, label)

    def _area_right(self, label: Label, cell: Box | None) -> Box | None:
        box = label.box
        limit = min(self._beside.next_label_left(label), cell.right if cell else 1.0)
        if cell is None:
            limit = min(limit, self._stop_behind(box))
        if limit - box.right < 0.005:
            return None
        pad = 0.45 * box.height
        top = max(box.top - pad, cell.top) if cell else box.top - pad
        bottom = min(box.bottom + pad, cell.bottom) if cell else box.bottom + pad
        return Box.clipped(box.right, top, limit, bottom) if bottom > top else None

    def _stop_behind(self, box: Box) -> float:
        """Where an upright line ends what stands behind the box; the left side of a box that begins there opens it instead."""
        stop = self._beside.vertical_stop(box)
        opened = [c.right for c in self._cells if abs(c.left - stop) < _SIDE and c.top <= box.y <= c.bottom]
        return min(opened, default=stop) if stop - box.right < _BOX_BEHIND else stop

    def _area_below(self, label: Label, cell: Box | None) -> Box | None:
        box = label.box
        left = cell.left if cell and not self._beside.left_label(label, cell) else box.left - 0.008
        right = min(self._beside.next_label_left(label), cell.right if cell else 1.0)
        bottom = cell.bottom if cell else min(1.0, box.bottom + max(_BELOW_HEIGHTS * box.height, _BELOW_LEAST))
        for other in self._labels:
            if other is label or other.box.top < box.bottom - 0.3 * box.height:
                continue
            if cell is not None and label.attribute in _LISTS and self._stands_behind_value(other, cell):
                right = min(right, other.box.left)  # "a. 72148  qty 1": one line holds both
            elif other.box.left < right and other.box.right > left:
                bottom = min(bottom, other.box.top)
        return Box.clipped(left, box.bottom, right, bottom) if bottom - box.bottom > 0.3 * box.height else None

    def _stands_behind_value(self, label: Label, cell: Box) -> bool:
        """Whether a number stands before the label in its line of the cell."""
        before = self.words_in(Box.clipped(cell.left, label.box.top, label.box.left, label.box.bottom))
        return cell.holds(label.box.x, label.box.y) and any(sum(c.isdigit() for c in word.text) > 1 for word in before)

    def words_in(self, area: Box) -> tuple[Word, ...]:
        """The free words whose middle lies in the area, in reading order."""
        inside = tuple(word for word in self._free if area.holds(word.box.x, word.box.y))
        return tuple(word for line in lines_from(inside) for word in line.words)
