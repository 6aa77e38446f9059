"""Places in a row that letters or numbers mark: "Diagnosis A", then "B", "C" and "D"; or "1)", "2)" and "3)" below a title."""

from __future__ import annotations

import itertools
import re

from extraction.labels import Label
from extraction.lines import lines_from
from extraction.slot import Direction, Slot
from extraction.slots import SlotFinder
from models.geometry import Box
from models.page import Word

_FIRST = re.compile(r"(?:^|[\s(])[A1][.):]*$")
_NEXT = re.compile(r"[(]?[B-L2-9][.):]*")
_MARK = re.compile(r"[(]?[1-9][.):]+")
_BELOW = 3.5
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


def numbered_places(title: Label, finder: SlotFinder) -> tuple[Slot, ...]:
    """The filled places behind "1)", "2)" and so on in the line below a title, left to right; none where the line has no "1)"."""
    box = title.box
    area = Box.clipped(box.left - _TOUCHING, box.bottom, 1.0, box.bottom + _BELOW * box.height)
    line = next((each.words for each in lines_from(finder.words_in(area))), ())
    marks = [n for n, word in enumerate(line) if _MARK.fullmatch(word.text)]
    if marks[:1] != [0] or not line[0].text.strip("().").startswith("1"):
        return ()
    parts = [line[start + 1 : end] for start, end in itertools.pairwise((*marks, len(line)))]
    return tuple(Slot(Direction.RIGHT, Box.around(w.box for w in part), part) for part in parts if part)


def _is_behind(cell: Box, first: Box) -> bool:
    return cell.left >= first.right - _TOUCHING and cell.y_overlap(first) > _SAME_ROW * max(cell.height, first.height)


def _without_letter(words: tuple[Word, ...]) -> tuple[Word, ...]:
    return words[1:] if words and _NEXT.fullmatch(words[0].text) else words
