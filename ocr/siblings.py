"""Check-boxes that look like those already found: a form prints its boxes in one size, so the rest are looked for by that size."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from ocr.images import Mask
from ocr.marks import PixelRect

_ALIKE_PX = 2
_MOST_SIZES = 4
_SMALLEST_IN = 0.075
_MOST_ADDED = 4
# Ink just outside the box: of its least, second and third inked side; the fourth may touch a line.
_OUTSIDE = (0.12, 0.25, 0.5)
_TOUCHED = 0.25
_DARK = 0.6
_BOLD = 0.4


@dataclass(frozen=True, slots=True)
class _Needed:
    """Shares of ink: of the weakest side, of all sides, and of the second weakest end of a side."""

    side: float
    mean: float
    end: float


_ALIGNED = _Needed(0.76, 0.88, 0.5)
_ELSEWHERE = _Needed(0.85, 0.93, 0.7)
# No letters make a square as whole as this, whatever stands beside it.
_WHOLE = _Needed(0.95, 0.98, 0.9)


def with_siblings(ink: Mask, frames: list[PixelRect], dpi: float) -> list[PixelRect]:
    """The frames, and the squares of the same size that a mark, a line or a letter beside them hid.

    What overlaps such a square, and is not of a size of its own, was made of a part of it and is left out.
    """
    covers = _Covers(ink)
    known = list(frames)
    for size, likes in _sizes(frames):
        same = [frame for frame in known if _alike(frame, size)]
        if min(size.w, size.h) < _SMALLEST_IN * dpi:
            continue
        added = [rect for rect in _squares(covers, size, same) if not any(rect.overlaps(other, _TOUCHED) for other in same)]
        if len(added) > _MOST_ADDED * likes + _MOST_ADDED:
            continue  # As many as that are letters.
        if likes > 1:
            known = [frame for frame in known if frame in same or not any(frame.overlaps(new, 0.1) for new in added)]
        else:
            added = [new for new in added if not any(new.overlaps(frame, 0.1) for frame in known)]
        known.extend(added)
    return known


def _alike(one: PixelRect, other: PixelRect) -> bool:
    return abs(one.w - other.w) <= _ALIKE_PX and abs(one.h - other.h) <= _ALIKE_PX


def _sizes(frames: list[PixelRect]) -> list[tuple[PixelRect, int]]:
    """The sizes that frames have, as a rectangle at the origin, with how many have it: the commonest first."""
    left, found = list(frames), []
    while left:
        core = max(left, key=lambda frame: sum(_alike(frame, other) for other in left))
        mine = [frame for frame in left if _alike(frame, core)]
        size = PixelRect(0, 0, round(median(frame.w for frame in mine)), round(median(frame.h for frame in mine)))
        found.append((size, len(mine)))
        left = [frame for frame in left if not _alike(frame, core)]
    return found[:_MOST_SIZES]


class _Covers:
    """How much of a stroke of some length is inked, everywhere on a page; a stroke may lean by a pixel."""

    def __init__(self, ink: Mask) -> None:
        self.ink = ink
        self.along = np.asarray(cv2.dilate(ink, np.ones((3, 1), np.uint8)), dtype=np.uint8)
        self.across = np.asarray(cv2.dilate(ink, np.ones((1, 3), np.uint8)), dtype=np.uint8)

    def sides(self, w: int, h: int) -> tuple[Mask, Mask, Mask, Mask]:
        """The share (0 to 255) of the upper, lower, left and right side that is inked, for a square at each place."""
        rows, columns = self.ink.shape[0] - h + 1, self.ink.shape[1] - w + 1
        along = np.asarray(cv2.blur(self.along, (w, 1), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT), dtype=np.uint8)
        across = np.asarray(cv2.blur(self.across, (1, h), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT), dtype=np.uint8)
        return (
            along[1 : 1 + rows, :columns],
            along[h - 2 : h - 2 + rows, :columns],
            across[:rows, 1 : 1 + columns],
            across[:rows, w - 2 : w - 2 + columns],
        )


def _squares(covers: _Covers, size: PixelRect, seeds: list[PixelRect]) -> list[PixelRect]:
    """Squares of exactly one size, the best first; those in a row or a column with a known one may be less whole."""
    if size.h >= covers.ink.shape[0] or size.w >= covers.ink.shape[1]:
        return []
    sides = covers.sides(size.w, size.h)
    weakest = np.asarray(cv2.min(cv2.min(sides[0], sides[1]), cv2.min(sides[2], sides[3])), dtype=np.uint8)
    places = np.argwhere(weakest >= _ALIGNED.side * 255)
    means = np.mean([side[places[:, 0], places[:, 1]] for side in sides], axis=0) / 255.0
    found: list[PixelRect] = []
    for index in np.argsort(-means, kind="stable"):
        y, x = (int(v) for v in places[index])
        rect, weak, mean = PixelRect(x, y, size.w, size.h), float(weakest[y, x]) / 255, float(means[index])
        if any(rect.overlaps(other, 0.1) for other in found):
            continue
        needed = _ALIGNED if any(_in_line(rect, seed) for seed in seeds) else _ELSEWHERE
        plain = _is_whole(covers, rect, weak, mean, _WHOLE) and _beside(covers.ink, rect)[2] < _DARK
        plain = plain and not _is_bold_letter(covers.ink, rect)
        if plain or (_is_whole(covers, rect, weak, mean, needed) and _stands_apart(covers.ink, rect)):
            found.append(rect)
    return found


def _in_line(one: PixelRect, other: PixelRect) -> bool:
    reach = max(3, one.h // 4)
    return abs(one.x - other.x) <= reach or abs(one.y - other.y) <= reach


def _is_whole(covers: _Covers, rect: PixelRect, weakest: float, mean: float, needed: _Needed) -> bool:
    """Whether its sides are there, and meet: a circle has no corners, a letter such as D two."""
    if weakest < needed.side or mean < needed.mean:
        return False
    end = max(3, round(0.22 * rect.h))
    left, right, top, bottom = rect.x + 1, rect.x + rect.w - 2, rect.y + 1, rect.y + rect.h - 2
    ends = [covers.along[y, x] for y in (top, bottom) for x in (slice(left, left + end), slice(right - end + 1, right + 1))]
    ends += [covers.across[y, x] for x in (left, right) for y in (slice(top, top + end), slice(bottom - end + 1, bottom + 1))]
    shares = sorted(float(np.mean(part > 0)) for part in ends)
    return shares[1] >= needed.end


def _beside(ink: Mask, rect: PixelRect) -> list[float]:
    """The share of ink just outside each side, the least first."""
    near, far = 2, max(5, round(0.2 * rect.w))
    x, y, w, h = rect.x, rect.y, rect.w, rect.h
    sides = (
        ink[y : y + h, max(0, x - far) : max(0, x - near)],
        ink[y : y + h, x + w + near : x + w + far],
        ink[max(0, y - far) : max(0, y - near), x : x + w],
        ink[y + h + near : y + h + far, x : x + w],
    )
    return sorted(float(np.mean(side > 0)) if side.size else 0.0 for side in sides)


def _is_bold_letter(ink: Mask, rect: PixelRect) -> bool:
    """Whether it is the inside of an O or a D of a bold heading: letters on both sides, or on one and ink along two other sides."""
    letters = sum(_has_letter(ink, rect, side) for side in (-1, 1))
    return letters == 2 or (letters == 1 and _beside(ink, rect)[2] > _BOLD)


def _stands_apart(ink: Mask, rect: PixelRect) -> bool:
    """Whether it is almost white just outside, but for lines, and ends of marks."""
    if any(_has_letter(ink, rect, side) for side in (-1, 1)):
        return False
    return all(share < most for share, most in zip(_beside(ink, rect)[1:], _OUTSIDE, strict=True))


def _has_letter(ink: Mask, rect: PixelRect, side: int) -> bool:
    """Whether ink stands beside it no further than a letter from the next, and is no line."""
    reach = max(2, round(0.13 * rect.w))
    start = rect.x + rect.w if side > 0 else rect.x - reach
    above = round(0.35 * rect.h)
    beside = ink[max(0, rect.y - above) : rect.y + rect.h + above, max(0, start) : start + reach] > 0
    rows = np.asarray(beside.any(axis=1))
    inside = float(np.mean(rows[above : above + rect.h])) if rows.size > 2 * above else 0.0
    outside = float(np.mean(np.concatenate((rows[:above], rows[-above:])))) if above else 0.0
    return inside > 0.3 and outside < 0.6
