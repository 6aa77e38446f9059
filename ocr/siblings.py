"""Check-boxes that look like those already found: a form prints its boxes in one size, so the rest are looked for by that size."""

from __future__ import annotations

from dataclasses import dataclass, fields
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from ocr.images import Mask
from ocr.marks import PixelRect

_ALIKE_PX = 2
_MOST_SIZES = 4
_MOST_ADDED = 4
# Ink just outside the box: of its least, second and third inked side; the fourth may touch a line.
_OUTSIDE = (0.12, 0.25, 0.5)
_TOUCHED = 0.25
_DARK = 0.6
_BOLD = 0.4
# Places that are looked at together, so that a page full of ink does not take more memory.
_AT_ONCE = 4096

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Needed:
    """Shares of ink: of the weakest side, of all sides, and of the second weakest end of a side."""

    side: float
    mean: float
    end: float


_ALIGNED = _Needed(0.76, 0.88, 0.5)
_ELSEWHERE = _Needed(0.85, 0.93, 0.7)
# Coarse faxes lose thin lines of one direction here and there: a box in a row of boxes may lack one of its sides.
_THREE = (0.8, 0.9)
# The same of two beside one another where no box is known.
_THREE_PAIRED = (0.88, 0.94)
# No letters make a square as whole as this, whatever stands beside it.
_WHOLE = _Needed(0.95, 0.98, 0.9)


def with_siblings(ink: Mask, frames: list[PixelRect]) -> list[PixelRect]:
    """The frames, and the squares of the same size that a mark, a line or a letter beside them hid.

    What overlaps such a square, and is not of a size of its own, was made of a part of it and is left out.
    """
    sizes = _sizes(frames)
    if not sizes:
        return list(frames)
    covers = _Covers.of(ink)
    known = list(frames)
    for size, likes in sizes:
        same = [frame for frame in known if _alike(frame, size)]
        most = _MOST_ADDED * likes + _MOST_ADDED
        added = _more_squares(covers, size, same, most)
        if len(added) > most:
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


@dataclass(frozen=True, slots=True)
class _Covers:
    """How much of a stroke of some length is inked, everywhere on a page; a stroke may lean by a pixel.

    ``areas`` is the summed area table of the ink, to know the share of ink of any rectangle by four look-ups.
    """

    ink: Mask
    along: Mask
    across: Mask
    areas: npt.NDArray[np.int32]

    @classmethod
    def of(cls, ink: Mask) -> _Covers:
        along = np.asarray(cv2.dilate(ink, np.ones((3, 1), np.uint8)), dtype=np.uint8)
        across = np.asarray(cv2.dilate(ink, np.ones((1, 3), np.uint8)), dtype=np.uint8)
        areas = np.asarray(cv2.integral(cv2.threshold(ink, 0, 1, cv2.THRESH_BINARY)[1]), dtype=np.int32)
        return cls(ink, along, across, areas)

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

    def shares(self, left: _Ints, top: _Ints, right: _Ints, bottom: _Ints) -> _Floats:
        """The share of ink of each rectangle, of what of it lies on the page."""
        height, width = self.ink.shape
        left, right = np.clip(left, 0, width), np.clip(right, 0, width)
        top, bottom = np.clip(top, 0, height), np.clip(bottom, 0, height)
        inked = self.areas[bottom, right] - self.areas[top, right] - self.areas[bottom, left] + self.areas[top, left]
        return np.asarray(inked / np.maximum(1, (right - left) * (bottom - top)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where a square of one size may be: its left and upper edges, its weakest side, the mean of its sides, and ``beside``.

    ``three`` is the weakest of its other three sides, and ``three_mean`` their mean. ``beside`` holds the shares of ink just
    outside the four sides of each, the least first.
    """

    x: _Ints
    y: _Ints
    weakest: _Floats
    mean: _Floats
    three: _Floats
    three_mean: _Floats
    beside: _Floats

    def only(self, these: _Bools | _Ints) -> _Places:
        """Some of them."""
        return _Places(*(getattr(self, field.name)[these] for field in fields(self)))

    def whole(self, needed: _Needed) -> _Bools:
        """Which have their four sides."""
        return (self.weakest >= needed.side) & (self.mean >= needed.mean)

    def three_sided(self, needed: tuple[float, float] = _THREE) -> _Bools:
        """Which have three sides, whatever the fourth is like; ``needed`` is of the weakest of them, and of their mean."""
        return (self.three >= needed[0]) & (self.three_mean >= needed[1])

    def apart(self) -> _Bools:
        """Which have almost white just outside, but for lines, and ends of marks."""
        return np.asarray((self.beside[:, 1:] < _OUTSIDE).all(axis=1))

    def light(self) -> _Bools:
        """Which have dark ink just outside one side at most."""
        return np.asarray(self.beside[:, 2] < _DARK)


def _places(covers: _Covers, size: PixelRect) -> _Places:
    """The places worth a closer look, the best first: an area of dense ink is full of squares, but none of them stands out."""
    sides = covers.sides(size.w, size.h)
    y, x = np.divmod(np.flatnonzero(_second_least(sides) >= _ALIGNED.side * 255), sides[0].shape[1])
    each = np.sort(np.stack([side[y, x] for side in sides]) / 255.0, axis=0)
    places = _Places(x, y, each[0], each.mean(axis=0), each[1], each[1:].mean(axis=0), _beside(covers, x, y, size))
    some = places.whole(_ALIGNED) & places.apart() | places.whole(_WHOLE) & places.light() | places.three_sided() & places.apart()
    places = places.only(some)
    return places.only(np.argsort(-places.mean, kind="stable"))


def _second_least(sides: tuple[Mask, Mask, Mask, Mask]) -> Mask:
    """The second least of four values, everywhere."""
    a, b, c, d = sides
    low, high = cv2.max(cv2.min(a, b), cv2.min(c, d)), cv2.min(cv2.max(a, b), cv2.max(c, d))
    return np.asarray(cv2.min(low, high), dtype=np.uint8)


def _more_squares(covers: _Covers, size: PixelRect, seeds: list[PixelRect], most: int) -> list[PixelRect]:
    """Squares of exactly one size beside the known ones, the best first, and not many more than ``most`` of them."""
    if size.h >= covers.ink.shape[0] or size.w >= covers.ink.shape[1]:
        return []
    left = _places(covers, size)
    added: list[PixelRect] = []
    while len(left.x) and len(added) <= most:
        some = left.only(np.arange(min(_AT_ONCE, len(left.x))))
        good = some.only(_are_squares(covers, some, size, seeds))
        left = left.only(np.arange(len(some.x), len(left.x)))
        while len(good.x) and len(added) <= most:
            rect = PixelRect(int(good.x[0]), int(good.y[0]), size.w, size.h)
            if not any(rect.overlaps(other, _TOUCHED) for other in seeds):
                added.append(rect)
            good, left = good.only(_apart_from(rect, good)), left.only(_apart_from(rect, left))
    return added


def _apart_from(rect: PixelRect, places: _Places) -> _Bools:
    """Which squares of a size overlap one of them by no more than a tenth."""
    wide, high = rect.w - np.abs(places.x - rect.x), rect.h - np.abs(places.y - rect.y)
    return np.asarray(np.maximum(0, wide) * np.maximum(0, high) <= 0.1 * rect.w * rect.h)


def _are_squares(covers: _Covers, places: _Places, size: PixelRect, seeds: list[PixelRect]) -> _Bools:
    """Which places hold a square; those in a row or a column with a known one may be less whole.

    Its sides must also meet: a circle has no corners, a letter such as D two.
    """
    end = _second_end(covers, places, size)
    letters = np.sum([_has_letter(covers.ink, places, size, side) for side in (-1, 1)], axis=0)
    # The inside of an O or a D of a bold heading: letters on both sides, or on one and ink along two other sides.
    bold = (letters == 2) | ((letters == 1) & (places.beside[:, 2] > _BOLD))
    plain = places.whole(_WHOLE) & (end >= _WHOLE.end) & places.light() & ~bold
    aligned = _in_line(places, size, seeds) & places.whole(_ALIGNED) & (end >= _ALIGNED.end)
    elsewhere = places.whole(_ELSEWHERE) & (end >= _ELSEWHERE.end)
    open_side = (_in_row(places, size, seeds) & places.three_sided()) | _paired(places, size, letters)
    return np.asarray(plain | ((aligned | elsewhere | open_side) & places.apart() & (letters == 0)))


def _in_line(places: _Places, size: PixelRect, seeds: list[PixelRect]) -> _Bools:
    reach = max(3, size.h // 4)
    found = np.zeros(len(places.x), dtype=np.bool_)
    for seed in seeds:
        found |= (np.abs(places.x - seed.x) <= reach) | (np.abs(places.y - seed.y) <= reach)
    return found


def _in_row(places: _Places, size: PixelRect, seeds: list[PixelRect]) -> _Bools:
    reach = max(2, size.h // 6)
    found = np.zeros(len(places.x), dtype=np.bool_)
    for seed in seeds:
        found |= np.abs(places.y - seed.y) <= reach
    return found


def _paired(places: _Places, size: PixelRect, letters: _Ints) -> _Bools:
    """Which have three sides, and another such beside them in the row, as the boxes of a choice have."""
    reach = max(2, size.h // 6)
    good = places.three_sided(_THREE_PAIRED) & places.apart() & (letters == 0)
    x, y = places.x[good], places.y[good]
    beside = np.abs(x[:, None] - x) > 1.5 * size.w
    found = good.copy()
    found[good] = ((np.abs(y[:, None] - y) <= reach) & beside).any(axis=1)
    return np.asarray(found)


def _second_end(covers: _Covers, places: _Places, size: PixelRect) -> _Floats:
    """The share of ink of the second weakest of the eight ends of the sides."""
    end = max(3, round(0.22 * size.h))
    steps = np.arange(end)[None, :]
    x, y = places.x[:, None], places.y[:, None]
    left, right, top, bottom = x + 1, x + size.w - 2, y + 1, y + size.h - 2
    ends = [covers.along[row, column] for row in (top, bottom) for column in (left + steps, right - steps)]
    ends += [covers.across[row, column] for column in (left, right) for row in (top + steps, bottom - steps)]
    shares = np.sort(np.stack([np.count_nonzero(part, axis=1) for part in ends], axis=1), axis=1)
    return np.asarray(shares[:, 1] / end, dtype=np.float64)


def _beside(covers: _Covers, x: _Ints, y: _Ints, size: PixelRect) -> _Floats:
    """The share of ink just outside each side, the least first."""
    near, far = 2, max(5, round(0.2 * size.w))
    right, bottom = x + size.w, y + size.h
    sides = (
        covers.shares(x - far, y, x - near, bottom),
        covers.shares(right + near, y, right + far, bottom),
        covers.shares(x, y - far, right, y - near),
        covers.shares(x, bottom + near, right, bottom + far),
    )
    return np.sort(np.stack(sides, axis=1), axis=1)


def _has_letter(ink: Mask, places: _Places, size: PixelRect, side: int) -> _Bools:
    """Whether ink stands beside each no further than a letter from the next, and is no line."""
    reach, above = max(2, round(0.13 * size.w)), round(0.35 * size.h)
    start = places.x + size.w if side > 0 else places.x - reach
    columns = np.clip(start[:, None] + np.arange(reach), 0, ink.shape[1] - 1)
    rows = np.clip(places.y[:, None] + np.arange(-above, size.h + above), 0, ink.shape[0] - 1)
    beside = ink[rows[:, :, None], columns[:, None, :]].any(axis=2)
    inside = beside[:, above : above + size.h].mean(axis=1)
    outside = np.concatenate((beside[:, :above], beside[:, above + size.h :]), axis=1).mean(axis=1)
    return np.asarray((inside > 0.3) & (outside < 0.6))
