"""Printed lines and the cells that they close."""

from __future__ import annotations

import cv2
import numpy as np

from models.geometry import Box
from models.page import Rule
from ocr.images import Mask


def rule_masks(ink: Mask, dpi: float) -> tuple[Mask, Mask]:
    """Ink of horizontal and of vertical lines."""
    return _lines(ink, dpi, horizontal=True), _lines(ink, dpi, horizontal=False)


def _lines(ink: Mask, dpi: float, *, horizontal: bool) -> Mask:
    image = ink if horizontal else np.ascontiguousarray(ink.T)
    bridged = cv2.morphologyEx(image, cv2.MORPH_CLOSE, np.ones((2, int(0.03 * dpi)), np.uint8))
    length = int(0.22 * dpi)
    opened = cv2.morphologyEx(bridged, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    # Filled areas (bars, pictures) are not lines: what is thick stays thick after opening across.
    thick = cv2.morphologyEx(opened, cv2.MORPH_OPEN, np.ones((max(6, int(0.05 * dpi)), 1), np.uint8))
    lines = np.asarray(cv2.subtract(opened, cv2.dilate(thick, np.ones((3, 3), np.uint8))), dtype=np.uint8)
    return lines if horizontal else np.ascontiguousarray(lines.T)


def rules_of(horizontal: Mask, vertical: Mask, dpi: float) -> tuple[Rule, ...]:
    """The lines as thin boxes."""
    height, width = horizontal.shape
    rules: list[Rule] = []
    for mask, flat in ((horizontal, True), (vertical, False)):
        kernel = np.ones((3, 7) if flat else (7, 3), np.uint8)
        count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.dilate(mask, kernel), connectivity=8)
        for x, y, w, h, _ in stats[1:count]:
            if (w if flat else h) >= 0.2 * dpi and (h if flat else w) <= 0.12 * dpi:
                rules.append(Rule(Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height), flat))
    return tuple(rules)


def cells_of(horizontal: Mask, vertical: Mask, dpi: float) -> tuple[Box, ...]:
    """The smallest rectangles closed by lines."""
    height, width = horizontal.shape
    reach = max(3, int(0.04 * dpi))
    walls = cv2.bitwise_or(
        np.asarray(cv2.dilate(horizontal, np.ones((3, reach), np.uint8)), dtype=np.uint8),
        np.asarray(cv2.dilate(vertical, np.ones((reach, 3), np.uint8)), dtype=np.uint8),
    )
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(walls), connectivity=4)
    cells = []
    for x, y, w, h, area in stats[1:count]:
        if w < 0.08 * dpi or h < 0.08 * dpi or w * h > 0.5 * width * height:
            continue
        if area > 0.85 * w * h:
            cells.append(Box.clipped((x - 1) / width, (y - 1) / height, (x + w + 1) / width, (y + h + 1) / height))
    return tuple(sorted(cells, key=lambda b: (b.top, b.left)))
