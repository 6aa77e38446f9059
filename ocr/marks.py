"""Check-boxes that are drawn: where they are and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.images import Mask
from ocr.pieces import Pieces, holes_of, pieces_of

_SMALLEST_IN = 0.065
_HOLE_SHARE = 0.7
_EDGE_SHARE = 0.6
_LARGEST_IN = 0.26
_TICKED_SHARE = 0.10
_EMPTY_SHARE = 0.04
_BESIDE_SHARE = 0.12
_ALIKE = 0.1
_FILLED = 0.9
# The corner of a square: its side as a share of the square's, the ink up to which it is free, how many are in a circle.
_CORNER, _FREE_CORNER, _FREE_CORNERS = 0.12, 0.2, 3


@dataclass(frozen=True, slots=True)
class PixelRect:
    """A rectangle in pixels."""

    x: int
    y: int
    w: int
    h: int

    def overlaps(self, other: PixelRect, share: float = 0.5) -> bool:
        """Whether more than ``share`` of the smaller one lies in the other."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return width > 0 and height > 0 and width * height > share * min(self.w * self.h, other.w * other.h)

    def grown(self, edge: int) -> PixelRect:
        """The rectangle with so many pixels more on each side, not beyond the upper and left edge of the page."""
        x, y = max(0, self.x - edge), max(0, self.y - edge)
        return PixelRect(x, y, self.x + self.w + edge - x, self.y + self.h + edge - y)

    def seen(self, ink: Mask) -> npt.NDArray[np.bool_]:
        """Its part of a mask."""
        return np.asarray(ink[self.y : self.y + self.h, self.x : self.x + self.w] > 0)


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
NOISE_FROM = 0.2


def square_frames(ink: Mask, pieces: Pieces, dpi: float, noise: float) -> list[PixelRect]:
    """Squares of the size of a letter that stand free of words.

    ``noise`` is the page's share of specks: a frame may have gaps only where lines of the page are broken by noise, because a
    pair of letters such as EL is almost a square.
    """
    needed = _NOISY if noise > NOISE_FROM else _CLEAN
    found: list[PixelRect] = []
    for candidate in (*_holes(ink, dpi), *_letter_sized(pieces, dpi)):
        rect = _trimmed(ink, candidate)
        if not fits(rect.w, rect.h, dpi, 1.0) or any(rect.overlaps(other) for other in found) or is_inside_word(ink, rect):
            continue
        if min(rect.w, rect.h) >= needed.size_in * dpi and _is_square(ink, rect, needed) and _stands_free(ink, rect, needed):
            found.append(rect)
    return found


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


def fits(w: int, h: int, dpi: float, smaller: float) -> bool:
    """Whether it is as large as a check-box, and as wide as high; ``smaller`` scales the least size, in pixels."""
    low, high = _SMALLEST_IN * dpi * smaller, _LARGEST_IN * dpi
    return low <= w <= high and low <= h <= high and 0.75 <= w / h <= 1.33


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


def is_inside_word(ink: Mask, rect: PixelRect) -> bool:
    """Whether ink stands close on both sides, as beside a letter of a word."""
    return min(_ink_beside(ink, rect)) > _BESIDE_SHARE


def _reach(rect: PixelRect) -> int:
    return max(3, round(0.28 * rect.h))


def _ink_beside(ink: Mask, rect: PixelRect) -> tuple[float, ...]:
    """The shares of ink on the left and on the right, no further off than the next letter of a word."""
    reach = _reach(rect)
    top, bottom = rect.y + rect.h // 5, rect.y + rect.h - rect.h // 5
    left = ink[top:bottom, max(0, rect.x - reach) : max(0, rect.x - 1)]
    right = ink[top:bottom, rect.x + rect.w + 1 : rect.x + rect.w + reach]
    return tuple(float(np.mean(side > 0)) if side.size else 0.0 for side in (left, right))


def without_letters(ink: Mask, rects: list[PixelRect], noise: float) -> list[PixelRect]:
    """The squares without letters such as B, E, H and II: inked inside, and none like them left open.

    Such a square is a box where it is filled, or whole and as wide as high, and no letter stands close beside it. ``noise`` is the
    page's share of specks; on a page full of them, the letters of a word have grown together.
    """
    left_open = [rect for rect in rects if mark_share(ink, rect) <= _EMPTY_SHARE]
    may_touch = noise <= NOISE_FROM

    def is_letter(rect: PixelRect) -> bool:
        if rect in left_open or any(_as_large(rect, other) for other in left_open):
            return False
        if _has_letter_beside(ink, rect) if may_touch else max(_ink_beside(ink, rect)) > _BESIDE_SHARE:
            return True
        even = abs(rect.w - rect.h) <= _ALIKE * max(rect.w, rect.h)
        return mark_share(ink, rect) < _FILLED and not (even and _is_square(ink, rect, _CLEAN))

    return [rect for rect in rects if not is_letter(rect)]


def _as_large(one: PixelRect, other: PixelRect) -> bool:
    return abs(one.w - other.w) <= _ALIKE * other.w and abs(one.h - other.h) <= _ALIKE * other.h


def _has_letter_beside(ink: Mask, rect: PixelRect) -> bool:
    """Whether ink stands close on one side that does not hang together with the square, as the end of its tick does."""
    around = rect.grown(_reach(rect))
    view = np.asarray(ink[around.y : around.y + around.h, around.x : around.x + around.w])
    x, y = rect.x - around.x, rect.y - around.y
    labels = np.asarray(cv2.connectedComponents(view)[1])
    own = np.unique(labels[y : y + rect.h, x : x + rect.w])
    others = np.where(np.isin(labels, own), 0, view).astype(np.uint8)
    return max(_ink_beside(others, PixelRect(x, y, rect.w, rect.h))) > _BESIDE_SHARE


def mark_share(ink: Mask, rect: PixelRect) -> float:
    """How much of the inside of a frame is ink, the frame's own thickness left out; of a circle, without the corners."""
    inner = _inside(ink, rect)
    if not inner.size:
        return 1.0
    return float(inner[_disc(*inner.shape)].mean() if _is_rounded(rect.seen(ink)) else inner.mean())


def inked_share(ink: Mask, rect: PixelRect) -> float:
    """How much of the inside of a frame is ink, with what a thick circle has in its corners."""
    inner = _inside(ink, rect)
    return float(inner.mean()) if inner.size else 1.0


def _inside(ink: Mask, rect: PixelRect) -> npt.NDArray[np.bool_]:
    view = rect.seen(ink)
    margin = max(3, round(0.22 * min(view.shape)))
    return view[margin:-margin, margin:-margin]


def _is_rounded(view: npt.NDArray[np.bool_]) -> bool:
    """Whether its corners are free, as no square's are: a thick circle reaches into the corners of its inside."""
    side = max(2, round(_CORNER * min(view.shape)))
    corners = (view[:side, :side], view[:side, -side:], view[-side:, :side], view[-side:, -side:])
    return sum(float(corner.mean()) < _FREE_CORNER for corner in corners) >= _FREE_CORNERS


@lru_cache(maxsize=64)
def _disc(high: int, wide: int) -> npt.NDArray[np.bool_]:
    """The ellipse that fills a rectangle."""
    down, across = np.ogrid[-1 + 1 / high : 1 - 1 / high : high * 1j, -1 + 1 / wide : 1 - 1 / wide : wide * 1j]
    return np.asarray(down**2 + across**2 <= 1.0)


def state_of(share: float) -> tuple[MarkState, float]:
    """What a box shows, by the share of ink inside, and how sure that is."""
    if share >= _TICKED_SHARE:
        return MarkState.TICKED, min(0.99, 0.8 + share)
    if share <= _EMPTY_SHARE:
        return MarkState.EMPTY, 0.98 - 2 * share
    return MarkState.AMBIGUOUS, 0.5


def drawn_boxes(ink: Mask, rects: list[PixelRect]) -> tuple[CheckBox, ...]:
    """The frames as check-boxes in page fractions."""
    height, width = ink.shape
    boxes = []
    for rect in rects:
        box = Box.clipped(rect.x / width, rect.y / height, (rect.x + rect.w) / width, (rect.y + rect.h) / height)
        boxes.append(CheckBox(box, *state_of(mark_share(ink, rect))))
    return tuple(boxes)
