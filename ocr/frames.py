"""Check-boxes that were none: the second engine, which sees the page as it is, read a word through them."""

from __future__ import annotations

from dataclasses import replace

from ocr.engines.protocol import SeenWord
from ocr.layout import Layout
from ocr.marks import PixelRect
from ocr.merge import letters_of

_LEAST_CONFIDENCE = 0.6
_LEAST_LETTERS = 3
_BEYOND = 0.35


def without_false_frames(
    layout: Layout, first: tuple[SeenWord, ...], second: tuple[SeenWord, ...]
) -> tuple[Layout, tuple[SeenWord, ...]]:
    """The layout without frames that are a letter of a word, and the first engine's words with that word mended.

    The first engine saw white where the frame is, so its pieces around it give way to the second engine's word.
    """
    false = {
        index: word
        for index, rect in enumerate(layout.frames)
        for word in second
        if _runs_through(word, rect) and word.confidence >= _LEAST_CONFIDENCE and len(letters_of(word.text)) >= _LEAST_LETTERS
    }
    if not false:
        return layout, first
    frames = [rect for index, rect in enumerate(layout.frames) if index not in false]
    whole = list(dict.fromkeys(false.values()))
    rest = [word for word in first if not any(_is_piece(word, other) for other in whole)]
    return replace(layout, frames=frames), (*rest, *whole)


def _runs_through(word: SeenWord, rect: PixelRect) -> bool:
    level = word.top - 0.3 * rect.h <= rect.y + rect.h / 2 <= word.bottom + 0.3 * rect.h
    return level and word.left < rect.x - _BEYOND * rect.w and word.right > rect.x + (1 + _BEYOND) * rect.w


def _is_piece(word: SeenWord, whole: SeenWord) -> bool:
    common = min(word.right, whole.right) - max(word.left, whole.left)
    level = min(word.bottom, whole.bottom) - max(word.top, whole.top)
    return common > 0.5 * (word.right - word.left) and level > 0.4 * (word.bottom - word.top)
