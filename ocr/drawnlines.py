"""The lines and the filled areas of a PDF page as it draws them: exact, where its pixels only show them."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

from models.geometry import Box
from models.page import Rule
from ocr.pdfframe import PdfFrame

# A page with more is a drawing, not a form.
_MOST_PATHS, _MOST_POINTS = 6000, 20_000
# A filled rectangle as thin as this is a line; a line may lean by so much of its length.
_THIN_PT, _LEAN, _SHORTEST_PT = 2.5, 0.03, 2.0
# What is paler is not seen as a line, or not as an area.
_WHITE, _PAPER = 230, 250
# An area with room for a line of text, no larger than that share of the page; edges that meet.
_LINE_PT, _BACKGROUND, _EDGE = 6.0, 0.4, 0.004
_INVISIBLE = 20

_Point = tuple[float, float]
_Edge = tuple[_Point, _Point]


@dataclass(frozen=True, slots=True)
class _Path:
    """One outline, in points of the page: its straight edges, every point it goes through, and whether it has curves."""

    edges: tuple[_Edge, ...]
    points: tuple[_Point, ...]
    turns: bool


def drawn_lines(page: pypdfium2.PdfPage, frame: PdfFrame) -> tuple[Rule, ...]:
    """The straight level and upright lines that a page strokes, or fills as thin rectangles; none where it draws too many.

    Args:
        page: the page.
        frame: turns its points into fractions of the upright page.
    """
    found: list[Rule] = []
    paths = list(islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_PATHS + 1))
    if len(paths) > _MOST_PATHS:
        return ()
    for path in paths:
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
        if stroke.value and _is_dark(path, stroked=True):
            width = c_float()
            pdfium.FPDFPageObj_GetStrokeWidth(path, byref(width))
            for outline in _outlines(path):
                if not outline.turns:
                    found.extend(rule for edge in outline.edges if (rule := _rule(edge, width.value, frame)))
        elif fill.value and _is_dark(path, stroked=False):
            found.extend(rule for outline in _outlines(path) if (rule := _thin(outline, frame)))
    return tuple(found)


def drawn_shades(page: pypdfium2.PdfPage, frame: PdfFrame) -> tuple[Box, ...]:
    """The rectangles that a page fills with a colour, those that touch in a row as one; none where it draws too many.

    Args:
        page: the page.
        frame: turns its points into fractions of the upright page.
    """
    paths = list(islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_PATHS + 1))
    found: list[Box] = []
    for path in paths if len(paths) <= _MOST_PATHS else ():
        fill, stroke = c_int(), c_int()
        pdfium.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
        if fill.value and _is_dark(path, stroked=False, white=_PAPER):
            found.extend(shade for outline in _outlines(path) if (shade := _shade(outline, frame)))
    return _joined(found)


def _shade(outline: _Path, frame: PdfFrame) -> Box | None:
    """A filled rectangle with room for a line of text, and smaller than a background."""
    xs, ys = zip(*outline.points, strict=True)
    box = frame.box(min(xs), min(ys), max(xs), max(ys))
    straight = not outline.turns and all(x0 == x1 or y0 == y1 for (x0, y0), (x1, y1) in outline.edges)
    room = min(max(xs) - min(xs), max(ys) - min(ys)) > _LINE_PT
    return box if straight and room and box.area < _BACKGROUND else None


def _joined(shades: list[Box]) -> tuple[Box, ...]:
    """Cells of a shaded row as one area, left to right."""
    joined: list[Box] = []
    for shade in sorted(shades, key=lambda s: s.left):
        for n, other in enumerate(joined):
            level = abs(shade.top - other.top) < _EDGE and abs(shade.bottom - other.bottom) < _EDGE
            if level and shade.left - other.right < _EDGE:
                joined[n] = Box.around((other, shade))
                break
        else:
            joined.append(shade)
    return tuple(joined)


def _is_dark(path: pypdfium2.PdfObject, *, stroked: bool, white: int = _WHITE) -> bool:
    """Whether the path is seen on white paper."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not ask(path, byref(red), byref(green), byref(blue), byref(alpha)):
        return True
    return alpha.value > _INVISIBLE and min(red.value, green.value, blue.value) < white


def _outlines(path: pypdfium2.PdfObject) -> Iterator[_Path]:
    """The outlines of a path, each from a move of the pen to the next."""
    edges: list[_Edge] = []
    points: list[_Point] = []
    turns = False
    start: _Point = (0.0, 0.0)
    here: _Point = start
    for kind, point, closes in _points(path):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if points:
                yield _Path(tuple(edges), tuple(points), turns)
            edges, points, turns, start = [], [], False, point
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            edges.append((here, point))
        else:
            turns = True
        points.append(point)
        here = point
        if closes and here != start:
            edges.append((here, start))
            here = start
    if points:
        yield _Path(tuple(edges), tuple(points), turns)


def _points(path: pypdfium2.PdfObject) -> Iterator[tuple[int, _Point, bool]]:
    """Kind, place on the page and whether the outline closes there, of each point of a path."""
    holders = [path.get_matrix()]
    holder = path.container
    while holder is not None:
        holders.append(holder.get_matrix())
        holder = holder.container
    x, y = c_float(), c_float()
    for index in range(min(pdfium.FPDFPath_CountSegments(path), _MOST_POINTS)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            continue
        place = (x.value, y.value)
        for matrix in holders:
            place = matrix.on_point(*place)
        yield pdfium.FPDFPathSegment_GetType(segment), place, bool(pdfium.FPDFPathSegment_GetClose(segment))


def _rule(edge: _Edge, width: float, frame: PdfFrame) -> Rule | None:
    """An edge as a line, where it is level or upright on the page as it is shown."""
    (x0, y0), (x1, y1) = edge
    wide, high = abs(x1 - x0), abs(y1 - y0)
    if max(wide, high) < _SHORTEST_PT or min(wide, high) > _LEAN * max(wide, high):
        return None
    half = min(max(width, 0.5), _THIN_PT) / 2
    level = wide > high
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    if level:
        box = frame.box(min(x0, x1), y - half, max(x0, x1), y + half)
    else:
        box = frame.box(x - half, min(y0, y1), x + half, max(y0, y1))
    return Rule(box, level == (frame.turn in (0, 180)))


def _thin(outline: _Path, frame: PdfFrame) -> Rule | None:
    """A filled rectangle that is no more than a line."""
    xs, ys = zip(*outline.points, strict=True)
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if outline.turns or min(wide, high) > _THIN_PT or max(wide, high) < _SHORTEST_PT + 2 * min(wide, high):
        return None
    return Rule(frame.box(min(xs), min(ys), max(xs), max(ys)), (wide > high) == (frame.turn in (0, 180)))
