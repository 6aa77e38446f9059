"""Circles to tick: rings that are no letters."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Mask
from ocr.marks import PixelRect, fits, is_inside_word
from ocr.pieces import Pieces

_RING_SHARE = 1.3
_RING_COVER = 0.8


def circle_frames(ink: Mask, pieces: Pieces, dpi: float) -> list[PixelRect]:
    """Open circles, and those of their size in the same row or column that a mark hides."""
    rings = _circles(ink, pieces, dpi)
    found = list(rings)
    for rect in _marked_circles(ink, rings):
        if not any(rect.overlaps(other) for other in found):
            found.append(rect)
    return found


def _circles(ink: Mask, pieces: Pieces, dpi: float) -> list[PixelRect]:
    """Rings with white on both sides, wider than an O of ordinary print."""
    rects = []
    for contour, (x, y, w, h) in zip(pieces.contours, pieces.rects, strict=True):
        if not (fits(w, h, dpi, _RING_SHARE) and 0.87 <= w / h <= 1.15):
            continue
        area, round_area = cv2.contourArea(contour), np.pi * w * h / 4
        if abs(area / round_area - 1) < 0.12 and _is_ring(ink, PixelRect(x, y, w, h)):
            rects.append(PixelRect(x, y, w, h))
    return rects


def _marked_circles(ink: Mask, rings: list[PixelRect]) -> list[PixelRect]:
    """Circles with a mark across them: looked for in the row and the column of each open one, by its own size."""
    found: list[PixelRect] = []
    for ring in rings:
        size, margin = max(ring.w, ring.h), max(4, ring.h // 3)
        for strip in (
            PixelRect(0, ring.y - margin, ink.shape[1], size + 2 * margin),
            PixelRect(ring.x - margin, 0, size + 2 * margin, ink.shape[0]),
        ):
            found.extend(_like_ring(ink, strip, size))
    return found


def _like_ring(ink: Mask, strip: PixelRect, size: int) -> list[PixelRect]:
    top, left = max(0, strip.y), max(0, strip.x)
    view = ink[top : strip.y + strip.h, left : strip.x + strip.w]
    if min(view.shape) <= size:
        return []
    line, free = np.zeros((size, size), np.uint8), np.zeros((size, size), np.uint8)
    cv2.circle(line, (size // 2, size // 2), (size - 3) // 2, (1,), 2)
    # Letters of the same height have strokes between the circle and the corners of its square; a mark has few.
    cv2.circle(free, (size // 2, size // 2), (size + 1) // 2, (1,), -1)
    free = np.asarray(1 - free, dtype=np.uint8)
    slack = np.asarray(cv2.dilate(view, np.ones((2, 2), np.uint8)) > 0, dtype=np.float32)
    on = cv2.matchTemplate(slack, line.astype(np.float32), cv2.TM_CCORR) / max(1, int(line.sum()))
    off = cv2.matchTemplate(slack, free.astype(np.float32), cv2.TM_CCORR) / max(1, int(free.sum()))
    score = np.asarray(np.where(np.asarray(off) < 0.55, np.asarray(on), 0.0), dtype=np.float32)
    found = []
    while score.size and float(score.max()) > _RING_COVER:
        y, x = (int(v) for v in np.unravel_index(int(score.argmax()), score.shape))
        score[max(0, y - size) : y + size, max(0, x - size) : x + size] = 0.0
        rect = PixelRect(left + x, top + y, size, size)
        if not is_inside_word(ink, rect):
            found.append(rect)
    return found


def _is_ring(ink: Mask, rect: PixelRect) -> bool:
    view = rect.seen(ink)
    band = max(2, round(0.12 * rect.w))
    if not all(bool(edge.any()) for edge in (view[:band], view[-band:], view[:, :band], view[:, -band:])):
        return False
    gap = max(4, round(0.5 * rect.w))
    beside = (
        ink[rect.y : rect.y + rect.h, max(0, rect.x - gap) : max(0, rect.x - 1)],
        ink[rect.y : rect.y + rect.h, rect.x + rect.w + 1 : rect.x + rect.w + gap // 2],
    )
    return all(side.size > 0 and float(np.mean(side > 0)) < 0.02 for side in beside) and not _leads_word(ink, rect)


def _leads_word(ink: Mask, rect: PixelRect) -> bool:
    """Whether a letter of exactly its height follows: the O of a word in capitals."""
    x = rect.x + rect.w
    after = ink[max(0, rect.y - 2) : rect.y + rect.h + 2, x + 1 : x + 1 + round(0.6 * rect.w)] > 0
    rows = np.flatnonzero(after.any(axis=1)) if after.size else np.zeros(0)
    return len(rows) > 0 and abs(int(rows[-1]) - int(rows[0]) + 1 - rect.h) <= 0.12 * rect.h
