"""Single digits and letters that stand alone on a line, with no box around them: the detector of lines of text passes over some."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from ocr.engines.protocol import Engine, SeenWord, surety
from ocr.images import Mask
from ocr.layout import Layout
from ocr.marks import PixelRect
from ocr.pieces import pieces_of

# Sizes in inches: of a letter, of what stands alone, of the gap between two digits, of the white around what is read, and how far
# the next word is at least; nearer stand the broken letters of a word.
_LOWEST, _HIGHEST, _NARROWEST, _WIDEST = 0.065, 0.2, 0.02, 0.35
_GAP, _AROUND, _APART = 0.04, 0.04, 0.05
# Of what height the words on its line are, in its own.
_LOWER, _HIGHER = 0.6, 1.7
# A page with more of them is noise or writing.
_MOST = 40
_SURE, _LONGEST = 0.97, 3


def stray_words(layout: Layout, seen: tuple[SeenWord, ...], engine: Engine) -> tuple[SeenWord, ...]:
    """What stands alone on the lines of the words that were seen; only what is read for certain.

    Raises:
        EngineFailed: the engine failed on one of them.
    """
    spots = list(_spots(layout, seen))
    if not spots or len(spots) > _MOST:
        return ()
    crops = [layout.cleaned.image[spot.y : spot.y + spot.h, spot.x : spot.x + spot.w] for spot in spots]
    found = []
    for spot, words in zip(spots, engine.read_lines(crops, layout.cleaned.dpi), strict=True):
        if len(words) == 1 and surety(words) >= _SURE and words[0].text.isalnum() and len(words[0].text) <= _LONGEST:
            word = words[0]
            left, top = spot.x + word.left, spot.y + word.top
            found.append(SeenWord(word.text, left, top, spot.x + word.right, spot.y + word.bottom, word.confidence))
    return tuple(found)


def _spots(layout: Layout, seen: tuple[SeenWord, ...]) -> Iterator[PixelRect]:
    dpi = layout.cleaned.dpi
    rest = _unread(layout, seen)
    joined = cv2.morphologyEx(rest, cv2.MORPH_CLOSE, np.ones((3, max(3, round(_GAP * dpi))), np.uint8))
    for x, y, w, h in pieces_of(np.asarray(joined, dtype=np.uint8)).rects:
        letter = _LOWEST * dpi <= h <= _HIGHEST * dpi and _NARROWEST * dpi <= w <= min(_WIDEST * dpi, 2.5 * h)
        rect = PixelRect(x, y, w, h)
        if letter and _is_on_a_line(rect, seen) and not any(_is_close(rect, word, _APART * dpi) for word in seen):
            pad = round(_AROUND * dpi)
            left, top = max(0, x - pad), max(0, y - pad)
            yield PixelRect(left, top, x + w + pad - left, y + h + pad - top)


def _unread(layout: Layout, seen: tuple[SeenWord, ...]) -> Mask:
    """The ink that is of no word, printed line, check-box or comb."""
    rest = cv2.subtract(layout.ink, layout.masks.lines)
    for word in seen:
        rest[max(0, int(word.top)) : int(word.bottom) + 1, max(0, int(word.left)) : int(word.right) + 1] = 0
    for rect in (*layout.frames, *(cell for comb in layout.combs for group in comb for cell in group.cells)):
        rest[rect.y : rect.y + rect.h, rect.x : rect.x + rect.w] = 0
    return np.asarray(rest, dtype=np.uint8)


def _is_on_a_line(rect: PixelRect, seen: tuple[SeenWord, ...]) -> bool:
    """Whether words about as high as it stand at its level."""
    middle = rect.y + rect.h / 2
    beside = (word for word in seen if word.top < middle < word.bottom and any(c.isalnum() for c in word.text))
    return any(_LOWER * rect.h < word.bottom - word.top < _HIGHER * rect.h for word in beside)


def _is_close(rect: PixelRect, word: SeenWord, apart: float) -> bool:
    beside = word.left - apart < rect.x + rect.w and rect.x < word.right + apart
    return beside and word.top < rect.y + rect.h and rect.y < word.bottom
