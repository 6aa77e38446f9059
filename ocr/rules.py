"""Printed lines and the cells that they close."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from models.geometry import Box
from models.page import Rule
from ocr.images import Mask


@dataclass(frozen=True, slots=True)
class LineMasks:
    """Ink of printed lines and of filled areas: horizontal lines, upright lines, bars."""

    horizontal: Mask
    vertical: Mask
    bars: Mask

    @property
    def lines(self) -> Mask:
        """All lines."""
        return np.asarray(cv2.bitwise_or(self.horizontal, self.vertical), dtype=np.uint8)


def line_masks(ink: Mask, dpi: float) -> LineMasks:
    """Find the lines and the filled areas of a page."""
    bars = bar_mask(ink, dpi)
    thin = np.asarray(cv2.subtract(ink, bars), dtype=np.uint8)
    horizontal = _lines(thin, dpi)
    vertical = np.ascontiguousarray(_lines(np.ascontiguousarray(thin.T), dpi).T)
    return LineMasks(horizontal, vertical, bars)


def bar_mask(ink: Mask, dpi: float) -> Mask:
    """Filled areas at least a line of text high and half an inch wide, with the letters that are left white in them."""
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((max(3, int(0.04 * dpi)), max(3, int(0.04 * dpi))), np.uint8))
    core = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((max(5, int(0.07 * dpi)), int(0.45 * dpi)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    bars = np.zeros_like(ink)
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        piece = labels[y : y + h, x : x + w] == index
        # Text set close together closes to an area as well, but a bar is mostly ink.
        if float(np.mean(ink[y : y + h, x : x + w][piece] > 0)) > 0.62:
            bars[y : y + h, x : x + w][piece] = 255
    return bars


def _lines(ink: Mask, dpi: float) -> Mask:
    """Horizontal lines: runs longer than a letter's strokes, joined over the breaks that a fax leaves, and then long."""
    stroke = max(8, int(0.085 * dpi))
    # One pixel of slack up and down: a line that still leans a little is a stair.
    slack = cv2.dilate(ink, np.ones((2, 1), np.uint8))
    runs = cv2.morphologyEx(slack, cv2.MORPH_OPEN, np.ones((1, stroke), np.uint8))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(5, int(0.045 * dpi)), max(3, int(0.02 * dpi))), np.uint8))
    runs = cv2.subtract(runs, cv2.dilate(thick, np.ones((3, 3), np.uint8)))
    bridged = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, int(0.08 * dpi)), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    keep = np.zeros(count, dtype=bool)
    for index in range(1, count):
        x, y, w, h, _ = (int(v) for v in stats[index])
        if w < 0.22 * dpi or h > max(0.05 * dpi, 0.02 * w):
            continue
        piece = (labels[y : y + h, x : x + w] == index) & (ink[y : y + h, x : x + w] > 0)
        keep[index] = float(np.mean(piece.any(axis=0))) > 0.7
    return np.asarray(np.where(keep[labels], 255, 0), dtype=np.uint8)


def without_lines(ink: Mask, masks: LineMasks) -> Mask:
    """Ink to take away with the lines: what is line and is crossed by no stroke."""
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((7, 1), np.uint8))
    along = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8))
    flat = cv2.bitwise_and(masks.horizontal, cv2.bitwise_not(across))
    upright = cv2.bitwise_and(masks.vertical, cv2.bitwise_not(along))
    return np.asarray(cv2.bitwise_or(flat, upright), dtype=np.uint8)


def rules_of(masks: LineMasks, dpi: float) -> tuple[Rule, ...]:
    """The lines as thin boxes."""
    height, width = masks.horizontal.shape
    rules: list[Rule] = []
    for mask, flat in ((masks.horizontal, True), (masks.vertical, False)):
        kernel = np.ones((3, int(0.06 * dpi)) if flat else (int(0.06 * dpi), 3), np.uint8)
        joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        for x, y, w, h, _ in stats[1:count]:
            if (w if flat else h) >= 0.2 * dpi:
                rules.append(Rule(Box.clipped(x / width, y / height, (x + w) / width, (y + h) / height), flat))
    return tuple(rules)


def cells_of(masks: LineMasks, dpi: float) -> tuple[Box, ...]:
    """The smallest rectangles closed by lines."""
    height, width = masks.horizontal.shape
    reach = max(3, int(0.07 * dpi)) | 1
    walls = cv2.bitwise_or(
        np.asarray(cv2.dilate(masks.horizontal, np.ones((3, reach), np.uint8)), dtype=np.uint8),
        np.asarray(cv2.dilate(masks.vertical, np.ones((reach, 3), np.uint8)), dtype=np.uint8),
    )
    walls = cv2.bitwise_or(walls, cv2.dilate(masks.bars, np.ones((5, 5), np.uint8)))
    count, _, stats, _ = cv2.connectedComponentsWithStats(cv2.bitwise_not(walls), connectivity=4)
    cells = []
    for x, y, w, h, area in stats[1:count]:
        if w < 0.08 * dpi or h < 0.08 * dpi or w * h > 0.6 * width * height:
            continue
        if area > 0.8 * w * h:
            cells.append(Box.clipped((x - 1) / width, (y - 1) / height, (x + w + 1) / width, (y + h + 1) / height))
    return tuple(sorted(cells, key=lambda b: (b.top, b.left)))
