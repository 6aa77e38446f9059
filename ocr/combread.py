"""Read comb fields: their characters set side by side as a line of print."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from models.geometry import Box
from models.page import Word
from ocr.combs import line_images
from ocr.engines.protocol import Engine, SeenWord, surety
from ocr.images import GreyImage
from ocr.layout import Layout
from ocr.marks import PixelRect

# From middle to middle of two cells with an empty one between them, in widths of a cell.
_EMPTY_CELL = 1.5
_MARKS = "'-.,"


def comb_words(layout: Layout, engine: Engine) -> tuple[Word, ...]:
    """One word for each group of filled cells: a date's month, day and year are three, and so are the parts of a name."""
    crops: list[GreyImage] = []
    rects: list[list[PixelRect]] = []
    for comb in layout.combs:
        for group in comb:
            rects.append([])
            for image, rect in line_images(group, layout.cleaned.image, layout.ink):
                crops.append(np.asarray(cv2.copyMakeBorder(image, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=(255,)), dtype=np.uint8))
                rects[-1].append(rect)
    if not crops:
        return ()
    lines = iter(engine.read_lines(crops, layout.cleaned.dpi))
    return tuple(word for group in rects for word in _spelled([_word_in(rect, next(lines), layout.ink.shape) for rect in group]))


def _word_in(rect: PixelRect, read: tuple[SeenWord, ...], size: tuple[int, ...]) -> Word:
    """What was read of cells side by side, as one word; its text may be empty."""
    height, width = size
    box = Box.clipped(rect.x / width, rect.y / height, (rect.x + rect.w) / width, (rect.y + rect.h) / height)
    return Word("".join(word.text for word in read), box, surety(read))


def combed(words: tuple[Word, ...], layout: Layout) -> tuple[Word, ...]:
    """The words of a text layer, those of one comb's group of cells made one, or one for each part of a name."""
    height, width = layout.ink.shape
    rest = list(words)
    joined: list[Word] = []
    for comb in layout.combs:
        for group in comb:
            left, right = group.cells[0], group.cells[-1]
            area = Box.clipped(left.x / width, left.y / height, (right.x + right.w) / width, (left.y + left.h) / height)
            inside = sorted((w for w in rest if area.holds(w.box.x, w.box.y)), key=lambda w: w.box.left)
            rest = [w for w in rest if w not in inside]
            joined.extend(_spelled([_one(part) for part in _parts(inside, _EMPTY_CELL * left.w / width)]))
    return (*rest, *joined)


def _parts(words: list[Word], apart: float) -> list[list[Word]]:
    """The words parted where the middles of two are further apart than the middles of neighbouring cells."""
    parts: list[list[Word]] = []
    for word in words:
        if parts and word.box.x - parts[-1][-1].box.x < apart and len(word.text) == len(parts[-1][-1].text) == 1:
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def _one(words: list[Word]) -> Word:
    return replace(words[0], text="".join(w.text for w in words), box=Box.around(w.box for w in words))


def _spelled(parts: list[Word]) -> list[Word]:
    """The parts between empty cells: words where letters stand on both sides, as in a name, and one number or code where not."""
    spelled: list[Word] = []
    for part in parts:
        if not part.text:
            continue
        if spelled and not (_is_spelt(spelled[-1].text) and _is_spelt(part.text)):
            last = spelled[-1]
            text, sure = last.text + part.text, min(last.confidence, part.confidence)
            spelled[-1] = replace(last, text=text, box=Box.around((last.box, part.box)), confidence=sure)
        else:
            spelled.append(part)
    return spelled


def _is_spelt(text: str) -> bool:
    return all(c.isalpha() or c in _MARKS for c in text)
