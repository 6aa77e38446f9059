"""Comb fields: one small cell for each character."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import Comb
from ocr.images import GreyImage, Mask
from ocr.marks import PixelRect
from ocr.rules import Segment

_FEWEST = 4
_SAME_SIZE = 0.2
_NARROWEST_IN, _WIDEST_IN = 0.07, 0.36
_LOWEST_IN = 0.11
_CELL_GAP, _GROUP_GAP = 0.4, 1.6
_INK_IN_CELL = 0.012
_EDGE_COVER = 0.65
_HIGHEST_IN = 0.45
_WALL_COVER = 0.85
# What is left of an upright line that noise has broken; how far lines may be from reaching the outer walls, and how much of their
# length together both must have.
_BROKEN_COVER, _OVERHANG_IN, _LINES_SHARED = 0.6, 0.07, 0.6
# By how much of a step the line under ticks may end before the outer cells do, or go on behind them.
_LINE_SHORT, _LINE_OVER = 1.1, 1.3
# Distances between walls that are one pitch, how many of them tell it, and how many walls side by side noise may hide.
_ALIKE_STEP, _STEPS_TOLD, _MOST_MISSING = 1.2, 2, 3


@dataclass(frozen=True, slots=True)
class CombGroup:
    """Cells side by side, in pixels, left to right; a date's day, month and year are one group each."""

    cells: tuple[PixelRect, ...]


def find_combs(rects: list[PixelRect], ink: Mask, dpi: float) -> tuple[tuple[CombGroup, ...], ...]:
    """Combs among rectangles (frames and cells): rows of cells of one size with next to nothing between them."""
    low, high = _NARROWEST_IN * dpi, _WIDEST_IN * dpi
    small = sorted(
        (r for r in rects if low <= r.w <= high and _LOWEST_IN * dpi <= r.h <= 1.4 * high and 0.6 * r.w <= r.h <= 2.6 * r.w),
        key=lambda r: r.x,
    )
    chains: list[list[PixelRect]] = []
    for rect in small:
        home = next((chain for chain in chains if _follows(chain[-1], rect, _CELL_GAP)), None)
        if home is None:
            chains.append([rect])
        else:
            home.append(rect)
    rows: list[list[list[PixelRect]]] = []
    whole = [_completed(chain, ink) for chain in chains if len(chain) >= 2]
    for chain in sorted(_distinct(whole), key=lambda c: c[0].x):
        row = next((row for row in rows if _follows(row[-1][-1], chain[0], _GROUP_GAP)), None)
        if row is None:
            rows.append([chain])
        else:
            row.append(chain)
    return tuple(tuple(CombGroup(tuple(chain)) for chain in row) for row in rows if sum(len(chain) for chain in row) >= _FEWEST)


def _completed(chain: list[PixelRect], ink: Mask) -> list[PixelRect]:
    """The chain with the cells that noise hid: at its pitch to the left and right, as long as edges are there."""
    pitch = median(b.x - a.x for a, b in itertools.pairwise(chain))
    if pitch <= 0:
        return chain
    model = chain[len(chain) // 2]
    out = list(chain)
    for step in (-pitch, pitch):
        while True:
            end = out[0] if step < 0 else out[-1]
            beside = PixelRect(round(end.x + step), end.y, model.w, model.h)
            if beside.x < 2 or beside.x + beside.w + 2 > ink.shape[1] or not _has_edges(beside, ink, leftward=step < 0):
                break
            out = [beside, *out] if step < 0 else [*out, beside]
    return out


def _has_edges(cell: PixelRect, ink: Mask, *, leftward: bool) -> bool:
    near = 4
    top = ink[max(0, cell.y - near) : cell.y + near, cell.x : cell.x + cell.w]
    bottom = ink[cell.y + cell.h - near : cell.y + cell.h + near, cell.x : cell.x + cell.w]
    far = cell.x if leftward else cell.x + cell.w
    side = ink[cell.y : cell.y + cell.h, max(0, far - near) : far + near]
    return all(
        part.size > 0 and float((part > 0).any(axis=axis).mean()) > _EDGE_COVER for part, axis in ((top, 0), (bottom, 0), (side, 1))
    )


def _distinct(chains: list[list[PixelRect]]) -> list[list[PixelRect]]:
    """Without the shorter of two chains that grew into each other."""
    kept: list[list[PixelRect]] = []
    for chain in sorted(chains, key=lambda c: -len(c)):
        if not any(cell.overlaps(other) for cell in chain for held in kept for other in held):
            kept.append(chain)
    return kept


def _follows(left: PixelRect, right: PixelRect, gap_widths: float) -> bool:
    gap = right.x - (left.x + left.w)
    same = abs(left.w - right.w) <= max(3, _SAME_SIZE * left.w) and abs(left.h - right.h) <= max(3, _SAME_SIZE * left.h)
    return same and abs(left.y - right.y) <= max(3, 0.15 * left.h) and -0.3 * left.w <= gap <= gap_widths * left.w


def ticked_combs(horizontal: list[Segment], ink: Mask, dpi: float) -> tuple[tuple[CombGroup, ...], ...]:
    """Combs drawn as one line with short upright ticks on it, at equal distances."""
    combs = []
    for line in horizontal:
        ticks = _ticks(line, ink, dpi)
        if len(ticks) < _FEWEST - 1:
            continue
        steps = [b - a for a, b in itertools.pairwise(ticks)]
        step = median(steps)
        if not _NARROWEST_IN * dpi <= step <= _WIDEST_IN * dpi or any(abs(s - step) > 0.18 * step for s in steps):
            continue
        height = round(1.5 * step)
        top = max(0, round(line.at) - height)
        edges = [ticks[0] - step, *ticks, ticks[-1] + step]
        if any(not -_LINE_SHORT * step <= rest <= _LINE_OVER * step for rest in (edges[0] - line.start, line.end - edges[-1])):
            continue  # Feet of letters on an underlined title.
        cells = [PixelRect(round(a), top, round(b - a), height) for a, b in itertools.pairwise(edges)]
        combs.append((CombGroup(tuple(cells)),))
    return tuple(combs)


def _ticks(line: Segment, ink: Mask, dpi: float) -> list[float]:
    """Middles of the short strokes that rise from the line."""
    bottom, low = round(line.at - line.thick / 2), max(3, round(0.03 * dpi))
    top = bottom - low
    if top < 0:
        return []
    start, end = round(line.start) + 2, round(line.end) - 2
    solid = (ink[top:bottom, start:end] > 0).mean(axis=0) > 0.8
    edges = np.flatnonzero(np.diff(np.concatenate(([0], solid.astype(np.int8), [0]))))
    return [start + (a + b) / 2 for a, b in edges.reshape(-1, 2).tolist() if b - a <= max(4, 0.03 * dpi)]


def ruled_combs(horizontal: list[Segment], ink: Mask, dpi: float) -> tuple[tuple[CombGroup, ...], ...]:
    """Combs between two printed lines, with upright lines from one to the other at equal distances."""
    combs: list[tuple[CombGroup, ...]] = []
    for top, bottom in itertools.permutations(horizontal, 2):
        if _LOWEST_IN * dpi <= bottom.at - top.at <= _HIGHEST_IN * dpi:
            chains = _walled(_walls(top, bottom, ink, dpi), top, bottom, dpi)
            if sum(len(chain) for chain in chains) >= _FEWEST:
                combs.append(tuple(CombGroup(chain) for chain in chains))
    return tuple(combs)


def _walls(top: Segment, bottom: Segment, ink: Mask, dpi: float) -> list[float]:
    """Middles of the upright lines that reach from one line to the other, those too that noise has broken.

    Noise breaks the two lines as well, so that either may be longer.
    """
    shared = min(top.end, bottom.end) - max(top.start, bottom.start)
    start, end = (round(edge) for edge in (min(top.start, bottom.start), max(top.end, bottom.end)))
    if shared < _LINES_SHARED * (end - start):
        start, end = round(max(top.start, bottom.start)), round(min(top.end, bottom.end))
    beyond = round(_OVERHANG_IN * dpi)
    start, end = max(0, start - beyond), min(ink.shape[1], end + beyond)
    above, below = round(top.at + top.thick / 2), round(bottom.at - bottom.thick / 2)
    if end - start < _FEWEST * _NARROWEST_IN * dpi or below - above < _LOWEST_IN * dpi / 2:
        return []
    view = (ink[above:below, start:end] > 0).astype(np.uint8)
    solid = view.mean(axis=0) > _WALL_COVER
    edges = np.flatnonzero(np.diff(np.concatenate(([0], solid.astype(np.int8), [0]))))
    walls = [(a + b) / 2 for a, b in edges.reshape(-1, 2).tolist() if b - a <= max(4, 0.03 * dpi)]
    broken = np.asarray(cv2.dilate(view, np.ones((1, 3), np.uint8))).mean(axis=0) > _BROKEN_COVER
    return [start + wall for wall in _with_broken(walls, broken)]


def _with_broken(walls: list[float], broken: npt.NDArray[np.bool_]) -> list[float]:
    """The walls with those between and beside them that stand at their distance and are there in part."""
    steps = [b - a for a, b in itertools.pairwise(walls)]
    pitch = median(step for step in steps if step < _ALIKE_STEP * min(steps)) if steps else 0.0
    if len([step for step in steps if step < _ALIKE_STEP * pitch]) < _STEPS_TOLD:
        return walls

    def at(place: float) -> float | None:
        """The broken wall nearest to a place where one is due."""
        first = round(place - 0.1 * pitch)
        if first < 0:
            return None
        found = np.flatnonzero(broken[first : round(place + 0.1 * pitch) + 1])
        return first + float(found.mean()) if len(found) else None

    out = [walls[0]]
    for wall in walls[1:]:
        missing = round((wall - out[-1]) / pitch) - 1
        due = [at(out[-1] + (wall - out[-1]) * n / (missing + 1)) for n in range(1, missing + 1)] if missing < _MOST_MISSING else []
        out.extend(place for place in due if place is not None)
        out.append(wall)
    for side, end in ((-1, 0), (1, -1)):
        while (place := at(out[end] + side * pitch)) is not None:
            out.insert(0 if side < 0 else len(out), place)
    return out


def _walled(walls: list[float], top: Segment, bottom: Segment, dpi: float) -> list[tuple[PixelRect, ...]]:
    """The cells between the walls, a chain for each run of walls at one distance; two cells alone are none."""
    upper, height = round(top.at), round(bottom.at - top.at)
    chains: list[list[PixelRect]] = [[]]
    for left, right in itertools.pairwise(walls):
        width = right - left
        before = chains[-1][-1].w if chains[-1] else width
        fits = _NARROWEST_IN * dpi <= width <= _WIDEST_IN * dpi and 0.6 * width <= height <= 2.6 * width
        if not fits or abs(width - before) > max(3.0, _SAME_SIZE * before):
            chains.append([])
        if fits:
            chains[-1].append(PixelRect(round(left), upper, round(width), height))
    return [tuple(chain) for chain in chains if len(chain) >= _FEWEST]


def fullest(combs: tuple[tuple[CombGroup, ...], ...]) -> tuple[tuple[CombGroup, ...], ...]:
    """Of combs that were found in two ways at one place, the one with more cells."""
    kept: list[tuple[CombGroup, ...]] = []
    for comb in sorted(combs, key=lambda groups: -sum(len(group.cells) for group in groups)):
        cells = [cell for group in comb for cell in group.cells]
        if not any(cell.overlaps(held) for cell in cells for other in kept for group in other for held in group.cells):
            kept.append(comb)
    return tuple(kept)


def comb_of(groups: tuple[CombGroup, ...], width: int, height: int) -> Comb:
    """The comb in page fractions."""
    cells = tuple(
        Box.clipped(c.x / width, c.y / height, (c.x + c.w) / width, (c.y + c.h) / height) for group in groups for c in group.cells
    )
    return Comb(Box.around(cells), cells)


def line_images(group: CombGroup, image: GreyImage, ink: Mask) -> list[tuple[GreyImage, PixelRect]]:
    """The characters of the cells put side by side as in ordinary print, and the rectangle that they fill on the page.

    One image for each run of cells that are filled; none when all are empty.
    """
    runs: list[list[tuple[GreyImage, PixelRect]]] = [[]]
    for cell in group.cells:
        piece = _character(cell, image, ink)
        if piece is not None:
            runs[-1].append((piece, cell))
        elif runs[-1]:
            runs.append([])
    return [_line_image(run) for run in runs if run]


def _line_image(run: list[tuple[GreyImage, PixelRect]]) -> tuple[GreyImage, PixelRect]:
    first, last = run[0][1], run[-1][1]
    rows = max(piece.shape[0] for piece, _ in run)
    gap = np.full((rows, max(3, first.h // 9)), 255, np.uint8)
    joined = [gap]
    for piece, _ in run:
        below = rows - piece.shape[0]
        joined.append(np.asarray(cv2.copyMakeBorder(piece, 0, below, 0, 0, cv2.BORDER_CONSTANT, value=(255,)), dtype=np.uint8))
        joined.append(gap)
    return np.hstack(joined), PixelRect(first.x, first.y, last.x + last.w - first.x, first.h)


def _character(cell: PixelRect, image: GreyImage, ink: Mask) -> GreyImage | None:
    """What stands in a cell, cut close on the left and right; the cell's own lines are left out."""
    view = ink[cell.y : cell.y + cell.h, cell.x : cell.x + cell.w] > 0
    left, right = _inside(view.mean(axis=0)), view.shape[1] - _inside(view.mean(axis=0)[::-1])
    top, bottom = _inside(view.mean(axis=1)), view.shape[0] - _inside(view.mean(axis=1)[::-1])
    inner = view[top:bottom, left:right]
    if inner.size == 0 or float(inner.mean()) < _INK_IN_CELL:
        return None
    columns = np.flatnonzero(inner.any(axis=0))
    if float(inner[2:-2, 2:-2].sum()) < 6 or len(columns) < 2:
        return None
    x0, x1 = cell.x + left + int(columns[0]), cell.x + left + int(columns[-1]) + 1
    rows = image[cell.y : cell.y + cell.h, x0:x1].copy()
    rows[:top] = 255
    rows[bottom:] = 255
    return rows


def _inside(profile: np.typing.NDArray[np.float64]) -> int:
    """How many rows or columns from the edge belong to the cell's line."""
    limit = max(2, len(profile) // 4)
    lined = np.flatnonzero(profile[:limit] > 0.6)
    return int(lined[-1]) + 2 if len(lined) else 1
