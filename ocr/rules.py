"""Printed lines: found as ink first, then as straight segments."""

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


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line in pixels: ``at`` is its row (or column), ``start`` and ``end`` its extent, ``thick`` its thickness."""

    at: float
    start: float
    end: float
    thick: float


def line_masks(ink: Mask, dpi: float) -> LineMasks:
    """Find the lines and the filled areas of a page."""
    bars = bar_mask(ink, dpi)
    thin = np.asarray(cv2.subtract(ink, bars), dtype=np.uint8)
    horizontal = _lines(thin, dpi, stroke_in=0.085)
    # Letters have long upright strokes and stand above each other, so an upright line must be longer in one piece.
    vertical = np.ascontiguousarray(_lines(np.ascontiguousarray(thin.T), dpi, stroke_in=0.14).T)
    return LineMasks(horizontal, vertical, bars)


def bar_mask(ink: Mask, dpi: float) -> Mask:
    """Filled areas at least a line of text high and half an inch wide, with the letters that are left white in them."""
    side = max(3, int(0.04 * dpi))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
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


def _lines(ink: Mask, dpi: float, *, stroke_in: float) -> Mask:
    """Horizontal lines: runs longer than a letter's strokes, joined over the breaks that a fax leaves, and then long."""
    stroke = max(8, int(stroke_in * dpi))
    # A pixel of slack up and down: a line that leans a little, or that was turned straight, is a stair.
    slack = cv2.dilate(ink, np.ones((3, 1), np.uint8))
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


def segments_of(mask: Mask, dpi: float) -> list[Segment]:
    """The horizontal lines of a mask (pass it transposed for the upright ones), broken ones joined."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    pieces = [Segment(y + (h - 1) / 2, float(x), float(x + w), float(h)) for x, y, w, h, _ in stats[1:count].tolist()]
    pieces.sort(key=lambda piece: piece.start)
    joined: list[Segment] = []
    for piece in pieces:
        for index in range(len(joined) - 1, -1, -1):
            other = joined[index]
            gap = piece.start - other.end
            if abs(piece.at - other.at) <= 0.02 * dpi and -0.5 * dpi < gap <= 0.12 * dpi:
                joined[index] = _joined(other, piece)
                break
        else:
            joined.append(piece)
    return [piece for piece in joined if piece.end - piece.start >= 0.2 * dpi]


def _joined(one: Segment, other: Segment) -> Segment:
    one_length, other_length = one.end - one.start, other.end - other.start
    at = (one.at * one_length + other.at * other_length) / (one_length + other_length)
    return Segment(at, min(one.start, other.start), max(one.end, other.end), max(one.thick, other.thick))


def rules_of(horizontal: list[Segment], vertical: list[Segment], width: int, height: int) -> tuple[Rule, ...]:
    """The segments as thin boxes in page fractions."""
    rules = [
        Rule(Box.clipped(s.start / width, (s.at - s.thick / 2) / height, s.end / width, (s.at + s.thick / 2) / height), True)
        for s in horizontal
    ]
    rules.extend(
        Rule(Box.clipped((s.at - s.thick / 2) / width, s.start / height, (s.at + s.thick / 2) / width, s.end / height), False)
        for s in vertical
    )
    return tuple(rules)
