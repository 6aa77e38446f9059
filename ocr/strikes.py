"""Words that were struck out: a stroke drawn through the middle of their letters.

A struck word is told from an underlined one by ink on both sides of the stroke, from one that a printed line runs through by where
the stroke ends, and from a dash or joined letters by the gaps between letters, which hold the stroke and nothing else. A scribble
that covers the letters is not recognised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import Word
from ocr.images import Mask

_LEAST_HEIGHT_IN = 0.06
_LEAST_WIDTH_HEIGHTS = 1.2
_BAND = (0.15, 0.85)
_COLUMN_COVER = 0.97
_STROKE_COVER = 0.95
_SLOPE = 0.12
_HALF_STROKE_IN = 0.006
_LETTER_ROWS = (0.25, 0.75)
_ROW_INK = 0.1
_SIDE_COVER = 0.3
_BARE_COVER = 0.06
_NEAR_HEIGHTS = 0.3
_THICKEST_HEIGHTS = 0.4
_OVERSHOOT_HEIGHTS = 2.5
_SURETY = 0.5
_BEHIND_HEIGHTS = 0.15
_BREAK_IN = 0.02
_CROSSED = 0.5


@dataclass(frozen=True, slots=True)
class _Stroke:
    """A straight stroke: its row at the left and at the right end of ``left``..``right``, in pixels of the page.

    ``letters`` are the first and the last column of the letters it runs through.
    """

    left: int
    right: int
    start: float
    end: float
    letters: tuple[int, int]

    def row(self, x: float) -> float:
        """The stroke's row in a column, also beyond its ends."""
        return self.start + (self.end - self.start) * (x - self.left) / max(1, self.right - self.left)


def with_struck(
    words: Sequence[Word], ink: Mask, dpi: float, *, drawn: bool = False, strokes: Sequence[Box] | None = None
) -> tuple[Word, ...]:
    """The words, those that are struck out marked so; their letters are doubtful.

    Args:
        words: the words of a page.
        ink: the page's ink without printed lines.
        dpi: pixels an inch of ``ink``.
        drawn: whether the page was never on paper; its letters do not run together, and its strokes end where its words do.
        strokes: boxes around all that such a page draws flat, where that is known: nothing else strikes a word.
    """
    crossed = [index for index, word in enumerate(words) if strokes is None or any(_crosses(box, word.box) for box in strokes)]
    found = [(index, stroke) for index in crossed if (stroke := _stroke_through(words[index].box, ink, dpi))]
    boxes = [word.box for word in words]
    struck = {index for index, stroke in found if _ends_as_drawn(stroke, boxes[index], boxes, ink, dpi, drawn=drawn)}
    return tuple(
        replace(word, struck=True, confidence=min(word.confidence, _SURETY)) if index in struck else word
        for index, word in enumerate(words)
    )


def _crosses(stroke: Box, word: Box) -> bool:
    """Whether a stroke runs through most of a word, and stays within its height."""
    inside = word.top < stroke.y < word.bottom and stroke.height < word.height
    return inside and stroke.x_overlap(word) > _CROSSED * word.width


def _stroke_through(box: Box, ink: Mask, dpi: float) -> _Stroke | None:
    """The stroke through the middle of a word's letters, if there is one."""
    rows, columns = ink.shape
    top, bottom = round(box.top * rows), round(box.bottom * rows)
    left, right = round(box.left * columns), round(box.right * columns)
    height, width = bottom - top, right - left
    if height < _LEAST_HEIGHT_IN * dpi or width < _LEAST_WIDTH_HEIGHTS * height:
        return None
    view = ink[top:bottom, left:right] > 0
    first, last = int(_BAND[0] * height), int(_BAND[1] * height)
    if float(view[first:last].any(axis=0).mean()) < _COLUMN_COVER:
        return None  # White between the letters: nothing runs through.
    half = max(1, round(_HALF_STROKE_IN * dpi))
    best = _best_line(view, first, last, half)
    letters = None if best is None else _letters_beside(view, best)
    if best is None or letters is None:
        return None
    inked = np.flatnonzero(letters)
    span = (left + int(inked[0]), left + int(inked[-1]))
    return _Stroke(left, right, top + float(best[0]), top + float(best[-1]), span)


def _best_line(view: npt.NDArray[np.bool_], first: int, last: int, half: int) -> npt.NDArray[np.intp] | None:
    """The row of the straight line in each column that most columns have ink on, if nearly all have."""
    height, width = view.shape
    thick = np.zeros_like(view)
    for shift in range(-half, half + 1):
        thick[max(0, shift) : height + min(0, shift)] |= view[max(0, -shift) : height - max(0, shift)]
    steepest = min(int(_SLOPE * width), last - first)
    across = np.arange(width)
    best, most = None, _STROKE_COVER
    # Of lines that cover as much the flattest: one that leans may run from one of two strokes to the other.
    for rise in sorted(range(-steepest, steepest + 1), key=abs):
        offsets = np.rint(across * rise / max(1, width - 1)).astype(np.intp)
        starts = np.arange(max(first, first - rise), min(last, last - rise))
        if not len(starts):
            continue
        paths = starts[:, None] + offsets[None, :]
        cover = thick[paths, across[None, :]].mean(axis=1)
        # Of equally covered rows the middle one is the stroke itself.
        ties = np.flatnonzero(cover == cover.max())
        index = int(ties[len(ties) // 2])
        if float(cover[index]) > most:
            best, most = paths[index], float(cover[index])
    return best


def _letters_beside(view: npt.NDArray[np.bool_], line: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_] | None:
    """The columns with letters; ``None`` where the line does not run through their middle, or leaves no gaps between them."""
    rows = np.arange(view.shape[0])[:, None] - line[None, :]
    upper, lower = _thickness(view, rows)
    letters = view & ((rows < upper - 1) | (rows > lower + 1))
    inked = np.flatnonzero(letters.mean(axis=1) >= _ROW_INK)
    if not len(inked) or lower - upper > _THICKEST_HEIGHTS * (inked[-1] - inked[0]):
        return None
    place = (float(line.mean()) + (upper + lower) / 2 - inked[0]) / max(1, inked[-1] - inked[0])
    above, below = letters & (rows < 0), letters & (rows > 0)
    sides = min(float(above.any(axis=0).mean()), float(below.any(axis=0).mean()))
    columns = np.asarray(letters.any(axis=0))
    right = _LETTER_ROWS[0] <= place <= _LETTER_ROWS[1] and sides >= _SIDE_COVER and float(columns.mean()) <= 1 - _BARE_COVER
    return columns if right else None


def _thickness(view: npt.NDArray[np.bool_], rows: npt.NDArray[np.intp]) -> tuple[float, float]:
    """How far ink reaches above and below the line where no letter stands: one stroke, or two beside each other."""
    near = view & (np.abs(rows) <= _NEAR_HEIGHTS * view.shape[0])
    columns = near.any(axis=0)
    upper = np.where(near, rows, view.shape[0]).min(axis=0)[columns]
    lower = np.where(near, rows, -view.shape[0]).max(axis=0)[columns]
    thin = np.argsort(lower - upper)[: max(1, int(_BARE_COVER * len(upper)))]
    return float(np.median(upper[thin])), float(np.median(lower[thin]))


def _ends_as_drawn(stroke: _Stroke, own: Box, boxes: Sequence[Box], ink: Mask, dpi: float, *, drawn: bool) -> bool:
    """Whether the stroke ends a little behind the letters, as a pen does, and not where no words stand, as a printed line does."""
    rows, columns = ink.shape
    beside = [box for box in boxes if box.on_row_of(own)]
    slack = _OVERSHOOT_HEIGHTS * own.height * rows
    behind = 0.0
    for end, step, letter in ((stroke.left, -1, stroke.letters[0]), (stroke.right, 1, stroke.letters[1])):
        reached = _followed(stroke, end, step, ink, dpi)
        covered = [own, *(box for box in beside if min(end, reached) - slack <= box.x * columns <= max(end, reached) + slack)]
        edge = min(box.left for box in covered) if step < 0 else max(box.right for box in covered)
        if (reached - edge * columns) * step > slack:
            return False
        behind = max(behind, (reached - letter) * step)
    return drawn or bool(behind >= _BEHIND_HEIGHTS * own.height * rows)


def _followed(stroke: _Stroke, x: int, step: int, ink: Mask, dpi: float) -> int:
    """The column where the stroke ends, followed outward from ``x``."""
    rows, columns = ink.shape
    half, longest = max(1, round(_HALF_STROKE_IN * dpi)), round(_BREAK_IN * dpi)
    reached, at = x, stroke.row(x)
    while 0 < x < columns - 1 and abs(x - reached) <= longest:
        x += step
        top = max(0, round(at) - half)
        seen = np.flatnonzero(ink[top : min(rows, round(at) + half + 1), x])
        if len(seen):
            # A drawn stroke bends: it is followed, a pixel at a time.
            at += max(-1.0, min(1.0, float(top + seen.mean()) - at))
            reached = x
    return reached
