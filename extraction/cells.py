"""The printed cells of a page that can hold one value."""

from __future__ import annotations

from models.geometry import Box
from models.page import Page, Word

_MAX_CELL_AREA = 0.2
_MAX_CELL_HEIGHT = 0.2
# A cell narrower than this share of its height is the gap between two boxes.
_NARROWEST = 0.6
# Edges that are farther apart than this (a share of the page) are not the same printed line, nearer ones may be.
_APART = 0.003
_TOUCHING = 0.01
# A cell of which so much lies in a comb is one of its characters' cells.
_IN_COMB = 0.8
# A cell that holds so much of two fields of a fillable form was closed across the edges of their frames.
_ACROSS = 0.5
# Boxes so narrow and so close to each other hold one value together.
_BOXES_APART, _SMALL_BOX = 0.035, 0.08


def value_cells(page: Page) -> tuple[Box, ...]:
    """The printed cells, form fields and combs that are small enough to hold one value."""
    boxes = {(c.left, c.top, c.right, c.bottom): c for c in (*page.cells, *(f.box for f in page.fields))}
    small = [c for c in boxes.values() if c.area <= _MAX_CELL_AREA and c.height <= _MAX_CELL_HEIGHT and not _is_gap(c, page)]
    fields = [f.box for f in page.fields]
    small = [c for c in small if c in fields or sum(f.inside_share(c) > _ACROSS for f in fields) < 2]
    combs = [comb.box for comb in page.combs]
    whole = [c for c in small if not any(c.inside_share(comb) > _IN_COMB for comb in combs)]
    return (*(c for c in whole if not _spans_others(c, whole) and not _is_between(c, whole)), *combs)


def _is_gap(cell: Box, page: Page) -> bool:
    """Whether a cell is the gap between two boxes that stand side by side: too narrow for a character of its height."""
    return cell.width < _NARROWEST * cell.height * page.aspect


def _spans_others(cell: Box, cells: list[Box]) -> bool:
    """Whether a cell goes around two others: a row of boxes whose gaps were taken for breaks in one frame."""
    return sum(o is not cell and o.area < 0.8 * cell.area and o.inside_share(cell) > 0.85 for o in cells) >= 2


def _is_between(cell: Box, cells: list[Box]) -> bool:
    """Whether a cell is what lies between boxes side by side, closed by the edges of the boxes over and under them.

    It is higher than the boxes at both its sides, and none of them begins or ends where it does, as the cells of a table would.
    """
    left = [o for o in cells if o is not cell and abs(o.right - cell.left) < _TOUCHING and cell.top < o.y < cell.bottom]
    right = [o for o in cells if o is not cell and abs(o.left - cell.right) < _TOUCHING and cell.top < o.y < cell.bottom]
    beside = (*left, *right)
    if not left or not right:
        return False
    return min(o.top for o in beside) - cell.top > _APART and cell.bottom - max(o.bottom for o in beside) > _APART


def with_boxes_beside(first: Box, cells: tuple[Box, ...], limit: float) -> Box:
    """The box with small ones that follow it up to a limit: a date in three boxes, or a comb of single boxes, is one place."""
    area = first
    for cell in sorted(cells, key=lambda c: c.left):
        beside = -0.002 <= cell.left - area.right < _BOXES_APART and cell.right <= limit
        small = cell.width < _SMALL_BOX and first.width < _SMALL_BOX
        if beside and small and cell.y_overlap(first) > 0.7 * max(cell.height, first.height):
            area = Box.around((area, cell))
    return area


def runs_on(first: tuple[Word, ...], rest: tuple[Word, ...], cell: Box, margin: float) -> bool:
    """Whether a line beside a label goes on in the next line of its cell: the next word had no room behind it.

    Args:
        first: the words beside the label.
        rest: the words below them.
        cell: the cell around both.
        margin: what is left free at its sides, in page widths.
    """
    if not first or not rest:
        return False
    space = rest[0].box.width / max(1, len(rest[0].text))
    return first[-1].box.right + space + rest[0].box.width > cell.right - margin
