"""Printed lines: found as ink first, then as straight segments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import Rule
from ocr.images import Mask, above
from ocr.pieces import Pieces, pieces_of

_SHORT_COVER = 0.75
_LONG_COVER = 0.55
_ATTACHED = 0.35
_PIECE_IN = 0.2
_DOTTED_COVER = 0.45
_UNBROKEN_IN = 0.18
_REMOVED_IN = 0.3
_MEETS_IN = 0.02
_LINE_IN = 0.22
_JOIN_IN = 0.12
_DRAWN_JOIN_IN, _WALL_IN = 0.015, 0.12
_BAR_INK = 0.62


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
    horizontal = np.asarray(cv2.bitwise_or(_lines(thin, dpi, stroke_in=0.055), _dotted_lines(thin, dpi)), dtype=np.uint8)
    # Letters have long upright strokes and stand above each other, so an upright line must be longer in one piece.
    vertical = turned(_lines(turned(thin), dpi, stroke_in=0.11))
    return LineMasks(horizontal, vertical, bars)


def turned(mask: Mask) -> Mask:
    """Rows for columns."""
    return np.asarray(cv2.transpose(mask), dtype=np.uint8)


def bar_mask(ink: Mask, dpi: float) -> Mask:
    """Filled areas at least a line of text high and half an inch wide, with the letters that are left white in them."""
    side = max(3, int(0.04 * dpi))
    solid = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    core = cv2.morphologyEx(solid, cv2.MORPH_OPEN, np.ones((max(5, int(0.07 * dpi)), int(0.45 * dpi)), np.uint8))
    pieces = pieces_of(np.asarray(core, dtype=np.uint8))
    # Text set close together closes to an area as well, but a bar is mostly ink.
    return pieces.painted(index for index in range(len(pieces.rects)) if _inked(pieces, index, ink) > _BAR_INK)


def _inked(pieces: Pieces, index: int, ink: Mask) -> float:
    x, y, w, h = pieces.rects[index]
    return float(np.mean(ink[y : y + h, x : x + w][pieces.shape(index)] > 0))


def _lines(ink: Mask, dpi: float, *, stroke_in: float) -> Mask:
    """Horizontal lines: runs longer than a letter's strokes, joined over the breaks that a fax leaves, and then long."""
    stroke = max(8, int(stroke_in * dpi))
    # A pixel of slack up and down: a line that leans a little, or that was turned straight, is a stair.
    slack = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(slack, cv2.MORPH_OPEN, np.ones((1, stroke), np.uint8))
    thick = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(5, int(0.045 * dpi)), max(3, int(0.02 * dpi))), np.uint8))
    runs = cv2.subtract(runs, cv2.dilate(thick, np.ones((3, 3), np.uint8)))
    bridged = cv2.morphologyEx(runs, cv2.MORPH_CLOSE, np.ones((3, int(0.08 * dpi)), np.uint8))
    return _kept(np.asarray(bridged, dtype=np.uint8), ink, dpi, _PIECE_IN, _LONG_COVER)


def _dotted_lines(ink: Mask, dpi: float) -> Mask:
    """Rows that hold much ink over three quarters of an inch while the rows a little above and below hold none.

    A thin line on a poor fax is a row of dashes no longer than the strokes of letters; but letters are not alone in their row.
    """
    window, away = int(0.75 * dpi) | 1, max(4, int(0.03 * dpi))
    slack = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    rows = above(cv2.blur(slack, (window, 1)), 0.55 * 255)
    quiet = np.bitwise_not(above(cv2.blur(ink, (window, 1)), 0.14 * 255))
    for shift in (away, away + 2):
        rows[shift:] &= quiet[:-shift]
        rows[:-shift] &= quiet[shift:]
    near = cv2.dilate(rows, np.ones((1, window // 3), np.uint8))
    dashes = cv2.bitwise_and(near, slack)
    joined = np.asarray(cv2.morphologyEx(dashes, cv2.MORPH_CLOSE, np.ones((1, int(0.12 * dpi)), np.uint8)), dtype=np.uint8)
    return _kept(joined, ink, dpi, 3 * _PIECE_IN, _DOTTED_COVER)


def _kept(candidates: Mask, ink: Mask, dpi: float, least_in: float, cover: float) -> Mask:
    pieces = pieces_of(candidates)
    keep = []
    for index, (x, y, w, h) in enumerate(pieces.rects):
        if w < least_in * dpi or h > max(0.05 * dpi, 0.02 * w):
            continue
        needed = cover if w >= dpi else max(cover, _SHORT_COVER)
        # A short rule is one stroke; strokes of large letters side by side are not.
        least_run = _UNBROKEN_IN * dpi if w < dpi else 0.0
        top, bottom = max(0, y - 3), min(ink.shape[0], y + h + 3)
        piece = np.pad(pieces.shape(index), ((y - top, bottom - y - h), (0, 0)))
        if _is_line(piece, ink[top:bottom, x : x + w] > 0, needed, least_run):
            keep.append(index)
    return pieces.painted(keep)


def _is_line(piece: npt.NDArray[np.bool_], ink: npt.NDArray[np.bool_], cover: float, least_run: float) -> bool:
    """Whether most of the piece is inked and few strokes grow out of it, as they do out of the feet of a row of letters."""
    covered = np.asarray((piece & ink).any(axis=0))
    if float(covered.mean()) < cover or _longest_run(covered) < min(least_run, 0.5 * covered.size):
        return False
    grown = np.asarray(cv2.dilate(piece.astype(np.uint8), np.ones((5, 1), np.uint8)), dtype=bool)
    attached = float(np.mean((grown & ~piece & ink).any(axis=0)))
    return attached < _ATTACHED


def _longest_run(covered: npt.NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], covered.astype(np.int8), [0]))))
    return int((edges[1::2] - edges[::2]).max()) if len(edges) else 0


def without_lines(ink: Mask, masks: LineMasks, dpi: float) -> Mask:
    """Ink to take away with the lines: what is line and is crossed by no stroke.

    Short lines stay: the upper edges of a word in capitals may pass for one, and a word without them cannot be read.
    """
    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((7, 1), np.uint8))
    along = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 7), np.uint8))
    around = np.ones((3, 3), np.uint8)
    flat = cv2.bitwise_and(cv2.dilate(_long(masks.horizontal, 2, dpi), around), cv2.bitwise_not(across))
    upright = cv2.bitwise_and(cv2.dilate(_long(masks.vertical, 3, dpi), around), cv2.bitwise_not(along))
    return np.asarray(cv2.bitwise_or(flat, upright), dtype=np.uint8)


def _long(mask: Mask, side: int, dpi: float) -> Mask:
    pieces = pieces_of(mask)
    return pieces.painted(index for index, rect in enumerate(pieces.rects) if rect[side] >= _REMOVED_IN * dpi)


def standing(masks: LineMasks, dpi: float) -> Mask:
    """The upright lines without short strokes that meet no level one: a tall letter of a hand is no wall between words."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(masks.vertical, connectivity=8)
    reach = max(2, int(_MEETS_IN * dpi))
    level = cv2.dilate(masks.horizontal, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    walls = masks.vertical.copy()
    for index in range(1, count):
        x, y, w, h = (int(value) for value in stats[index, :4])
        if h < _REMOVED_IN * dpi and not level[y : y + h, x : x + w][labels[y : y + h, x : x + w] == index].any():
            walls[y : y + h, x : x + w][labels[y : y + h, x : x + w] == index] = 0
    return walls


def segments_of(mask: Mask, dpi: float) -> list[Segment]:
    """The horizontal lines of a mask (pass it transposed for the upright ones), broken ones joined."""
    pieces = [Segment(y + (h - 1) / 2, float(x), float(x + w), float(h)) for x, y, w, h in pieces_of(mask).rects]
    joined = joined_segments(pieces, 0.015 * dpi, lambda one, other: other.start - one.end <= _JOIN_IN * dpi)
    return [piece for piece in joined if piece.end - piece.start >= _LINE_IN * dpi]


def drawn_segments(lines: tuple[Rule, ...], shape: tuple[int, ...], dpi: float) -> tuple[list[Segment], list[Segment]]:
    """The level and the upright ones of the lines that a page draws, in pixels, those that run on from each other joined.

    Upright ones may be as short as the walls of a comb.
    """
    height, width = shape[:2]
    level = [
        Segment(rule.box.y * height, rule.box.left * width, rule.box.right * width, rule.box.height * height)
        for rule in lines
        if rule.horizontal
    ]
    upright = [
        Segment(rule.box.x * width, rule.box.top * height, rule.box.bottom * height, rule.box.width * width)
        for rule in lines
        if not rule.horizontal
    ]

    def whole(pieces: list[Segment], least_in: float) -> list[Segment]:
        joined = joined_segments(pieces, 0.01 * dpi, lambda one, other: other.start - one.end <= _DRAWN_JOIN_IN * dpi)
        return [piece for piece in joined if piece.end - piece.start >= least_in * dpi]

    return whole(level, _LINE_IN), whole(upright, _WALL_IN)


def joined_segments(pieces: list[Segment], slack: float, may_join: Callable[[Segment, Segment], bool]) -> list[Segment]:
    """Pieces that lie on one line, made one where ``may_join(left, right)`` allows it; ``slack`` is in pixels across."""
    joined: list[Segment] = []
    for piece in sorted(pieces, key=lambda p: p.start):
        for index in range(len(joined) - 1, -1, -1):
            other = joined[index]
            if abs(piece.at - other.at) <= slack + other.thick / 4 and may_join(other, piece):
                joined[index] = _joined(other, piece)
                break
        else:
            joined.append(piece)
    return joined


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
