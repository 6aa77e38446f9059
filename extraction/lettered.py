"""Boxes in a row of which only the first has a caption in words: "Diagnosis A", then "B", "C" and "D"; or 1 to 4."""

from __future__ import annotations

import re

from extraction.labels import Label
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Word

_FIRST = re.compile(r"(?:^|[\s(])[A1][.):]*$")
_NEXT = re.compile(r"[(]?[B-L2-9][.):]*")
_SAME_ROW = 0.8
_TOUCHING = 0.01


def lettered_boxes(label: Label, finder: SlotFinder) -> tuple[Slot, ...]:
    """The filled boxes behind the one of a label that ends with the first letter or number of a row.

    Args:
        label: stands in the first box.
        finder: the page's slots.

    Returns:
        Their places left to right, without the letters before their values. A box with a caption of its own ends the row.
    """
    cell = finder.cell_of(label.box)
    if cell is None or not _FIRST.search(label.text):
        return ()
    row = sorted((c for c in finder.cells if _is_behind(c, cell)), key=lambda c: c.left)
    captioned = next((n for n, c in enumerate(row) if finder.has_caption(c)), len(row))
    places = [Slot(Direction.NEXT_CELL, c, _without_letter(finder.words_in(c))) for c in row[:captioned]]
    return tuple(place for place in places if place.words)


def _is_behind(cell: Box, first: Box) -> bool:
    return cell.left >= first.right - _TOUCHING and cell.y_overlap(first) > _SAME_ROW * max(cell.height, first.height)


def _without_letter(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return words[1:] if words and _NEXT.fullmatch(words[0].text) else words
