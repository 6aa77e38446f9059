"""Check-boxes that are drawn: where they are and what they show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.images import Mask

_SMALLEST_IN = 0.065
_LARGEST_IN = 0.26
_TICKED_SHARE = 0.10
EMPTY_SHARE = 0.04
BESIDE_SHARE = 0.12
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


def fits(w: int, h: int, dpi: float, smaller: float) -> bool:
    """Whether it is as large as a check-box, and as wide as high; ``smaller`` scales the least size, in pixels."""
    low, high = _SMALLEST_IN * dpi * smaller, _LARGEST_IN * dpi
    return low <= w <= high and low <= h <= high and 0.75 <= w / h <= 1.33


def is_inside_word(ink: Mask, rect: PixelRect) -> bool:
    """Whether ink stands close on both sides, as beside a letter of a word."""
    return min(ink_beside(ink, rect)) > BESIDE_SHARE


def reach_of(rect: PixelRect) -> int:
    """How far off the next letter of a word stands, in pixels."""
    return max(3, round(0.28 * rect.h))


def ink_beside(ink: Mask, rect: PixelRect) -> tuple[float, ...]:
    """The shares of ink on the left and on the right, no further off than the next letter of a word."""
    reach = reach_of(rect)
    top, bottom = rect.y + rect.h // 5, rect.y + rect.h - rect.h // 5
    left = ink[top:bottom, max(0, rect.x - reach) : max(0, rect.x - 1)]
    right = ink[top:bottom, rect.x + rect.w + 1 : rect.x + rect.w + reach]
    return tuple(float(np.mean(side > 0)) if side.size else 0.0 for side in (left, right))


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
    if share <= EMPTY_SHARE:
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
