"""Cells: the smallest rectangles that printed lines close."""

from __future__ import annotations

import cv2
import numpy as np

from models.geometry import Box
from ocr.images import Mask
from ocr.pieces import holes_of
from ocr.rules import Segment, joined_segments

_SMALLEST_IN = 0.08
_SQUARENESS = 0.8
_GAP_IN = 0.5
_SIDE_IN = 0.7
_SIDE_COVER = 0.55
# How far a line may end before the one across that it was drawn to: noise takes its end, a drawing program its width.
_REACH_IN, _DRAWN_REACH_IN = 0.1, 0.02


def cells_of(horizontal: list[Segment], vertical: list[Segment], ink: Mask, bars: Mask, dpi: float) -> tuple[Box, ...]:
    """Cells in page fractions, top to bottom; filled bars close cells as lines do."""
    horizontal = _over_gaps(horizontal, vertical, ink, dpi)
    return _closed(horizontal, [*vertical, *_faint_sides(horizontal, ink, dpi)], bars, dpi, _REACH_IN * dpi)


def closed_cells(horizontal: list[Segment], vertical: list[Segment], bars: Mask, dpi: float) -> tuple[Box, ...]:
    """As :func:`cells_of`, for lines whose ends are known."""
    return _closed(horizontal, vertical, bars, dpi, _DRAWN_REACH_IN * dpi)


def _closed(horizontal: list[Segment], vertical: list[Segment], bars: Mask, dpi: float, reach: float) -> tuple[Box, ...]:
    height, width = bars.shape
    walls = cv2.dilate(bars, np.ones((5, 5), np.uint8))
    for line in horizontal:
        start, end = _extended(line, vertical, reach)
        cv2.line(walls, (round(start), round(line.at)), (round(end), round(line.at)), (255,), 2)
    for line in vertical:
        start, end = _extended(line, horizontal, reach)
        cv2.line(walls, (round(line.at), round(start)), (round(line.at), round(end)), (255,), 2)
    cells = []
    for x, y, w, h, area in holes_of(np.asarray(walls, dtype=np.uint8)):
        if min(w, h) < _SMALLEST_IN * dpi or w * h > 0.6 * width * height or area < _SQUARENESS * w * h:
            continue
        cells.append(Box.clipped((x - 1) / width, (y - 1) / height, (x + w + 1) / width, (y + h + 1) / height))
    return tuple(sorted(cells, key=lambda cell: (cell.top, cell.left)))


def _over_gaps(lines: list[Segment], across: list[Segment], ink: Mask, dpi: float) -> list[Segment]:
    """Horizontal lines joined over the longer gaps that a poor fax leaves in them, where nothing stands in the gap.

    Boxes side by side are parted by gaps as well, but there an upright line stands at the gap's edge. Two blanks side by side
    are joined, but no upright lines make a cell of them.
    """

    def may_join(left: Segment, right: Segment) -> bool:
        if right.start - left.end > _GAP_IN * dpi:
            return False
        row, first, last = round((left.at + right.at) / 2), round(left.end), round(right.start)
        if any(min(abs(u.at - first), abs(u.at - last)) <= 5 and u.start - 5 <= row <= u.end + 5 for u in across):
            return False
        return not ink[max(0, row - 3) : row + 4, first + 3 : last - 3].any()

    return joined_segments(lines, 0.015 * dpi, may_join)


def _faint_sides(horizontal: list[Segment], ink: Mask, dpi: float) -> list[Segment]:
    """Upright sides too short and broken to be seen alone, looked for where a line and the next one below begin or end."""
    sides: list[Segment] = []
    for upper in horizontal:
        lower = min(
            (line for line in horizontal if line.at > upper.at + 0.1 * dpi and _overlap(upper, line)),
            key=lambda line: line.at,
            default=None,
        )
        if lower is None or lower.at - upper.at > _SIDE_IN * dpi:
            continue
        top, bottom = round(upper.at), round(lower.at)
        edges = {round(edge) for line in (upper, lower) for edge in (line.start, line.end)}
        sides.extend(
            Segment(float(x), float(top), float(bottom), 2.0)
            for x in sorted(edges)
            if float(np.mean(ink[top:bottom, max(0, x - 4) : x + 5].any(axis=1))) > _SIDE_COVER
        )
    return sides


def _overlap(one: Segment, other: Segment) -> bool:
    common = min(one.end, other.end) - max(one.start, other.start)
    return common > 0.5 * min(one.end - one.start, other.end - other.start)


def _extended(line: Segment, others: list[Segment], reach: float) -> tuple[float, float]:
    """The line's ends, drawn on to the lines across that they all but touch."""
    start, end = line.start - 2, line.end + 2
    for other in others:
        if not other.start - reach <= line.at <= other.end + reach:
            continue
        if line.start - reach <= other.at < line.start:
            start = min(start, other.at)
        if line.end < other.at <= line.end + reach:
            end = max(end, other.at)
    return start, end
