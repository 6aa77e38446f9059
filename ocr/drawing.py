"""What a PDF page draws besides its text: lines, filled areas, circles and strokes; exact, where its pixels only show them."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from models.geometry import Box
from models.page import Rule
from ocr.pdfframe import PdfFrame
from ocr.pdfpaths import DrawnPath, Edge, Outline, paths_of

# A filled rectangle as thin as this is a line; a line may lean by so much of its length.
_THIN_PT, _LEAN, _SHORTEST_PT = 2.5, 0.03, 2.0
# What is paler is not seen as a line, or not as an area.
_WHITE, _PAPER = 230, 250
# An area with room for a line of text, no larger than that share of the page; edges that meet.
_LINE_PT, _BACKGROUND, _EDGE = 6.0, 0.4, 0.004
# Circles to tick, and by how much they may be out of round.
_RING_PT, _ROUND = (5.0, 16.0), 0.06
# A stroke through a word is so many times as wide as high.
_FLAT = 3.0
_NO_INK = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_TEXT})


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page draws.

    ``lines`` are straight, level or upright. ``shades`` are filled with a colour, those that touch in a row as one. ``rings`` are
    the squares around circles of the size of letters. ``strokes`` are boxes around what is drawn flat, straight or not; ``None``
    where others may have been added to the page.
    """

    lines: tuple[Rule, ...] = ()
    shades: tuple[Box, ...] = ()
    rings: tuple[Box, ...] = ()
    strokes: tuple[Box, ...] | None = None


NOTHING_DRAWN = Drawing()
"""Of a page of which it is not known what it draws."""


def drawing_of(page: pypdfium2.PdfPage, frame: PdfFrame) -> Drawing:
    """What the page draws; nothing where that is too much for a form.

    Args:
        page: the page.
        frame: turns its points into fractions of the upright page.
    """
    paths = paths_of(page)
    if paths is None:
        return NOTHING_DRAWN
    shades = [shade for path in paths if _is_dark(path.fill, _PAPER) for each in path.outlines if (shade := _shade(each, frame))]
    drawn = [each for path in paths if _is_dark(path.stroke) or _is_dark(path.fill) for each in path.outlines]
    return Drawing(
        lines=tuple(line for path in paths for line in _lines(path, frame)),
        shades=_joined(shades),
        rings=tuple(frame.box(*each.extent) for path in paths if _is_dark(path.stroke) for each in path.outlines if _is_ring(each)),
        strokes=None if _is_marked(page) else tuple(frame.box(*each.extent) for each in drawn if _is_flat(each)),
    )


def _is_dark(colour: int | None, white: int = _WHITE) -> bool:
    """Whether a colour is seen on white paper."""
    return colour is not None and colour < white


def _is_marked(page: pypdfium2.PdfPage) -> bool:
    """Whether somebody put marks on the page, which are none of its paths: lines, ink, stamps."""
    kinds = set()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        kinds.add(pdfium.FPDFAnnot_GetSubtype(annotation))
        pdfium.FPDFPage_CloseAnnot(annotation)
    return not kinds <= _NO_INK


def _lines(path: DrawnPath, frame: PdfFrame) -> list[Rule]:
    if _is_dark(path.stroke):
        straight = (outline for outline in path.outlines if not outline.turns)
        return [rule for outline in straight for edge in outline.edges if (rule := _rule(edge, path.width, frame))]
    return [rule for outline in path.outlines if (rule := _thin(outline, frame))] if _is_dark(path.fill) else []


def _is_ring(outline: Outline) -> bool:
    """Whether it is a circle of the size of a letter: curves alone, and as wide as high."""
    left, bottom, right, top = outline.extent
    wide, high = right - left, top - bottom
    least, most = _RING_PT
    return outline.turns and outline.closed and not outline.edges and least <= wide <= most and abs(wide - high) <= _ROUND * wide


def _is_flat(outline: Outline) -> bool:
    left, bottom, right, top = outline.extent
    wide, high = right - left, top - bottom
    return max(wide, high) > _SHORTEST_PT and max(wide, high) > _FLAT * min(wide, high)


def _shade(outline: Outline, frame: PdfFrame) -> Box | None:
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


def _rule(edge: Edge, width: float, frame: PdfFrame) -> Rule | None:
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


def _thin(outline: Outline, frame: PdfFrame) -> Rule | None:
    """A filled rectangle that is no more than a line."""
    xs, ys = zip(*outline.points, strict=True)
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    if outline.turns or min(wide, high) > _THIN_PT or max(wide, high) < _SHORTEST_PT + 2 * min(wide, high):
        return None
    return Rule(frame.box(min(xs), min(ys), max(xs), max(ys)), (wide > high) == (frame.turn in (0, 180)))
