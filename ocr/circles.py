"""Circles to tick: rings that are no letters."""

from __future__ import annotations

import cv2
import numpy as np

from ocr.images import Mask
from ocr.marks import PixelRect, fits, inked_share, is_inside_word
from ocr.pieces import Pieces, pieces_of
from ocr.roundhand import without_written
from ocr.squares import NOISE_FROM

_RING_SHARE = 1.3
# A larger one is a loop that a hand drew around a letter.
_LARGEST_IN = 0.2
_RING_COVER = 0.8
_ALIKE_PX = 2
_WHITE_SHARE = 0.03
_MARKED = 0.05
# Of a circle's square: how deep its sides and its corners are looked at, and how much ink makes a side straight, a corner sharp.
_EDGE, _CORNER = 0.06, 0.13
_STRAIGHT, _SHARP = 0.7, 0.34
_LINE_COVER = 0.8


def circle_frames(ink: Mask, pieces: Pieces, dpi: float, noise: float) -> list[PixelRect]:
    """Open circles, and those of their size in the same row or column that a mark hides.

    ``noise`` is the page's share of specks: what broke the lines of the page broke circles too.
    """
    whole = pieces if noise < NOISE_FROM else pieces_of(_closed(ink))
    rings = without_written(ink, _circles(ink, whole, dpi))
    found = list(rings)
    for rect in _marked_circles(ink, [ring for ring in rings if _is_round(ink, ring)]):
        if not any(rect.overlaps(other) for other in found):
            found.append(rect)
    return without_written(ink, found)


def _closed(ink: Mask) -> Mask:
    """The ink without the small breaks of a poor fax, which open a circle."""
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8)), dtype=np.uint8)


def _circles(ink: Mask, pieces: Pieces, dpi: float) -> list[PixelRect]:
    """Rings with white on both sides, wider than an O of ordinary print; or of one size with another, and white on one side."""
    free: list[PixelRect] = []
    beside: list[PixelRect] = []
    for contour, (x, y, w, h) in zip(pieces.contours, pieces.rects, strict=True):
        if not (fits(w, h, dpi, _RING_SHARE) and 0.87 <= w / h <= 1.15 and h <= _LARGEST_IN * dpi):
            continue
        rect = PixelRect(x, y, w, h)
        area, round_area = cv2.contourArea(contour), np.pi * w * h / 4
        if abs(area / round_area - 1) < 0.12 and _touches_its_square(ink, rect):
            if _is_alone(ink, rect):
                free.append(rect)
            elif _is_apart(ink, rect):
                beside.append(rect)
    rings = [*free, *beside]
    return [*free, *(ring for ring in beside if sum(_alike(ring, other) for other in rings) > 1)]


def _row(ink: Mask, ring: PixelRect) -> PixelRect:
    margin = max(4, ring.h // 3)
    return PixelRect(0, ring.y - margin, ink.shape[1], max(ring.w, ring.h) + 2 * margin)


def _alike(one: PixelRect, other: PixelRect) -> bool:
    return abs(one.w - other.w) <= _ALIKE_PX and abs(one.h - other.h) <= _ALIKE_PX


def _marked_circles(ink: Mask, rings: list[PixelRect]) -> list[PixelRect]:
    """Circles with a mark across them: looked for in the row and the column of each open one, by its own size."""
    found: list[PixelRect] = []
    for ring in rings:
        size, margin = max(ring.w, ring.h), max(4, ring.h // 3)
        for strip in (_row(ink, ring), PixelRect(ring.x - margin, 0, size + 2 * margin, ink.shape[0])):
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
        # One with nothing in it is a letter where it stands as close to others as letters do.
        if not is_inside_word(ink, rect) and (inked_share(ink, rect) > _MARKED or _is_apart(ink, rect)):
            found.append(rect)
    return found


def _touches_its_square(ink: Mask, rect: PixelRect) -> bool:
    view, band = rect.seen(ink), max(2, round(0.12 * rect.w))
    return all(bool(edge.any()) for edge in (view[:band], view[-band:], view[:, :band], view[:, -band:]))


def _is_round(ink: Mask, rect: PixelRect) -> bool:
    """Whether it has no straight sides, as a worn box has, nor one with sharp ends, as a letter D; a mark may reach into corners.

    By the size of a small box the letters O and C are found for marked circles.
    """
    view, edge, side = rect.seen(ink), max(1, round(_EDGE * rect.w)), max(2, round(_CORNER * rect.w))
    sides = ((view[:edge], 0), (view[-edge:], 0), (view[:, :edge], 1), (view[:, -edge:], 1))
    corners = (view[:side, :side], view[:side, -side:], view[-side:, :side], view[-side:, -side:])
    straight = sum(float(strip.any(axis=axis).mean()) > _STRAIGHT for strip, axis in sides)
    sharp = sum(float(corner.mean()) > _SHARP for corner in corners)
    return straight == 0 or (straight == 1 and sharp < 2)


def _is_alone(ink: Mask, rect: PixelRect) -> bool:
    """Whether it is white on both sides, as beside no letter of a word."""
    gap = max(4, round(0.5 * rect.w))
    if not (_white(ink, rect, gap, -1) and _white(ink, rect, gap // 2, 1)) or _leads_word(ink, rect):
        return False
    return _white(ink, rect, round(0.36 * rect.w), 1) or not _on_base_line(ink, rect, 1)


def _is_apart(ink: Mask, rect: PixelRect) -> bool:
    """Whether it is far from letters on one side, and no letter of a word with those on the other."""
    near, close, far = max(4, round(0.16 * rect.w)), max(5, round(0.22 * rect.w)), max(4, round(0.5 * rect.w))
    for side in (-1, 1):
        if not _white(ink, rect, near, side) or _leads_word(ink, rect, after=side > 0):
            return False
        if not _white(ink, rect, close, side) and _on_base_line(ink, rect, side):
            return False
    return _white(ink, rect, far, -1) or _white(ink, rect, far, 1)


def _on_base_line(ink: Mask, rect: PixelRect, side: int) -> bool:
    """Whether what stands beside it ends in its lowest row, as the letters of a word do."""
    reach = round(0.6 * rect.w)
    x = rect.x + rect.w + 1 if side > 0 else max(0, rect.x - 1 - reach)
    rows = np.flatnonzero((ink[rect.y : rect.y + round(1.4 * rect.h), x : x + reach] > 0).any(axis=1))
    return len(rows) > 0 and abs(int(rows[-1]) + 1 - rect.h) <= max(1, round(0.06 * rect.h))


def _white(ink: Mask, rect: PixelRect, gap: int, side: int) -> bool:
    """Whether nothing but upright lines stands so close on one side."""
    more, x = round(0.4 * rect.h), rect.x + rect.w + 1 if side > 0 else max(0, rect.x - gap)
    beside = ink[max(0, rect.y - more) : rect.y + rect.h + more, x : x + gap - 1] > 0
    if not beside.size:
        return False
    letters = beside[:, np.mean(beside, axis=0) < _LINE_COVER]
    middle = letters[more : more + rect.h]
    return not middle.size or float(np.mean(middle)) * letters.shape[1] / beside.shape[1] < _WHITE_SHARE


def _leads_word(ink: Mask, rect: PixelRect, *, after: bool = True) -> bool:
    """Whether a letter of exactly its height stands after (or before) it: the O of a word in capitals."""
    reach = round(0.6 * rect.w)
    x = rect.x + rect.w + 1 if after else max(0, rect.x - 1 - reach)
    beside = ink[max(0, rect.y - 2) : rect.y + rect.h + 2, x : x + reach] > 0
    rows = np.flatnonzero(beside.any(axis=1)) if beside.size else np.zeros(0)
    return len(rows) > 0 and abs(int(rows[-1]) - int(rows[0]) + 1 - rect.h) <= 0.12 * rect.h
