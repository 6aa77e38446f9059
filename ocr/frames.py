"""The drawn check-boxes of a page: squares and circles."""

from __future__ import annotations

import numpy as np

from ocr.circles import circle_frames
from ocr.images import Mask
from ocr.marks import PixelRect
from ocr.pieces import pieces_of
from ocr.siblings import with_siblings
from ocr.squares import is_small, square_frames, without_letters

_BOTH_SIDES = 2
_LINE_PX = 5


def box_frames(ink: Mask, dpi: float, noise: float) -> list[PixelRect]:
    """Squares and circles of the size of a letter that stand free of words; ``noise`` is the page's share of specks."""
    pieces = pieces_of(ink)
    squares = square_frames(ink, pieces, dpi, noise)
    # What stands side by side is one field with a cell for each character: letters stand in it, and no box looks like its cells.
    inner = [square for square in squares if sum(_touch(square, other) for other in squares) == _BOTH_SIDES]
    cells = [square for square in squares if any(square is one or _touch(square, one) for one in inner)]
    seeds = without_letters(ink, [square for square in squares if square not in cells], noise)
    # Letters are as large as the boxes of small print: what looks like those is no box.
    small = [seed for seed in seeds if is_small(seed, dpi)]
    others = [seed for seed in seeds if seed not in small]
    found = [*cells, *small, *without_letters(ink, with_siblings(ink, others), noise)]
    for rect in circle_frames(ink, pieces, dpi, noise):
        if not any(rect.overlaps(other) for other in found):
            found.append(rect)
    return _without_bullets(ink, found)


def _touch(one: PixelRect, other: PixelRect) -> bool:
    """Whether two squares stand side by side with one line between them."""
    left, right = (one, other) if one.x < other.x else (other, one)
    return abs(left.x + left.w - right.x) <= _LINE_PX and abs(one.y - other.y) <= _LINE_PX and abs(one.h - other.h) <= _LINE_PX


def _without_bullets(ink: Mask, rects: list[PixelRect]) -> list[PixelRect]:
    """A black square is a filled check-box only where there are open ones of its size to choose from."""
    open_sizes = [rect.w for rect in rects if not _is_solid(ink, rect)]
    return [rect for rect in rects if not _is_solid(ink, rect) or any(abs(size - rect.w) <= 0.25 * size for size in open_sizes)]


def _is_solid(ink: Mask, rect: PixelRect) -> bool:
    return float(np.mean(rect.seen(ink))) > 0.93
