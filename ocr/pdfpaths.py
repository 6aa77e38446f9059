"""The paths that a PDF page draws, as outlines in points of the page."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int, c_uint
from dataclasses import dataclass
from itertools import islice

import pypdfium2
import pypdfium2.raw as pdfium

# A page with more is a drawing, not a form.
_MOST_PATHS, _MOST_POINTS = 6000, 20_000
_INVISIBLE = 20

Point = tuple[float, float]
Edge = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Outline:
    """One outline, in points of the page: its straight edges, every point it goes through, whether it has curves and is closed."""

    edges: tuple[Edge, ...]
    points: tuple[Point, ...]
    turns: bool
    closed: bool

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top."""
        xs, ys = zip(*self.points, strict=True)
        return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class DrawnPath:
    """One path: its outlines; how pale it is as a line and as an area (0..255), ``None`` where not drawn so; its line's width."""

    outlines: tuple[Outline, ...]
    stroke: int | None
    fill: int | None
    width: float


def paths_of(page: pypdfium2.PdfPage) -> tuple[DrawnPath, ...] | None:
    """The visible paths of a page, those inside others too; ``None`` where it draws too many."""
    objects = list(islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_PATHS + 1))
    if len(objects) > _MOST_PATHS:
        return None
    return tuple(path for each in objects if (path := _path(each)) is not None)


def _path(path: pypdfium2.PdfObject) -> DrawnPath | None:
    fills, strokes, width = c_int(), c_int(), c_float()
    pdfium.FPDFPath_GetDrawMode(path, byref(fills), byref(strokes))
    pdfium.FPDFPageObj_GetStrokeWidth(path, byref(width))
    stroke = _colour(path, stroked=True) if strokes.value else None
    fill = _colour(path, stroked=False) if fills.value else None
    return None if stroke is None and fill is None else DrawnPath(tuple(_outlines(path)), stroke, fill, width.value)


def _colour(path: pypdfium2.PdfObject, *, stroked: bool) -> int | None:
    """The darkest of the three parts of a colour; ``None`` where the path is not seen."""
    red, green, blue, alpha = c_uint(), c_uint(), c_uint(), c_uint()
    ask = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not ask(path, byref(red), byref(green), byref(blue), byref(alpha)):
        return 0
    return min(red.value, green.value, blue.value) if alpha.value > _INVISIBLE else None


def _outlines(path: pypdfium2.PdfObject) -> Iterator[Outline]:
    """The outlines of a path, each from a move of the pen to the next."""
    edges: list[Edge] = []
    points: list[Point] = []
    turns = False
    start: Point = (0.0, 0.0)
    here: Point = start
    for kind, point, closes in _points(path):
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            if points:
                yield Outline(tuple(edges), tuple(points), turns, here == start)
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
        yield Outline(tuple(edges), tuple(points), turns, here == start)


def _points(path: pypdfium2.PdfObject) -> Iterator[tuple[int, Point, bool]]:
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
