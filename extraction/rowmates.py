"""Filled fields outside tables, and which of them belong to one line: several codes may stand on one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extraction.slot import Slot
from models.geometry import Box

CODE_FIELDS = frozenset({"proc_code", "dx_code", "code"})
"""What asks for a code of either kind."""
# Labels whose middles differ by less of the page's height stand in one row.
_SAME_ROW = 0.008


@dataclass(frozen=True, slots=True)
class FilledField:
    """A place outside tables with words in it.

    ``row`` is the height at which its label stands, in page fractions; ``item`` the number of the line that the label names
    ("Units 2").
    """

    attribute: str
    row: float
    slot: Slot
    additional: bool
    item: int | None = None

    def is_with(self, other: FilledField) -> bool:
        """Whether both belong to one line: the same number, or the same row where one has none."""
        if self.item is not None and other.item is not None:
            return self.item == other.item
        return abs(self.row - other.row) < _SAME_ROW


def rowmates(code: FilledField, codes: Sequence[FilledField], fields: Sequence[FilledField]) -> list[FilledField]:
    """The fields that belong to the line of a code.

    Args:
        code: the code's field.
        codes: the fields of all codes of services.
        fields: all fields.
    """
    on_row = list({id(each.slot): each.slot.area for each in codes if abs(each.row - code.row) < _SAME_ROW}.values())
    mates = [field for field in fields if field.is_with(code)]
    others = [field.slot.area for field in mates if field.attribute not in CODE_FIELDS]
    several = {field.attribute for field in mates if sum(other.attribute == field.attribute for other in mates) > 1}
    # What the row asks for once is meant for all of its codes.
    return [
        field
        for field in mates
        if field.item is not None or field.attribute not in several or _stands_with(field.slot.area, code.slot.area, on_row, others)
    ]


def _stands_with(place: Box, code: Box, codes: Sequence[Box], others: Sequence[Box]) -> bool:
    """Whether a place belongs to one of the codes of its row: "CPT 1: ___ Qty: ___ CPT 2: ___ Qty: ___".

    Where the first of the ``others`` stands before the first code, each stands before its own.
    """
    if len(codes) < 2:
        return True
    first = min(box.left for box in codes)
    if any(box.right <= first for box in others):
        return code == min((box for box in codes if box.left >= place.left), key=lambda box: box.left, default=None)
    return code == max((box for box in codes if box.left <= place.left), key=lambda box: box.left, default=None)
