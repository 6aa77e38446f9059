"""Words that a hand has ringed: ``M (F)`` where the form says "circle one"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import CheckBox, MarkState, Word
from ocr.images import Mask
from ocr.marks import PixelRect
from ocr.pieces import Pieces, pieces_of

_NARROWEST_IN, _WIDEST_IN = 0.13, 1.7
_LOWEST_IN, _HIGHEST_IN = 0.14, 0.5
_SECTORS = 36
_LEAST_SECTORS = 0.83
_THIN, _THIN_WITH_WORD = 0.45, 0.66
_ALL_SECTORS = 0.97
_FEW_CORNERS, _NO_CORNERS = 0.1, 0.02
# The stroke of a loop runs between these radii, of the ellipse that fills its rectangle.
_INNER, _OUTER = 0.72, 1.12
_WITHIN = 0.6
_SURENESS = 0.85


def ringed_words(words: tuple[Word, ...], strokes: Mask, dpi: float) -> tuple[CheckBox, ...]:
    """Loops of the size of a word with a word in them, each as a ticked box around it; ``strokes`` is ink without printed lines."""
    height, width = strokes.shape
    found: list[CheckBox] = []
    pieces = pieces_of(strokes)
    for index, rect in _of_a_size(pieces, dpi):
        box = Box.clipped(rect.x / width, rect.y / height, (rect.x + rect.w) / width, (rect.y + rect.h) / height)
        inside = [word for word in words if word.box.inside_share(box) > _WITHIN and any(c.isalpha() for c in word.text)]
        if inside and _is_loop(pieces.shape(index)):
            found.append(CheckBox(box, MarkState.TICKED, _SURENESS))
    return tuple(found)


def rings_around(middles: Sequence[tuple[float, float]], strokes: Mask, dpi: float) -> Iterator[PixelRect]:
    """Loops of the size of a word that hold ink and none of the ``middles`` (x and y of words in pixels): a word not read."""
    pieces = pieces_of(strokes)
    for index, rect in _of_a_size(pieces, dpi):
        if any(rect.x <= x < rect.x + rect.w and rect.y <= y < rect.y + rect.h for x, y in middles):
            continue
        if _is_loop(pieces.shape(index)) and (rect.seen(strokes)[inside_of(rect)] > 0).any():
            yield rect


def inside_of(rect: PixelRect) -> npt.NDArray[np.bool_]:
    """The pixels of a loop's rectangle that lie within its stroke."""
    rows, columns = np.mgrid[0 : rect.h, 0 : rect.w]
    down, across = (rows - (rect.h - 1) / 2) / (rect.h / 2), (columns - (rect.w - 1) / 2) / (rect.w / 2)
    return np.asarray(np.sqrt(down**2 + across**2) < _INNER)


def _of_a_size(pieces: Pieces, dpi: float) -> Iterator[tuple[int, PixelRect]]:
    for index, rect in enumerate(PixelRect(*rect) for rect in pieces.rects):
        if _NARROWEST_IN * dpi <= rect.w <= _WIDEST_IN * dpi and _LOWEST_IN * dpi <= rect.h <= _HIGHEST_IN * dpi:
            yield index, rect


def _is_loop(shape: npt.NDArray[np.bool_]) -> bool:
    """Whether a stroke runs all around near the edge of the rectangle's ellipse, with little in its corners or far within."""
    high, wide = shape.shape
    rows, columns = np.mgrid[0:high, 0:wide]
    down, across = (rows - (high - 1) / 2) / (high / 2), (columns - (wide - 1) / 2) / (wide / 2)
    radius = np.sqrt(down**2 + across**2)
    band = (radius >= _INNER) & (radius <= _OUTER)
    sector = ((np.arctan2(down, across) + np.pi) / (2 * np.pi) * _SECTORS).astype(np.int64) % _SECTORS
    seen = np.unique(sector[band & shape]).size / _SECTORS
    if seen < _LEAST_SECTORS:
        return False
    filled, corners = float(np.mean(shape[band])), float(np.mean(shape[radius > _OUTER]))
    # A word that fills its loop to the edge stands in the band too; no word alone leaves all corners free.
    closed = seen >= _ALL_SECTORS and corners < _NO_CORNERS
    return corners < _FEW_CORNERS and filled < (_THIN_WITH_WORD if closed else _THIN)
