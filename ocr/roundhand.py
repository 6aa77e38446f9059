"""Round letters, such as the 0 of a handwritten date, which look like circles to tick."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.images import Mask
from ocr.marks import PixelRect
from ocr.pieces import pieces_of

_ALIKE_PX = 2
# All in sizes of the ring: how far letters beside it are looked at, how wide one is at least, how much of the ring's height stands
# beside it, how much higher one of the same hand is at least and at most, and how near to the ring's its base line is.
_REACH, _AROUND = 1.2, 1.2
_NARROWEST, _BESIDE = 0.25, 0.6
_TALLER, _TALLEST, _ON_LINE = 1.15, 2.5, 0.06
# How long a stroke is a printed line.
_LEVEL, _UPRIGHT = 2.0, 1.7


def without_written(ink: Mask, rings: list[PixelRect]) -> list[PixelRect]:
    """The rings that are no letters.

    A hand sets a 0 or an o smaller than the letters beside it; a circle to tick is as high as the capitals of its label, or higher.
    In wide print the letters on both sides of an o stand on its base line; a circle reaches below that of its label.
    Where half of the rings of one size are letters, the others are too: some of them stand alone, or touch a line.
    """
    written = [ring for ring in rings if _is_letter(ink, ring)]
    kept = []
    for ring in rings:
        alike = [other for other in rings if abs(ring.w - other.w) <= _ALIKE_PX and abs(ring.h - other.h) <= _ALIKE_PX]
        if ring not in written and 2 * sum(other in written for other in alike) < len(alike):
            kept.append(ring)
    return kept


def _is_letter(ink: Mask, ring: PixelRect) -> bool:
    slack = max(1, round(_ON_LINE * ring.h))
    beside = list(_letters_beside(ink, ring))
    level = {side for side, piece in beside if abs(piece.y + piece.h - ring.y - ring.h) <= slack and piece.h <= ring.h + slack}
    return len(level) > 1 or any(_TALLER * ring.h <= piece.h <= _TALLEST * ring.h for _, piece in beside)


def _letters_beside(ink: Mask, ring: PixelRect) -> Iterator[tuple[int, PixelRect]]:
    """What stands on either side (-1 and 1) as close as the next letter of a word or a number, printed lines left out."""
    left, top = max(0, ring.x - 3 * ring.w), max(0, ring.y - round(_AROUND * ring.h))
    view = ink[top : ring.y + ring.h + round(_AROUND * ring.h), left : ring.x + 4 * ring.w]
    level = cv2.morphologyEx(view, cv2.MORPH_OPEN, np.ones((1, round(_LEVEL * ring.w)), np.uint8))
    upright = cv2.morphologyEx(view, cv2.MORPH_OPEN, np.ones((round(_UPRIGHT * ring.h), 1), np.uint8))
    letters = np.asarray(cv2.subtract(cv2.subtract(view, level), upright), dtype=np.uint8)
    for x, y, w, h in pieces_of(letters).rects:
        piece = PixelRect(left + x, top + y, w, h)
        before, after = ring.x - piece.x - w, piece.x - ring.x - ring.w
        shared = min(piece.y + h, ring.y + ring.h) - max(piece.y, ring.y)
        if 0 <= max(before, after) <= _REACH * ring.w and w >= _NARROWEST * ring.w and shared >= _BESIDE * ring.h:
            yield (1 if after > before else -1), piece
