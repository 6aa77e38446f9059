"""Check-boxes set in type: ``[ ]`` and ``( )``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import CheckBox, MarkState
from ocr.images import GreyImage, Mask
from ocr.marks import PixelRect
from ocr.pieces import Pieces, pieces_of

_LEAST_STROKE = 6
_LOWEST_IN, _HIGHEST_IN = 0.08, 0.3
_LEAST_LEAN = 0.12
_EMPTY_SHARE = 0.012
_EMPTY_GAP = 0.5
# How far the middle of a straight stroke wanders from row to row of a fax.
_STRAIGHT_PX = 0.75
_MARKS = frozenset("xXvVkK*✓✔√✗/\\+×•●")

ReadCrops = Callable[[Sequence[GreyImage]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class BracketBox:
    """A pair of brackets: the rectangle around both, and whether something stands between them."""

    rect: PixelRect
    marked: bool


def bracket_boxes(ink: Mask, image: GreyImage, dpi: float, read: ReadCrops) -> list[BracketBox]:
    """Pairs of brackets with nothing or one mark between them.

    ``read`` gives the text of crops: a letter or a digit in brackets, as in ``(s)`` or ``(5)``, is text and no mark.
    """
    empty: list[PixelRect] = []
    filled: list[PixelRect] = []
    pieces = pieces_of(ink)
    for left, right in _pairs(pieces, dpi):
        rect = PixelRect(left.x, min(left.y, right.y), right.x + right.w - left.x, max(left.h, right.h))
        inner = ink[left.y : left.y + left.h, left.x + left.w : right.x] > 0
        if float(inner.mean()) <= _EMPTY_SHARE:
            # The halves of a broken zero stand closer than brackets that are meant to be filled, and are round.
            if inner.shape[1] >= _EMPTY_GAP * left.h or (_is_straight(ink, left) and _is_straight(ink, right)):
                empty.append(rect)
        elif _strokes(inner) <= 2:
            filled.append(rect)
    filled.extend(rect for rect in _touched(pieces, dpi) if not any(rect.overlaps(other) for other in (*empty, *filled)))
    crops = [image[max(0, r.y - 4) : r.y + r.h + 4, max(0, r.x - 4) : r.x + r.w + 4] for r in filled]
    marks = [rect for rect, text in zip(filled, read(crops) if crops else (), strict=True) if _is_mark(text)]
    return [*(BracketBox(rect, marked=False) for rect in empty), *(BracketBox(rect, marked=True) for rect in marks)]


def _is_straight(ink: Mask, side: PixelRect) -> bool:
    """Whether the bracket is a square one: an upright between its feet."""
    foot = max(2, side.h // 8)
    middle = ink[side.y + foot : side.y + side.h - foot, side.x : side.x + side.w] > 0
    centres = (middle * np.arange(side.w)).sum(axis=1) / np.maximum(1, middle.sum(axis=1))
    return float(centres.max() - centres.min()) <= _STRAIGHT_PX


def as_check_box(box: BracketBox, width: int, height: int) -> CheckBox:
    """The pair as a check-box in page fractions."""
    r = box.rect
    where = Box.clipped(r.x / width, r.y / height, (r.x + r.w) / width, (r.y + r.h) / height)
    return CheckBox(where, MarkState.TICKED if box.marked else MarkState.EMPTY, 0.93)


def _is_mark(text: str) -> bool:
    inside = text.strip().strip("()[]{}|lI1 ")
    return len(inside) <= 2 and all(character in _MARKS or not character.isalnum() for character in inside)


def _pairs(pieces: Pieces, dpi: float) -> list[tuple[PixelRect, PixelRect]]:
    lefts: list[PixelRect] = []
    rights: list[PixelRect] = []
    for index, (x, y, w, h) in enumerate(pieces.rects):
        if not (_LOWEST_IN * dpi <= h <= _HIGHEST_IN * dpi and 0.1 * h <= w <= 0.55 * h):
            continue
        lean = _lean(pieces.shape(index))
        if lean > _LEAST_LEAN:
            lefts.append(PixelRect(x, y, w, h))
        elif lean < -_LEAST_LEAN:
            rights.append(PixelRect(x, y, w, h))
    pairs = []
    for left in lefts:
        beside = [r for r in rights if _is_pair(left, r)]
        if beside:
            pairs.append((left, min(beside, key=lambda r: r.x)))
    return pairs


def _is_pair(left: PixelRect, right: PixelRect) -> bool:
    gap = right.x - (left.x + left.w)
    return (
        0.22 * left.h <= gap <= 2.2 * left.h
        and abs(left.h - right.h) <= 0.25 * left.h
        and abs((left.y + left.h / 2) - (right.y + right.h / 2)) <= 0.25 * left.h
    )


def _touched(pieces: Pieces, dpi: float) -> list[PixelRect]:
    """Brackets held together by the mark between them: upright on the left and right, open above and below."""
    found = []
    for index, (x, y, w, h) in enumerate(pieces.rects):
        if not (_LOWEST_IN * dpi <= h <= _HIGHEST_IN * dpi and 1.05 * h <= w <= 2.6 * h):
            continue
        piece = pieces.shape(index)
        side = max(2, round(0.16 * w))
        left, right = piece[:, :side].any(axis=1), piece[:, -side:].any(axis=1)
        above, below = piece[: h // 6 + 1].any(axis=0), piece[-(h // 6) - 1 :].any(axis=0)
        if min(left.mean(), right.mean()) > 0.8 and max(above.mean(), below.mean()) < 0.75:
            found.append(PixelRect(x, y, w, h))
    return found


def _lean(piece: npt.NDArray[np.bool_]) -> float:
    """How far the ends reach to the right of the middle, in widths: positive for ( and [, negative for ) and ]; else 0.

    A bracket is one thin stroke: its rows hold one short run each, but for the two feet.
    """
    height, width = piece.shape
    if width < 3 or float(piece.mean()) > 0.75:
        return 0.0
    middle = piece[height // 3 : height - height // 3]
    if float(middle.sum(axis=1).max()) > max(4, 0.6 * width) or not middle.any(axis=1).all():
        return 0.0
    sixth = max(2, height // 8)
    columns = np.arange(width)

    def centre(rows: npt.NDArray[np.bool_]) -> float:
        weight = rows.sum(axis=0)
        return float((weight * columns).sum() / max(1, weight.sum()))

    top, waist, bottom = centre(piece[:sixth]), centre(middle), centre(piece[-sixth:])
    if (top - waist) * (bottom - waist) <= 0:
        return 0.0
    return float(min(abs(top - waist), abs(bottom - waist)) / width * (1 if top > waist else -1))


def _strokes(inner: npt.NDArray[np.bool_]) -> int:
    pieces = pieces_of(inner.astype(np.uint8))
    return sum(1 for index in range(len(pieces.rects)) if np.count_nonzero(pieces.shape(index)) >= _LEAST_STROKE)
