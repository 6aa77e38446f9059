"""Single letters and digits alone in a printed cell, such as a quantity, or in a loop drawn around them.

The detector of lines of text passes over some of them.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from models.geometry import Box
from ocr.engines.protocol import Engine, SeenWord, surety
from ocr.images import GreyImage, Mask
from ocr.layout import Layout
from ocr.marks import PixelRect
from ocr.pieces import pieces_of
from ocr.rings import inside_of, rings_around

# Sizes in inches: of a cell that may hold one value, of a letter, of what stands alone.
_WIDEST_CELL, _HIGHEST_CELL = 2.5, 0.6
_LOWEST_LETTER, _HIGHEST_LETTER, _NARROWEST_LETTER, _WIDEST = 0.065, 0.2, 0.02, 0.45
_EDGE, _GAP, _AROUND = 0.02, 0.05, 0.04
_SPECK = 0.03
_LEAST_SIDE = 8
_WHITE = 255
# What is less sure than this may be the end of a printed line, read as a 1.
_SURE = 0.97


def lonely_words(layout: Layout, seen: tuple[SeenWord, ...], engine: Engine) -> tuple[SeenWord, ...]:
    """What stands alone in cells in which no word was seen; only what is read for certain.

    Raises:
        EngineFailed: the engine failed on one of them.
    """
    spots = [*((spot, _crop(layout, spot)) for spot in _spots(layout, seen)), *_ringed(layout, seen)]
    if not spots:
        return ()
    found = []
    for (spot, _), words in zip(spots, engine.read_lines([crop for _, crop in spots], layout.cleaned.dpi), strict=True):
        if len(words) == 1 and surety(words) >= _SURE and words[0].text.isalnum():
            word = words[0]
            found.append(
                SeenWord(
                    word.text, spot.x + word.left, spot.y + word.top, spot.x + word.right, spot.y + word.bottom, word.confidence
                )
            )
    return tuple(found)


def _crop(layout: Layout, spot: PixelRect) -> GreyImage:
    return layout.cleaned.image[spot.y : spot.y + spot.h, spot.x : spot.x + spot.w]


def _ringed(layout: Layout, seen: tuple[SeenWord, ...]) -> Iterator[tuple[PixelRect, GreyImage]]:
    """Loops in which no word was seen, and what stands in each."""
    strokes = np.asarray(cv2.subtract(layout.ink, layout.masks.lines), dtype=np.uint8)
    for ring in rings_around(_middles(seen), strokes, layout.cleaned.dpi):
        if not any(ring.overlaps(frame, 0.2) for frame in layout.frames):
            yield ring, np.where(inside_of(ring), _crop(layout, ring), np.uint8(_WHITE))


def _middles(seen: tuple[SeenWord, ...]) -> list[tuple[float, float]]:
    return [((word.left + word.right) / 2, (word.top + word.bottom) / 2) for word in seen]


def _spots(layout: Layout, seen: tuple[SeenWord, ...]) -> Iterator[PixelRect]:
    """Where ink as high as a letter stands alone, with some white around it."""
    dpi = layout.cleaned.dpi
    taken = [*layout.frames, *(cell for comb in layout.combs for group in comb for cell in group.cells)]
    middles = _middles(seen)
    for cell in layout.cells:
        rect = _inside(cell, layout.ink, dpi)
        small = rect.w < _WIDEST_CELL * dpi and rect.h < _HIGHEST_CELL * dpi and min(rect.w, rect.h) > _LEAST_SIDE
        if not small or any(rect.overlaps(other, 0.2) for other in taken):
            continue
        if any(rect.x <= x < rect.x + rect.w and rect.y <= y < rect.y + rect.h for x, y in middles):
            continue
        spot = _alone(layout, rect, dpi)
        if spot is not None:
            yield spot


def _inside(cell: Box, ink: Mask, dpi: float) -> PixelRect:
    height, width = ink.shape
    edge = round(_EDGE * dpi)
    left, top = round(cell.left * width) + edge, round(cell.top * height) + edge
    return PixelRect(left, top, round(cell.right * width) - edge - left, round(cell.bottom * height) - edge - top)


def _alone(layout: Layout, rect: PixelRect, dpi: float) -> PixelRect | None:
    """The one thing as high as a letter in the rectangle that touches no side of it, and its surroundings."""
    area = (slice(rect.y, rect.y + rect.h), slice(rect.x, rect.x + rect.w))
    ink = cv2.subtract(layout.ink[area], layout.masks.lines[area])
    if not cv2.countNonZero(ink):
        return None
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, max(3, round(_GAP * dpi))), np.uint8))
    large = [r for r in pieces_of(np.asarray(joined, dtype=np.uint8)).rects if max(r[2], r[3]) > _SPECK * dpi]
    if len(large) != 1:
        return None
    x, y, w, h = large[0]
    letter = _LOWEST_LETTER * dpi <= h <= _HIGHEST_LETTER * dpi and _NARROWEST_LETTER * dpi <= w <= _WIDEST * dpi
    if not letter or x < 1 or y < 1 or x + w > rect.w - 1 or y + h > rect.h - 1:
        return None
    pad = round(_AROUND * dpi)
    left, top = max(0, x - pad), max(0, y - pad)
    return PixelRect(rect.x + left, rect.y + top, min(rect.w, x + w + pad) - left, min(rect.h, y + h + pad) - top)
