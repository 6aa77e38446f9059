"""The drawn check-boxes of a page: squares and circles."""

from __future__ import annotations

import numpy as np

from ocr.circles import circle_frames
from ocr.images import Mask
from ocr.marks import PixelRect, square_frames, without_letters
from ocr.pieces import pieces_of
from ocr.siblings import with_siblings


def box_frames(ink: Mask, dpi: float, noise: float) -> list[PixelRect]:
    """Squares and circles of the size of a letter that stand free of words; ``noise`` is the page's share of specks."""
    pieces = pieces_of(ink)
    seeds = without_letters(ink, square_frames(ink, pieces, dpi, noise), noise)
    found = without_letters(ink, with_siblings(ink, seeds, dpi), noise)
    for rect in circle_frames(ink, pieces, dpi, noise):
        if not any(rect.overlaps(other) for other in found):
            found.append(rect)
    return _without_bullets(ink, found)


def _without_bullets(ink: Mask, rects: list[PixelRect]) -> list[PixelRect]:
    """A black square is a filled check-box only where there are open ones of its size to choose from."""
    open_sizes = [rect.w for rect in rects if not _is_solid(ink, rect)]
    return [rect for rect in rects if not _is_solid(ink, rect) or any(abs(size - rect.w) <= 0.25 * size for size in open_sizes)]


def _is_solid(ink: Mask, rect: PixelRect) -> bool:
    return float(np.mean(rect.seen(ink))) > 0.93
