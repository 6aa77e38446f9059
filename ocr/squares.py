"""Squares of the size of a letter: the frames of check-boxes, and the letters that look like them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Mask
from ocr.marks import BESIDE_SHARE, EMPTY_SHARE, PixelRect, fits, ink_beside, is_inside_word, mark_share, reach_of
from ocr.pieces import Pieces, holes_of, pieces_of

_HOLE_SHARE = 0.7
_EDGE_SHARE = 0.6
_ALIKE, _ALIKE_PX = 0.1, 2
# How far squares of one row are above each other, in their heights.
_ROW = 0.3
_FILLED = 0.9


@dataclass(frozen=True, slots=True)
class Closure:
    """How much of a frame must be there: of each side, of the ends of the sides on average, of the second weakest end.

    ``outside`` is how much ink may stand just outside its second, third and last side, sorted by that share; ``size_in`` the
    least size in inches.
    """

    side: float
    ends: float
    weakest_end: float
    outside: tuple[float, float, float]
    size_in: float


_CLEAN = Closure(0.93, 0.97, 0.85, (0.08, 0.35, 1.0), 0.065)
_NOISY = Closure(0.8, 0.92, 0.7, (0.06, 0.2, 0.4), 0.088)
# Small print's boxes on such a page: as free as those, and as whole as on a clean one.
_SMALL = Closure(0.93, 0.97, 0.85, (0.06, 0.2, 0.4), 0.075)
NOISE_FROM = 0.2


def square_frames(ink: Mask, pieces: Pieces, dpi: float, noise: float) -> list[PixelRect]:
    """Squares of the size of a letter that stand free of words.

    ``noise`` is the page's share of specks: a frame may have gaps only where lines of the page are broken by noise, because a
    pair of letters such as EL is almost a square.
    """
    either = (_NOISY, _SMALL) if noise > NOISE_FROM else (_CLEAN,)
    found: list[PixelRect] = []
    broken: list[PixelRect] = []
    for candidate in (*_holes(ink, dpi), *_letter_sized(pieces, dpi)):
        rect = _trimmed(ink, candidate)
        if (
            not fits(rect.w, rect.h, dpi, 1.0)
            or any(rect.overlaps(other) for other in (*found, *broken))
            or is_inside_word(ink, rect)
        ):
            continue
        if any(_is_frame(ink, rect, needed, dpi) for needed in either):
            found.append(rect)
        elif _is_frame(ink, rect, replace(_NOISY, size_in=_SMALL.size_in), dpi):
            broken.append(rect)
    # Of small boxes in a row some are broken, or touched by their marks: one that is whole shows what the others are.
    return [*found, *(rect for rect in broken if any(_beside_its_like(rect, other) for other in found))]


def _beside_its_like(one: PixelRect, other: PixelRect) -> bool:
    """Whether both stand in one row and differ by what a coarse fax makes of one size."""
    alike = abs(one.w - other.w) <= _ALIKE_PX and abs(one.h - other.h) <= _ALIKE_PX
    return alike and abs(one.y - other.y) <= _ROW * other.h and not one.overlaps(other)


def _is_frame(ink: Mask, rect: PixelRect, needed: Closure, dpi: float) -> bool:
    return min(rect.w, rect.h) >= needed.size_in * dpi and _is_square(ink, rect, needed) and _stands_free(ink, rect, needed)


def is_small(rect: PixelRect, dpi: float) -> bool:
    """Whether letters are as large."""
    return min(rect.w, rect.h) < _NOISY.size_in * dpi


def _holes(ink: Mask, dpi: float) -> list[PixelRect]:
    """What short straight strokes enclose: a mark across the frame has none and falls away."""
    length = max(6, int(0.04 * dpi))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    flat = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    frames = cv2.bitwise_or(flat, upright)
    rects = _letter_sized(pieces_of(np.asarray(frames, dtype=np.uint8)), dpi)
    closed = cv2.morphologyEx(frames, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    for x, y, w, h, area in holes_of(np.asarray(closed, dtype=np.uint8)):
        if fits(w, h, dpi, _HOLE_SHARE) and area >= 0.7 * w * h:
            rects.append(_with_frame(ink, PixelRect(x, y, w, h)))
    return rects


def _letter_sized(pieces: Pieces, dpi: float) -> list[PixelRect]:
    return [PixelRect(*rect) for rect in pieces.rects if fits(rect[2], rect[3], dpi, 1.0)]


def _with_frame(ink: Mask, hole: PixelRect) -> PixelRect:
    """The hole with the frame's thickness around it."""
    x0, y0, x1, y1 = hole.x, hole.y, hole.x + hole.w, hole.y + hole.h
    height, width = ink.shape
    for _ in range(max(2, round(0.2 * hole.h))):
        if y0 > 0 and np.mean(ink[y0 - 1, x0:x1] > 0) > _EDGE_SHARE:
            y0 -= 1
        if y1 < height and np.mean(ink[y1, x0:x1] > 0) > _EDGE_SHARE:
            y1 += 1
        if x0 > 0 and np.mean(ink[y0:y1, x0 - 1] > 0) > _EDGE_SHARE:
            x0 -= 1
        if x1 < width and np.mean(ink[y0:y1, x1] > 0) > _EDGE_SHARE:
            x1 += 1
    return PixelRect(x0, y0, x1 - x0, y1 - y0)


def _trimmed(ink: Mask, rect: PixelRect) -> PixelRect:
    """The rectangle without outer rows and columns that hold less than half a side: ends of a mark, or noise."""
    view = rect.seen(ink)
    rows, columns = view.mean(axis=1), view.mean(axis=0)
    limit = max(1, round(0.15 * min(view.shape)))

    def skipped(profile: npt.NDArray[np.float64]) -> int:
        return next((index for index in range(limit) if profile[index] >= 0.5), limit)

    top, bottom, left, right = skipped(rows), skipped(rows[::-1]), skipped(columns), skipped(columns[::-1])
    return PixelRect(rect.x + left, rect.y + top, rect.w - left - right, rect.h - top - bottom)


def _is_square(ink: Mask, rect: PixelRect, needed: Closure) -> bool:
    """Four straight edges that meet: letters such as D, O, 0 and 8 leave the edge towards some corner."""
    view = rect.seen(ink)
    size = min(view.shape)
    band = 2 if size <= 24 else max(3, round(0.12 * size))
    strips = ((view[:band], 0), (view[-band:], 0), (view[:, :band], 1), (view[:, -band:], 1))
    sides = [np.asarray(strip.any(axis=axis)) for strip, axis in strips]
    if min(float(side.mean()) for side in sides) < needed.side:
        return False
    end = max(3, round(0.22 * size))
    ends = [float(part.mean()) for side in sides for part in (side[:end], side[-end:])]
    return float(np.mean(ends)) >= needed.ends and sorted(ends)[1] >= needed.weakest_end


def _stands_free(ink: Mask, rect: PixelRect, needed: Closure) -> bool:
    """Whether it is white just outside, on three sides at least: the fourth may touch a line."""
    near, far = 2, max(4, round(0.2 * rect.w))
    x, y, w, h = rect.x, rect.y, rect.w, rect.h
    outside = (
        ink[max(0, y - far) : max(0, y - near), x : x + w],
        ink[y + h + near : y + h + far, x : x + w],
        ink[y : y + h, max(0, x - far) : max(0, x - near)],
        ink[y : y + h, x + w + near : x + w + far],
    )
    shares = sorted(float(np.mean(side > 0)) if side.size else 0.0 for side in outside)
    return all(share < most for share, most in zip(shares[1:], needed.outside, strict=True))


def without_letters(ink: Mask, rects: list[PixelRect], noise: float) -> list[PixelRect]:
    """The squares without letters such as B, E, H and II: inked inside, and none like them left open.

    Such a square is a box where it is filled, or whole and as wide as high, and no letter stands close beside it. ``noise`` is the
    page's share of specks; on a page full of them, the letters of a word have grown together.
    """
    left_open = [rect for rect in rects if mark_share(ink, rect) <= EMPTY_SHARE]
    may_touch = noise <= NOISE_FROM

    def is_letter(rect: PixelRect) -> bool:
        if rect in left_open or any(_as_large(rect, other) or _beside_its_like(rect, other) for other in left_open):
            return False
        if _has_letter_beside(ink, rect) if may_touch else max(ink_beside(ink, rect)) > BESIDE_SHARE:
            return True
        even = abs(rect.w - rect.h) <= _ALIKE * max(rect.w, rect.h)
        return mark_share(ink, rect) < _FILLED and not (even and _is_square(ink, rect, _CLEAN))

    return [rect for rect in rects if not is_letter(rect)]


def _as_large(one: PixelRect, other: PixelRect) -> bool:
    return abs(one.w - other.w) <= _ALIKE * other.w and abs(one.h - other.h) <= _ALIKE * other.h


def _has_letter_beside(ink: Mask, rect: PixelRect) -> bool:
    """Whether ink stands close on one side that does not hang together with the square, as the end of its tick does."""
    around = rect.grown(reach_of(rect))
    view = np.asarray(ink[around.y : around.y + around.h, around.x : around.x + around.w])
    x, y = rect.x - around.x, rect.y - around.y
    labels = np.asarray(cv2.connectedComponents(view)[1])
    own = np.unique(labels[y : y + rect.h, x : x + rect.w])
    others = np.where(np.isin(labels, own), 0, view).astype(np.uint8)
    return max(ink_beside(others, PixelRect(x, y, rect.w, rect.h))) > BESIDE_SHARE
