"""Words' boxes drawn close around their print: an engine's often reach over a whole cell, and to the next word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from models.geometry import Box
from models.page import Word
from ocr.images import Mask

_DASHES = frozenset("-–—")
_RAISED = frozenset("*\"'`^°•·.,:;_|~“”")
# Rows of print parted by less than this share of the tallest part belong together: the dot of an i, the points of a colon.
_PARTED = 0.22
# Dots and accents take so much of a word's width at most.
_WIDEST_DOT = 0.45
# The fewest pixels of a dot; a line is as wide as the box, and lower than print.
_LEAST_DOT, _LINE_SHARE, _LINE_COVER = 4, 0.45, 0.9
# The print of a word holds most of the ink of its box; where it does not, the box is left as it is.
_MOST = 0.75
# A box that the print fills so far is good as it is: only the engine knows where the lines of a thin letter end.
_AS_GOOD = 0.85
# Print is never lower than this share of the box that an engine drew around it.
_LEAST = 0.3


def snug_words(words: tuple[Word, ...], strokes: Mask) -> tuple[Word, ...]:
    """The words with boxes that end where their print ends; ``strokes`` is the ink of the page without its printed lines.

    Where a star or a quotation mark stands says nothing of its line: those keep what the engine gave.
    """
    return tuple(replace(word, box=_snug(word, strokes)) for word in words)


def _snug(word: Word, strokes: Mask) -> Box:
    box, is_dash = word.box, word.text in _DASHES
    if _RAISED.issuperset(word.text):
        return box
    height, width = strokes.shape
    left, right = int(box.left * width), min(width, round(box.right * width))
    top, bottom = int(box.top * height), min(height, round(box.bottom * height))
    view = strokes[top:bottom, left:right] > 0
    rows = _print(view, 0.0 if is_dash else _LEAST)
    if rows is None or rows[1] - rows[0] > _AS_GOOD * view.shape[0]:
        return box
    columns = np.flatnonzero(view[rows[0] : rows[1]].any(axis=0))
    return Box.clipped(
        (left + int(columns[0])) / width, (top + rows[0]) / height, (left + int(columns[-1]) + 1) / width, (top + rows[1]) / height
    )


def _print(view: npt.NDArray[np.bool_], least: float) -> tuple[int, int] | None:
    """The first row of the print and the one below it; None where it cannot be told from what else stands there."""
    ink = view.sum(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], (ink > 0).astype(np.int8), [0]))))
    parts = list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))
    if not parts:
        return None
    top, bottom = max(parts, key=lambda part: int(ink[part[0] : part[1]].sum()))
    reach = max(2.0, _PARTED * (bottom - top))
    for start, end in [part for part in reversed(parts) if part[1] <= top]:
        if top - end <= reach and _is_of_letters(view[start:end]):
            top = start
    for start, end in [part for part in parts if part[0] >= bottom]:
        if start - bottom <= reach and _is_of_letters(view[start:end]):
            bottom = end
    lines = sum(int(ink[start:end].sum()) for start, end in parts if _is_line(view[start:end], bottom - top))
    enough = int(ink[top:bottom].sum()) >= _MOST * (int(ink.sum()) - lines) and bottom - top >= least * view.shape[0]
    return (top, bottom) if enough else None


def _is_of_letters(part: npt.NDArray[np.bool_]) -> bool:
    """Whether it may be a dot or an accent: more than a speck, and not as wide as what is left of a printed line."""
    return part.sum(axis=1).max() > 1 and part.sum() >= _LEAST_DOT and float(part.any(axis=0).mean()) < _WIDEST_DOT


def _is_line(part: npt.NDArray[np.bool_], height: int) -> bool:
    """Whether it is what is left of a printed line over or under print of that height."""
    return len(part) < _LINE_SHARE * height and float(part.any(axis=0).mean()) > _LINE_COVER
