"""Round letters of a hand, such as the 0 of a date, which look like circles to tick."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Mask
from ocr.marks import PixelRect
from ocr.pieces import pieces_of

_ALIKE_PX = 2
# All in sizes of the ring: how far letters beside it are looked at, how much higher than it one of its own hand is at least and
# at most (a wall of a cell is higher), how much of its height stands beside the ring, and how long a stroke is a printed line.
_REACH, _AROUND = 1.2, 1.2
_NARROWEST = 0.25
_TALLER, _TALLEST, _BESIDE = 1.15, 2.5, 0.6
_LEVEL, _UPRIGHT = 2.0, 1.7


def without_written(ink: Mask, rings: list[PixelRect]) -> list[PixelRect]:
    """The rings that are no letters of a hand.

    A hand sets a 0 or an o smaller than the letters beside it; a circle to tick is as high as the capitals of its label, or higher.
    Where half of the rings of one size are such letters, the others are too: some of them stand alone, or touch a line.
    """
    written = [ring for ring in rings if _has_taller_beside(ink, ring)]
    kept = []
    for ring in rings:
        alike = [other for other in rings if abs(ring.w - other.w) <= _ALIKE_PX and abs(ring.h - other.h) <= _ALIKE_PX]
        if ring not in written and 2 * sum(other in written for other in alike) < len(alike):
            kept.append(ring)
    return kept


def _has_taller_beside(ink: Mask, ring: PixelRect) -> bool:
    """Whether something higher than the ring, and no line, stands as close to it as the next letter of a word or a number."""
    left, top = max(0, ring.x - 3 * ring.w), max(0, ring.y - round(_AROUND * ring.h))
    view = ink[top : ring.y + ring.h + round(_AROUND * ring.h), left : ring.x + 4 * ring.w]
    level = cv2.morphologyEx(view, cv2.MORPH_OPEN, np.ones((1, round(_LEVEL * ring.w)), np.uint8))
    upright = cv2.morphologyEx(view, cv2.MORPH_OPEN, np.ones((round(_UPRIGHT * ring.h), 1), np.uint8))
    letters = cv2.subtract(cv2.subtract(view, level), upright)
    ringed_x, ringed_y = ring.x - left, ring.y - top
    for x, y, w, h in pieces_of(np.asarray(letters, dtype=np.uint8)).rects:
        gap = max(x - ringed_x - ring.w, ringed_x - x - w)
        beside = min(y + h, ringed_y + ring.h) - max(y, ringed_y)
        near = 0 <= gap <= _REACH * ring.w and beside >= _BESIDE * ring.h
        if near and w >= _NARROWEST * ring.w and _TALLER * ring.h <= h <= _TALLEST * ring.h:
            return True
    return False
