"""Cells: the smallest rectangles that printed lines close."""

from __future__ import annotations

import cv2
import numpy as np

from models.geometry import Box
from ocr.images import Mask
from ocr.rules import Segment

_SMALLEST_IN = 0.08
_SQUARENESS = 0.8


def cells_of(horizontal: list[Segment], vertical: list[Segment], bars: Mask, dpi: float) -> tuple[Box, ...]:
    """Cells in page fractions, top to bottom; filled bars close cells as lines do."""
    height, width = bars.shape
    reach = 0.1 * dpi
    walls = cv2.dilate(bars, np.ones((5, 5), np.uint8))
    for line in horizontal:
        start, end = _extended(line, vertical, reach)
        cv2.line(walls, (round(start), round(line.at)), (round(end), round(line.at)), (255,), 2)
    for line in vertical:
        start, end = _extended(line, horizontal, reach)
        cv2.line(walls, (round(line.at), round(start)), (round(line.at), round(end)), (255,), 2)
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(walls), connectivity=4)
    cells = []
    for x, y, w, h, area in stats[1:count].tolist():
        if min(w, h) < _SMALLEST_IN * dpi or w * h > 0.6 * width * height or area < _SQUARENESS * w * h:
            continue
        cells.append(Box.clipped((x - 1) / width, (y - 1) / height, (x + w + 1) / width, (y + h + 1) / height))
    return tuple(sorted(cells, key=lambda cell: (cell.top, cell.left)))


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
